// Builds what the pages load from the packages named in package.json, into static/ (committed: users need no node).
//   npm ci --ignore-scripts && npm run assets        (make assets)
// Written files are the same on every machine; run it after a new Tabler class or icon is used in a template.
import { readFileSync, writeFileSync, mkdirSync, copyFileSync, rmSync, readdirSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PurgeCSS } from 'purgecss'
import { mit } from './mit.mjs'
import { css as cssRule, safelist } from './tabler.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const modules = join(root, 'node_modules')
const version = (name) => JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).version
const licence = (name) => {
  const found = readdirSync(join(modules, name)).find((file) => /^licen[cs]e/i.test(file))
  if (!found && name === '@tabler/core') return mit
  if (!found) throw new Error(`${name} ships no licence text`)
  return readFileSync(join(modules, name, found), 'utf8')
}

/** An empty folder `<base>/<name>-<version>` with the package's licence in it. Older versions of it are removed. */
function room (name, packageName, base = join(root, 'static', 'vendor')) {
  mkdirSync(base, { recursive: true })
  for (const entry of readdirSync(base)) {
    if (entry.startsWith(`${name}-`)) rmSync(join(base, entry), { recursive: true })
  }
  const folder = join(base, `${name}-${version(packageName)}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'LICENSE'), licence(packageName))
  return folder
}

// --- Tabler: only the rules our templates use, plus a fixed set page authors may count on -------------------------
const tabler = room('tabler', '@tabler/core')
// A name that one of our own sheets styles is ours alone: two sheets on one name would fight.
const ours = readdirSync(join(root, 'static/css')).flatMap((file) =>
  [...readFileSync(join(root, 'static/css', file), 'utf8').matchAll(/\.(-?[_a-z][\w-]*)(?=[^{}]*\{)/gi)].map((hit) => hit[1]))
const [purged] = await new PurgeCSS().purge({
  content: [
    join(root, 'templates/**/*.html'), join(root, 'static/js/*.js')
  ],
  css: [{ raw: cssRule(readFileSync(join(modules, '@tabler/core/dist/css/tabler.min.css'), 'utf8')) }],
  skippedContentGlobs: [join(root, 'templates/letters/**')], // printed, never seen by a browser
  variables: false,
  keyframes: true,
  fontFace: true,
  safelist,
  blocklist: [...new Set(ours)].map((name) => new RegExp(`^${name}$`))
})
writeFileSync(join(tabler, 'tabler.min.css'), purged.css + '\n')

// --- Icons: one sprite ---------------------------------------------------------------------------------------------
const names = readFileSync(join(root, 'scripts/front/icons.txt'), 'utf8').split('\n').filter(Boolean)
const symbols = names.map((name) => {
  const svg = readFileSync(join(modules, '@tabler/icons/icons/outline', `${name}.svg`), 'utf8')
  const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '').replace(/\s*\n\s*/g, '')
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`
})
writeFileSync(
  join(root, 'static/icons.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons ${version('@tabler/icons')}, MIT: vendor/tabler-icons-${version('@tabler/icons')}/LICENSE -->\n${symbols.join('\n')}\n</svg>\n`
)
room('tabler-icons', '@tabler/icons')

// --- The screen's face (letters bring their own) -------------------------------------------------------------------
const inter = room('inter', '@fontsource-variable/inter')
copyFileSync(
  join(modules, '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'), join(inter, 'inter-latin-wght-normal.woff2')
)

// --- axe-core: the accessibility tests inject it; no page loads it -------------------------------------------------
const axe = room('axe-core', 'axe-core', join(root, 'tests/front/vendor'))
copyFileSync(join(modules, 'axe-core/axe.min.js'), join(axe, 'axe.min.js'))

console.log(`tabler ${purged.css.length} bytes, ${names.length} icons`)
