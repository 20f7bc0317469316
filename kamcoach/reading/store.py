"""Files in the user's cache folder. They save time and nothing else: none is ever needed, and one that is not sound is not there.

What is kept is data, never code, with a hash that tells a file that was cut, mixed up or changed. Only files of the user's own are read.
"""

from __future__ import annotations

import contextlib
import os
import sys
from _blake2 import blake2b  # hashlib gives the same, and loads OpenSSL for it
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SWITCH: Final = "KAMCOACH_NO_CACHE"
"""The environment variable that turns all of it off."""


def digest(*parts: bytes) -> str:
    """One hash over parts of any length."""
    total = blake2b(digest_size=16)
    for part in parts:
        total.update(b"%d:" % len(part))
        total.update(part)
    return total.hexdigest()


@contextlib.contextmanager
def unused() -> Iterator[None]:
    """As long as this lasts, nothing is kept and nothing that was kept is looked at."""
    before = os.environ.get(SWITCH)
    os.environ[SWITCH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SWITCH]
        else:
            os.environ[SWITCH] = before


def kept_file(name: str) -> Path | None:
    """Where a file of this name is kept; None if nothing shall be, or there is no such folder on this machine."""
    if os.environ.get(SWITCH):
        return None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = str(Path("~/Library/Caches").expanduser())
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(base) / "kamcoach" / name if base and Path(base).is_absolute() else None


def read_kept(path: Path) -> bytes:
    """The content of a kept file. Raises OSError if there is none, or if it belongs to somebody else."""
    with path.open("rb") as file:
        if hasattr(os, "geteuid") and os.fstat(file.fileno()).st_uid != os.geteuid():
            raise PermissionError(path)
        return file.read()


def keep(path: Path, content: bytes) -> None:
    """Write a kept file whole or not at all; of two writers at once, the last one wins."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:  # a full disk, a folder that is read-only: then it is not kept
        with contextlib.suppress(OSError):
            temporary.unlink()


def keep_line(path: Path, line: bytes) -> None:
    """Add a line to a kept file, in one piece."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            file.write(line + b"\n")
