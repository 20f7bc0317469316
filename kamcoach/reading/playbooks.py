"""Reading `playbook.yaml` and plays."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from pathlib import Path
from typing import Any, Final

from kamcoach.model.fact import NUMERIC, Field, Vocabulary, Words
from kamcoach.model.playbook import Play, PlaySection, Ranking, Shows
from kamcoach.model.rule import Param
from kamcoach.reading.fields import LANGUAGES, Problems, check_keys, is_list, is_mapping, nearest, number_of, read_value, text_of, words_of
from kamcoach.reading.nodes import Mapping, Node, Refused, Scalar, Sequence, read_text
from kamcoach.source import Diagnostic, Location

PLAYBOOK_KEYS: Final = ("id", "title", "extends", "rules", "params", "ranking", "shows", "sections", "replaces")
_PARAM_KEYS: Final = ("value", "type", "unit", "min", "max", "meaning")
_HEADING: Final = re.compile(r"^(#{1,2}) +(.+?)\s*$")
_REQUIRED: Final = ("headline", "do")


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
            problems.append(Diagnostic(key.at, "unknown-parameter", f"There is no parameter '{key.text}' to set.", nearest(key.text, params)))
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
    return blank._replace(value=_param_value(value, blank, problems)) if isinstance(value, Scalar) else blank


def _param_value(node: Scalar, param: Param, problems: Problems) -> Any:
    field = Field(param.name, param.kind, low=param.low, high=param.high)  # type: ignore[arg-type]
    value = read_value(node, field, Vocabulary({}, {}), problems)
    return param.value if value is None else value


def read_ranking(node: Node | None, before: Ranking, problems: Problems) -> Ranking:
    if node is None:
        return before
    table = is_mapping(node, "'ranking'", problems)
    keys = ("severity", "lens_order", "first_lens", "staged", "repeated", "actions", "do_not", "questions")
    found: dict[str, Any] = {}
    if table is not None:
        check_keys(table, keys, (), "'ranking'", problems)
        for key, value in table.entries:
            if key.text == "severity":
                points = is_mapping(value, "'severity'", problems)
                found["severity"] = {k.text: number_of(v, f"'{k.text}'", problems) or 0 for k, v in (points.entries if points else ())}
            elif key.text == "lens_order":
                found["lens_order"] = _texts(value, problems)
            elif key.text in keys:
                number = number_of(value, f"'{key.text}'", problems) or 0
                found[key.text] = int(number) if key.text in ("actions", "do_not", "questions") else number
    return before._replace(**found)


def read_shows(node: Node | None, before: Shows, problems: Problems) -> Shows:
    """`shows:` names the derived facts that fill the parts of the report, with dots: `missing_role.role`."""
    if node is None:
        return before
    table = is_mapping(node, "'shows'", problems)
    found: dict[str, Any] = {}
    if table is not None:
        check_keys(table, Shows._fields, (), "'shows'", problems)
        for key, value in table.entries:
            text = text_of(value, f"'{key.text}'", problems)
            found[key.text] = text if key.text in ("value", "person", "strategy") else tuple(re.split(r"[.,\s]+", text))
    return before._replace(**{k: v for k, v in found.items() if k in Shows._fields})


def read_sections(node: Node | None, before: Map[str, Words], problems: Problems) -> dict[str, Words]:
    """Section ids of plays with their headings by language."""
    table = is_mapping(node, "'sections'", problems) if node is not None else None
    own = {key.text: words_of(value, f"'{key.text}'", problems) for key, value in (table.entries if table else ())}
    return {**before, **own}


def _texts(node: Node, problems: Problems) -> tuple[str, ...]:
    listed = is_list(node, "This", problems)
    return tuple(text_of(item, "This", problems) for item in (listed.items if isinstance(listed, Sequence) else ()))


def read_play(path: Path, sections: Map[str, Words], problems: Problems) -> Play | None:
    """A play file, split at its headings; the text below each stays Jinja source with its place."""
    try:
        text = read_text(path)
    except Refused as refused:
        problems.append(refused.diagnostic)
        return None
    play_id = path.name.removesuffix(".md.j2")
    headings = {word: section for section, words in sections.items() for word in (*words.values(), section)}
    found = _split(text.splitlines(), str(path), headings, problems)
    for language in LANGUAGES:
        for section in _REQUIRED:
            if section not in found.get(language, {}):
                heading = sections.get(section, {}).get(language, section)
                problems.append(
                    Diagnostic(Location(str(path)), "missing-section", f"The play has no '{heading}' in '{language}'.", f"add `## {heading}` under `# {language}`")
                )
    return Play(play_id, found, Location(str(path)))


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
            found[language][section] = PlaySection("\n".join(body).strip("\n"), Location(path, start))
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
                problems.append(Diagnostic(Location(path, number), "unknown-section", f"There is no section '{match[2]}'.", nearest(match[2], headings)))
    return found
