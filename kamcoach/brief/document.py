"""All that the templates of a brief may speak of: the facts of the deal, the advice on it, the words of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from kamcoach.advice.grounds import activation_of, given_facts
from kamcoach.advice.report import Report
from kamcoach.advice.speech import Speech
from kamcoach.advice.words import Word
from kamcoach.brief.outline import Audience, Outline, outline_of
from kamcoach.brief.pictures import Markup, pictures
from kamcoach.engine.memory import UNKNOWN
from kamcoach.model.advice import Advice
from kamcoach.model.fact import FactType, day_after

_DAYS: Final = re.compile("[0-9]{1,4}")


class Brief(NamedTuple):
    """A brief before it has a form."""

    names: Mapping[str, Any]
    speech: Speech
    audience: Audience

    @property
    def title(self) -> str:
        deal = self.names["report"]["deal"]
        return f"{deal['customer']}{self.names['w'].get('colon', ': ')}{deal['title']}"

    def pictures(self, width: int) -> dict[str, Markup]:
        """The pictures for paper of some width, by name; "" where there is nothing to draw."""
        return pictures(self.names, self.speech, width)


def file_name(template: str, ending: str) -> str:
    """What the file of a brief's template is called: `brief.<ending>`, or `brief.<template>.<ending>` if it has a name."""
    return f"brief.{template}.{ending}" if template else f"brief.{ending}"


def brief(report: Report, audience: str) -> Brief:
    """The brief on a reported deal for one audience. Raises UnknownName, and BadInput for a broken outline."""
    speech = report.speech
    outline = outline_of(speech.library)
    reader = outline.audience(audience)
    own = {
        "report": _dated(report, outline),
        "w": {name: speech.words(text) for name, text in outline.words.items()},
        "enums": {name: [_word(name, value, speech) for value in enum.values] for name, enum in speech.vocabulary.enums.items()},
        "possible": {kind.name: _possible(kind, speech) for kind in speech.vocabulary.types.values() if kind.shape == "value"},
        "audience": reader.id,
        "for_whom": speech.words(reader.label),
        "parts": list(reader.parts),
    }
    return Brief({**speech.names({}), **own}, speech, reader)


def _dated(report: Report, outline: Outline) -> dict[str, Any]:
    """The report with a day for each action, and with the roles that nobody fills."""
    data = report.data()
    for block, action in zip(report.ranked.actions, data["actions"], strict=False):
        said = action["text"].get("days", "")
        days = int(said) if _DAYS.fullmatch(said) else outline.due.get(action["severity"], 0)
        action["due"] = _due(block.lead, days, report)
    data["vacant"] = [one["label"] for one in data["missing_roles"] if one["person"] is None]
    return data


def _due(advice: Advice, days: int, report: Report) -> date:
    """So many days from today, and no later than a day ahead on which the advice rests: after it the advice would come too late."""
    today = report.consultation.as_of
    grounds = given_facts(activation_of(advice, report.consultation), report.consultation)
    ahead = [value for one in grounds if isinstance(value := one.fact.fields[one.field], date) and value >= today]
    return min([day_after(today, days), *ahead])


def _possible(kind: FactType, speech: Speech) -> list[Any]:
    """The values that a conclusion of one value may have, where none is certain."""
    field = kind.fields["value"]
    found = [fact.fields["value"] for fact in speech.consultation.facts(kind.name, UNKNOWN) if "value" in fact.fields]
    return [_word(field.of, str(value), speech) if field.of else value for value in found]


def _word(enum: str, value: str, speech: Speech) -> Word:
    return Word(value, speech.label(enum, value))
