"""Jinja in a sandbox: plays and templates from strangers can print what they are given and do nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kamcoach.errors import BadInput
from kamcoach.model.fact import Fact, Interval
from kamcoach.source import Diagnostic, Location

MAX_OUTPUT: Final = 60_000
MAX_SOURCE: Final = 60_000
MAX_LOOPS: Final = 3
_FORBIDDEN: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.Call: "a call with (…)",
    nodes.Mul: "*",
    nodes.Pow: "**",
    nodes.Mod: "%",
}


class Missing:
    """An unknown field: false in a test, printed as "not recorded"."""

    def __init__(self, words: str) -> None:
        self._words = words

    def __str__(self) -> str:
        return self._words

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __getitem__(self, name: str) -> Missing:
        return self

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def _never(self, other: object) -> bool:  # noqa: ARG002
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never

    def _same(self, other: object) -> Missing:  # noqa: ARG002
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = _same


class Word(str):
    """An enum value: compares as its name, prints as its label."""

    __slots__ = ("label",)
    label: str

    def __new__(cls, value: str, label: str) -> Word:
        word = super().__new__(cls, value)
        word.label = label
        return word


class View:
    """A fact as a template sees it; its fields are items, so that no Python attribute is in reach."""

    __slots__ = ("_fact", "_get", "_prefix")

    def __init__(self, fact: Fact, get: Callable[[Fact, str], Any], prefix: str = "") -> None:
        self._fact = fact
        self._get = get
        self._prefix = prefix

    def __getitem__(self, name: str) -> Any:
        return self._get(self._fact, f"{self._prefix}{name}")

    def __str__(self) -> str:
        return str(self._get(self._fact, ""))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and other._fact == self._fact

    def __hash__(self) -> int:
        return hash(self._fact)


class Sandbox(ImmutableSandboxedEnvironment):
    """No globals, no calls, no loaders; an allow-list of filters; limits on source, loops and output."""

    def __init__(self, language: str, filters: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=self._finalize, cache_size=0)
        self.language = language
        self.globals = {}
        self.filters = dict(filters)
        self.tests = {name: self.tests[name] for name in ("defined", "in", "eq", "ne", "lt", "gt", "le", "ge", "none", "string", "number")}
        self.tests["known"] = lambda value: not isinstance(value, Missing) and value is not None
        self.tests["unknown"] = lambda value: isinstance(value, Missing) or value is None

    def _finalize(self, value: Any) -> Any:
        return plain(value, self.language)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        return False

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, (View, Missing)) and isinstance(argument, str):
            return obj[argument]
        if (isinstance(obj, Mapping) and argument in obj) or (isinstance(obj, (list, tuple)) and isinstance(argument, int)):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(obj=obj, name=argument)
        if type(obj).__name__ == "LoopContext" and argument in ("index", "index0", "first", "last", "length"):
            return getattr(obj, argument)
        return self.undefined(obj=obj, name=argument)


def plain(value: Any, language: str) -> str:
    """A value as a reader sees it."""
    if isinstance(value, Word):
        return value.label
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日" if language == "zh" else f"{value.day} {value:%B} {value.year}"
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "zh": ("否", "是")}[language][value]
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, Interval):
        return f"{plain(value.low, language)}–{plain(value.high, language)}"
    if isinstance(value, (tuple, list)):
        return listing([plain(one, language) for one in value], language)
    return str(value)


def listing(words: Iterable[str], language: str) -> str:
    """A, B and C; 甲、乙和丙."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    comma, last = ("、", "和") if language == "zh" else (", ", " and ")
    return f"{comma.join(listed[:-1])}{last}{listed[-1]}"


def compile_source(sandbox: Sandbox, source: str, at: Location) -> Template:
    """A checked template; diagnostics point into the file it came from. Raises BadInput."""
    if len(source) > MAX_SOURCE:
        raise BadInput([Diagnostic(at, "template-too-long", f"The template is longer than {MAX_SOURCE} characters.")])
    try:
        tree = sandbox.parse(source)
        _check(tree, at)
        return sandbox.from_string(tree)
    except TemplateSyntaxError as error:
        raise BadInput([Diagnostic(_line(at, error.lineno), "template-syntax", f"{error.message}".rstrip(".") + ".")]) from error
    except (TemplateError, RecursionError) as error:
        raise BadInput([Diagnostic(at, "template-syntax", "The template cannot be understood.")]) from error


def names_in(sandbox: Sandbox, source: str) -> set[str]:
    """The names that a template expects from outside; none if it cannot be parsed."""
    try:
        return set(find_undeclared_variables(sandbox.parse(source)))
    except TemplateSyntaxError:
        return set()


def optional_names(source: str) -> set[str]:
    """The names that a template asks for with `is defined` before it uses them."""
    return set(re.findall(r"(\w+) is (?:not )?defined", source))


def _check(tree: nodes.Template, at: Location) -> None:
    """Refuse the first node that may not stand in a template, and loops in loops in loops."""
    found: list[tuple[int, str]] = []
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        depth += type(node) is nodes.For
        word = _FORBIDDEN.get(type(node))
        if word is not None:
            found.append((node.lineno, f"'{word}' may not stand in a template."))
        if depth > MAX_LOOPS:
            found.append((node.lineno, f"Loops may stand at most {MAX_LOOPS} deep."))
            continue
        waiting.extend((child, depth) for child in node.iter_child_nodes())
    if found:
        line, message = min(found)
        raise BadInput([Diagnostic(_line(at, line), "template-forbidden", message, "see the play format for what may")])


def render(template: Template, names: Mapping[str, Any], at: Location) -> str:
    """The text of a template. Raises BadInput with the line that failed."""
    parts: list[str] = []
    size = 0
    try:
        for part in template.root_render_func(_context(template, names)):
            size += len(part)
            if size > MAX_OUTPUT:
                raise BadInput([Diagnostic(at, "template-too-long", f"The text grows beyond {MAX_OUTPUT} characters.")])
            parts.append(part)
    except UndefinedError as error:
        message = f"{error.message}".rstrip(".") + "."
        raise BadInput([Diagnostic(_line(at, _failed_line(template, error)), "template-unknown-name", message)]) from error
    except (SecurityError, TypeError, ValueError, KeyError, ArithmeticError, AttributeError) as error:
        place = _line(at, _failed_line(template, error))
        raise BadInput([Diagnostic(place, "template-failed", f"This cannot be worked out: {error}.")]) from error
    return "".join(parts)


def _context(template: Template, names: Mapping[str, Any]) -> Context:
    return template.new_context(dict(names))


def _failed_line(template: Template, error: BaseException) -> int:
    """The template line of the innermost frame that belongs to the template."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_name in ("root", "top-level template code") or trace.tb_frame.f_code.co_filename == "<template>":
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


def _line(at: Location, line: int) -> Location:
    return Location(at.path, at.line + line - 1, 1)
