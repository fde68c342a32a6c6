"""The public page behind the code: what anybody sees, and what a dropped file is told."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.clock import now
from cases.models import Letter
from cases.models.letter import TOKEN_BYTES, new_token
from cases.services.letters import render_letter_now
from tests.play import play

pytestmark = pytest.mark.django_db
DECLINED = "scenarios/03-terlambat-tidak-diregistrasi.yaml"


@pytest.fixture(autouse=True)
def no_limit_yet() -> None:
    cache.clear()


@pytest.fixture
def letters(world) -> list[Letter]:
    """Two letters of one case, made and sealed."""
    case = play(DECLINED).case
    return [render_letter_now(str(pk)) for pk in case.letters.order_by("pk").values_list("pk", flat=True)]


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def drop(client: Client, address: str, data: bytes):
    return client.post(address, {"file": SimpleUploadedFile("surat.pdf", data, "application/pdf")})


def content(letter: Letter) -> bytes:
    with letter.file.open("rb") as file:
        return file.read()


def test_the_page_tells_the_letter_and_names_nobody(client: Client, letters: list[Letter]) -> None:
    for letter in letters:
        response = client.get(f"/v/{letter.token}")
        assert response.status_code == 200
        shown = text(response)
        for part in (letter.number, letter.sha256, letter.institution.name, "Berlaku", "DEMO"):
            assert part in shown, part
        case = letter.case
        people = {case.subject_name, case.reported_name, *(b["name"] for b in letter.context["signatures"])}
        for name in filter(None, people):
            assert name not in shown
        assert letter.subject not in shown
        assert response["X-Robots-Tag"] == "noindex"
        assert "no-store" in response["Cache-Control"]


def test_the_code_leads_here_by_the_settings_not_by_the_request(letters: list[Letter], settings) -> None:
    for letter in letters:
        assert letter.context["seal"]["url"] == f"{settings.BASE_URL}/v/{letter.token}"
    page = Client(headers={"host": "evil.example"}).get(f"/v/{letters[0].token}")
    assert b"evil.example" not in page.content


def test_tokens_are_secret_enough() -> None:
    assert TOKEN_BYTES * 8 >= 128
    assert len({new_token() for _turn in range(1000)}) == 1000


STRANGE = ["x", "AbCdEfGhIjKlMnOpQrStUvWx", "a" * 5000, "../../etc/passwd", "é" * 24, "a/b/c", "<script>", "'--"]


def test_unknown_and_malformed_look_the_same(client: Client, letters: list[Letter]) -> None:
    """Same status, same page but for the address that was asked; the same work in the database."""
    seen = set()
    for token in STRANGE:
        with CaptureQueriesContext(connection) as asked:
            response = client.get(f"/v/{token}")
        assert sum("cases_letter" in query["sql"] for query in asked) == 1, token
        body = re.sub(r'name="(csrfmiddlewaretoken|next)"\s+value="[^"]*"', "", response.content.decode())
        seen.add((response.status_code, body, response["Cache-Control"]))
        # A file changes nothing.
        assert drop(client, f"/v/{token}", b"%PDF-1.7").status_code == 404
        cache.clear()
    assert len(seen) == 1
    assert seen.pop()[0] == 404


def test_a_letter_that_is_not_made_yet_is_unknown(client: Client, world) -> None:
    pending = play(DECLINED).case.letters.first()
    assert client.get(f"/v/{pending.token}").status_code == 404


def test_a_withdrawn_letter_says_so_at_once(client: Client, letters: list[Letter]) -> None:
    first, second = letters
    Letter.objects.filter(pk=first.pk).update(voided_at=now(), void_reason="Salah nama Budi")
    shown = text(client.get(f"/v/{first.token}"))
    assert "Surat ini sudah dicabut" in shown
    assert "Budi" not in shown
    Letter.objects.filter(pk=first.pk).update(successor=second)
    shown = text(client.get(f"/v/{first.token}"))
    assert "Surat ini sudah diganti" in shown
    assert second.number in shown
    assert "diterbitkan dan masih berlaku" not in shown
    told = text(drop(client, f"/v/{first.token}", content(first)))
    assert "sama persis" in told
    assert "tidak berlaku lagi" in told


def test_a_file_is_compared(client: Client, letters: list[Letter]) -> None:
    first, second = letters
    good = text(drop(client, f"/v/{first.token}", content(first)))
    assert "sama persis dengan surat yang diterbitkan" in good
    assert "sama persis" in text(drop(client, "/v/", content(second)))
    assert "surat lain" in text(drop(client, f"/v/{first.token}", content(second)))
    appended = text(drop(client, f"/v/{first.token}", content(first) + b"\n%%EOF\n"))
    assert "Jangan pakai berkas ini" in appended
    assert "diubah setelah disegel" in appended
    spoiled = bytearray(content(first))
    spoiled[len(spoiled) // 3] ^= 1
    assert "Jangan pakai berkas ini" in text(drop(client, f"/v/{first.token}", bytes(spoiled)))
    assert "bukan PDF" in text(drop(client, "/v/", b"GIF89a"))


@pytest.mark.parametrize("page", ["/accounts/login/", "/v/x"])
def test_whoever_holds_a_paper_finds_the_way_from_any_public_page(
    client: Client, letters: list[Letter], page: str
) -> None:
    """By the link that is written there, and then with the file that came by mail."""
    there = re.search(r'<a href="([^"]+)">\s*Periksa keaslian surat\s*</a>', client.get(page).content.decode())
    assert there is not None
    address = there[1]
    assert client.get(address).status_code == 200
    assert "sama persis" in text(drop(client, address, content(letters[0])))


def test_without_a_file_it_is_asked_for(client: Client, letters: list[Letter]) -> None:
    response = client.post(f"/v/{letters[0].token}", {})
    assert response.status_code == 422
    assert "Pilih berkas PDF-nya dahulu" in text(response)
    assert letters[0].number in text(response)


def test_it_is_limited(client: Client, letters: list[Letter]) -> None:
    answers = [drop(client, f"/v/{letters[0].token}", b"x").status_code for _turn in range(12)]
    assert answers[:10] == [200] * 10
    assert answers[10:] == [429] * 2
    assert client.get(f"/v/{letters[0].token}").status_code == 200, "looking is limited apart"
    looks = [client.get("/v/x").status_code for _turn in range(60)]
    assert 429 in looks
    other = client.get("/v/x", REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 404


def test_the_stored_file_is_the_sealed_one_and_can_be_made_again(letters: list[Letter]) -> None:
    from hashlib import sha256

    from cases.letters.rendering import render_pdf
    from cases.services.letters import letter_facts

    for letter in letters:
        assert sha256(content(letter)).hexdigest() == letter.sha256
        page, _pages = render_pdf(letter.template, letter.context)
        assert sha256(page).hexdigest() == letter.unsealed_sha256 != letter.sha256
        made = letter.case.events.get(name="letter_made", data__letter=str(letter.pk))
        assert made.data == letter_facts(letter)
        assert made.data["certificate"] == letter.seal_certificate


def test_a_letter_that_does_not_conform_is_not_released(world, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed the stock way, its metadata are rewritten: no longer PDF/A, so it is held back."""
    from cases.letters import sealing

    monkeypatch.delattr(sealing._Writer, "_update_meta")
    pending = play(DECLINED).case.letters.first()
    for _turn in range(3):
        letter = render_letter_now(str(pending.pk))
    assert letter.status == Letter.Status.FAILED
    assert "pdfa-3a" in letter.error.lower(), letter.error
    assert not letter.file


def test_a_page_without_the_word_demo_is_not_sealed_by_the_demo(world, settings, monkeypatch) -> None:
    pending = play(DECLINED).case.letters.first()
    pending.context["seal"]["demo"] = False
    pending.save(update_fields=["context"])
    assert "NoSeal" in render_letter_now(str(pending.pk)).error
    settings.LETTER_SIGNER = ""
    assert "NoSeal" in render_letter_now(str(pending.pk)).error
