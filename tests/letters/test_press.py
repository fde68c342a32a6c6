"""Letters are made in shut-in processes: bounded in time and memory, with nothing to fetch and nowhere to write."""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from cases.letters import failures, press, rendering
from cases.letters.conformance import NotConforming
from cases.letters.rendering import RenderingFailed, render_pdf
from cases.letters.signers import NoSeal
from tests.letters.test_golden import text_of
from tests.letters.test_rendering import CONTEXT, TEMPLATE, context

#: No database is asked.
pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def printer() -> Iterator[press.Press]:
    made = press.Press()
    yield made
    made.close()


def test_it_gives_the_bytes_the_renderer_gives(printer: press.Press) -> None:
    printed = printer.print(TEMPLATE, CONTEXT, pictures=2)
    assert (printed.pdf, printed.pages) == render_pdf(TEMPLATE, CONTEXT)
    assert [picture[:8] for picture in printed.pictures] == [b"\x89PNG\r\n\x1a\n"]


def test_a_warm_process_is_used_again_and_a_worn_one_replaced(
    printer: press.Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer.print(TEMPLATE, CONTEXT)
    (first,) = printer._idle
    printer.print(TEMPLATE, CONTEXT)
    assert printer._idle == [first]
    monkeypatch.setattr(press, "LETTERS_EACH", first.made)
    printer.print(TEMPLATE, CONTEXT)
    assert printer._idle != [first]
    assert first.process.poll() is not None


def test_what_takes_too_long_is_ended(printer: press.Press) -> None:
    with pytest.raises(RenderingFailed) as failed:
        printer.print(TEMPLATE, context(reason="x y " * 60_000), seconds=0.3)
    assert failed.value.code == "time"
    assert printer.print(TEMPLATE, CONTEXT).pages == 1, "the next letter gets a fresh process"


#: Each short paragraph becomes a dozen boxes: memory runs out while they are made, before any line is laid out.
GLUTTON = "a\n" * 150_000


def test_what_needs_too_much_memory_is_a_failure_of_that_letter() -> None:
    with override_settings(LETTER_MEMORY_MB=330):
        small = press.Press()
        try:
            assert small.print(TEMPLATE, CONTEXT).pages == 1
            with pytest.raises(RenderingFailed) as failed:
                small.print(TEMPLATE, context(reason=GLUTTON))
            assert failed.value.code in ("memory", "died")
            assert small.print(TEMPLATE, CONTEXT).pages == 1
        finally:
            small.close()


def test_a_process_that_is_killed_is_a_failure_and_the_next_letter_is_made(printer: press.Press) -> None:
    printer.print(TEMPLATE, CONTEXT)
    worker = printer._idle[0]
    threading.Timer(0.5, os.kill, (worker.process.pid, signal.SIGKILL)).start()
    with pytest.raises(RenderingFailed) as failed:
        printer.print(TEMPLATE, context(reason="x y " * 60_000))
    assert failed.value.code == "died"
    assert printer.print(TEMPLATE, CONTEXT).pages == 1


def test_the_secrets_do_not_go_in(printer: press.Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:b@c/d")
    worker = press._Worker()
    try:
        known = Path(f"/proc/{worker.process.pid}/environ").read_bytes()
        assert b"very-secret" not in known
        assert b"postgresql" not in known
    finally:
        worker.kill()


# ---------------------------------------------------------------------- the wall
TRIES = {
    "socket": "import socket; socket.create_connection(('127.0.0.1', {port}))",
    "ctypes socket": "import ctypes, struct; c = ctypes.CDLL(None, use_errno=True); s = c.socket(2, 1, 0); "
    "a = struct.pack('=HHI8x', 2, __import__('socket').htons({port}), 0x0100007f); "
    "assert c.connect(s, a, 16) == 0, 'unreachable'",
    "passwd": "open('/etc/passwd').read()",
    "settings": "open({root!r} + '/portal/settings.py').read()",
    "static elsewhere": "open({root!r} + '/static/css/portal.css').read()",
    "os.open": "import os; os.open('/etc/passwd', os.O_RDONLY)",
    "write": "open({root!r} + '/static/letters/new.css', 'w')",
    "program": "import subprocess; subprocess.run(['true'])",
    "system": "import os; os.system('true')",
    "fork": "import os; os.fork()",
}


def attempt(code: str, *, walled: bool) -> str:
    """Try ``code`` in a process shut in like a child's, or left open; ``done`` when it worked."""
    program = (
        "from cases.letters import child\n"
        f"{'child._shut_in(2 << 30); child._wall()' if walled else ''}\n"
        f"try:\n    {code}\nexcept BaseException as error:\n    print(type(error).__name__)\nelse:\n    print('done')"
    )
    command = [sys.executable, "-c", program]
    made = subprocess.run(command, check=False, capture_output=True, text=True, cwd=rendering.ROOT)
    return made.stdout.strip()


@pytest.mark.parametrize("name", TRIES)
def test_nothing_leaves_the_process(name: str, listener: int) -> None:
    code = TRIES[name].format(port=listener, root=str(rendering.ROOT))
    assert attempt(code, walled=True) in ("Forbidden", "AssertionError")


@pytest.mark.parametrize("name", ["socket", "ctypes socket", "passwd", "program"])
def test_without_the_wall_it_would(name: str, listener: int) -> None:
    """Control: the same attempts work where nothing is shut."""
    assert attempt(TRIES[name].format(port=listener, root=str(rendering.ROOT)), walled=False) == "done"


@pytest.fixture
def listener() -> Iterator[int]:
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    yield server.server_port
    server.server_close()


# ---------------------------------------------------------------------- hostile texts, whole way
LONG = 200_000


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=http://127.0.0.1:9/x.png>", "file:///etc/passwd", "{{ reason }}{% x %}",
        "awal \u202eterbalik\u202c akhir", "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    ],
)  # fmt: skip
def test_text_stays_text(printer: press.Press, text: str) -> None:
    printed = text_of(printer.print(TEMPLATE, context(reason=f"mula {text} henti")).pdf)
    assert "mula" in printed
    assert "henti" in printed
    if text.isascii():
        assert text in printed.replace("\n", " ")


def test_a_word_of_two_hundred_thousand_letters_is_printed_whole(printer: press.Press) -> None:
    printed = printer.print(TEMPLATE, context(reason="x" * LONG))
    assert text_of(printed.pdf).count("x") >= LONG


@pytest.mark.skipif(not os.environ.get("LETTER_LONG"), reason="minutes of processor time; LETTER_LONG=1 runs them")
def test_the_longest_tables_and_words_anywhere_stay_in_bounds(printer: press.Press) -> None:
    rows = [{"question": f"Pertanyaan ke-{n}?", "answer": "Jawaban. " * 6} for n in range(2000)]
    told = context(
        questions=rows, held_words="Senin", where="Blitar", examiners=[], examined_by="Tim Pemeriksa", order="",
        matter="pelanggaran disiplin", signed=True, report={"incident": "x", "occurred_short": "1"},
    )  # fmt: skip
    printed = printer.print("letters/examination_minutes.html", told)
    assert "Pertanyaan ke-1999?" in text_of(printed.pdf)
    for changes in ({"person": [{"label": "Nama", "value": "x" * LONG}]}, {"reason": "\U0001f600" * LONG}):
        assert printer.print(TEMPLATE, context(**changes)).pages > 10


# ---------------------------------------------------------------------- told in words
def test_every_failure_has_words() -> None:
    assert failures.told(RenderingFailed("x", code="time")).startswith("time: ")
    assert failures.told(RenderingFailed("x", code="unheard of")).startswith("other: ")
    assert failures.told(NoSeal("x")).startswith("seal: ")
    assert failures.told(NotConforming("x")).startswith("conformance: ")
    assert failures.told(KeyError("x")) == "other: KeyError: 'x'"
    for code in failures.MEANINGS:
        assert failures.sentence(f"{code}: y") == str(failures.MEANINGS[code])
