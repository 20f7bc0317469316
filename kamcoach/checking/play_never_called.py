"""A play is called by no rule.

Nobody will ever read it. Mostly it was renamed, or the rule that called it was.

**Mend it:** Call it from the rule that it was written for, or delete the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey

CODE: Final = "play-never-called"
LEVEL: Final = "warning"
NEEDS_ALL: Final = True
EXAMPLE: Final = """\
plays/meet-them.md.j2:1:1: [play-never-called] warning: No rule calls the play 'meet-them'.
    hint: call it with `advise: {play: meet-them, …}`, or delete the file"""


def check(survey: Survey) -> Iterator[Finding]:
    for play in survey.library.plays.values():
        if play.id not in survey.calls:
            hint = f"call it with `advise: {{play: {play.id}, …}}`, or delete the file"
            yield Finding(play.at, f"No rule calls the play '{play.id}'.", hint)
