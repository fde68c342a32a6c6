"""Settings: every one is documented, production refuses what is unsafe, the headers are strict."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from portal.production import problems, refuse_unsafe

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "PRODUCTION": True,
    "DEMO": False,
    "DEBUG": False,
    "ALLOW_BACKDATING": False,
    "DEMO_DATE": None,
    "SECRET_KEY": "q7Jd9-Zk2Lw8Xn4Rb6Tm1Yv3Hc5Gf0Ps-Ae7Ud9Io2Kj4Ml6Nb8",
    "ALLOWED_HOSTS": ["portal.example.org"],
    "BASE_URL": "https://portal.example.org",
    "HISTORY_KEY_FILE": "/etc/portal/history.pem",
    "REPORTER_KEY_FILE": "/etc/portal/reporter.keys",
    "LETTER_SIGNER": "pkcs12",
    "SECOND_FACTOR": True,
}


def run_manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """``manage.py`` in a process of its own, with nothing of this session's environment but the path."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=clean | environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def production_environ(tmp_path: Path) -> dict[str, str]:
    return {
        "PROFILE": "production",
        "SECRET_KEY": SAFE["SECRET_KEY"],
        "ALLOWED_HOSTS": "portal.example.org",
        "BASE_URL": SAFE["BASE_URL"],
        "DATA_DIR": str(tmp_path),
        "STATIC_ROOT": str(tmp_path / "static"),
        "HISTORY_KEY_FILE": str(tmp_path / "history.pem"),
        "REPORTER_KEY_FILE": str(tmp_path / "reporter.keys"),
        "LETTER_SIGNER": "pkcs12",
    }


def test_the_example_names_every_setting_read_from_the_environment() -> None:
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', (ROOT / "portal/settings.py").read_text()))
    named = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert read == named


def reads_environment(source: str) -> bool:
    """Whether the code looks a variable up by its name (keeping one aside for a library is another matter)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            asked, names = ast.unparse(node.value), [node.slice]
        elif isinstance(node, ast.Call):
            asked, names = ast.unparse(node.func), node.args[:1]
        else:
            continue
        if asked == "Env":
            return True
        if asked in ("os.environ", "os.environ.get", "os.getenv") and all(isinstance(n, ast.Constant) for n in names):
            return True
    return False


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for room in ("accounts", "cases", "portal")
        for path in (ROOT / room).rglob("*.py")
        if reads_environment(path.read_text())
    }
    assert readers == {"portal/settings.py"}


def test_a_safe_production_is_not_refused(settings) -> None:
    for name, value in SAFE.items():
        setattr(settings, name, value)
    assert problems() == []
    refuse_unsafe()


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("DEMO", True, "E001"),
        ("DEBUG", True, "E002"),
        ("SECRET_KEY", "insecure-key-for-demo-development-and-tests-only-0123456789", "E003"),
        ("SECRET_KEY", "q7Jd9-Zk2Lw8Xn4Rb6", "E003"),
        ("SECRET_KEY", "a" * 80, "E003"),
        ("ALLOW_BACKDATING", True, "E004"),
        ("DEMO_DATE", "2024-11-29", "E005"),
        ("ALLOWED_HOSTS", [], "E006"),
        ("ALLOWED_HOSTS", ["*"], "E006"),
        ("BASE_URL", "http://portal.example.org", "E007"),
        ("HISTORY_KEY_FILE", "", "E008"),
        ("REPORTER_KEY_FILE", "", "E009"),
        ("LETTER_SIGNER", "", "E010"),
        ("LETTER_SIGNER", "demo", "E010"),
        ("SECOND_FACTOR", False, "E011"),
    ],
)
def test_production_refuses(settings, name: str, value: object, check: str) -> None:
    for safe_name, safe_value in SAFE.items():
        setattr(settings, safe_name, safe_value)
    setattr(settings, name, value)
    assert [problem for problem, _sentence in problems()] == [f"portal.{check}"]
    with pytest.raises(ImproperlyConfigured):
        refuse_unsafe()
    settings.PRODUCTION = False
    assert problems() == []


def test_check_deploy_is_clean_with_a_production_environment(tmp_path: Path) -> None:
    result = run_manage("check", "--deploy", "--fail-level", "WARNING", **production_environ(tmp_path))
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout


def test_production_gathers_its_static_files(tmp_path: Path) -> None:
    """Every file a stylesheet names exists, else the hashed names could not be made."""
    result = run_manage("collectstatic", "--no-input", **production_environ(tmp_path))
    assert result.returncode == 0, result.stderr
    assert list((tmp_path / "static").rglob("tokens.*.css.br"))


def test_production_without_settings_does_not_start(tmp_path: Path) -> None:
    result = run_manage("check", PROFILE="production", DATA_DIR=str(tmp_path))
    assert result.returncode == 1
    for check in ("portal.E003", "portal.E006", "portal.E007"):
        assert check in result.stderr
    web = subprocess.run(
        [sys.executable, "-c", "import portal.wsgi"], cwd=ROOT, text=True, capture_output=True, check=False,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **production_environ(tmp_path), "DEMO": "true"},
    )  # fmt: skip
    assert web.returncode == 1
    assert "Refusing to start: DEMO opens every desk" in web.stderr


@pytest.mark.django_db
def test_every_answer_carries_the_strict_headers(client: Client) -> None:
    response = client.get("/health/")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert len(response["X-Request-ID"]) == 32


def test_files_are_private() -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage, storages

    for storage in (default_storage, storages["private"]):
        assert Path(storage.path("x")).is_relative_to(settings.DATA_DIR)
        with pytest.raises(ValueError, match="no address"):
            storage.url("x")
    name = storages["private"].save("probe/letter.pdf", ContentFile(b"%PDF"))
    path = Path(storages["private"].path(name))
    assert path.stat().st_mode & 0o077 == 0
    storages["private"].delete(name)
