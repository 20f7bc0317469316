"""Reading `playbook.yaml` and plays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Map
from pathlib import Path
from typing import Any, Final

from kamcoach.model.fact import NUMERIC, SEVERITIES, Field, Vocabulary, Words
from kamcoach.model.playbook import Play, PlaySection, Ranking, Shows
from kamcoach.model.rule import Param
from kamcoach.reading.fields import LANGUAGES, Problems, check_keys, is_list, is_mapping, nearest, number_of, read_value, text_of, words_of
from kamcoach.reading.nodes import Mapping, Node, Refused, Scalar, Sequence, read_text
from kamcoach.source import Diagnostic, Location

PLAYBOOK_KEYS: Final = ("id", "title", "extends", "rules", "params", "ranking", "shows", "sections", "replaces")
_PARAM_KEYS: Final = ("value", "type", "unit", "min", "max", "meaning")
_HEADING: Final = re.compile(r"^(#{1,2}) +(.+?)\s*$")
_ORDERS: Final = ("actions", "do_not", "questions")
_TIES: Final[Map[str, frozenset[str]]] = {"deadlines": frozenset({"date"}), "weights": NUMERIC}
"""What settles a tie, and the kinds of fields that can."""


def read_params(node: Node | None, before: Map[str, Param], problems: Problems) -> dict[str, Param]:
    """The parameters of a playbook on top of those it extends, where a bare value is enough."""
    params = dict(before)
    table = is_mapping(node, "'params'", problems) if node is not None else None
    for key, value in table.entries if table else ():
        if isinstance(value, Scalar) and key.text in params:
            old = params[key.text]
            params[key.text] = old._replace(value=_param_value(value, old, problems), at=key.at)
        elif isinstance(value, Mapping):
            params[key.text] = _param(key, value, problems)
        else:
            problems.append(
                Diagnostic(key.at, "unknown-parameter", f"There is no parameter '{key.text}' to set.", nearest(key.text, params))
            )
    return params


def _param(key: Scalar, node: Mapping, problems: Problems) -> Param:
    check_keys(node, _PARAM_KEYS, ("value", "type", "meaning"), f"Parameter '{key.text}'", problems)
    kind = text_of(node.get("type"), "'type'", problems)
    if kind not in NUMERIC:
        problems.append(Diagnostic(node.at, "unknown-type", f"A parameter cannot be '{kind}'.", nearest(kind, NUMERIC)))
        kind = "number"
    low, high = number_of(node.get("min"), "'min'", problems), number_of(node.get("max"), "'max'", problems)
    meaning = words_of(node.get("meaning"), "'meaning'", problems)
    blank = Param(key.text, 0, kind, text_of(node.get("unit"), "'unit'", problems), low, high, meaning, key.at)
    value = node.get("value")
    return blank._replace(value=_param_value(value, blank, problems)) if value is not None else blank


def _param_value(node: Node, param: Param, problems: Problems) -> Any:
    field = Field(param.name, param.kind, low=param.low, high=param.high)  # type: ignore[arg-type]
    value = read_value(node, field, Vocabulary({}, {}), problems)
    return param.value if value is None else value


def read_ranking(node: Node | None, before: Ranking, vocabulary: Vocabulary, problems: Problems) -> Ranking:
    if node is None:
        return before
    table = is_mapping(node, "'ranking'", problems)
    keys = ("severity", "lens_order", "first_lens", "staged", "repeated", *_TIES, "actions", "do_not", "questions")
    found: dict[str, Any] = {}
    if table is not None:
        check_keys(table, keys, (), "'ranking'", problems)
        for key, value in table.entries:
            if key.text == "severity":
                found["severity"] = {**before.severity, **_points(value, problems)}
            elif key.text == "lens_order":
                found["lens_order"] = _texts(value, problems)
            elif key.text in _TIES:
                found[key.text] = _tied_fields(value, _TIES[key.text], vocabulary, problems)
            elif key.text in keys:
                number = number_of(value, f"'{key.text}'", problems) or 0
                if key.text in _ORDERS and (number < 0 or number != int(number)):
                    problems.append(Diagnostic(value.at, "out-of-range", f"'{key.text}' is how many are shown: 0, 1, 2, …"))
                found[key.text] = int(number) if key.text in _ORDERS else number
    return before._replace(**found)


def _tied_fields(node: Node, kinds: frozenset[str], vocabulary: Vocabulary, problems: Problems) -> tuple[str, ...]:
    """Fields as `type.field`, each one that the vocabulary has and of a kind that settles a tie."""
    listed = is_list(node, "This", problems)
    found = []
    for item in listed.items if isinstance(listed, Sequence) else ():
        text = text_of(item, "This", problems)
        name, _, field = text.partition(".")
        declared = vocabulary.types.get(name)
        if declared is None or field not in declared.fields:
            known = [f"{name}.{one}" for one in declared.fields] if declared else list(vocabulary.types)
            problems.append(Diagnostic(item.at, "unknown-field", f"There is no field '{text}'.", nearest(text, known)))
        elif declared.fields[field].kind not in kinds:
            wanted = " or ".join(sorted(kinds))
            problems.append(Diagnostic(item.at, "wrong-type", f"'{text}' is a {declared.fields[field].kind}, not a {wanted}."))
        else:
            found.append(text)
    return tuple(found)


def _points(node: Node, problems: Problems) -> dict[str, float]:
    table = is_mapping(node, "'severity'", problems)
    if table is None:
        return {}
    check_keys(table, SEVERITIES, (), "'severity'", problems)
    return {key.text: number_of(value, f"'{key.text}'", problems) or 0 for key, value in table.entries}


def read_shows(node: Node | None, before: Shows, vocabulary: Vocabulary, problems: Problems) -> Shows:
    """`shows:` names the facts that fill the parts of the report, each with its fields: `missing_role role`."""
    if node is None:
        return before
    table = is_mapping(node, "'shows'", problems)
    found: dict[str, Any] = {}
    if table is not None:
        check_keys(table, Shows._fields, (), "'shows'", problems)
        for key, value in table.entries:
            text = text_of(value, f"'{key.text}'", problems)
            words = tuple(re.split(r"[.,\s]+", text)) if key.text in Shows._fields else ()
            if words and (key.text == "strategy" or _shown(key.text, words, value, vocabulary, problems)):
                found[key.text] = text if isinstance(Shows._field_defaults[key.text], str) else words
    return before._replace(**found)


def _shown(part: str, words: tuple[str, ...], node: Node, vocabulary: Vocabulary, problems: Problems) -> bool:
    """Whether a part of the report is filled by a fact type that there is, with as many of its fields as the part wants."""
    default = Shows._field_defaults[part]
    declared = vocabulary.types.get(words[0])
    wanted = 0 if isinstance(default, str) else len(default) - 1
    if declared is None:
        message, hint = f"There is no fact type '{words[0]}'.", nearest(words[0], vocabulary.types)
    elif part == "value" and declared.shape != "value":
        message, hint = f"'{words[0]}' is no derived fact of one value.", ""
    elif len(words) != wanted + 1:
        message, hint = f"'{part}' takes a fact type and {wanted} of its fields.", ""
    elif unknown := [word for word in words[1:] if word not in declared.fields]:
        message, hint = f"'{words[0]}' has no field '{unknown[0]}'.", nearest(unknown[0], declared.fields)
    else:
        return True
    problems.append(Diagnostic(node.at, "unknown-shown", message, hint))
    return False


def read_sections(node: Node | None, before: Map[str, Words], problems: Problems) -> dict[str, Words]:
    """Section ids of plays with their headings by language."""
    table = is_mapping(node, "'sections'", problems) if node is not None else None
    own = {key.text: words_of(value, f"'{key.text}'", problems) for key, value in (table.entries if table else ())}
    return {**before, **own}


def _texts(node: Node, problems: Problems) -> tuple[str, ...]:
    listed = is_list(node, "This", problems)
    return tuple(text_of(item, "This", problems) for item in (listed.items if isinstance(listed, Sequence) else ()))


def read_play(path: Path, sections: Map[str, Words], problems: Problems) -> Play | None:
    """A play file, split at its headings; the text below each stays Jinja source with its place. Each language needs a headline."""
    try:
        text = read_text(path)
    except Refused as refused:
        problems.append(refused.diagnostic)
        return None
    play_id = path.name.removesuffix(".md.j2")
    headings = {word: section for section, words in sections.items() for word in (*words.values(), section)}
    found = _split(text.splitlines(), str(path), headings, problems)
    play = Play(play_id, found, Location(str(path)))
    problems.extend(lacking(play, "headline", sections))
    return play


def lacking(play: Play, section: str, sections: Map[str, Words]) -> Iterator[Diagnostic]:
    """A diagnostic for each language in which the play does not have a section."""
    for language in LANGUAGES:
        if section not in play.sections.get(language, {}):
            heading = sections.get(section, {}).get(language, section)
            hint = f"add `## {heading}` under `# {language}`"
            yield Diagnostic(play.at, "missing-section", f"The play has no '{heading}' in '{language}'.", hint)


def _split(lines: list[str], path: str, headings: Map[str, str], problems: Problems) -> dict[str, dict[str, PlaySection]]:
    found: dict[str, dict[str, PlaySection]] = {}
    language = section = ""
    body: list[str] = []
    start = 1
    for number, line in enumerate([*lines, "# "], 1):
        match = _HEADING.match(line) if number <= len(lines) else None
        if match is None and number <= len(lines):
            body.append(line)
            continue
        if language and section:
            blank = next((place for place, text in enumerate(body) if text), 0)
            found[language][section] = PlaySection("\n".join(body).strip("\n"), Location(path, start + blank))
        body, start = [], number + 1
        if match is None:
            break
        if match[1] == "#":
            language, section = match[2], ""
            found.setdefault(language, {})
            if language not in LANGUAGES:
                problems.append(Diagnostic(Location(path, number), "unknown-language", f"There is no language '{language}'.", "en or zh"))
        else:
            section = headings.get(match[2], "")
            if not section:
                message = f"There is no section '{match[2]}'."
                problems.append(Diagnostic(Location(path, number), "unknown-section", message, nearest(match[2], headings)))
            elif section in found.get(language, {}):
                problems.append(Diagnostic(Location(path, number), "repeated-section", f"'{match[2]}' stands here twice in '{language}'."))
    return found
