"""One case's history to take away: events with proofs, heads, files, and the program that checks them.

Reads only. The caller has checked that ``reader`` may see the case, has made a checkpoint, and logs the export.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.audit.canonical import canonical
from cases.audit.chain import content_of
from cases.audit.dossier import dossier_pdf
from cases.audit.heads import SignedHead
from cases.audit.merkle import Tree, leaf_hash
from cases.models import Case, Event, Evidence, Leaf, Letter

#: So many heads come with a proof that they are a beginning of the newest: the last ones before it.
PROVEN_HEADS = 500
VERIFIER = Path(__file__).with_name("portable.py")


class NothingToProve(ValueError):
    """The history has no head yet."""


def write_bundle(
    target: IO[bytes], *, case: Case, reader: Officer, heads: list[SignedHead], keys: Mapping[str, bytes], taken: str
) -> dict[str, int]:
    """Write the bundle as a ZIP archive to ``target``; what it holds. ``taken`` says who took it and when.

    Files the reader may not see are left out; the verifier then counts them as not in the bundle.
    """
    if not heads:
        raise NothingToProve("There is no head of the history yet.")
    newest = heads[-1]
    hashes = Leaf.objects.filter(index__lt=newest.size).order_by("index").values_list("hash", flat=True)
    tree = Tree([leaf_hash(bytes.fromhex(digest)) for digest in hashes.iterator()])
    events = list(Event.objects.filter(case=case).select_related("leaf").order_by("seq"))
    recent = [head for head in heads if head.size < newest.size][-PROVEN_HEADS:]
    proofs = {str(head.size): [step.hex() for step in tree.consistency(head.size)] for head in [*recent, newest]}
    counts = {"events": len(events), "heads": len(recent) + 1, "files": 0}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.jsonl", "".join(f"{_event(event, tree)}\n" for event in events))
        archive.writestr("heads.jsonl", "".join(f"{head.line()}\n" for head in [*recent, newest]))
        archive.writestr("proofs.json", json.dumps(proofs))
        archive.writestr("keys.txt", "".join(f"{name} {public.hex()}\n" for name, public in keys.items()))
        archive.writestr("case.json", json.dumps(_summary(case, events), ensure_ascii=False, indent=1))
        archive.write(VERIFIER, "verify.py")
        archive.writestr("dossier.pdf", dossier_pdf(case=case, reader=reader, head=newest, taken=taken))
        for name, stored in _files(case, reader):
            with stored.open("rb") as file, archive.open(f"files/{name}", "w") as copy:
                for chunk in iter(lambda file=file: file.read(1 << 16), b""):  # type: ignore[misc]
                    copy.write(chunk)
            counts["files"] += 1
        archive.writestr("README.txt", _readme(case, newest, counts, taken))
    return counts


def _event(event: Event, tree: Tree) -> str:
    leaf = getattr(event, "leaf", None)
    index = leaf.index if leaf is not None and leaf.index < len(tree.leaves) else None
    proof = [step.hex() for step in tree.inclusion(index)] if index is not None else []
    return canonical({"content": content_of(event), "hash": event.hash, "index": index, "proof": proof}).decode()


def _summary(case: Case, events: list[Event]) -> dict[str, Any]:
    letters = {facts["letter"]: facts["number"] for event in events for facts in event.letters_issued}
    return {"number": case.number, "state": case.state, "letters": letters}


def _files(case: Case, reader: Officer) -> Iterator[tuple[str, Any]]:
    ready = Letter.objects.visible_to(reader).filter(case=case, status=Letter.Status.READY)
    for letter in ready.distinct().order_by("created_at", "pk"):
        yield f"{letter.pk}.pdf", letter.file
    for item in Evidence.objects.visible_to(reader).of_case(case).distinct().order_by("added_at", "pk"):
        yield f"{item.pk}.bin", item.shown or item.file  # what a camera wrote into the original can name the reporter


def _readme(case: Case, newest: SignedHead, counts: dict[str, int], taken: str) -> str:
    return _(
        "History of case %(number)s\n"
        "%(taken)s\n\n"
        "%(events)d events, %(files)d files, %(heads)d heads of the history.\n"
        "Newest head: %(size)d events, root %(root)s, %(at)s.\n\n"
        "Check it with:  python3 verify.py\n"
        "Better: with the public keys and heads you keep yourself:\n"
        "  python3 verify.py --keys KEYS --heads HEADS\n\n"
        "It shows that no event here was changed and none before the last one here is missing, and that all of them\n"
        "are part of the history the head speaks of. It does not show that nothing happened afterwards.\n"
    ) % {
        "number": case.number,
        "taken": taken,
        **counts,
        "size": newest.size,
        "root": newest.root,
        "at": newest.at,
    }
