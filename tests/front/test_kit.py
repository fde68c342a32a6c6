"""The kit without a browser: what its pages say, what its files hold."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client

from accounts.models import User
from cases.workflow import INTAKE, STEPS
from portal.context import PLACES
from portal.templatetags.ui import initials, spaced_nip
from portal.views_kit import SampleForm

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "letters" not in path.parts)
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
PACKAGES = json.loads((ROOT / "package.json").read_text())["devDependencies"]
ERROR_PAGES = ["400", "403", "403_csrf", "404", "500", "errors/409", "errors/413", "errors/429", "errors/503"]


class Page(HTMLParser):
    """Ids, references to ids, and everything the content security policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.wanted: list[str] = []
        self.inline: list[str] = []
        self.headings: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.wanted += (given.get(name) or "").split()
        if tag == "a" and (given.get("href") or "").startswith("#id_"):
            self.wanted.append(str(given["href"])[1:])
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "h1":
            self.headings.append(tag)


@pytest.fixture
def staff_client(client: Client, db: None) -> Client:
    client.force_login(User.objects.create(username="kit", email="kit@example.test", is_superuser=True))
    return client


def test_kit_is_for_staff(client: Client, db: None) -> None:
    assert client.get("/komponen/").status_code == 302
    client.force_login(User.objects.create(username="other", email="other@example.test"))
    assert client.get("/komponen/").status_code == 404


def test_kit_page_is_sound(staff_client: Client) -> None:
    page = Page(staff_client.get("/komponen/").content.decode())
    assert page.inline == []
    assert page.headings == ["h1"]
    assert len(page.ids) == len(set(page.ids))
    assert set(page.wanted) <= set(page.ids)


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_pages_render_even_without_context(name: str) -> None:
    page = Page(get_template(f"{name}.html").render({}))
    assert page.inline == []
    assert page.headings == ["h1"]


def test_unknown_address_gets_our_page(client: Client, db: None, settings: object) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "error-page" in response.content.decode()


# --- forms -----------------------------------------------------------------------------------------------------------
def test_mistakes_are_summed_up_with_links_and_told_at_the_field() -> None:
    html = str(SampleForm({"nip": "12", "kind": "media"}))
    page = Page(html)
    assert 'role="alert"' in html
    assert html.index("data-errors") < html.index("<label")
    for name in ("place", "nip", "level", "on", "sure"):
        assert f'href="#id_{name}"' in html
        assert f'id="id_{name}_error"' in html
    assert set(page.wanted) <= set(page.ids)
    assert 'aria-describedby="id_place_helptext id_place_error"' in html


def test_a_sound_form_has_no_summary_and_marks_what_is_optional() -> None:
    html = str(SampleForm())
    assert "data-errors" not in html
    assert html.count('class="optional"') == 4  # heard, people, story, file


def test_what_people_typed_is_escaped() -> None:
    class One(forms.Form):
        name = forms.CharField(max_length=3)

    assert "<script>" not in str(One({"name": "<script>alert(1)</script>"}))


# --- theme -----------------------------------------------------------------------------------------------------------
def test_theme_is_remembered_and_forgotten(staff_client: Client) -> None:
    response = staff_client.post("/theme/", {"theme": "dark", "next": "/komponen/"})
    assert response.url == "/komponen/"
    assert response.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in staff_client.get("/komponen/").content.decode()
    assert staff_client.post("/theme/", {"theme": ""}).cookies["theme"].value == ""


def test_theme_takes_nobody_elsewhere_and_only_known_values(client: Client, db: None) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": "https://example.test/"}).url == "/"
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in client.get("/no-such-page/").content.decode()
    assert client.get("/theme/").status_code == 405


# --- files -----------------------------------------------------------------------------------------------------------
def test_every_icon_named_is_in_the_sprite() -> None:
    named = {step.icon for step in (*STEPS, INTAKE)} | {place.icon for place in PLACES}
    for path in TEMPLATES:
        text = path.read_text()
        named |= set(re.findall(r'\{% icon "([^"]+)"', text)) | set(re.findall(r'\bicon="([^"]+)"', text))
        named |= set(re.findall(r'\bicon\|default:"([^"]+)"', text))
    assert named <= SPRITE


def test_icon_list_is_what_was_built() -> None:
    assert set((ROOT / "scripts/front/icons.txt").read_text().split()) == SPRITE


def test_every_static_file_named_exists() -> None:
    for path in TEMPLATES:
        for name in re.findall(r'\{% static "([^"]+)"', path.read_text()):
            assert finders.find(name), f"{path.name} names {name}"
    for sheet in (ROOT / "static/css").glob("*.css"):
        for name in re.findall(r'url\("((?!data:)[^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / name).exists(), f"{sheet.name} names {name}"


def test_vendored_folders_carry_version_and_licence() -> None:
    folders = {
        "static/vendor/tabler": "@tabler/core",
        "static/vendor/tabler-icons": "@tabler/icons",
        "static/vendor/inter": "@fontsource-variable/inter",
        "tests/front/vendor/axe-core": "axe-core",
    }
    for folder, package in folders.items():
        assert (ROOT / f"{folder}-{PACKAGES[package]}" / "LICENSE").exists(), folder
    for folder in (ROOT / "static/vendor").iterdir():
        assert [file for file in folder.iterdir() if "LICENSE" in file.name.upper()], folder.name


def test_lock_holds_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in entry for entry in packages.values())
    assert all("integrity" in entry for name, entry in packages.items() if name)


# --- colours ---------------------------------------------------------------------------------------------------------
def _blocks() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The light values, the system-dark values and the chosen-dark values of tokens.css."""
    sheet = (ROOT / "static/css/tokens.css").read_text()
    light, system, chosen = (
        dict(re.findall(r"--([\w-]+):\s*([^;]+);", sheet.split(start, 1)[1].split("}", 1)[0]))
        for start in (":root {", 'not([data-theme="light"]) {', ':root[data-theme="dark"] {')
    )
    return light, system, chosen


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, two: str) -> float:
    high, low = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_two_dark_lists_are_one() -> None:
    _light, system, chosen = _blocks()
    assert system
    assert system == chosen


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_its_ground(theme: str) -> None:
    light, dark, _chosen = _blocks()
    c = light if theme == "light" else light | dark
    grounds = ("bg", "surface", "surface-soft")
    pairs = [(text, ground) for text in ("text", "text-soft", "link", "danger") for ground in grounds]
    pairs += [("warn", "warn-soft"), ("good", "good-soft"), ("danger", "danger-soft"), ("on-demo", "demo")]
    pairs += [
        ("on-brand", "brand"),
        ("on-brand", "brand-hover"),
        ("on-brand-soft", "brand-soft"),
        ("text", "surface-strong"),
    ]
    pale = {f"{a} on {b}": round(_contrast(c[a], c[b]), 2) for a, b in pairs if _contrast(c[a], c[b]) < 4.5}
    assert pale == {}
    for edge in ("line-control", "focus"):
        assert all(_contrast(c[edge], c[ground]) >= 3 for ground in grounds), edge


def test_small_helpers() -> None:
    assert initials("Wahyu Lestari, S.H.") == "WL"
    assert initials("") == ""
    assert spaced_nip("197902142005011008") == "19790214 200501 1 008"
    assert spaced_nip("12") == "12"
