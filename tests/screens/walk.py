"""One browser on its way through the pages: what it measures on each of them."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Response

from tests.screens.pages import Row

AXE = next((Path(__file__).parents[1] / "front" / "vendor").glob("axe-core-*/axe.min.js")).read_text()
#: WCAG 2.2 A and AA, and what axe calls best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 390, 768, 1280)
HEIGHT = 900
MOST_BYTES = 150_000
OWN = ("data:", "blob:", "about:", "chrome-extension:", "chrome:")

RUN_AXE = """tags => axe
  .run(document, {runOnly: {type: 'tag', values: tags}, iframes: false, resultTypes: ['violations']})
  .then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')))"""

#: Everything one must be able to reach, marked with a number; hidden things and what a closed part holds are not there.
CONTROLS = """() => {
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  let number = 0
  document.querySelectorAll('iframe').forEach(f => { f.tabIndex = -1 })  // the browser's own viewer has its own keys
  const radios = new Set()
  for (const e of document.querySelectorAll(wanted)) {
    if (e.disabled || e.type === 'hidden') continue
    if (!e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})) continue
    if (e.getAttribute('tabindex') === '-1') continue
    if (e.type === 'radio') {  // arrow keys reach the others of a group
      const key = (e.form ? e.form.action : '') + e.name
      if (radios.has(key)) continue
      const picked = [...document.querySelectorAll('input[type=radio]')].some(o => o.name === e.name && o.checked)
      if (picked && !e.checked) continue
      radios.add(key)
    }
    e.dataset.walk = String(number++)
  }
  return number
}"""
#: What has the focus: its number, whether one can see that, and whether it lies in sight.
FOCUSED = """() => {
  const e = document.activeElement
  if (!e || e === document.body) return null
  const shows = n => {
    const s = getComputedStyle(n)
    return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none'
  }
  const box = e.getBoundingClientRect()
  const label = e.closest('label, .field')
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 40), 1), innerWidth - 1)
  const covered = y => {
    const at = document.elementFromPoint(x, Math.min(Math.max(y, 1), innerHeight - 1))
    return at && !e.contains(at) && !at.contains(e) && !(label && label.contains(at))
  }
  // a part of it must be in sight (WCAG 2.2, 2.4.11)
  const free = inside && (box.height < 2 || [0.15, 0.5, 0.85].some(part => !covered(box.top + part * box.height)))
  return {
    number: e.dataset.walk || '', name: e.outerHTML.slice(0, 100),
    seen: shows(e) || (label !== null && shows(label)) , inside: free,
  }
}"""


@dataclass
class Walk:
    """A page of the browser with what went wrong on the way, and what was counted."""

    page: Page
    origin: str
    trouble: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    heaviest: tuple[int, str] = (0, "")
    _static: dict[str, int] = field(default_factory=dict)

    def listen(self) -> None:
        """Hear what the browser complains about and what it fetches."""
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("pageerror", lambda e: self.trouble.append(f"script error: {e}"))
        self.page.on("console", lambda m: self.trouble.append(m.text) if "Content Security Policy" in m.text else None)

    def open(self, row: Row, address: str) -> Response | None:
        """Go there; a wrong status is trouble."""
        self.requests.clear()
        answer = self.page.goto(f"{self.origin}{address}")
        self._count("pages")
        if answer is None or answer.status != row.status:
            self.trouble.append(f"{address}: status {answer.status if answer else 'none'}, not {row.status}")
        elsewhere = [url for url in self.requests if not url.startswith((self.origin, *OWN))]
        self.trouble += [f"{address}: asks {url}" for url in elsewhere]
        return answer

    def _count(self, what: str) -> None:
        self.counted[what] = self.counted.get(what, 0) + 1

    def axe(self, where: str) -> None:
        """No violation on the page as it stands."""
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE)
        self.trouble += [f"{where}: axe {line}" for line in self.page.evaluate(RUN_AXE, TAGS)]
        self._count("axe runs")

    def unfold(self) -> None:
        """Open what can be unfolded, so that axe reads it too; menus stay shut."""
        self.page.evaluate(
            "document.querySelectorAll('details:not([data-menu])').forEach(d => d.open = true);"
            "if (document.activeElement) document.activeElement.blur(); scrollTo(0, 0)"
        )

    def widths(self, where: str) -> None:
        """At no width does the page scroll sideways."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.trouble.append(f"{where}: {wide} px wide at {width}")
            self._count("widths")

    def keyboard(self, where: str) -> None:
        """The Tab key reaches every control; each shows that it has the focus, and is in sight then."""
        page = self.page
        total = page.evaluate(CONTROLS)
        # where Tab starts is what had the focus last: begin at the top of the page
        page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
        reached: set[str] = set()
        last = ""
        for _press in range(2 * total + 60):  # a date is three stops and its calendar
            page.keyboard.press("Tab")
            found = page.evaluate(FOCUSED)
            if found is None:
                if reached:
                    break
                continue
            if not found["number"]:
                continue
            if found["number"] == last:
                continue
            if found["number"] in reached:
                break
            last = found["number"]
            reached.add(last)
            if not found["seen"]:
                self.trouble.append(f"{where}: no focus to be seen on {found['name']}")
            if not found["inside"]:  # scrolling to it may take a frame on a busy machine
                page.wait_for_timeout(200)
                found = page.evaluate(FOCUSED) or found
            if not found["inside"]:
                self.trouble.append(f"{where}: focus out of sight on {found['name']}")
        missing = page.evaluate(
            "seen => [...document.querySelectorAll('[data-walk]')].filter(e => !seen.includes(e.dataset.walk)"
            " && e.checkVisibility()).map(e => e.outerHTML.slice(0, 120))",
            sorted(reached),
        )
        self.trouble += [f"{where}: Tab does not reach {name}" for name in missing]
        self.counted["controls"] = self.counted.get("controls", 0) + len(reached)

    def weight(self, where: str, answer: Response | None) -> None:
        """First load as it is sent: the page and its static text compressed, fonts and pictures as they are."""
        if answer is None:
            return
        names = self.page.evaluate("performance.getEntriesByType('resource').map(e => e.name.split('#')[0])")
        self._compressed(where, answer)
        total = len(gzip.compress(answer.body(), 6))
        for url in set(names):
            if found := re.search(r"/static/(.+)$", url):
                total += self._file(found.group(1))
        if total > self.heaviest[0]:
            self.heaviest = (total, where)
        if total > MOST_BYTES:
            self.trouble.append(f"{where}: {total // 1000} kB, {sorted(names)}")
        self._count("weighed")

    def _compressed(self, where: str, answer: Response) -> None:
        if answer.header_value("content-encoding") != "gzip":
            self.trouble.append(f"{where}: not compressed")

    def _file(self, name: str) -> int:
        if name not in self._static:
            path = finders.find(name)
            body = Path(str(path)).read_bytes() if path else b""
            self._static[name] = len(body) if name.endswith(("woff2", "png")) else len(gzip.compress(body))
        return self._static[name]


def merged(walks: list[Walk]) -> dict[str, Any]:
    """What all of them counted together."""
    total: dict[str, int] = {}
    for walk in walks:
        for name, number in walk.counted.items():
            total[name] = total.get(name, 0) + number
    return total
