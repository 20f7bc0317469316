"""What the program makes of the shipped deals, a digest a line: `python -m tests.determinism.digests FORM,… DEALS [OPTION …]`.

Needs nothing but the program itself, so that any interpreter in which it is installed can be asked.
"""

from __future__ import annotations

import hashlib
import io
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from kamcoach.cli import run
from kamcoach.reading.fields import LANGUAGES
from kamcoach.reading.finding import shipped


def examples(most: int) -> list[Path]:
    """So many of the shipped deals, spread evenly over them."""
    found = sorted(shipped("examples").glob("*.yaml"))
    return found[:: max(1, len(found) // most)][:most]


def output(form: str, deal: Path, language: str, options: Iterable[str] = ()) -> bytes:
    """The bytes of `advise --format json`, or of a brief in one of its forms."""
    told, said = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(told), redirect_stderr(said):
        brief = Path(folder) / f"brief.{form}"
        what = ["advise", str(deal), "--format", "json"] if form == "json" else ["brief", str(deal), "-o", str(brief)]
        code = run([*what, "--lang", language, *options])
        if code:
            raise SystemExit(said.getvalue())
        return told.getvalue().encode() if form == "json" else brief.read_bytes()


def digests(forms: Iterable[str], deals: Iterable[Path], options: tuple[str, ...] = ()) -> Iterator[str]:
    """A line for each form, deal and language."""
    for deal in deals:
        for form in forms:
            for language in LANGUAGES:
                data = output(form, deal, language, options)
                yield f"{hashlib.sha256(data).hexdigest()}  {len(data):>8} {deal.stem} {form} {language}"


if __name__ == "__main__":
    for line in digests(sys.argv[1].split(","), examples(int(sys.argv[2])), tuple(sys.argv[3:])):
        print(line)
