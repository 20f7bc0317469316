"""A brief names a part that no template of a brief lays out.

`brief.yaml` says which parts a reader gets, the templates beside it say how each looks. A part that is spelt differently in the two is left
out without a word.

**Mend it:** Write the name as the template has it, or lay the part out there: `{% elif part == "…" %}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kamcoach.brief.outline import OUTLINE_FILE, named_parts
from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.errors import KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Refused, read_text

CODE: Final = "brief-part-unknown"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
templates/brief.yaml:3:13: [brief-part-unknown] warning: No template of a brief has a part 'peple'.
    hint: did you mean 'people'?"""
_PART: Final = re.compile(r"""part == ["'](\w+)["']""")


def check(survey: Survey) -> Iterator[Finding]:
    outlines = [folder / OUTLINE_FILE for folder in survey.library.templates if (folder / OUTLINE_FILE).is_file()]
    known = _known(survey.library) if outlines else set()
    for path in outlines:
        for part in named_parts(path):
            if part.text not in known:
                yield Finding(part.at, f"No template of a brief has a part '{part.text}'.", nearest(part.text, known))


def _known(library: Library) -> set[str]:
    """The parts that the templates ask for; what cannot be read is told elsewhere."""
    found: set[str] = set()
    for path in (path for folder in library.templates for path in sorted(folder.glob("brief.*.j2"))):
        try:
            found |= set(_PART.findall(read_text(path)))
        except (KamcoachError, Refused):
            continue
    return found
