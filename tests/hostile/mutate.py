"""Files as they go wrong or are made to: lines moved and multiplied, words of other files, values nobody expects, broken bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

MOST: Final = 60_000
"""Bytes of an input; what is much larger has tests of its own."""
NASTY: Final = (
    "", "~", "null", "true", "no", "NaN", ".nan", ".inf", "-.inf", "1e400", "9" * 400, "9" * 5000, "-0", "0x1F", "010", "1_000", "１２",
    "180万", "2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "12:30", "[", "]", "{", "}", "[[[[[[", "{a: {a: {a: ", "- - - - ",
    "? ", "!!python/name:os.system ", "&a ", "*a", "<<: ", "---\n", "...\n", "%YAML 9.9\n", "|\n", ">-\n", "'", '"', '"\\x00"',
    '"\\ud800"', '"\\e[31m"', "\ud800", "\u202e", "\u2066", "\u200f", "\u2028", "\x85", "\x1b[31m", "\x9b31m", "\x00", "\ufeff", "\t",
    "\u3000", "\u00a0", "：", "，", "\r", "\r\n", "\n\n", "$", "$x", "$params.", "$params.x.y", "$row.a", "{{", "}}", "{%", "%}", "{#",
    "#}", "{{ x }}", "{% for a in b %}", "{% endfor %}", "{{ ''.__class__ }}", "{{ 'a' * 9 }}", "../" * 9, "/etc/passwd", "con",
    "a" * 3000, "=1+1", '""', ";", "# ", ": ", ", ", "x: ", "- ", "  ",
)  # fmt: skip
_BRACKETS: Final = (("[", "]"), ("{a: ", "}"), ("{{ ", " }}"), ("(", ")"))
_WORD: Final = re.compile(r"[$\w.]+")
_VALUE: Final = re.compile(r"(?m): +[^\n{\[]+|[^\n:,{}\[\]]+(?=[,}\]])")
Step = Callable[["Mutator", str], str]


class Mutator:
    """Makes new inputs of old ones; the same seed makes the same."""

    def __init__(self, seeds: Sequence[bytes], random: Random) -> None:
        self.seeds = [seed.decode("utf-8", "surrogateescape") for seed in seeds]
        self.random = random

    def fresh(self) -> bytes:
        return self.mutated(self.random.choice(self.seeds))

    def mutated(self, text: str) -> bytes:
        """A text in which one to six things have gone wrong."""
        for _ in range(min(self.random.randint(1, 6), self.random.randint(1, 6))):
            text = self.random.choice(_STEPS)(self, text)
        data = text.encode("utf-8", "surrogatepass" if self.random.random() < 0.5 else "replace")[:MOST]
        return _broken(data, self.random) if self.random.random() < 0.06 else data

    def lines(self, text: str) -> str:
        """A line, or several, are lost, doubled, moved, indented, or many times there."""
        lines, pick = text.split("\n"), self.random
        start = pick.randrange(len(lines))
        end = min(len(lines), start + pick.choice((1, 1, 1, 2, 5, 20)))
        block, where = lines[start:end], pick.randrange(len(lines) + 1)
        match pick.randrange(7):
            case 0:
                lines[start:end] = []
            case 1:
                lines[where:where] = block
            case 2:
                lines[start:end] = []
                lines[min(where, len(lines)) : min(where, len(lines))] = block
            case 3:
                lines[start:end] = [" " * pick.choice((1, 2, 4)) + line for line in block]
            case 4:
                lines[start:end] = [line.removeprefix(" " * pick.choice((1, 2, 4))) for line in block]
            case 5:
                lines[start:end] = block * pick.choice((2, 10, 60))
            case _:
                lines[start:end] = [line.replace("- ", "", 1) for line in block]
        return "\n".join(lines)

    def slip(self, text: str) -> str:
        place = self.random.randint(0, len(text))
        return text[:place] + self.random.choice(NASTY) + text[place:]

    def sign(self, text: str) -> str:
        place = self.random.randint(0, len(text))
        return text[:place] + chr(self.random.randrange(self.random.choice((128, 0x3000, 0x110000)))) + text[place:]

    def lost(self, text: str) -> str:
        place = self.random.randint(0, len(text))
        return text[:place] + text[place + self.random.choice((1, 1, 3, 40)) :]

    def word(self, text: str) -> str:
        """A word gives way to one of another file."""
        return self._exchanged(text, _WORD, self.random.choice(_WORD.findall(self.random.choice(self.seeds)) or ["x"]))

    def value(self, text: str) -> str:
        return self._exchanged(text, _VALUE, ": " + self.random.choice(NASTY))

    def part(self, text: str) -> str:
        """A part of another file."""
        other = self.random.choice(self.seeds)
        start, place = self.random.randint(0, len(other)), self.random.randint(0, len(text))
        return text[:place] + other[start : start + self.random.choice((10, 100, 1000))] + text[place:]

    def wrapped(self, text: str) -> str:
        """A word inside brackets, many deep."""
        found = self._some(text, _WORD)
        times, (left, right) = (
            self.random.choice((1, 2, 39, 60)),
            self.random.choice((("[", "]"), ("{a: ", "}"), ("{{ ", " }}"), ("(", ")"))),
        )
        return text if found is None else text[: found.start()] + left * times + found[0] + right * times + text[found.end() :]

    def cut(self, text: str) -> str:
        return text[: self.random.randint(0, len(text))]

    def _exchanged(self, text: str, pattern: re.Pattern[str], new: str) -> str:
        found = self._some(text, pattern)
        return text if found is None else text[: found.start()] + new + text[found.end() :]

    def _some(self, text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.search(text, self.random.randint(0, len(text))) or pattern.search(text)


_STEPS: Final[tuple[Step, ...]] = (
    Mutator.lines, Mutator.lines, Mutator.slip, Mutator.sign, Mutator.lost, Mutator.word, Mutator.word, Mutator.word,
    Mutator.value, Mutator.value, Mutator.part, Mutator.wrapped, Mutator.cut,
)  # fmt: skip


def _broken(data: bytes, random: Random) -> bytes:
    """Bytes turned over."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 8) if changed else 0):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)
