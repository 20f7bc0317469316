"""Zip packages (workbooks) as one text, so that what stands in their parts can be changed like any other file."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import Final

_MARK: Final = b"\n=====part "
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def unpacked(data: bytes) -> bytes:
    """The names and contents of the parts, one after the other."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(_MARK + name.encode() + b"\n" + archive.read(name) for name in archive.namelist())


def repacked(text: bytes) -> bytes:
    """A package of the parts in such a text; the text itself if there are none, so that broken packages are tried too."""
    parts = text.split(_MARK)[1:]
    if not parts:
        return text
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name may stand there twice
        for part in parts:
            name, _, content = part.partition(b"\n")
            archive.writestr(zipfile.ZipInfo(name.decode("utf-8", "replace") or "x", _EPOCH), content)
    return made.getvalue()


def workbooks() -> list[bytes]:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (("name", "role", "least", "title"), ("first", "user", 2, "One"), ("second", "decider", 0.15, "Two")):
        book.active.append(row)
    book.active["C3"].number_format = "0%"
    made = io.BytesIO()
    book.save(made)
    return [unpacked(made.getvalue()), made.getvalue()]
