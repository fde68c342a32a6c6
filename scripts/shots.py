"""Pictures of every page of the portal: the demo's cases in Chromium, as people see them first.

    python scripts/shots.py [part of a name …]     (`make shots`)

Plays the demo's cases into a data folder of its own (``var/shots``) the first time and serves it from this process.
``docs/shots`` gets the pictures the guides and the README show, at 1280 and 390 pixels; ``docs/shots/semua`` every row
of ``tests/screens/pages.py``: a light one at 1280 and a dark one at 390 pixels. Colours are reduced to a palette, so
that the pictures stay small in the repository.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.screens.pages import ROWS, WRONG  # noqa: E402  (the repository's own list of pages)

FOLDER = ROOT / "docs" / "shots"
DATA = ROOT / "var" / "shots"
PLACES = DATA / "places.json"
DEMO_DATE = os.environ.get("DEMO_DATE", "2024-11-29")
WIDTHS = {"": (1280, 800), "-phone": (390, 844)}
PHONE_SCALE, COLOURS = 2, 96
#: For the pictures of every page: fewer colours, one pixel a pixel, no taller than a reader scrolls.
EVERY_COLOURS, TALLEST = 48, 2200
PERSON = "Bambang Hariyanto"


@dataclass(frozen=True)
class Shot:
    """One picture: its name, who looks (an id of ``scenarios/_base.yaml``, or nobody), where, and links to press."""

    name: str
    who: str
    way: tuple[str, ...]
    sizes: tuple[str, ...] = ("", "-phone")
    theme: str = "light"
    most: int = 1500
    every: bool = False

    def file(self, size: str) -> str:
        """Its path inside the folder of the pictures."""
        return f"semua/{self.name}{size}.webp" if self.every else f"{self.name}{size}.png"


CASE = "/cases/{open}/"
GUIDES = (
    Shot("masuk", "", ("/accounts/login/",)),
    Shot("tugas-saya", "agus", ("/",)),
    Shot("tugas-saya-gelap", "agus", ("/",), sizes=("",), theme="dark"),
    Shot("perkara", "rina", (CASE,)),
    Shot("perkara-gelap", "rina", (CASE,), sizes=("",), theme="dark", most=1200),
    Shot("riwayat", "sekar", ("/history/",), most=1100),
    Shot("semua-perkara", "sekar", ("/cases/",), most=1100),
    Shot("laporan-baru", "yuni", ("/cases/new/",), most=1100),
    Shot("surat-surat", "rina", ("/letters/",), most=1100),
    Shot("surat", "yuni", ("/letters/{letter}/",), most=1200),
    Shot("pemberitahuan", "rina", ("/notices/",), most=1000),
    Shot("kalender", "rina", ("/calendar/",), most=1000),
    Shot("tim", "hendra", ("/team/",), most=1000),
    Shot("pegawai", "agus", ("/employees/",), most=1000),
    Shot("ekspor", "sekar", ("/export/",), most=900),
    Shot("bantuan", "rina", (CASE, "[data-help]"), most=900),
    Shot("keamanan-akun", "rina", ("/accounts/security/",), most=1000),
    Shot("administrasi", "admin", ("/admin/",), most=1000),
    Shot("tidak-ditemukan", "", ("/no-such-page/",), sizes=("",), most=800),
)


def every_page() -> Iterator[Shot]:
    """Two pictures of each page of the browser tests' list; a view's second and later pages are numbered."""
    met: Counter[str] = Counter()
    for row in (*ROWS, *WRONG):
        name = re.sub(r"[^a-z0-9]+", "-", row.address if row.view in ("wrong", "admin:*") else row.view).strip("-")
        met[name] += 1
        number = f"-{met[name]}" if met[name] > 1 else ""
        for size, theme in (("", "light"), ("-phone", "dark")):
            yield Shot(name + number, row.who, (row.address,), (size,), theme, TALLEST, every=True)


SHOTS = (*GUIDES, *every_page())


def chromium() -> str:
    """Chromium of this machine, as the tests find it."""
    path = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
    )
    if not path:
        sys.exit("No Chromium found. Install Debian's `chromium`, or name one in CHROMIUM.")
    return path


def emails() -> dict[str, str]:
    """The demo's people: e-mail by their id in the file."""
    world = yaml.safe_load((ROOT / "scenarios" / "_base.yaml").read_text())
    return {row["id"]: row["email"] for row in world["officers"]}


def prepare() -> dict[str, Any]:
    """The demo's data, and what the pages of the list need beside it: places, and the cookie of each person."""
    DATA.mkdir(parents=True, exist_ok=True)
    os.environ.update(PROFILE="demo", DATA_DIR=str(DATA), DEMO_DATE=DEMO_DATE, DJANGO_SETTINGS_MODULE="portal.settings")
    subprocess.run([sys.executable, str(ROOT / "manage.py"), "demo", "--prepare-only"], check=True, cwd=ROOT)
    import django
    from django.conf import settings

    django.setup()
    settings.ROOT_URLCONF = "tests.screens.wrong"
    from django.test import Client

    from accounts.models import Officer
    from portal import permissions

    permissions.PERMISSIONS["wrong"] = permissions.PUBLIC
    officers = {row.user.email: row for row in Officer.objects.select_related("user", "institution")}
    people = {name: officers[email] for name, email in emails().items()}
    if not PLACES.exists():
        PLACES.write_text(json.dumps(make_places(people)))
    kept = json.loads(PLACES.read_text())
    cookies = {}
    for name, officer in people.items():
        client = Client()
        client.force_login(officer.user)
        cookies[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"places": kept, "cookies": cookies, "cookie": settings.SESSION_COOKIE_NAME}


