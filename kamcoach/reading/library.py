"""Assembling a library: a playbook laid over those it extends, with their rules, vocabulary and plays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kamcoach.errors import UnknownName
from kamcoach.model.fact import Vocabulary, Words
from kamcoach.model.playbook import Library, Play, Ranking, Shows
from kamcoach.model.rule import Advise, Param, Rule
from kamcoach.model.rulebase import CircleThroughNegation, layer
from kamcoach.reading.fields import Problems, check_keys, is_list, is_mapping, nearest, text_of, words_of
from kamcoach.reading.finding import PLAYBOOK_FILE, playbook_folder, rule_files, scenario_files, shipped
from kamcoach.reading.inside import stray
from kamcoach.reading.nodes import Mapping, Node, read_file
from kamcoach.reading.playbooks import PLAYBOOK_KEYS, lacking, read_params, read_play, read_ranking, read_sections, read_shows
from kamcoach.reading.rows import read_rules
from kamcoach.reading.rules import read_checks
from kamcoach.reading.tables import Tables
from kamcoach.reading.vocabulary import read_vocabulary
from kamcoach.source import Diagnostic, Location, real


@dataclass(slots=True)
class Layer:
    """One playbook with what it brings, before it is laid over the one it extends."""

    id: str
    folder: Path
    table: Mapping
    rules: Path = Path()
    rule_files: list[Path] = field(default_factory=list)
    vocabulary: Path | None = None


def read_library(folder: Path, problems: Problems, extra_rules: tuple[Path, ...] = ()) -> Library | None:
    """The playbook in a folder with all it extends; notes problems and goes on as far as possible. None if too little is left."""
    layers = layers_of(folder, problems)
    if not layers:
        return None
    known = {real(path) for one in layers for path in one.rule_files}
    layers[-1].rule_files.extend(path for path in extra_rules if real(path) not in known)
    roots = [root for one in layers if one.vocabulary and (root := read_file(one.vocabulary, problems)) is not None]
    vocabulary = read_vocabulary(roots, problems)
    params: dict[str, Param] = {}
    ranking, shows, sections, title = Ranking(), Shows(), dict[str, Words](), dict[str, str]()
    for one in layers:
        params = read_params(one.table.get("params"), params, problems)
        ranking = read_ranking(one.table.get("ranking"), ranking, vocabulary, problems)
        shows = read_shows(one.table.get("shows"), shows, vocabulary, problems)
        sections = read_sections(one.table.get("sections"), sections, problems)
        title = {**title, **words_of(one.table.get("title"), "'title'", problems)}
    origins: dict[str, str] = {}
    rules = _rules(layers, vocabulary, params, origins, problems)
    plays = _plays(layers, sections, origins, problems)
    _check_calls(rules, plays, sections, problems)
    _check_scenarios(layers, problems)
    try:
        base = layer(vocabulary, tuple(rules.values()), params)
    except CircleThroughNegation as circle:
        problems.append(_circle(circle))
        return None
    templates = tuple(one.folder / "templates" for one in reversed(layers) if (one.folder / "templates").is_dir())
    checks = read_checks(roots, vocabulary, problems)
    folders = tuple(dict.fromkeys(str(path) for one in layers for path in (one.folder, one.rules) if path.is_dir()))
    return Library(layers[-1].id, title, base, checks, plays, sections, ranking, shows, templates, origins, folders)


def layers_of(folder: Path, problems: Problems) -> list[Layer]:
    """The playbook and those it extends, the furthest first."""
    found: list[Layer] = []
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
        try:
            folder = playbook_folder(named, folder)
        except UnknownName as error:
            problems.append(Diagnostic((table.get("extends") or table).at, "unknown-playbook", str(error)))
            return []


def _layer(folder: Path, table: Mapping, problems: Problems) -> Layer:
    one = Layer(text_of(table.get("id"), "'id'", problems), folder, table)
    named = text_of(table.get("rules"), "'rules'", problems)
    one.rules = _shipped_rules(folder) if named == "shipped" else folder / "rules"
    if named not in ("", "shipped"):
        node: Node = table.get("rules") or table
        problems.append(Diagnostic(node.at, "unknown-value", f"'rules' is never '{named}'.", "leave it out: the folder rules/ is read"))
    home = one.rules if named == "shipped" else folder
    one.rule_files = _inside(rule_files(one.rules), home, problems)
    vocabulary = home / "vocabulary.yaml"
    one.vocabulary = next(iter(_inside([vocabulary], home, problems)), None) if vocabulary.is_file() else None
    return one


def _inside(paths: Iterable[Path], folder: Path, problems: Problems) -> list[Path]:
    """Those that lie in the folder; a link that leads out of it is noted."""
    listed = list(paths)
    found = {one.at.path: one for one in stray(listed, folder)}
    problems.extend(found.values())
    return [path for path in listed if str(path) not in found]


def _shipped_rules(folder: Path) -> Path:
    """The rules that came with a shipped playbook: those beside it, so that another version of both can be read too."""
    beside = folder.parent.parent / "rules"
    return beside if (beside / "vocabulary.yaml").is_file() else shipped("rules")


def own_folders(folder: Path) -> tuple[Path, ...]:
    """The folders of a playbook itself, without those of the playbooks that it extends."""
    layers = layers_of(folder, [])
    return (folder, layers[-1].rules) if layers else (folder,)


def _rules(
    layers: list[Layer], vocabulary: Vocabulary, params: dict[str, Param], origins: dict[str, str], problems: Problems
) -> dict[str, Rule]:
    """The rules of all playbooks by id; a later file takes the place of all rules of an earlier one of its name."""
    files: dict[str, tuple[Location, tuple[Rule, ...]]] = {}
    whose: dict[str, str] = {}
    tables = Tables()
    for one in layers:
        for path in one.rule_files:
            root = read_file(path, problems)
            found = read_rules(root, vocabulary, params, tables, problems) if root is not None else ()
            if root is None or not found:
                continue
            stem = found[0].stem
            if stem != path.stem:
                message = f"The rule '{stem}' stands in {path.name}."
                copied = f"if it is a copy, write `id: {path.stem}`; else " if stem in files else ""
                problems.append(Diagnostic(root.at, "wrong-name", message, f"{copied}name the file {stem}.yaml"))
            _check_twice(stem, root.at, files[stem][0] if stem in files else None, found[0].replaces, "rule", problems)
            files[stem], whose[stem] = (root.at, found), one.id
    problems.extend(tables.unused())
    rules = {rule.id: rule for _, found in files.values() for rule in found}
    origins.update({rule.id: whose[rule.stem] for rule in rules.values()})
    rows = {stem: tuple(rule.id for rule in found) for stem, (_, found) in files.items() if stem not in rules}
    return {rule.id: _instead_of_rows(rule, rows) for rule in rules.values()}


def _instead_of_rows(rule: Rule, rows: dict[str, tuple[str, ...]]) -> Rule:
    """The rule with all rows of a table where it names the table under `instead_of:`."""
    if not any(other in rows for effect in rule.then if isinstance(effect, Advise) for other in effect.instead_of):
        return rule
    return rule._replace(then=tuple(_all_rows(effect, rows) if isinstance(effect, Advise) else effect for effect in rule.then))


def _all_rows(advise: Advise, rows: dict[str, tuple[str, ...]]) -> Advise:
    return advise._replace(instead_of=tuple(name for other in advise.instead_of for name in rows.get(other, (other,))))


def _check_twice(name: str, at: Location, before: Location | None, replaces: bool, what: str, problems: Problems) -> None:  # noqa: FBT001
    if before is not None and not replaces:
        way = "`replaces: true`" if what == "rule" else f"`replaces: {{plays: [{name}]}}` in playbook.yaml"
        hint = f"if it is meant to take its place, say {way}; the other is {before}"
        problems.append(Diagnostic(at, "repeated-id", f"There is already a {what} '{name}'.", hint))
    elif before is None and replaces:
        problems.append(Diagnostic(at, "nothing-to-replace", f"There is no {what} '{name}' to replace."))


def _plays(layers: list[Layer], sections: dict[str, Words], origins: dict[str, str], problems: Problems) -> dict[str, Play]:
    plays: dict[str, Play] = {}
    for one in layers:
        paths = _inside(sorted((one.folder / "plays").glob("*.md.j2")), one.folder, problems)
        allowed = _replaced(one.table, {path.name.removesuffix(".md.j2") for path in paths}, problems)
        for path in paths:
            play = read_play(path, sections, problems)
            if play is None:
                continue
            _check_twice(play.id, play.at, plays[play.id].at if play.id in plays else None, play.id in allowed, "play", problems)
            plays[play.id] = play
            origins[f"play:{play.id}"] = one.id
    return plays


def _replaced(table: Mapping, own: set[str], problems: Problems) -> set[str]:
    """The plays that the playbook says it replaces; each must be there."""
    node = table.get("replaces")
    if node is not None and (inner := is_mapping(node, "'replaces'", problems)) is not None:
        check_keys(inner, ("plays", "scenarios"), (), "'replaces'", problems)
    names = replaced(table, "plays", problems)
    for name in sorted(set(names) - own):
        problems.append(Diagnostic(names[name], "unknown-play", f"This playbook has no play '{name}'.", nearest(name, own)))
    return set(names)


def replaced(table: Mapping, kind: str, problems: Problems) -> dict[str, Location]:
    """The plays or the scenario files that a playbook says it replaces, each with its place."""
    node = table.get("replaces")
    inner = is_mapping(node, "'replaces'", []) if node is not None else None
    listed = inner.get(kind) if inner is not None else None
    items = is_list(listed, f"'{kind}'", problems) if listed is not None else None
    return {text_of(item, f"'{kind}'", problems): item.at for item in (items.items if items else ())}


def scenario_names(layers: list[Layer]) -> set[str]:
    """What stands before `.test.yaml` in the scenario files of some playbooks."""
    return {path.name.removesuffix(".test.yaml") for one in layers for path in scenario_files(one.rules)}


def _check_scenarios(layers: list[Layer], problems: Problems) -> None:
    """Each scenario file that a playbook says it replaces is there, in it and in one that it extends."""
    for place, one in enumerate(layers):
        for name, at in replaced(one.table, "scenarios", problems).items():
            own, before = scenario_names([one]), scenario_names(layers[:place])
            if name not in own:
                message = f"This playbook has no scenarios '{name}'."
                problems.append(Diagnostic(at, "unknown-scenario", message, nearest(name, own)))
            elif name not in before:
                problems.append(Diagnostic(at, "nothing-to-replace", f"There are no scenarios '{name}' to replace."))


def _check_calls(rules: dict[str, Rule], plays: dict[str, Play], sections: dict[str, Words], problems: Problems) -> None:
    """Every play and every rule that a rule names is there; a play says what to do, unless it only says what not to do."""
    calls = [effect for rule in rules.values() for effect in rule.then if isinstance(effect, Advise)]
    for call in calls:
        if call.play not in plays:
            problems.append(Diagnostic(call.at, "unknown-play", f"There is no play '{call.play}'.", nearest(call.play, plays)))
        for other in call.instead_of:
            if other not in rules:
                problems.append(Diagnostic(call.at, "unknown-rule", f"There is no rule '{other}'.", nearest(other, rules)))
    only_warns = {call.play for call in calls if call.do_not} - {call.play for call in calls if not call.do_not}
    for play in plays.values():
        if play.id not in only_warns:
            problems.extend(lacking(play, "do", sections))


def _circle(circle: CircleThroughNegation) -> Diagnostic:
    names = ", ".join(rule.id for rule in circle.rules)
    message = f"Rules go round in a circle through a negation or a count: {names}. '{circle.predicate}' would have to be complete first."
    return Diagnostic(circle.rules[0].at, "circle-through-negation", message, "let one of them read something that comes earlier")
