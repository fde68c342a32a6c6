"""Collect what people read into the catalogues, and compile them. Needs no gettext tools, only Babel.

    python scripts/messages.py           collect and compile (`make messages`); says what is untranslated
    python scripts/messages.py --check   change nothing; say what is stale, missing or broken, and fail if anything is

Sources are Python files (``_`` and its relatives), templates (``{% translate %}`` and its relatives) and
``locale/borrowed.txt``: strings of the libraries that have no Indonesian of their own.
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
BORROWED = LOCALE / "borrowed.txt"
PO = LOCALE / "id" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
#: Sources are English, plurals included; so there is one catalogue. Indonesian has one form for one and many.
LANGUAGE, PLURAL_FORMS = "id", "nplurals=1; plural=0;"
ROOMS = ("accounts", "cases", "portal", "templates")
#: Letters are written in Indonesian; the kit is a page for those who build pages, in English on purpose.
NOT_READ = ("templates/letters/", "templates/kit.html", "portal/views_kit.py")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
#: ``%(name)s``, ``%s``, ``%d`` and ``{name}``: what a translation has to carry over unchanged.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
HEADER = "Indonesian words of the neutrality-case portal; see docs/translation.md."


def sources() -> Iterator[Path]:
    """Files that may hold words for people."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in (".py", ".html") and not name.startswith(NOT_READ) and "/migrations/" not in name:
                yield path


def calls(path: Path) -> Iterator[tuple[str, object]]:
    """The translation calls of one file: the function's name and its words."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = f"({templatize(text, origin=str(path))}\n)"  # in parentheses indentation means nothing
    for _line, function, words, _comments in extract_python(io.BytesIO(text.encode()), list(KEYWORDS), [], {}):
        yield function, words


def key_of(function: str, words: object) -> tuple[str | None, str | tuple[str, str]] | None:
    """Context and msgid of one call; None when its words are not literal."""
    given = list(words) if isinstance(words, tuple | list) else [words]
    context = given.pop(0) if "pgettext" in function else None
    ids = given[: 2 if function.startswith(("ng", "np")) else 1]
    if not ids or not all(isinstance(word, str) and word for word in ids):
        return None
    return context, (ids[0], ids[1]) if len(ids) == 2 else ids[0]


def collect() -> Catalog:
    """Every string people read, with the files it stands in."""
    catalog = Catalog(charset="utf-8")
    for path in sources():
        for function, words in calls(path):
            if (key := key_of(function, words)) is not None:
                context, message = key
                catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)], context=context)
    for line in BORROWED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            one, _, many = line.replace("\\s", " ").partition(" || ")
            catalog.add((one, many) if many else one, locations=[("locale/borrowed.txt", None)])
    return catalog


def empty() -> Catalog:
    """A catalogue of the language, with nothing in it."""
    return read_po(io.BytesIO(_head()), locale=LANGUAGE)


def _head() -> bytes:
    return (
        f"# {HEADER}\n"
        'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Language: {LANGUAGE}\\n"\n"Plural-Forms: {PLURAL_FORMS}\\n"\n\n'
    ).encode()


def read() -> Catalog:
    """The catalogue as it is; empty when there is none yet."""
    return read_po(io.BytesIO(PO.read_bytes()), locale=LANGUAGE) if PO.exists() else empty()


def keys(catalog: Catalog) -> set[tuple[str | None, str | tuple[str, ...]]]:
    """What identifies the strings of a catalogue."""
    return {(m.context, tuple(m.id) if isinstance(m.id, list | tuple) else m.id) for m in catalog if m.id}


def merged(found: Catalog) -> Catalog:
    """The catalogue with what is new in the sources and without what is gone; translations stay word for word."""
    old, new = read(), empty()
    for message in sorted(found, key=lambda m: (str(m.id), m.context or "")):
        if not message.id:
            continue
        before = old.get(message.id, message.context)
        said = before.string if before and before.id == message.id else ""
        new.add(
            message.id,
            said or (("",) * new.num_plurals if message.pluralizable else ""),
            sorted(set(message.locations)),
            (set(before.flags) if before else set()) | set(message.flags),
            context=message.context,
            user_comments=before.user_comments if before else (),
        )
    return new


def as_po(catalog: Catalog) -> bytes:
    """The text of a ``.po``: no dates, no line numbers, so that it only changes when words do."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, include_lineno=False)
    return _head() + out.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The compiled catalogue; no dates either."""
    plain, out = read_po(io.BytesIO(as_po(catalog)), locale=LANGUAGE), io.BytesIO()
    plain.creation_date = plain.revision_date = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    write_mo(out, plain)
    return out.getvalue()


def compiled(content: bytes) -> dict[object, str]:
    """What a ``.mo`` says, without its header: that names the version of the tool."""
    said: dict[object, str] = gettext.GNUTranslations(io.BytesIO(content))._catalog  # type: ignore[attr-defined]
    return {key: words for key, words in said.items() if key}


def _strings(message: Message) -> list[str]:
    said = message.string
    return list(said) if isinstance(said, list | tuple) else [said or ""]


def untranslated(catalog: Catalog) -> list[str]:
    """Strings without words of their own, or whose words nobody has confirmed."""
    return [str(m.id) for m in catalog if m.id and (m.fuzzy or not all(_strings(m)))]


def broken(catalog: Catalog) -> list[str]:
    """Translations whose placeholders are not those of the source, or of one of its two forms."""
    wrong = []
    for message in catalog:
        ids = list(message.id) if isinstance(message.id, list | tuple) else [message.id]
        wanted = [set(PLACEHOLDER.findall(one)) for one in ids]
        for said in filter(None, _strings(message) if message.id else []):
            same_end = said.endswith("\n") == ids[0].endswith("\n")
            if set(PLACEHOLDER.findall(said)) not in wanted or not same_end:
                wrong.append(f"{message.id} -> {said}")
    return wrong


def problems() -> list[str]:
    """All that keeps the committed catalogue from being complete and current; empty when it is."""
    current = read()
    have, wanted = keys(current), keys(collect())
    said = [f"not collected: {key[1]}" for key in sorted(wanted - have, key=str)]
    said += [f"no longer used: {key[1]}" for key in sorted(have - wanted, key=str)]
    said += [f"not translated: {words}" for words in untranslated(current)]
    said += [f"placeholders differ: {words}" for words in broken(current)]
    if not MO.exists() or compiled(MO.read_bytes()) != compiled(as_mo(current)):
        said.append(f"{MO.name} is not compiled from {PO.name}")
    return said


def main(arguments: list[str]) -> int:
    """Collect and compile, or check."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    if "--check" not in arguments:
        catalog = merged(collect())
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(as_po(catalog))
        MO.write_bytes(as_mo(catalog))
    trouble = problems()
    print("\n".join(trouble) or "The catalogue is complete and current.")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
