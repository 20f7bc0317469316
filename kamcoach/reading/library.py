"""Finding and assembling a library: the shipped one, or a team's own that extends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kamcoach.errors import BadInput, UnknownName
from kamcoach.model.fact import Vocabulary, Words
from kamcoach.model.playbook import Library, Play, Ranking, Shows
from kamcoach.model.rule import Param, Rule
from kamcoach.model.rulebase import CircleThroughNegation, layer
from kamcoach.reading.fields import Problems, check_keys, is_mapping, nearest, text_of, words_of
from kamcoach.reading.nodes import Mapping, Node, read_file
from kamcoach.reading.playbooks import PLAYBOOK_KEYS, read_params, read_play, read_ranking, read_sections, read_shows
from kamcoach.reading.rules import read_checks, read_rule
from kamcoach.reading.vocabulary import read_vocabulary
from kamcoach.source import Diagnostic, Location

DEFAULT_PLAYBOOK: Final = "key-account"
PLAYBOOK_FILE: Final = "playbook.yaml"
CONFIG_FILE: Final = "kamcoach.yaml"
_PACKAGE: Final = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """A folder that comes with the program: `rules`, `playbooks`, `examples`. A checkout uses its own."""
    root = _PACKAGE.parent
    checkout = (root / "pyproject.toml").is_file() and (root / name).is_dir()
    return _shown(root / name if checkout else _PACKAGE / "_shipped" / name)


def _shown(path: Path) -> Path:
    """The path as a person would write it: relative if it lies below the current folder."""
    try:
        return path.relative_to(Path.cwd())
    except (ValueError, OSError):
        return path


@dataclass(slots=True)
class _Layer:
    """One playbook with what it brings, before it is laid over the one it extends."""

    id: str
    folder: Path
    table: Mapping
    rule_files: list[Path] = field(default_factory=list)
    vocabulary: Path | None = None


def find_playbook(named: str | None, near: Path | None) -> Path:
    """The playbook folder: named, else from `kamcoach.yaml` found upwards from the deal, else the shipped one."""
    if named:
        return _playbook_folder(named, Path.cwd())
    for folder in [near, *near.parents] if near else []:
        config = folder / CONFIG_FILE
        if config.is_file():
            return _configured(config)
    return _playbook_folder(DEFAULT_PLAYBOOK, Path.cwd())


def _configured(config: Path) -> Path:
    problems: Problems = []
    root = read_file(config, problems)
    table = is_mapping(root, "kamcoach.yaml", problems) if root is not None else None
    if table is not None:
        check_keys(table, ("playbook",), ("playbook",), "kamcoach.yaml", problems)
    named = text_of(table.get("playbook"), "'playbook'", problems) if table is not None else ""
    if problems:
        raise BadInput(problems)
    return _playbook_folder(named, config.parent)


def _playbook_folder(named: str, base: Path) -> Path:
    own = base / named
    if (own / PLAYBOOK_FILE).is_file():
        return own
    if own.name == PLAYBOOK_FILE and own.is_file():
        return own.parent
    known = shipped("playbooks") / named
    if "/" not in named and (known / PLAYBOOK_FILE).is_file():
        return known
    names = [path.parent.name for path in shipped("playbooks").glob(f"*/{PLAYBOOK_FILE}")]
    raise UnknownName(f"There is no playbook '{named}'. {nearest(named, names).capitalize()}")


def load_library(folder: Path, extra_rules: tuple[Path, ...] = ()) -> Library:
    """The playbook in a folder with all it extends. Raises BadInput with every problem found."""
    problems: Problems = []
    library = read_library(folder, problems, extra_rules)
    errors = [p for p in problems if p.level == "error"]
    if errors or library is None:
        raise BadInput(errors)
    return library


def read_library(folder: Path, problems: Problems, extra_rules: tuple[Path, ...] = ()) -> Library | None:
    """As `load_library`, noting problems and going on as far as possible."""
    layers = _layers(folder, problems)
    if not layers:
        return None
    known = {path.resolve() for one in layers for path in one.rule_files}
    layers[-1].rule_files.extend(path for path in extra_rules if path.resolve() not in known)
    roots = [root for one in layers if one.vocabulary and (root := read_file(one.vocabulary, problems)) is not None]
    vocabulary = read_vocabulary(roots, problems)
    params: dict[str, Param] = {}
    ranking, shows, sections, title = Ranking(), Shows(), dict[str, Words](), dict[str, str]()
    for one in layers:
        params = read_params(one.table.get("params"), params, problems)
        ranking = read_ranking(one.table.get("ranking"), ranking, problems)
        shows = read_shows(one.table.get("shows"), shows, problems)
        sections = read_sections(one.table.get("sections"), sections, problems)
        title = {**title, **words_of(one.table.get("title"), "'title'", problems)}
    origins: dict[str, str] = {}
    rules = _rules(layers, vocabulary, params, origins, problems)
    plays = _plays(layers, sections, origins, problems)
    _check_calls(rules, plays, problems)
    try:
        base = layer(vocabulary, tuple(rules.values()), params)
    except CircleThroughNegation as circle:
        problems.append(_circle(circle))
        return None
    templates = tuple(one.folder / "templates" for one in reversed(layers) if (one.folder / "templates").is_dir())
    checks = read_checks(roots, vocabulary, problems)
    return Library(layers[-1].id, title, base, checks, plays, sections, ranking, shows, templates, origins)


def _layers(folder: Path, problems: Problems) -> list[_Layer]:
    """The playbook and those it extends, the furthest first."""
    found: list[_Layer] = []
    while True:
        path = folder / PLAYBOOK_FILE
        root = read_file(path, problems)
        table = is_mapping(root, "A playbook", problems) if root is not None else None
        if table is None:
            return []
        check_keys(table, PLAYBOOK_KEYS, ("id", "title"), "A playbook", problems)
        found.insert(0, _layer(folder, table, problems))
        named = text_of(table.get("extends"), "'extends'", problems)
        if not named:
            return found
        if len(found) > 8:
            problems.append(Diagnostic(table.at, "circle", "'extends' goes round in a circle, or more than eight playbooks deep."))
            return []
        folder = _playbook_folder(named, folder)


def _layer(folder: Path, table: Mapping, problems: Problems) -> _Layer:
    one = _Layer(text_of(table.get("id"), "'id'", problems), folder, table)
    named = text_of(table.get("rules"), "'rules'", problems)
    rules = shipped("rules") if named == "shipped" else folder / "rules"
    if named not in ("", "shipped"):
        node: Node = table.get("rules") or table
        problems.append(Diagnostic(node.at, "unknown-value", f"'rules' is never '{named}'.", "leave it out: the folder rules/ is read"))
    one.rule_files = list(rule_files(rules))
    vocabulary = (rules if named == "shipped" else folder) / "vocabulary.yaml"
    one.vocabulary = vocabulary if vocabulary.is_file() else None
    return one


def rule_files(folder: Path) -> Iterator[Path]:
    """Every rule file below a folder, in a fixed order."""
    return (p for p in sorted(folder.rglob("*.yaml")) if not p.name.endswith(".test.yaml") and p.name != "vocabulary.yaml")


def scenario_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.test.yaml")))


def scenario_folders(folder: Path) -> Iterator[Path]:
    """Where the scenarios of a playbook and of those it extends stand."""
    problems: Problems = []
    for one in _layers(folder, problems):
        named = text_of(one.table.get("rules"), "'rules'", problems)
        rules = shipped("rules") if named == "shipped" else one.folder / "rules"
        if rules.is_dir():
            yield rules


def _rules(
    layers: list[_Layer], vocabulary: Vocabulary, params: dict[str, Param], origins: dict[str, str], problems: Problems
) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for one in layers:
        for path in one.rule_files:
            root = read_file(path, problems)
            rule = read_rule(root, vocabulary, params, problems) if root is not None else None
            if rule is None:
                continue
            if rule.id != path.stem:
                problems.append(Diagnostic(rule.at, "wrong-name", f"The rule '{rule.id}' stands in {path.name}.", f"name the file {rule.id}.yaml"))
            _check_twice(rule.id, rule.at, rules[rule.id].at if rule.id in rules else None, rule.replaces, "rule", problems)
            rules[rule.id] = rule
            origins[rule.id] = one.id
    return rules


def _check_twice(name: str, at: Location, before: Location | None, replaces: bool, what: str, problems: Problems) -> None:  # noqa: FBT001
    if before is not None and not replaces:
        hint = f"if it is meant to take its place, say `replaces: true`; the other is {before}"
        problems.append(Diagnostic(at, "repeated-id", f"There is already a {what} '{name}'.", hint))
    elif before is None and replaces:
        problems.append(Diagnostic(at, "nothing-to-replace", f"There is no {what} '{name}' to replace."))


def _plays(layers: list[_Layer], sections: dict[str, Words], origins: dict[str, str], problems: Problems) -> dict[str, Play]:
    plays: dict[str, Play] = {}
    for one in layers:
        allowed = _replaced(one.table, problems)
        for path in sorted((one.folder / "plays").glob("*.md.j2")):
            play = read_play(path, sections, problems)
            if play is None:
                continue
            _check_twice(play.id, play.at, plays[play.id].at if play.id in plays else None, play.id in allowed, "play", problems)
            plays[play.id] = play
            origins[f"play:{play.id}"] = one.id
    return plays


def _replaced(table: Mapping, problems: Problems) -> set[str]:
    """The plays that the playbook says it replaces."""
    node = table.get("replaces")
    inner = is_mapping(node, "'replaces'", problems) if node is not None else None
    listed = inner.get("plays") if inner is not None else None
    items = getattr(listed, "items", ())
    return {text_of(item, "'plays'", problems) for item in items}


def _check_calls(rules: dict[str, Rule], plays: dict[str, Play], problems: Problems) -> None:
    """Every play and every rule that a rule names is there."""
    for rule in rules.values():
        for effect in rule.then:
            play = getattr(effect, "play", None)
            if play is not None and play not in plays:
                problems.append(Diagnostic(effect.at, "unknown-play", f"There is no play '{play}'.", nearest(play, plays)))
            for other in getattr(effect, "instead_of", ()):
                if other not in rules:
                    problems.append(Diagnostic(effect.at, "unknown-rule", f"There is no rule '{other}'.", nearest(other, rules)))


def _circle(circle: CircleThroughNegation) -> Diagnostic:
    names = ", ".join(rule.id for rule in circle.rules)
    message = f"Rules go round in a circle through a negation or a count: {names}. '{circle.predicate}' would have to be complete first."
    return Diagnostic(circle.rules[0].at, "circle-through-negation", message, "let one of them read something that comes earlier")


