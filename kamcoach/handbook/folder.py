"""A site as a folder: written whole or not at all, and nothing in it touched that somebody else put there."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from stat import S_IMODE
from typing import Final

from kamcoach.errors import KamcoachError
from kamcoach.source import real

LISTED: Final = "kamcoach-pages.txt"
"""The file that lists what was written, each page with what it was when it was written."""


def write_site(folder: Path, files: Mapping[str, str]) -> None:
    """Put the files in place of those written before. Raises KamcoachError, and has changed nothing then."""
    folder = real(folder)
    strangers = _strangers(folder, files)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise KamcoachError(f"{folder} cannot be written: {error.strerror}.") from error
    try:
        _fill(made / "new", files)
        _swap(folder, made, strangers)
    except OSError as error:
        raise KamcoachError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def differences(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """What in a folder is not as the site is now, a line each."""
    wanted = {**files, LISTED: _listing(files)}
    for path, text in sorted(wanted.items()):
        there = _content(folder / path)
        if there is None:
            yield f"{path} is missing"
        elif there != text.encode():
            yield f"{path} is not up to date"
    yield from (f"{path} is no page any more" for path in sorted(_listed(folder)) if path not in wanted and (folder / path).is_file())


def _strangers(folder: Path, files: Mapping[str, str]) -> list[str]:
    """What somebody else put into the folder, and stays. Raises KamcoachError where that cannot be kept apart from what we write."""
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise KamcoachError(f"{folder} is a file, not a folder.")
    if Path.cwd().is_relative_to(folder):
        raise KamcoachError(f"{folder} is the folder you are in, and is put in place as a whole: go outside of it.")
    written = _listed(folder)
    if not written and any(not path.name.startswith(".") for path in folder.iterdir()):
        raise KamcoachError(f"{folder} holds files that are no site of kamcoach: name a new folder.")
    found = list(_foreign(folder, "", files, written))
    taken = next((path for path in found if path in files or path in _folders(files)), None)
    if taken is not None:
        raise KamcoachError(f"{folder / taken} is not one of our pages, and stands where one belongs; nothing was written.")
    return found


def _foreign(folder: Path, below: str, files: Mapping[str, str], written: Mapping[str, str]) -> Iterator[str]:
    """Files that others wrote, and folders in which there is nothing of ours."""
    ours = _folders({**files, **written})
    for entry in sorted((folder / below).iterdir()):
        path = entry.relative_to(folder).as_posix()
        if path in ours and entry.is_dir() and not entry.is_symlink():
            yield from _foreign(folder, path, files, written)
        elif path != LISTED and not (path in written and (path in files or _is_as(folder, path, written))):
            yield path


def _folders(paths: Mapping[str, str]) -> set[str]:
    """The folders in which these files stand."""
    return {parent.as_posix() for path in paths for parent in PurePosixPath(path).parents} - {"."}


def _is_as(folder: Path, path: str, written: Mapping[str, str]) -> bool:
    """Whether a page is as it was written; one that somebody worked on is theirs."""
    return _digest(_content(folder / path) or b"") == written[path]


def _listed(folder: Path) -> dict[str, str]:
    """Each page that was written before, with its digest."""
    lines = (_content(folder / LISTED) or b"").decode(errors="replace").splitlines()
    return {path: digest for digest, blank, path in (line.partition("  ") for line in lines) if blank}


def _listing(files: Mapping[str, str]) -> str:
    return "".join(f"{_digest(text.encode())}  {path}\n" for path, text in sorted(files.items()))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    for place in {(folder / path).parent for path in files}:
        place.mkdir(parents=True, exist_ok=True)
    for path, text in {**files, LISTED: _listing(files)}.items():
        (folder / path).write_bytes(text.encode())


def _swap(folder: Path, made: Path, strangers: list[str]) -> None:
    """Give the new folder the name of the old one; what others put into the old one moves over, and moves back if something fails."""
    new, old = made / "new", made / "old"
    new.chmod(S_IMODE(folder.stat().st_mode) if folder.exists() else 0o777 & ~_umask())
    if not folder.exists():
        new.rename(folder)
        return
    folder.rename(old)
    moved: list[str] = []
    try:
        for path in strangers:
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (old / path).rename(new / path)
            moved.append(path)
        new.rename(folder)
    except BaseException:
        for path in moved:
            with suppress(OSError):
                (new / path).rename(old / path)
        old.rename(folder)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
