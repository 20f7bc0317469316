"""Text that is not readable YAML: where the fault most likely is, in words that do not come from the parser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import yaml

from kamcoach.source import Diagnostic, Hint, Location, Mend

BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNREADABLE: Final = "This is not readable YAML."
_WORD: Final = r"[$A-Za-z_][A-Za-z0-9_.-]*"
_KEY: Final = rf"(?:^|[{{,])\s*(?:- +)*{_WORD}"
_INDENT: Final = "the words that belong together must begin in the same column; indent with two spaces a level"
_LOOKED_AT: Final = 1_000
_QUOTE: Final = "put the text in quotes"
_MENDS: Final[Mapping[str, str]] = {"：": ": ", "，": ", ", "\u3000": "  ", "\u00a0": " "}
"""Signs that can have been meant in one way only, where YAML cannot read them."""
_SUSPECTS: Final = tuple(
    (re.compile(pattern), message, hint)
    for pattern, message, hint in (
        (r"^ *(?:- *)?(\t)", "A tab stands at the beginning of this line.", "indent with spaces; YAML takes no tabs there"),
        (r"^ *(?:- *)?([\u3000\u00a0])", "A wide or hard space indents this line.", "indent with ordinary spaces"),
        (rf"{_KEY}(：)", "A full-width '：' stands here.", "YAML wants ':' and a space"),
        (
            rf"[{{\[].*?(，)\s*{_WORD}\s*[:：]",
            "A full-width '，' stands here.",
            "YAML wants ',' and a space between the parts of {…} and […]",
        ),
        (r"[:：]\s*([【［｛〔])", "A full-width bracket stands here.", "YAML wants [ ] and { }"),
        (r"^\s*([－—–·•])", "A list entry begins with this sign.", "YAML wants '-' and a space"),
        (r"[:：,\[]\s*([“”「])[^”」]*(?::\s|[\[\]{},#])", "A full-width quotation mark stands here.", 'YAML wants " at both ends'),
        (
            r":\s*([<>]=?|[≤≥])\s*[$\d]",
            "A comparison sign stands here.",
            "compare with words: {above: 4}, {at_least: 4}, {below: 4}, {at_most: 4}",
        ),
        (r"^\s*(?:- +)?[a-z_]+:()[^\s:/]", "After a key there is a colon and no space.", "put a space after the colon"),
    )
)
_MEANINGS: Final[Mapping[str, tuple[str, str]]] = {
    "mapping values are not allowed": (
        "A ':' stands where none can stand.",
        f"if the line is a text with ': ' in it, {_QUOTE}; else look at the indentation",
    ),
    "did not find expected '-' indicator": (
        "This line stands beside a list and is no entry of it.",
        "begin it with `- `, or indent it further if it belongs to the entry above",
    ),
    "block sequence entries are not allowed": ("A list cannot begin here.", "begin it on a line of its own, or write […]"),
    "did not find expected key": ("This does not fit what stands above it.", f"{_INDENT}; nothing may follow a closing quotation mark"),
    "did not find expected <document start>": ("This stands outside of everything above it.", f"{_INDENT}; count the brackets"),
    "could not find expected ':'": ("This line has no ':' and is no list entry.", "write `key: value`, or `- value`"),
    "found character that cannot start any token": ("A bare value cannot begin with this character.", _QUOTE),
    "found a tab character": ("A tab stands here.", "indent with spaces; YAML takes no tabs there"),
    "found unexpected ':'": ("A ':' stands here and no value after it.", f"put a space after the colon; if it is part of a text, {_QUOTE}"),
    "found unexpected end of stream": ("A quotation mark is opened here and never closed.", "close it with the same mark"),
    "found unexpected document indicator": ("A quotation mark is opened here and never closed.", "close it with the same mark"),
    "did not find expected ',' or ']'": (
        "This [ is never closed, or a comma is missing in it.",
        "close it with ]; put texts with [ ] { } : , in quotes",
    ),
    "did not find expected ',' or '}'": (
        "This { is never closed, or a comma is missing in it.",
        "close it with }; put texts with [ ] { } : , in quotes",
    ),
    "no comma": ("A comma or a closing bracket is missing before this.", "count the brackets; put texts with [ ] { } : , in quotes"),
    "did not find expected node content": ("A value is missing before this.", "count the brackets and commas"),
    "did not find expected alphabetic": ("A bare value cannot begin with '*' or '&'.", _QUOTE),
    "did not find expected comment or line break": (
        "A bare value cannot begin with '>' or '|'.",
        f"compare with words ({{above: 4}}), or {_QUOTE}",
    ),
    "found an indentation indicator": ("A bare value cannot begin with '>' or '|'.", f"compare with words ({{above: 4}}), or {_QUOTE}"),
    "found unknown escape character": ('A backslash has a meaning of its own in "…".', "write '…' instead, or \\\\"),
    "hexdecimal": ('A backslash has a meaning of its own in "…".', "write '…' instead, or \\\\"),
    "invalid Unicode character escape": ("This is no character.", "write the character itself"),
    "unknown directive": ("A line cannot begin with '%'.", _QUOTE),
    "incompatible YAML document": ("A line cannot begin with '%'.", "take the line away"),
    "undefined tag handle": ("A bare value cannot begin with '!'.", _QUOTE),
}
Fault = tuple[tuple[int, int], str, str]
"""Line and column (from 0), what is wrong, and the way out."""
_OPENED: Final = (
    "found unexpected end of stream",
    "found unexpected document indicator",
    "did not find expected ',' or",
    "could not find expected ':'",
)


def syntax_problem(error: yaml.YAMLError, text: str, name: str) -> Diagnostic:
    """The one diagnostic for a text that the YAML parser gave up on."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return Diagnostic(Location(name), "yaml-syntax", _UNREADABLE)
    said = error.problem or ""
    mark = error.context_mark if said.startswith(_OPENED) and error.context_mark else error.problem_mark or error.context_mark
    lines = BREAK.split(text)
    if said.startswith("did not find expected ',' or") and (inner := _inside(error, lines)) is not None:
        said, mark = inner, error.problem_mark
    line, column = (min(mark.line, len(lines) - 1), mark.column) if mark is not None else (0, 0)
    fault = next((found for number in _near(lines, line) if (found := _suspect(lines[number], number)) is not None), None)
    place, message, hint = fault or _meaning(said, lines, line, column)
    return Diagnostic(Location(name, place[0] + 1, place[1] + 1), "yaml-syntax", f"{_UNREADABLE} {message}", hint)


