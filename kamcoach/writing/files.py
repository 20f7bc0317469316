"""One file, or several that belong together: all of it, or nothing and what the system said against it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from kamcoach.errors import KamcoachError
from kamcoach.writing.drafts import Content, beside, data, draft_of, fill, is_stream, keep, place_of, publish
from kamcoach.writing.folders import appear, first_missing, make_folders, staged

Files = Mapping[Path, Content]
_NONE: Final[Files] = {}


def write_whole(path: Path, content: Content, *, replace: bool = False, before: bytes | None = None) -> None:
    """Write all of a file or nothing. One that is replaced keeps its rights, its owner and the links that lead to it.

    With `before`, the file is replaced only if that is still what it holds. Raises KamcoachError, and has changed nothing then.
    """
    with told(path), _drafted(path, content, replace=replace) as finish:
        if before is not None and path.read_bytes() != before:
            raise KamcoachError(f"{path} was changed meanwhile, and is left as it is; try again.")
        finish()


def write_all(new: Files, renewed: Files = _NONE) -> None:
    """Write files that are new, and files that may take the place of old ones, with the folders they need, or none of them.

    All are on the disk before the first gets its name; those that are new do so first, in their order. Below a folder that is not there
    yet they appear in one step. Raises KamcoachError.
    """
    with written(new, renewed):
        pass


@contextmanager
def written(new: Files, renewed: Files = _NONE) -> Iterator[None]:
    """The same; all is as before again if what is done with them fails."""
    there = next((path for path in new if os.path.lexists(path)), None)
    if there is not None:
        raise KamcoachError(f"{there} is already there; nothing was written.")
    with ExitStack() as steps:
        if not _write_folder({**new, **renewed}, steps):
            _write_each(new, renewed, steps)
        yield


def require_folder(path: Path) -> None:
    """Raise KamcoachError if the folder of a file is not there: a slip in its name makes none."""
    if not path.parent.is_dir():
        raise KamcoachError(f"{path} cannot be written: there is no folder {path.parent}.")


def rename(path: Path, new: Path) -> None:
    """Give a file another name, unless there is a file of that name. Raises KamcoachError."""
    with told(new):
        publish(path, new, replace=False)
        path.unlink(missing_ok=True)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the system says against a file, as a KamcoachError."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileExistsError) and os.path.lexists(path):  # and not a file in place of a folder above it
            raise KamcoachError(f"{path} is already there; nothing was written.") from error
        raise KamcoachError(f"{path} cannot be written: {error.strerror}.") from error


@contextmanager
def _drafted(path: Path, content: Content, *, replace: bool) -> Iterator[Callable[[], None]]:
    """All of a file on the disk, and what then gives it its name; a pipe or a device is written to and cannot be replaced."""
    if replace and is_stream(path):
        yield lambda: _pour(path, content)
        return
    place = place_of(path, replace=replace)
    draft = draft_of(place, content, replace=replace)
    try:
        yield lambda: publish(draft, place, replace=replace)
    finally:
        draft.unlink(missing_ok=True)


def _pour(stream: Path, content: Content) -> None:
    with stream.open("wb") as file:
        file.write(data(content))


def _undo(steps: ExitStack, step: Callable[[], object]) -> None:
    """Note what takes a step back if anything fails later; a folder into which somebody put something stays."""

    def leave(failed: type[BaseException] | None, *_: object) -> None:
        if failed is not None:
            with suppress(OSError):
                step()

    steps.push(leave)


def _write_each(new: Files, renewed: Files, steps: ExitStack) -> None:
    finish: dict[Path, Callable[[], None]] = {}
    for path, content in (*new.items(), *renewed.items()):
        with told(path):
            make_folders(path.parent, lambda folder: _undo(steps, folder.rmdir))
            finish[path] = steps.enter_context(_drafted(path, content, replace=path in renewed))
    for path, give_name in finish.items():
        with told(path):
            back = path.unlink if path in new else _kept(path, steps)
            give_name()
            _undo(steps, back)


def _kept(path: Path, steps: ExitStack) -> Callable[[], object]:
    """Keep what will be replaced, and say how it is put back."""
    place = place_of(path, replace=True)
    if not place.exists():
        return place.unlink
    if is_stream(place):
        return lambda: None
    kept = beside(place)
    steps.callback(kept.unlink, missing_ok=True)
    keep(place, kept)
    return lambda: kept.replace(place)


def _write_folder(files: Files, steps: ExitStack) -> bool:
    """Files below a folder that is not there yet, in one step; False if it is."""
    full = {Path(os.path.realpath(path.parent), path.name): content for path, content in files.items()}
    top = first_missing(Path(os.path.commonpath([path.parent for path in full]))) if full else None
    if top is None:
        return False
    with told(top), staged(top) as place:
        for path, content in full.items():
            inner = place / path.relative_to(top)
            inner.parent.mkdir(parents=True, exist_ok=True)
            fill(inner, content)
        if not appear(place, top):
            return False
    for folder in sorted({parent for path in full for parent in path.parents if parent.is_relative_to(top)}):
        _undo(steps, folder.rmdir)
    for path in full:
        _undo(steps, path.unlink)
    return True
