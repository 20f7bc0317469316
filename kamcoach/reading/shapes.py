"""Small shapes: tables, lists, texts, words by language, with a diagnostic where a node is something else."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Map
from typing import Final

from kamcoach.model.fact import Words
from kamcoach.reading.hints import NO_LABELS, NUMBER, nearest, number_hint
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.source import Diagnostic, Hint, Mend

LANGUAGES: Final = ("en", "zh")
MAX_TEXT: Final = 20_000
ENOUGH: Final = 200
"""With more problems than these in a file, hints that are long to find are left out."""
_NONE: Final = frozenset({"none", "no", "nobody", "nothing", "false", "0", "-", "无", "没有"})
_YES_NO: Final = {
    **dict.fromkeys(("yes", "on", "y", "是", "有", "对"), "true"),
    **dict.fromkeys(("no", "off", "n", "否", "没有", "不"), "false"),
}

Problems = list[Diagnostic]


def is_mapping(node: Node, what: str, problems: Problems) -> Mapping | None:
    """The node if it is a table of `key: value`, else None and a diagnostic."""
    if isinstance(node, Mapping):
        return node
    hint = "there is only one: write it without a `-` and without […]" if isinstance(node, Sequence) else colon_hint(node.text)
    empty = isinstance(node, Scalar) and node.absent
    message = f"{what} is empty; it wants a table of `key: value`." if empty else f"{what} must be a table of `key: value`."
    problems.append(Diagnostic(node.at, "wrong-shape", message, hint))
    return None


def is_list(node: Node, what: str, problems: Problems) -> Sequence | None:
    """The node if it is a list, else None and a diagnostic."""
    if isinstance(node, Sequence):
        return node
    if isinstance(node, Mapping):
        hint = "begin each entry with `- ` and indent the rest of it under its first word" if node.entries else "write []"
    elif node.text.lower() in _NONE:
        hint = "if there are none, write []"
    else:
        hint = "" if node.absent else f"write [{short(node.text)}]"
    problems.append(Diagnostic(node.at, "wrong-shape", f"{what} must be a list (a line with `-` for each, or `[…]`).", hint))
    return None


def check_keys(
    node: Mapping, allowed: Collection[str], needed: Collection[str], what: str, problems: Problems, labels: Map[str, Words] = NO_LABELS
) -> None:
    """Note every unknown key (at the key) and every missing one (at the table)."""
    unknown = [(key, value) for key, value in node.entries if key.text not in allowed]
    for key, value in unknown:
        hint = key_slip(key, value) or (nearest(key.text, allowed, labels) if len(problems) < ENOUGH else "")
        problems.append(Diagnostic(key.at, "unknown-key", f"{what} has no key '{short(key.text)}'.", hint))
    for name in needed:
        check_needed(node, name, what, problems)


def check_needed(node: Mapping, name: str, what: str, problems: Problems) -> None:
    """Note a key that is missing (at the table) or that says nothing (at the key)."""
    found = next((entry for entry in node.entries if entry[0].text == name), None)
    if found is None:
        problems.append(Diagnostic(node.at, "missing-key", f"{what} needs '{name}'."))
    elif says_nothing(found[1]):
        problems.append(Diagnostic(found[0].at, "missing-key", f"{what} needs '{name}', which is empty here."))


def says_nothing(node: Node) -> bool:
    """Written, but empty: no value, `null`, or quotes around nothing."""
    return isinstance(node, Scalar) and (node.absent or not node.text.strip())


def filled(node: Mapping, key: str) -> Node | None:
    """The value under a key, unless it says nothing (which `check_keys` notes where it matters)."""
    value = node.get(key)
    return None if value is None or says_nothing(value) else value


def key_slip(key: Scalar, value: Node) -> str:
    """What went wrong with a key that was never meant as one: a comma in a bare text, a missing space after the colon."""
    if key.text[:1] in ("\u3000", "\u00a0"):
        wide = Mend(key.text[0], "  " if key.text[0] == "\u3000" else " ", "sign")
        return Hint("a wide or hard space stands before this word; indent with ordinary spaces", wide)
    if not (isinstance(value, Scalar) and value.absent and value.at == key.at._replace(column=key.at.column + len(key.text))):
        return ""
    return colon_hint(key.text) or "a comma inside {…} begins a new key: put a text with a comma in quotes, several values in […]"


def colon_hint(text: str) -> str:
    """A colon that is full-width, or that no space follows."""
    if "：" in text:
        return Hint("a full-width '：' stands here; YAML wants ':' and a space", Mend("：", ": ", "sign"))
    head, colon, rest = text.partition(":")
    if not colon or not rest or rest.startswith((" ", "/")):
        return ""
    return Hint(f"put a space after the colon: `{short(head)}: {short(rest)}`", Mend(":", ": ", "sign"))


def text_of(node: Node | None, what: str, problems: Problems) -> str:
    """Plain text; "" if there is none (noted if something else stands there)."""
    if isinstance(node, Scalar):
        if len(node.text) > MAX_TEXT:
            problems.append(Diagnostic(node.at, "too-long", f"{what} is longer than {MAX_TEXT} characters."))
        return "" if node.absent else node.text[:MAX_TEXT]
    if node is not None:
        hint = "write it without […]" if isinstance(node, Sequence) and node.items else "a text that begins with { or [ goes into quotes"
        problems.append(Diagnostic(node.at, "wrong-shape", f"{what} must be a text.", hint))
    return ""


def words_of(node: Node | None, what: str, problems: Problems) -> Words:
    """A text by language, `{en: …, zh: …}`; a bare text serves for every language."""
    if node is None:
        return {}
    if isinstance(node, Scalar):
        return dict.fromkeys(LANGUAGES, text_of(node, what, problems))
    table = is_mapping(node, what, problems)
    if table is None:
        return {}
    check_keys(table, LANGUAGES, (), what, problems)
    return {key.text: text_of(value, what, problems) for key, value in table.entries if key.text in LANGUAGES}


def bool_of(node: Node | None, what: str, problems: Problems) -> bool:
    """`true` or `false`; an absent node is false."""
    if node is None:
        return False
    if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
        return node.text == "true"
    problems.append(Diagnostic(node.at, "wrong-type", f"{what} must be true or false.", bool_hint(node)))
    return False


def bool_hint(node: Node) -> str:
    """How a yes or no that was written in some other way is to be written."""
    if not isinstance(node, Scalar):
        return ""
    text = node.text.lower()
    if text in ("true", "false"):
        return Hint(f"write {text}, without quotes", Mend(node.text, text))
    return Hint(f"write {_YES_NO[text]}", Mend(node.text, _YES_NO[text])) if text in _YES_NO else ""


def number_of(node: Node | None, what: str, problems: Problems) -> float | None:
    """A number, or None (noted if something else stands there)."""
    if node is None:
        return None
    if isinstance(node, Scalar) and node.plain and NUMBER.fullmatch(node.text):
        return to_number(node.text)
    hint = number_hint(node.text, plain=node.plain) if isinstance(node, Scalar) else ""
    problems.append(Diagnostic(node.at, "wrong-type", f"{what} must be a number.", hint))
    return None


def to_number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def short(text: str) -> str:
    """A text as it is quoted in a message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
