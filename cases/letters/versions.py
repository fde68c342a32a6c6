"""Template versions: a set of templates and styles is frozen once letters came from it; a change is a new version.

Version 1 lies in ``templates/letters`` and ``static/letters`` themselves, version *n* in a folder ``v<n>`` below them.
``templates/letters/versions.json`` keeps the SHA-256 of every file of every version; ``manage.py letter_versions``
compares and, for a version that is still open, writes it anew. The fonts are frozen by the number in their folder.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES, STATIC = ROOT / "templates" / "letters", ROOT / "static" / "letters"
MANIFEST = TEMPLATES / "versions.json"
#: The version new letters are printed from.
CURRENT = 1


def template_of(version: int, template: str) -> str:
    """The path of a kind's template (``letters/summons.html``) in a version."""
    folder, _slash, name = template.rpartition("/")
    return template if version == 1 else f"{folder}/v{version}/{name}"


def files_of(version: int) -> dict[str, str]:
    """SHA-256 by path of everything a letter of ``version`` is printed from."""
    folders = [folder if version == 1 else folder / f"v{version}" for folder in (TEMPLATES, STATIC)]
    found = [path for folder in folders for path in sorted(folder.glob("*")) if path.is_file() and path != MANIFEST]
    return {path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@cache
def manifest() -> dict[str, Any]:
    """What the manifest says: ``{"1": {"frozen": true, "files": {path: sha256}}}``."""
    told: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return told


def changed(version: int) -> list[str]:
    """Files that are not what the manifest says, by path; empty when the version is whole."""
    told, now = manifest().get(str(version), {"files": {}})["files"], files_of(version)
    return sorted(path for path in told.keys() | now.keys() if told.get(path) != now.get(path))


@cache
def whole(version: int) -> bool:
    """Whether the files of a version are the ones it was frozen with; an open one always is. Looked at once."""
    entry = manifest().get(str(version))
    return entry is not None and (not entry["frozen"] or not changed(version))
