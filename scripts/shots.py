"""Pictures of the portal for its documentation: the demo's pages in Chromium, as people see them first.

    python scripts/shots.py [folder]     (`make shots`; default folder docs/shots)

Plays the demo's cases into a data folder of its own (``var/shots``) the first time, serves it, and takes each picture
at 1280 and 390 pixels. Colours are reduced to a palette, so that the pictures stay small in the repository.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "var" / "shots"
DEMO_DATE = os.environ.get("DEMO_DATE", "2024-11-29")
WIDTHS = {"": (1280, 800), "-phone": (390, 844)}
PHONE_SCALE, COLOURS = 2, 96


@dataclass(frozen=True)
class Shot:
    """One picture: its name, whose desk, where from the first page on (addresses and links to press)."""

    name: str
    desk: str
    way: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ("", "-phone")
    theme: str = "light"
    most: int = 1500


AGENCY, REVIEWER, AUDITOR, OFFICER = "BKPSDM, petugas", "Penelaah, petugas", "Auditor", "Bawaslu, petugas"
COMMISSIONER, ADMIN = "Bawaslu, komisioner", "Administrator"
REVIEWED = ("/cases/?q=Bambang+Hariyanto", "tbody th a")
SHOTS = (
    Shot("masuk", ""),
    Shot("tugas-saya", AGENCY),
    Shot("tugas-saya-gelap", AGENCY, sizes=("",), theme="dark"),
    Shot("perkara", REVIEWER, REVIEWED),
    Shot("perkara-gelap", REVIEWER, REVIEWED, sizes=("",), theme="dark", most=1200),
    Shot("riwayat", AUDITOR, ("/history/",), most=1100),
    Shot("semua-perkara", AUDITOR, ("/cases/",), most=1100),
    Shot("laporan-baru", OFFICER, ("/cases/new/",), most=1100),
    Shot("surat-surat", REVIEWER, ("/letters/",), most=1100),
    Shot("surat", REVIEWER, ("/letters/", "main a[href^='/letters/']"), most=1200),
    Shot("pemberitahuan", REVIEWER, ("/notices/",), most=1000),
    Shot("kalender", REVIEWER, ("/calendar/",), most=1000),
    Shot("tim", COMMISSIONER, ("/team/",), most=1000),
    Shot("pegawai", AGENCY, ("/employees/",), most=1000),
    Shot("ekspor", AUDITOR, ("/export/",), most=900),
    Shot("bantuan", REVIEWER, (*REVIEWED, "[data-help]"), most=900),
    Shot("keamanan-akun", REVIEWER, ("/accounts/security/",), most=1000),
    Shot("administrasi", ADMIN, ("/admin/",), most=1000),
    Shot("tidak-ditemukan", "", ("/no-such-page/",), sizes=("",), most=800),
)


def chromium() -> str:
    """Chromium of this machine, as the tests find it."""
    path = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
    )
    if not path:
        sys.exit("No Chromium found. Install Debian's `chromium`, or name one in CHROMIUM.")
    return path


@contextmanager
def portal() -> Iterator[str]:
    """The demo, prepared and served; its address."""
    DATA.mkdir(parents=True, exist_ok=True)
    environ = os.environ | {"PROFILE": "demo", "DATA_DIR": str(DATA), "DEMO_DATE": DEMO_DATE}
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "demo", "--prepare-only"], env=environ, check=True, cwd=ROOT)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*manage, "runserver", "--noreload", f"127.0.0.1:{port}"], env=environ, cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _try in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=10).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def reach(page: Page, origin: str, shot: Shot) -> None:
    """Sign in at the desk and walk the way."""
    page.goto(f"{origin}/accounts/login/")
    if shot.desk:
        page.get_by_role("button", name=re.compile(f"^{re.escape(shot.desk)}")).click()
        page.wait_for_url(lambda address: "login" not in address)
    for step in shot.way:
        if step.startswith("/"):
            page.goto(f"{origin}{step}")
        else:
            page.locator(step).first.click()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def take(browser: Browser, origin: str, shot: Shot, size: str, folder: Path) -> Path:
    """One picture, saved; its file."""
    width, height = WIDTHS[size]
    scale = PHONE_SCALE if size else 1
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme=shot.theme,
        locale="id-ID", reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(60_000)
    reach(page, origin, shot)
    full = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, min(full, shot.most))})
    file = folder / f"{shot.name}{size}.png"
    page.screenshot(path=file)
    context.close()
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    return file


def main(arguments: list[str]) -> int:
    """Take every picture."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    with portal() as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        files = [take(browser, origin, shot, size, folder) for shot in SHOTS for size in shot.sizes]
        browser.close()
    for file in files:
        print(f"{file.stat().st_size // 1024:5} kB  {file.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
