"""A play says within how many days it is to be done, and says no number.

Under `## Days` stands a whole number of days, 0 for today, and nothing else. From anything else no date can be made, and the date follows
from the weight of the advice, as if nothing were said.

**Mend it:** Write the number of days alone, or delete the section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey

CODE: Final = "play-days-unclear"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
plays/meet-them.md.j2:5:1: [play-days-unclear] warning: 'two weeks' is no number of days."""
_DAYS: Final = re.compile(r"\d{1,4}")


def check(survey: Survey) -> Iterator[Finding]:
    for play in survey.library.plays.values():
        for sections in play.sections.values():
            said = sections.get("days")
            if said is not None and "{" not in said.source and not _DAYS.fullmatch(said.source.strip()):
                yield Finding(said.at, f"'{said.source.strip()}' is no number of days.", "")
