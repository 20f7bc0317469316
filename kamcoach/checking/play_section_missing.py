"""A section of a play is there in one language only.

English and Chinese are equals: what the one says, the other says.

**Mend it:** Write the section in the other language too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.reading.fields import LANGUAGES

CODE: Final = "play-section-missing"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
plays/meet-them.md.j2:7:1: [play-section-missing] warning: The play 'meet-them' has this section in 'en' and not in 'zh'.
    hint: add `## 问什么` under `# zh`"""
_NEEDED: Final = ("headline",)
"""The reader insists on these."""


def check(survey: Survey) -> Iterator[Finding]:
    for play in survey.library.plays.values():
        for language, sections in play.sections.items():
            for other in (one for one in LANGUAGES if one != language):
                for name in sections.keys() - play.sections.get(other, {}).keys() - set(_NEEDED):
                    heading = survey.library.sections.get(name, {}).get(other, name)
                    message = f"The play '{play.id}' has this section in '{language}' and not in '{other}'."
                    yield Finding(sections[name].at, message, f"add `## {heading}` under `# {other}`")
