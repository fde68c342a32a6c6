"""The exact headers of every kind of answer, in the settings of production, against a list written by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.cache import cache
from django.test import Client
from django.urls import clear_url_caches

from cases.models import Letter
from cases.services.letters import render_letter_now
from tests.fixtures_world import Loaded
from tests.play import play
from tests.portal.test_settings import ROOT, production_environ

ORACLE = yaml.safe_load((Path(__file__).parent / "headers.yaml").read_text())
#: What production sets differently; read from a process in that profile, so that nothing here is made up.
PRODUCTION = (
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SECURE_SSL_REDIRECT",
)  # fmt: skip
#: Headers whose value differs from answer to answer; that they are there is checked.
VARYING = ("X-Request-ID", "Content-Length", "Last-Modified", "Location", "Content-Disposition", "ETag", "Vary")


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    code = (
        f"import json; from portal import settings as s; print(json.dumps({{n: getattr(s, n) for n in {PRODUCTION}}}))"
    )
    environ = {"PATH": "/usr/bin:/bin", **production_environ(tmp_path_factory.mktemp("production"))}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    values: dict[str, Any] = json.loads(told.stdout)
    return values


class Answers:
    """One real answer of every kind."""

    def __init__(self, world: Loaded) -> None:
        self.world = world
        self.officer = world.officer("yuni")
        self.case = play("scenarios/03-terlambat-tidak-diregistrasi.yaml").case

    def client(self, who: str = "") -> Client:
        client = Client(raise_request_exception=False)
        client.defaults["wsgi.url_scheme"] = "https"
        if who:
            client.force_login(self.world.officer(who).user)
        return client

    def of(self, kind: str) -> Any:
        """The answer of a kind named in the list."""
        return getattr(self, "answer_" + kind.replace("-", " ").replace(" ", "_"))()

    def answer_200_page(self) -> Any:
        return self.client("yuni").get("/", secure=True)

    def answer_200_sign_in(self) -> Any:
        return self.client().get("/accounts/login/", secure=True)

    def answer_200_letter(self) -> Any:
        letter = Letter.objects.filter(case=self.case).first()
        render_letter_now(str(letter.pk))
        return self.client("yuni").get(f"/letters/{letter.pk}/pdf/", secure=True)

    def answer_200_static(self) -> Any:
        return self.client().get("/static/css/tokens.css", secure=True)

    def answer_301_to_https(self) -> Any:
        return Client().get("/accounts/login/")

    def answer_302_stranger(self) -> Any:
        return self.client().get("/", secure=True)

    def answer_302_sign_out(self) -> Any:
        return self.client("yuni").post("/accounts/logout/", secure=True)

    def answer_400(self) -> Any:
        return self.client("yuni").get("/cases/?q=%00", secure=True)

    def answer_403(self) -> Any:
        return Client(enforce_csrf_checks=True).post("/accounts/login/", secure=True)

    def answer_404(self) -> Any:
        return self.client("yuni").get("/cases/2030-99999/", secure=True)

    def answer_405(self) -> Any:
        return self.client("yuni").get("/accounts/logout/", secure=True)

    def answer_409(self) -> Any:
        address = f"/cases/{play('scenarios/01-suka-sebelum-penetapan.yaml').case.number}/register/"
        return self.client("yuni").post(address, {"seen": "received.0"}, secure=True)

    def answer_413(self) -> Any:
        body = "x" * (6 * 1024 * 1024)
        return self.client().post("/accounts/login/", body, "application/x-www-form-urlencoded", secure=True)

    def answer_429(self) -> Any:
        for _attempt in range(31):
            answer = self.client().post("/accounts/login/", secure=True)
        return answer

    def answer_500(self) -> Any:
        return self.client().get("/wrong/500/", secure=True)


@pytest.fixture
def answers(world: Loaded, production: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    from portal import permissions

    cache.clear()
    for name, value in production.items():
        setattr(settings, name, value)
    settings.ROOT_URLCONF = "tests.screens.wrong"
    monkeypatch.setitem(permissions.PERMISSIONS, "wrong", permissions.PUBLIC)
    clear_url_caches()
    yield Answers(world)
    clear_url_caches()
    cache.clear()


def told(response: Any) -> dict[str, str]:
    """An answer's headers and cookies, as the list writes them."""
    found = {name: "…" if name in VARYING else value for name, value in response.headers.items()}
    if policy := found.get("Content-Security-Policy"):
        found["Content-Security-Policy"] = "; ".join(sorted(part.strip() for part in policy.split(";")))
    for name, morsel in sorted(response.cookies.items()):
        marks = [mark for mark in ("secure", "httponly") if morsel[mark]]
        ends = ["ends"] if morsel["max-age"] == 0 or not morsel.value else []
        found[f"cookie {name}"] = " ".join([*marks, f"samesite={morsel['samesite']}", f"path={morsel['path']}", *ends])
        assert not morsel["domain"], name
    return found


def test_the_headers_of_every_answer_are_exactly_these(answers: Answers) -> None:
    wrong = []
    for kind, row in ORACLE["answers"].items():
        response = answers.of(kind)
        expected = {**ORACLE["always"], **row}
        expected = {name: value for name, value in expected.items() if value is not None}
        found = told(response)
        if response.status_code != int(kind.split()[0]) or found != expected:
            wrong.append(
                {kind: {"status": response.status_code, **dict(sorted(set(found.items()) ^ set(expected.items())))}}
            )
            if ORACLE.get("show"):
                print(yaml.safe_dump({kind: found}, sort_keys=False, width=300))
        if kind.split()[0] in ("400", "403", "404", "405", "413", "429", "500"):
            page = response.content.decode()
            if response["X-Request-ID"] not in page or "stylesheet" not in page:
                wrong.append((kind, "no page of our own with the incident's number", []))
    assert wrong == []
    assert {kind[:3] for kind in ORACLE["answers"]} >= {
        "200", "301", "302", "400", "403", "404", "405", "409", "413", "429", "500",
    }  # fmt: skip


def test_a_header_taken_away_is_noticed(answers: Answers, settings: Any) -> None:
    """The control."""
    settings.SECURE_HSTS_SECONDS = 0
    found = told(answers.of("404"))
    assert found != {**ORACLE["always"], **ORACLE["answers"]["404"]}


#: Drawn without asking anything for a language: they say it in both.
BOTH_AT_ONCE = (500, 503)


def test_error_pages_speak_both_languages(answers: Answers) -> None:
    from tests.screens.pages import WRONG

    for row in WRONG:
        texts = []
        for language in ("id", "en"):
            client = answers.client()
            client.cookies["django_language"] = language
            page = client.get(row.address, secure=True)
            assert page.status_code == row.status
            texts.append(page.content.decode())
            if row.status in BOTH_AT_ONCE:
                assert ' lang="en">' in texts[-1], row.address
            else:
                assert f'<html lang="{language}"' in texts[-1], row.address
            assert page["X-Request-ID"] in texts[-1], row.address
        assert row.status in BOTH_AT_ONCE or texts[0] != texts[1]
