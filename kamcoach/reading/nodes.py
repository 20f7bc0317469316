"""YAML text to located values, with the traps of YAML closed.

Scalars keep their text: `true`/`false`, plain decimals and ISO dates are told apart only when a reader asks, by the type it wants.
Anchors, aliases, tags, merge keys, repeated keys and several documents are diagnostics. Size, depth and number of nodes are capped
before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from kamcoach.source import Diagnostic, Location

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 40
_TOO_DEEP: Final = f"Nested more than {MAX_DEPTH} levels deep."
MAX_NODES: Final = 200_000
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_NO_ALIASES: Final = ("no-aliases", "Anchors and aliases (`&`, `*`) are not read.", "write the value out, or put it in quotes")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(NamedTuple):
    """A single value as written. `plain` is false if it stood in quotes or in a block."""

    at: Location
    text: str
    plain: bool

    @property
    def absent(self) -> bool:
        """Written, but saying nothing: empty, `null` or `~`."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


class Sequence(NamedTuple):
    at: Location
    items: tuple[Node, ...]


class Mapping(NamedTuple):
    at: Location
    entries: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.entries if name.text == key), None)

    def names(self) -> Iterator[Scalar]:
        return (name for name, _ in self.entries)


Node = Scalar | Sequence | Mapping


class Refused(Exception):
    """The text as a whole cannot be read; carries the one diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


def read_file(path: Path, problems: list[Diagnostic]) -> Node | None:
    """The content of a YAML file, or None if it cannot be read at all (noted in `problems`)."""
    try:
        return parse(read_text(path), str(path), problems)
    except Refused as refused:
        problems.append(refused.diagnostic)
        return None


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, without a byte order mark."""
    return decode(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """What a file holds. Raises Refused if it cannot be read, or is too large."""
    at = Location(str(path))
    try:
        if not path.is_file():
            raise Refused(_unreadable(path, at))
        if path.stat().st_size > MAX_BYTES:
            raise Refused(_too_large(at))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # what a file system says of a size is not always true
    except OSError as error:
        raise Refused(Diagnostic(at, "unreadable-file", f"The file cannot be read: {error.strerror}.")) from error
    if len(data) > MAX_BYTES:
        raise Refused(_too_large(at))
    return data


def decode(data: bytes, name: str) -> str:
    """The text in bytes that are UTF-8."""
    if len(data) > MAX_BYTES:
        raise Refused(_too_large(Location(name)))
    if data[:64].count(0) > len(data[:64]) // 4:
        raise Refused(_not_utf8(Location(name), "UTF-16"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")
        raise Refused(_not_utf8(Location(name, line, len(before) + 1), _encoding(data))) from error


def _encoding(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"


def _not_utf8(at: Location, guess: str) -> Diagnostic:
    hint = f"it looks like {guess}; save it as UTF-8 in your editor" if guess else "save it as UTF-8 in your editor"
    return Diagnostic(at, "not-utf8", "The file is not UTF-8 text.", hint)


def parse(text: str, name: str, problems: list[Diagnostic]) -> Node | None:
    """Located values of one YAML document. Problems that leave the rest readable are noted; the others raise `Refused`."""
    check_characters(text, name)
    builder = _Builder(name, problems)
    try:
        builder.read(_Loader(text))
    except yaml.YAMLError as error:
        from kamcoach.reading.syntax import syntax_problem

        raise Refused(_too_deep(error, name) or syntax_problem(error, text, name)) from error
    if builder.root is None or (isinstance(builder.root, Scalar) and builder.root.absent):
        problems.append(Diagnostic(Location(name), "empty-file", "The file is empty."))
        return None
    return builder.root


def _too_deep(error: yaml.YAMLError, name: str) -> Diagnostic | None:
    """Newer parsers have a limit of their own, which a text in one line can reach before ours."""
    if not isinstance(error, yaml.MarkedYAMLError) or "nesting depth" not in (error.problem or ""):
        return None
    mark = error.problem_mark
    return Diagnostic(Location(name, mark.line + 1, mark.column + 1) if mark else Location(name), "too-deep", _TOO_DEEP)


class _Builder:
    """Builds nodes from parser events with a stack of its own, so that no nesting can overflow Python's."""

    def __init__(self, name: str, problems: list[Diagnostic]) -> None:
        self.name = name
        self.problems = problems
        self.root: Node | None = None
        self.open: list[tuple[bool, Location, list[Node]]] = []
        self.count = 0
        self.documents = 0

    def read(self, loader: Any) -> None:
        """Every event of a loader. (`yaml.parse` asks for each whether there is one more, which is a tenth of the time.)"""
        event = loader.get_event()
        while type(event) is not yaml.StreamEndEvent:
            self._take(event)
            event = loader.get_event()

    def _take(self, event: yaml.Event) -> None:
        if type(event) is yaml.ScalarEvent:
            self._guard(event)
            self._add(self._scalar(event))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._guard(event)
            if len(self.open) >= MAX_DEPTH:
                self._refuse(event, "too-deep", _TOO_DEEP)
            self.open.append((isinstance(event, yaml.MappingStartEvent), self._at(event), []))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(event, *_NO_ALIASES)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(event, "one-document", "Only one document a file.", "remove the line with `---`")

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        bad = _CONTROL.search(event.value) if event.style == '"' else None
        if bad is not None:
            self._refuse(
                event,
                "control-character",
                f"This text holds a control character (U+{ord(bad[0]):04X}).",
                "delete the `\\` and what follows",
            )
        return Scalar(self._at(event), event.value, not event.style)

    def _guard(self, event: yaml.NodeEvent) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self._refuse(event, "too-large", f"More than {MAX_NODES} values in one file.")
        if event.anchor is not None:
            self._refuse(event, *_NO_ALIASES)
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag is not None:
            self._refuse(event, "no-tags", "Tags (`!…`) are not read.", "put the value in quotes if it begins with `!`")

    def _add(self, node: Node) -> None:
        if self.open:
            self.open[-1][2].append(node)
        else:
            self.root = node

    def _close(self) -> None:
        is_mapping, at, children = self.open.pop()
        if is_mapping:
            self._add(Mapping(at, tuple(self._pairs(children))))
        else:
            self._add(Sequence(at, tuple(children)))

    def _pairs(self, children: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Location] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.problems.append(Diagnostic(key.at, "odd-key", "A key must be a plain word."))
            elif key.plain and key.text == "<<":
                self.problems.append(Diagnostic(key.at, "no-merge-keys", "Merge keys (`<<`) are not read.", "write the keys out"))
            elif key.text in seen:
                hint = f"first written at line {seen[key.text].line}"
                self.problems.append(Diagnostic(key.at, "repeated-key", f"'{key.text[:40]}' stands here twice.", hint))
            else:
                seen[key.text] = key.at
                yield key, value

    def _at(self, event: yaml.Event) -> Location:
        mark = event.start_mark
        return Location(self.name, mark.line + 1, mark.column + 1) if mark is not None else Location(self.name)

    def _refuse(self, event: yaml.Event, code: str, message: str, hint: str = "") -> None:
        raise Refused(Diagnostic(self._at(event), code, message, hint))


def check_characters(text: str, name: str) -> None:
    """Refuse a text in which an invisible control character stands."""
    bad = _CONTROL.search(text)
    if bad is not None:
        from kamcoach.reading.syntax import BREAK

        before = BREAK.split(text[: bad.start()])
        at = Location(name, len(before), len(before[-1]) + 1)
        raise Refused(Diagnostic(at, "control-character", f"A control character (U+{ord(bad[0]):04X}) stands here.", "delete it"))


def _too_large(at: Location) -> Diagnostic:
    return Diagnostic(at, "too-large", f"The file is larger than {MAX_BYTES // 1_000_000} MB.")


def _unreadable(path: Path, at: Location) -> Diagnostic:
    if path.is_dir():
        return Diagnostic(at, "unreadable-file", "This is a folder, not a file.")
    if path.exists():
        return Diagnostic(at, "unreadable-file", "This is not an ordinary file.")
    return Diagnostic(at, "unreadable-file", "There is no such file.")
