"""The schema of rule files."""

from __future__ import annotations

import re

from kamcoach.model.fact import FactType
from kamcoach.reading.operands import ANY
from kamcoach.schema.conditions import column, conditions, fields_of, new_name
from kamcoach.schema.fields import explained, operand
from kamcoach.schema.parts import BOOL, FILLED, KEBAB, NAME, SCALAR, SLUG, Parts, Schema, any_of, listed, matching, table
from kamcoach.schema.words import KNOWN


def rule_table(parts: Parts) -> Schema:
    keys = {
        "id": kebab(),
        "title": words(needed=True),
        "catalogue": SCALAR,
        "each": new_name(),
        "table": _rows(),
        "when": conditions(parts),
        "then": listed(_effect(parts), 1),
        "why": words(needed=True),
        "source": FILLED,
        "replaces": BOOL,
    }
    both = {"dependencies": {"each": ["table"], "table": ["each"]}}
    return table(told_keys("rule", keys, parts), ("id", "title", "when", "then", "why", "source"), **both)


def _rows() -> Schema:
    """A decision table: lines of cells, named rows, or a file beside the rule. What a cell must be is seen from its use alone."""
    name = matching(r"[^/\\]+\.([cC][sS][vV]|[xX][lL][sS][xX])", "a file beside the rule that ends in .csv or .xlsx")
    file = table({"file": name, "sheet": SCALAR}, ("file",))
    named = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": matching(SLUG, "letters, digits, - and _"),
        "additionalProperties": {"type": "object"},
    }
    return any_of(name, file, listed(listed({}, 1), 2), named)


def told_keys(kind: str, keys: dict[str, Schema], parts: Parts) -> dict[str, Schema]:
    """Keys with their meanings."""
    return {key: parts.told(schema, KNOWN[f"{kind}.{key}"]) for key, schema in keys.items()}


def kebab() -> Schema:
    """An id in small letters; digits alone are one too."""
    return {
        "type": ["string", "integer", "boolean"],
        "pattern": f"^{KEBAB}$",
        "minimum": 0,
        "patternErrorMessage": "words in small letters with - between them",
    }


def words(*, needed: bool = False) -> Schema:
    """A text for each language, or one for all."""
    return any_of(table({"en": SCALAR, "zh": SCALAR}), FILLED if needed else SCALAR)


def _effect(parts: Parts) -> Schema:
    forms = {"conclude": _conclude(parts), "mark": _mark(parts), "advise": _advise(parts)}
    return table(told_keys("effect", forms, parts), minProperties=1, maxProperties=1)


def _conclude(parts: Parts) -> Schema:
    derived = [one for one in parts.vocabulary.types.values() if not one.given and one.name != "advice"]
    flags = {one.name: one.label for one in derived if one.shape == "flag"}
    values = {one.name: parts.told(_concluded(one, parts), one.label, one.note) for one in derived if one.shape != "flag"}
    return any_of(*parts.each(flags), column(), table(values, minProperties=1, maxProperties=1))


def _concluded(fact_type: FactType, parts: Parts) -> Schema:
    if fact_type.shape == "value":
        return operand(fact_type.fields["value"], parts)
    fields = fact_type.fields.items()
    return table({name: explained(operand(field, parts), field, parts) for name, field in fields}, minProperties=1)


def _mark(parts: Parts) -> Schema:
    """One bound fact; which type it has is not known here, so every derived field is offered."""
    derived = fields_of(parts.vocabulary.given)
    flags = {name: types[0].fields[name].label for name, types in derived.items() if any(t.fields[name].kind == "flag" for t in types)}
    fields = {
        name: any_of(*(explained(operand(one.fields[name], parts), one.fields[name], parts) for one in types))
        for name, types in derived.items()
    }
    said = any_of(*parts.each(flags), table(fields, minProperties=1))
    return {"type": "object", "additionalProperties": said, "minProperties": 1, "maxProperties": 1}


def _advise(parts: Parts) -> Schema:
    bound = matching(rf"\$*{NAME}", "the name of what was found: $name")
    rule = rule_id(parts)
    keys = {
        "play": any_of(*parts.each(_plays(parts)), FILLED),
        "severity": any_of(parts.one_of(parts.vocabulary.enums["severity"].values), column()),
        "lens": any_of(parts.one_of(parts.vocabulary.enums["lens"].values), column()),
        "about": any_of(bound, listed(bound)),
        "topic": SCALAR,
        "do_not": BOOL,
        "instead_of": any_of(rule, listed(rule)),
        "with": {"type": "object", "propertyNames": new_name(), "additionalProperties": operand(ANY, parts)},
    }
    return table(told_keys("advise", keys, parts), ("play", "severity", "lens"))


def rule_id(parts: Parts) -> Schema:
    """The id of a rule; those that there are can be chosen from, and one still to be written may stand as well."""
    return parts.ref("rule", lambda: any_of(*parts.each({one.id: one.title for one in parts.library.rule_base.rules}), SCALAR))


def _plays(parts: Parts) -> dict[str, dict[str, str]]:
    """Every play with its headline in each language."""
    return {
        name: {lang: _bare(play.sections[lang]["headline"].source) for lang in parts.languages if "headline" in play.sections.get(lang, {})}
        for name, play in parts.library.plays.items()
    }


def _bare(template: str) -> str:
    """A headline as a person reads it, with … for what depends on the deal."""
    return re.sub(r"\{\{.*?\}\}", "…", re.sub(r"\{%.*?%\}", "", template))
