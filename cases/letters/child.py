"""The process that lays letters out: started by ``cases.letters.press``, fed over its own pipe, and shut in.

It gets no secrets (its environment is all but empty), opens no socket, starts no program, writes no file, reads nothing
but code, templates and shipped assets, and has a ceiling on its memory. How long one letter may take is the parent's to
say: it kills this process. Django is configured with nothing; no model is loaded.

Job and answer are framed alike: four bytes of length, a JSON head of that length, then the blobs named in ``sizes``.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import IO, Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
LENGTH = struct.Struct(">I")
_PR_SET_PDEATHSIG, _CLONE_NEWUSER, _CLONE_NEWNET = 1, 0x10000000, 0x40000000
#: What Python tells its audit hooks about and a letter has no business with.
FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.remove", "os.rename",
    "os.mkdir", "os.link", "os.symlink", "os.truncate", "shutil.", "ftplib.", "http.client.", "urllib.Request", "pty.",
)  # fmt: skip
#: Resolution of the pictures of a page: A4 is 827 points wide on the screen at this one.
SCALE = 100 / 72
COLOURS = 24


class Forbidden(PermissionError):
    """Something tried to leave the process."""


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """One job or answer. Raises EOFError when the other side is gone."""
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    head = json.loads(_exactly(stream, length))
    return head, [_exactly(stream, size) for size in head.get("sizes", ())]


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if found is None or len(found) < size:
        raise EOFError
    return found


def frame(head: dict[str, Any], blobs: list[bytes]) -> bytes:
    """One job or answer as bytes."""
    told = json.dumps({**head, "sizes": [len(blob) for blob in blobs]}).encode()
    return b"".join((LENGTH.pack(len(told)), told, *blobs))


def _shut_in(memory: int) -> None:
    """Limits that hold for everything that follows; the kernel's network is left where it lets us leave it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _wall() -> None:
    """Refuse what Python code could do besides computing. Cannot be taken down again in this process."""
    readable = tuple(
        os.path.realpath(folder) + os.sep
        for folder in (ROOT / "cases", ROOT / "accounts", ROOT / "templates" / "letters",
                       ROOT / "templates" / "dossier", ROOT / "static" / "letters", ROOT / "static" / "vendor",
                       sys.prefix, sys.base_prefix, "/usr/lib", "/lib")
    )  # fmt: skip
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if isinstance(path, int):
                return
            where = os.path.realpath(os.fsdecode(path))
            if (isinstance(flags, int) and flags & writing) or not f"{where}{os.sep}".startswith(readable):
                raise Forbidden(f"may not open {where}")
        elif event.startswith(FORBIDDEN):
            raise Forbidden(f"may not use {event}")

    sys.addaudithook(hook)


def _configure() -> None:
    from django.conf import settings

    settings.configure(USE_I18N=False, USE_TZ=True, LANGUAGE_CODE="id", INSTALLED_APPS=[], DATABASES={})


def _pictures(pdf: bytes, most: int) -> list[bytes]:
    import pypdfium2

    found = []
    document = pypdfium2.PdfDocument(pdf)
    for index in range(min(most, len(document))):
        picture = document[index].render(scale=SCALE).to_pil().convert("RGB").quantize(COLOURS)
        out = io.BytesIO()
        picture.save(out, "PNG")
        found.append(out.getvalue())
    return found


def _answer(job: dict[str, Any]) -> bytes:
    from cases.letters.rendering import RenderingFailed, render_pdf

    try:
        pdf, pages = render_pdf(job["template"], job["context"])
        return frame({"pages": pages}, [pdf, *_pictures(pdf, job.get("pictures", 0))])
    except MemoryError:
        return frame({"failed": "memory", "detail": ""}, [])
    except RenderingFailed as error:
        return frame({"failed": error.code, "detail": str(error)[:400]}, [])
    except RecursionError:
        return frame({"failed": "nested", "detail": ""}, [])
    except Exception as error:  # noqa: BLE001 -- whatever happens in here is this letter's failure; the parent tells it
        return frame({"failed": "other", "detail": f"{type(error).__name__}: {error}"[:400]}, [])


def main() -> NoReturn:
    """Serve jobs from standard input until it is closed. The one argument is the memory limit in bytes."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between the answers
    _configure()
    from cases.letters import rendering

    rendering.warm()
    import PIL.PngImagePlugin  # noqa: F401 -- read before the wall goes up
    import pypdfium2  # noqa: F401

    _shut_in(int(sys.argv[1]))
    _wall()
    sink.write(frame({"ready": True}, []))
    sink.flush()
    while True:
        try:
            job, _blobs = read_frame(source)
        except EOFError:
            os._exit(0)
        sink.write(_answer(job))
        sink.flush()


if __name__ == "__main__":
    main()
