// package-lock.json without addresses: the integrity hashes pin the packages, npm finds them wherever it is set up.
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
for (const entry of Object.values(lock.packages)) delete entry.resolved
writeFileSync(path, JSON.stringify(lock, null, 2) + '\n')