def _inside(error: yaml.MarkedYAMLError, lines: list[str]) -> str | None:
    """What is wrong inside a bracket, if the fault lies in the line in which it was opened: a ':' in a text, or a missing comma."""
    opened, found = error.context_mark, error.problem_mark
    if opened is None or found is None or opened.line != found.line or found.column >= len(lines[found.line]):
        return None
    return "mapping values are not allowed" if lines[found.line][found.column] == ":" else "no comma"


def _meaning(said: str, lines: list[str], line: int, column: int) -> Fault:
    """What the parser's words mean to the one who wrote the file."""
    if _out_of_line(said) and (misplaced := re.match(r"\s*(- +)?as:", lines[line])) is not None:
        move = "take the `-` away" if misplaced[1] else "indent it by two" if "indicator" in said else "indent it less"
        return (
            (line, column),
            "`as:` does not stand under its condition.",
            f"{move}: `as:` stands in the same column as the fact type above",
        )
    if _out_of_line(said) and lines[line].lstrip().startswith("- "):
        return (line, column), "This dash stands in no list.", "all dashes of a list stand in the same column"
    if "mapping values" in said and _dash_lost(lines, line):
        before = lines[line - 1]
        return (line - 1, len(before) - len(before.lstrip())), "A list entry begins with `- `.", "the dash is missing"
    if said != "no comma" and lines[line][column : column + 1] in ("]", "}"):
        return (line, column), "This bracket closes nothing.", "count the brackets"
    message, hint = next((found for words, found in _MEANINGS.items() if words in said), (f"The parser says: {said}.", _INDENT))
    return (line, column), message, hint


def _out_of_line(said: str) -> bool:
    """Whether the parser stumbles over where a line begins."""
    return "expected '-' indicator" in said or "did not find expected key" in said


def _near(lines: list[str], line: int) -> Iterator[int]:
    """The line of the fault and the one with text before it."""
    yield line
    yield from [number for number in range(line - 1, max(-1, line - 20), -1) if lines[number].strip()][:1]


def _suspect(text: str, line: int) -> Fault | None:
    """A sign in a line that YAML does not take for what it was meant."""
    bare = re.sub(r"(^|\s)#.*", "", text[:_LOOKED_AT])
    for pattern, message, hint in _SUSPECTS:
        found = pattern.search(bare)
        if found is not None:
            return (line, found.start(1)), message, _mended(hint, found[1])
    return None


def _mended(hint: str, sign: str) -> str:
    """The hint, which knows the mend if the sign has only one."""
    return Hint(hint, Mend(sign, _MENDS[sign], "sign")) if sign in _MENDS else hint


def _dash_lost(lines: list[str], line: int) -> bool:
    """Whether a line follows that begins with a dash while the one before it has none and is no key."""
    return line > 0 and lines[line].lstrip().startswith("- ") and re.fullmatch(r"\s*[$\w.-]+\s*", lines[line - 1]) is not None