def make_places(people: dict[str, Any]) -> dict[str, str]:
    """What fills the braces of the addresses; letters are made for the pictures' case and for the newest lists."""
    from accounts.proposals import ask_reset
    from cases.models import Case, Letter
    from cases.services.history_jobs import ask_check, run_job
    from cases.services.letters import render_letter_now
    from tests.screens.scene import give_keys, keep_draft

    class Cast:
        def officer(self, name: str) -> Any:
            return people[name]

    shown = Case.objects.get(subject_name__startswith=PERSON, state="under_review")
    closed = Case.objects.visible_to(people["sekar"]).filter(state="closed").order_by("-number")[0]
    newest = Letter.objects.order_by("-created_at")
    pending = Letter.objects.filter(case=shown).latest("created_at")
    for letter in {*Letter.objects.filter(case__in=(shown, closed)), *newest[:80]} - {pending}:
        render_letter_now(str(letter.pk))
    made = Letter.objects.get(case=shown, kind="bawaslu_recommendation")
    ask_reset(actor=people["admin2"], officer=people["agus"], reason="Mengganti yang pensiun")
    job = ask_check(actor=people["sekar"])
    run_job(str(job.pk))
    return {
        "open": shown.number, "closed": closed.number, "letter": str(made.pk), "pending": str(pending.pk),
        "token": made.token, "draft": str(keep_draft(Cast())), "officer": str(people["agus"].pk),  # type: ignore[arg-type]
        "passkey": str(give_keys(people["hendra"].user)), "job": str(job.pk),
    }  # fmt: skip


@contextmanager
def served() -> Iterator[str]:
    """The portal, answered by threads of this process; its address."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class's word)
            """Say nothing."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_internal_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def reach(page: Page, origin: str, shot: Shot, places: dict[str, str]) -> None:
    """Walk the way."""
    for step in shot.way:
        if step.startswith("/"):
            page.goto(origin + step.format(**places))
        else:
            page.locator(step).first.click()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


class Camera:
    """A browser that keeps a signed-in window for each person, size and theme."""

    def __init__(self, browser: Browser, origin: str, scene: dict[str, Any]) -> None:
        self.browser, self.origin, self.scene = browser, origin, scene
        self.windows: dict[tuple[Any, ...], BrowserContext] = {}

    def window(self, shot: Shot, size: str) -> BrowserContext:
        """The window of this person, at this size and in this theme."""
        scale = PHONE_SCALE if size and not shot.every else 1
        key = (shot.who, size, shot.theme, scale)
        if key not in self.windows:
            width, height = WIDTHS[size]
            self.windows[key] = context = self.browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=shot.theme, locale="id-ID",
                reduced_motion="reduce", device_scale_factor=scale,
            )  # fmt: skip
            if shot.who:
                cookie = {"name": self.scene["cookie"], "value": self.scene["cookies"][shot.who], "url": self.origin}
                context.add_cookies([cookie])  # type: ignore[list-item]
        return self.windows[key]

    def take(self, shot: Shot, size: str) -> Path:
        """One picture, saved; its file."""
        page = self.window(shot, size).new_page()
        page.set_default_timeout(60_000)
        reach(page, self.origin, shot, self.scene["places"])
        width, height = WIDTHS[size]
        full = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, min(full, shot.most))})
        raw, file = DATA / "picture.png", FOLDER / shot.file(size)
        page.screenshot(path=raw)
        page.close()
        with Image.open(raw) as picture:
            reduced = picture.convert("RGB").quantize(
                EVERY_COLOURS if shot.every else COLOURS, dither=Image.Dither.NONE
            )
            if shot.every:
                reduced.convert("RGB").save(file, lossless=True, method=4)
            else:
                reduced.save(file, optimize=True)
        return file


def main(wanted: list[str]) -> int:
    """Take every picture, or those with one of these words in their file's name."""
    (FOLDER / "semua").mkdir(parents=True, exist_ok=True)
    scene = prepare()
    pictures = [(shot, size) for shot in SHOTS for size in shot.sizes]
    if wanted:
        pictures = [one for one in pictures if any(word in one[0].file(one[1]) for word in wanted)]
    with served() as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--lang=id"], env={**os.environ, "LANGUAGE": "id"}
        )
        camera = Camera(browser, origin, scene)
        for shot, size in pictures:
            file = camera.take(shot, size)
            print(f"{file.stat().st_size // 1024:5} kB  {file.relative_to(FOLDER)}", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
