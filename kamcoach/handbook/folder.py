"""A site as a folder: written whole or not at all, and nothing in it touched that somebody else put there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from stat import S_IMODE
from typing import Final

from kamcoach.errors import KamcoachError
from kamcoach.source import real
from kamcoach.writing.drafts import keep
from kamcoach.writing.files import told
from kamcoach.writing.folders import appear, exchange, staged

LISTED: Final = "kamcoach-pages.txt"
"""The file that lists what was written, each page with what it was when it was written."""


def write_site(folder: Path, files: Mapping[str, str]) -> None:
    """Put the files in place of those written before. Raises KamcoachError, and has changed nothing then.

    A folder in which there is nothing but our pages changes in one step, if the system can do that. Else page by page: a process that is
    killed meanwhile leaves some pages old and some new, each of them whole, and the next one sets that right.
    """
    folder = real(folder)
    _strangers(folder, files)
    with told(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with staged(folder) as made:
            _fill(made / "new", files)
            if not appear(made / "new", folder):
                _replace(folder, made, _strangers(folder, files))


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
    return _lines({path: _digest(text.encode()) for path, text in files.items()})


def _lines(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    for place in sorted({folder, *((folder / path).parent for path in files)}):
        place.mkdir(parents=True, exist_ok=True)
    for path, text in {**files, LISTED: _listing(files)}.items():
        (folder / path).write_bytes(text.encode())


def _replace(folder: Path, made: Path, strangers: list[str]) -> None:
    new = made / "new"
    new.chmod(S_IMODE(folder.stat().st_mode))
    if strangers or not exchange(new, folder):
        _move_over(folder, made, strangers)


def _move_over(folder: Path, made: Path, strangers: list[str]) -> None:
    """Page by page. Until the last is in its place the list names both the old and the new ones; if something fails, all goes back."""
    before, after = _listed(folder), _listed(made / "new")
    gone = sorted(before.keys() - after.keys() - set(strangers))
    (made / LISTED).write_text(_lines({**before, **after}), encoding="utf-8")
    moves: dict[str, Path | None] = {LISTED: made / LISTED, **{path: made / "new" / path for path in after}, **dict.fromkeys(gone)}
    done: list[str] = []
    try:
        for path, page in moves.items():
            _keep(folder / path, made / "old" / path)
            done.append(path)
            _put(page, folder / path)
        _put(made / "new" / LISTED, folder / LISTED)
    except BaseException:
        for path in reversed(done):
            _put_back(made / "old" / path, folder / path)
        raise
    _drop_empty(folder, gone)


def _keep(page: Path, kept: Path) -> None:
    """A second name for a page that may have to go back; a new one has none."""
    if page.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        keep(page, kept)


def _put(page: Path | None, place: Path) -> None:
    if page is None:
        place.unlink(missing_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        page.replace(place)


def _put_back(kept: Path, place: Path) -> None:
    with suppress(OSError):
        if kept.exists():
            kept.replace(place)
        else:
            place.unlink(missing_ok=True)


def _drop_empty(folder: Path, gone: Iterable[str]) -> None:
    """The folders of pages that are gone, if nothing else is in them."""
    for parent in sorted({parent for path in gone for parent in PurePosixPath(path).parents}, key=lambda one: -len(one.parts)):
        if parent.parts:
            with suppress(OSError):
                (folder / parent).rmdir()
