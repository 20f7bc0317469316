"""What the names that a rule binds to plain values stand for, so that a play can say them in words."""

from __future__ import annotations

from collections.abc import Mapping

from kamcoach.model.condition import Aggregate, Pattern, Reference
from kamcoach.model.fact import Field, Vocabulary
from kamcoach.model.rule import Advise, Rule


def fields_of_names(rule: Rule, vocabulary: Vocabulary) -> Mapping[str, Field]:
    """The field of which a name holds a value: bound to a one-value fact or the least of several, or handed on by `with:`."""
    found: dict[str, Field] = {}
    for condition in rule.when:
        if isinstance(condition, Pattern) and condition.bind and vocabulary.types[condition.type].shape == "value":
            found[condition.bind] = vocabulary.types[condition.type].fields["value"]
        elif isinstance(condition, Aggregate) and condition.bind and condition.how in ("min", "max"):
            found[condition.bind] = vocabulary.types[condition.pattern.type].fields[condition.field]
    for effect in rule.then:
        for name, operand in effect.extras if isinstance(effect, Advise) else ():
            field = _field(operand, rule, found, vocabulary) if isinstance(operand, Reference) else None
            found.update({name: field} if field is not None else {})
    return found


def _field(reference: Reference, rule: Rule, found: Mapping[str, Field], vocabulary: Vocabulary) -> Field | None:
    if not reference.field:
        return found.get(reference.name)
    declared = vocabulary.types.get(rule.binds.get(reference.name, ""))
    return declared.fields.get(reference.field) if declared is not None else None
