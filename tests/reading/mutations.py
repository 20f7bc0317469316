"""Hypothesis strategies for files as they go wrong: lines lost, doubled and swapped, signs slipped in, words exchanged, and wild YAML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kamcoach.model.fact import Vocabulary
from kamcoach.reading.scope import FORMS
from kamcoach.reading.tests import OPERATORS

SLIPS = (
    "：",
    "，",
    "“",
    "”",
    "【",
    "\t",
    "\u3000",
    "\u00a0",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ": ",
    ":",
    "- ",
    ",",
    "#",
    "&",
    "*",
    "!",
    "|",
    ">",
    ">= ",
)
WORDS = ("as", "either", "is", "of", "by", "satisfies", "known", "unknown", "true", "no", "null", "~", "<<", "$x", "$params.stale_days")
NUMBERS = (
    "0",
    "-1",
    "010",
    "1e3",
    "12:30",
    "99999999999999999999",
    "0.35",
    "2026-02-30",
    "2026-03-01",
    "１２",
    "1_000",
    "180万",
    "NaN",
    ".inf",
)
_WORD = re.compile(r"[$\w.]+")


@st.composite
def mutated(draw: st.DrawFn, texts: list[str]) -> str:
    """A sound text in which one to four things have gone wrong."""
    text = draw(st.sampled_from(texts))
    others = _WORD.findall(draw(st.sampled_from(texts)))
    for _ in range(draw(st.integers(1, 4))):
        step = draw(st.sampled_from((_lines, _slip, _exchange)))
        text = step(draw, text, others)
    return text


def _lines(draw: st.DrawFn, text: str, others: list[str]) -> str:
    """A line is lost, doubled, swapped with another, or indented otherwise."""
    lines = text.split("\n")
    one, two = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    how = draw(st.sampled_from(("lose", "double", "swap", "in", "out", "undash")))
    if how == "lose":
        del lines[one]
    elif how == "double":
        lines.insert(one, lines[one])
    elif how == "swap":
        lines[one], lines[two] = lines[two], lines[one]
    elif how == "in":
        lines[one] = " " * draw(st.integers(1, 3)) + lines[one]
    elif how == "out":
        lines[one] = lines[one].removeprefix(" " * draw(st.integers(1, 3)))
    else:
        lines[one] = lines[one].replace("- ", "", 1)
    return "\n".join(lines)


def _slip(draw: st.DrawFn, text: str, others: list[str]) -> str:
    """A sign or any other text slips in."""
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(st.sampled_from(SLIPS) | st.text(max_size=4)) + text[place:]


def _exchange(draw: st.DrawFn, text: str, others: list[str]) -> str:
    """A word gives way to another one."""
    found = list(_WORD.finditer(text))
    if not found:
        return text
    match = draw(st.sampled_from(found))
    word = draw(st.sampled_from(others or ["x"]) | st.sampled_from((*WORDS, *NUMBERS)))
    return text[: match.start()] + word + text[match.end() :]


def wild(vocabulary: Vocabulary) -> st.SearchStrategy[str]:
    """YAML of any shape, in the words of the rule language and of the vocabulary."""
    fields = sorted({name for one in vocabulary.types.values() for name in one.fields})
    names = [
        *vocabulary.types,
        *fields,
        *FORMS,
        *OPERATORS,
        *WORDS,
        "difference",
        "sum",
        "conclude",
        "mark",
        "advise",
        "play",
        "severity",
        "lens",
    ]
    scalars = st.sampled_from(names) | st.sampled_from(NUMBERS) | st.text(max_size=6).map(_quoted)
    return st.recursive(scalars, lambda inner: _flow(inner, st.sampled_from(names)), max_leaves=12)


def _flow(inner: st.SearchStrategy[str], keys: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
    tables = st.lists(st.tuples(keys, inner), max_size=4).map(
        lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
    )
    return lists | tables


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def texts(folder: Path, pattern: str) -> list[str]:
    """The texts of all files of a kind."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.rglob(pattern))]


def codes(problems: list[Any]) -> list[str]:
    return [problem.code for problem in problems]
