"""The draft of a file, which stands beside it until it is whole."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG
from typing import Final

Content = str | bytes
_MARK: Final = ".kamcoach-"
_LONGEST: Final = 40
"""So much of a name stands in that of its draft, which so fits wherever the name fits."""


def draft_of(path: Path, content: Content, *, replace: bool) -> Path:
    """All of a file, on the disk, under another name beside it. Raises OSError, also where the file to replace must not be written."""
    old = _replaceable(path) if replace else None
    draft = beside(path)
    try:
        fill(draft, content, old)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def fill(path: Path, content: Content, old: os.stat_result | None = None) -> None:
    """Write a new file, with the rights and the owner of an old one; it is never more open than that, not for a moment."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666 if old is None else 0o600), "wb") as file:
        file.write(data(content))
        file.flush()
        if old is not None:
            path.chmod(_rights(file.fileno(), old))
        os.fsync(file.fileno())


def publish(draft: Path, path: Path, *, replace: bool) -> None:
    """Give the finished file its name; a file that came up meanwhile is not overwritten unless `replace` says so."""
    if replace:
        draft.replace(path)
    else:
        _claim(draft, path)
    sync(path.parent)


def keep(path: Path, kept: Path) -> None:
    """Give a file that may have to come back a second name. Raises OSError."""
    try:
        kept.hardlink_to(path)
    except OSError:  # a file system without hard links
        import shutil

        shutil.copy2(path, kept)


def sync(folder: Path) -> None:
    """See that the names in a folder are on the disk too; not every system can."""
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _claim(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: claim the name, then take its place
        path.touch(exist_ok=False)
        draft.replace(path)


def beside(path: Path) -> Path:
    """A name in the same folder that nobody has."""
    return path.with_name(f".{path.name[:_LONGEST]}{_MARK}{os.urandom(4).hex()}")


def place_of(path: Path, *, replace: bool) -> Path:
    """Where a file stands: what is replaced is that to which a link leads, not the link."""
    return Path(os.path.realpath(path)) if replace and path.is_symlink() else path


def is_stream(path: Path) -> bool:
    """Whether it is a pipe or a device, which is written to and cannot be replaced. Raises OSError."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not S_ISREG(mode) and not S_ISDIR(mode)


def data(content: Content) -> bytes:
    """As a file holds it; half a character, as in a path that is no text, becomes a question mark."""
    return content.encode(errors="replace") if isinstance(content, str) else content


def _replaceable(path: Path) -> os.stat_result | None:
    """What is known of the file that will be replaced. Raises OSError if it must not be."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if S_ISDIR(found.st_mode):
        raise IsADirectoryError(None, "Is a directory")
    if not os.access(path, os.W_OK):
        raise PermissionError(None, "Permission denied")
    return found


def _rights(file: int, old: os.stat_result) -> int:
    """The rights for a file that follows an old one; if it cannot have the group of that, its own gets only what all have."""
    mode, new = S_IMODE(old.st_mode), os.fstat(file)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.chown(file, old.st_uid, old.st_gid)
        except OSError:
            return mode & 0o707 | (mode & 0o007) << 3
    return mode
