"""What a letter costs, beside others who make the same page.

One letter of one and of two pages, from its frozen content to bytes. ``render_1p`` and ``render_2p``: how many times
less CPU than stock WeasyPrint (``HTML(string).write_pdf()``: plain PDF, no tags, no attachment) ours needs for PDF/A-3a
with PDF/UA-1. ``sealed_1p``: rendering and sealing against stock WeasyPrint with stock pyHanko, both with RSA-3072.
``render_1p_public`` and ``render_2p_public``: the same without the one place that is not in WeasyPrint's documentation
(``cases.letters.markup``). ``vs_reportlab`` and ``vs_typst``: the same words set by them; below one they are faster.
All take turns in one run, so that a busy machine disturbs everybody alike; medians of CPU time. The pages are compared
pixel by pixel with stock's.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from weasyprint import HTML

from cases.letters import conformance, rendering
from cases.letters.rendering import STYLES, render_pdf
from cases.letters.sealing import seal_pdf
from cases.letters.signers import RSA_BITS, Certificate, SealSigner, _signing, make_certificate
from portal.bench import _letter_peers as peers

Say = Callable[[str], None]
GOALS: dict[str, float] = {"render_1p": 1.8, "render_2p": 1.6, "sealed_1p": 3.0}
AIMS: dict[str, float] = {"render_1p": 2.2, "render_2p": 1.9, "sealed_1p": 4.5}
ROUNDS = 30
#: Share of pixels that may differ from stock's page, the code left out (its mask differs).
PIXELS = 0.002
AT = dt.datetime(2024, 11, 4, 3, tzinfo=dt.UTC)
TEMPLATE = "letters/unproven_notice.html"
PARAGRAPH = (
    "Berdasarkan pemeriksaan atas bukti dan keterangan para pihak, tidak ditemukan perbuatan yang menunjukkan "
    "keberpihakan terlapor kepada salah satu pasangan calon pada masa kampanye, dan keterangan para saksi saling "
    "bersesuaian."
)


def content(paragraphs: int) -> dict[str, Any]:
    """The frozen content of an invented letter."""
    return {
        "kind": "unproven_notice", "title": "Pemberitahuan Hasil Telaah: Tidak Terbukti", "form_code": "",
        "number": "R-112/NA.02/11/2024", "place": "Jakarta", "date": "4 November 2024", "date_iso": "2024-11-04",
        "letterhead": {
            "lines": ["LEMBAGA CONTOH", "KOTA CONTOH"], "address": "Jalan Contoh 1", "contact": "contoh.example",
        },
        "issuer": "Lembaga Contoh", "nature": "Rahasia", "secret": True, "attachment": "-", "subject": "Contoh",
        "to": {"lines": ["Ketua Lembaga Lain"], "place": "Kota Contoh"},
        "signatures": [{
            "caption": "", "titles": ["Kepala Lembaga Contoh"], "name": "Contoh, S.H.", "rank": "Pembina (IV/a)",
            "nip": "19700101 199501 1 901", "refused": False,
        }],
        "copies": ["Ketua Lembaga Ketiga", "Inspektur Kota Contoh"], "issued_by": "Contoh", "sealed": False,
        "demo": False,
        "supervisor": "Pengawas Contoh", "forwarding": "Nomor 1 tanggal 1 November 2024",
        "person": [{"label": "Nama", "value": "Budi Contoh"}, {"label": "Jabatan", "value": "Analis"}],
        "report": {}, "violation": {}, "reason": "\n".join([PARAGRAPH] * paragraphs),
        "seal": {
            "url": "https://portal.example.org/v/AbCdEfGhIjKlMnOpQrStUvWx", "demo": False,
            "head": {"size": 1234, "root": "0123456789abcdef" * 4, "at": "2024-11-04T02:59:00.000000Z"},
        },
    }  # fmt: skip


def run(*, say: Say, scale: float, part: str) -> dict[str, Any]:
    """Measure; the dictionary printed as the last line."""
    rounds = max(4, int(ROUNDS * scale))
    one, two = content(1), content(8)
    for letter, pages in ((one, 1), (two, 2)):
        if (made := render_pdf(TEMPLATE, letter)[1]) != pages:
            raise RuntimeError(f"the letter of {pages} pages has {made}")
    signer, pair = _keys(Path(settings.DATA_DIR))
    stock = peers.Stock(TEMPLATE, STYLES)
    works: dict[str, Callable[[], Any]] = {
        "ours_1p": lambda: render_pdf(TEMPLATE, one),
        "stock_1p": lambda: stock.render(one),
        "ours_2p": lambda: render_pdf(TEMPLATE, two),
        "public_1p": lambda: _public(one),
        "public_2p": lambda: _public(two),
        "stock_2p": lambda: stock.render(two),
        "ours_sealed": lambda: seal_pdf(render_pdf(TEMPLATE, one)[0], signer, at=AT),
        "stock_sealed": lambda: pair.seal(stock.render(one)),
        "reportlab": lambda: peers.reportlab(one),
        "typst": lambda: peers.typst(one),
    }
    sealed = works["ours_sealed"]()
    conformance.check(sealed)  # what is measured is what would be released
    differing = max(peers.differing(render_pdf(TEMPLATE, letter)[0], stock.render(letter)) for letter in (one, two))
    times = _take_turns(works, rounds)
    check = _take_turns({"check": lambda: conformance.check(sealed)}, rounds)["check"]
    cost = {name: statistics.median(values) for name, values in times.items()}
    say(", ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in cost.items()))
    say(f"checking a sealed letter {statistics.median(check) * 1000:.1f} ms; {len(sealed)} bytes")
    say(f"pixels that differ from stock's page: {differing:.4%}")
    ratios = {
        "render_1p": cost["stock_1p"] / cost["ours_1p"],
        "render_2p": cost["stock_2p"] / cost["ours_2p"],
        "sealed_1p": cost["stock_sealed"] / cost["ours_sealed"],
        "render_1p_public": cost["stock_1p"] / cost["public_1p"],
        "render_2p_public": cost["stock_2p"] / cost["public_2p"],
        "vs_reportlab": cost["reportlab"] / cost["ours_1p"],
        "vs_typst": cost["typst"] / cost["ours_1p"],
    }
    for name in ("reportlab", "typst"):
        ratio = ratios[f"vs_{name}"]
        faster = (
            f"{name} is {1 / ratio:.1f} times faster than ours" if ratio < 1 else f"ours is {ratio:.1f} times faster"
        )
        say(f"{faster}: a page without tags, archive format, attachment and stylesheet")
    goals: dict[str, Any] = {
        name: {"goal": f">= {limit}", "aim": f">= {AIMS[name]}", "met": ratios[name] >= limit,
               "aim_met": ratios[name] >= AIMS[name]}
        for name, limit in GOALS.items()
    }  # fmt: skip
    goals["same_page"] = {"goal": f"<= {PIXELS}", "met": differing <= PIXELS}
    return {"ratios": {name: round(value, 2) for name, value in ratios.items()}, "goals": goals}


def _public(letter: dict[str, Any]) -> bytes:
    """Ours by documented interfaces alone: WeasyPrint's own reader, and its own sheet under ours."""

    def read(html: str, *, base_url: str, fetcher: Any, elements: Any) -> HTML:
        return HTML(string=html, base_url=base_url, url_fetcher=fetcher)

    with mock.patch.object(rendering, "Letter", read):
        return render_pdf(TEMPLATE, letter)[0]


def _take_turns(works: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of every work, all threads included, one after the other, ``rounds`` times after one for warmth."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            began = time.process_time()
            work()
            if turn:
                times[name].append(time.process_time() - began)
    return times


def _keys(folder: Path) -> tuple[SealSigner, peers.Pair]:
    """One RSA key, loaded our way and pyHanko's."""
    authority_key, key = (rsa.generate_private_key(65537, RSA_BITS) for _turn in range(2))
    authority = make_certificate("Authority", authority_key, authority=True)
    own = make_certificate("Seal", key, issuer=authority, issuer_key=authority_key)
    asn1 = [Certificate.load(entry.public_bytes(Encoding.DER)) for entry in (own, authority)]
    return SealSigner(asn1[0], asn1[1:], _signing(key)), peers.Pair(folder, key, own, authority)
