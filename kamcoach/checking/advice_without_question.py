"""A play tells the rep what to do and gives no question to ask.

A coach who only orders is soon ignored; one good question opens the talk that the order is about. A play that says what to do has a
section `Ask` in both languages. A play of a "do not" rule needs none.

**Mend it:** Write the question with which the rep can begin, under `## Ask` and `## 问什么`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.reading.fields import LANGUAGES

CODE: Final = "advice-without-question"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
plays/meet-them.md.j2:1:1: [advice-without-question] warning: The play 'meet-them' has no question to ask.
    hint: add `## Ask` under `# en` and `## 问什么` under `# zh`"""
_SECTION: Final = "ask"


def check(survey: Survey) -> Iterator[Finding]:
    headings = survey.library.sections.get(_SECTION)
    if headings is None:
        return
    hint = "add " + " and ".join(f"`## {headings.get(language, _SECTION)}` under `# {language}`" for language in LANGUAGES)
    for play in survey.library.plays.values():
        tells = any(not call.advise.do_not for call in survey.calls.get(play.id, ()))
        if tells and not any(_SECTION in sections for sections in play.sections.values()):
            yield Finding(play.at, f"The play '{play.id}' has no question to ask.", hint)
