"""`kamcoach new rule` and `kamcoach new play`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from kamcoach.cli.asking import answer, both, choice
from kamcoach.cli.options import language, playbook
from kamcoach.cli.output import say, short
from kamcoach.cli.schema import schemas_beside
from kamcoach.errors import KamcoachError
from kamcoach.model.fact import SEVERITIES, Words
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook, shipped
from kamcoach.scaffold.examples import default_value
from kamcoach.scaffold.plays import play_text
from kamcoach.scaffold.rules import Draft, looked_at, rule_text, scenario_text
from kamcoach.scaffold.written import file_id
from kamcoach.schema.files import modeline
from kamcoach.source import real
from kamcoach.writing.files import write_all, written

_ASKED: Final[dict[str, Words]] = {
    "title": {"en": "What is the situation, in a few words?", "zh": "用几个字说，是什么情况？"},
    "looks_at": {
        "en": "Which field does it look at, such as stakeholder.power?",
        "zh": "看哪个字段？写成 stakeholder.power 这样",
    },
    "value": {"en": "From which value on, or at which value, does it speak?", "zh": "到哪个值（或者是哪个值）就该提醒？"},
    "severity": {"en": "How grave is it?", "zh": "有多要紧？"},
    "lens": {"en": "Which lens does it belong to?", "zh": "属于哪个视角？"},
    "play": {"en": "Which play says what to do?", "zh": "用哪个话术？"},
    "why": {"en": "Why does it matter, in one line?", "zh": "为什么要紧？一句话"},
    "source": {"en": "Where is it from: book and chapter, or house judgement?", "zh": "出处：书名章节，还是自家经验？"},
    "headline": {"en": "What should the rep do, in one line?", "zh": "销售该做什么？一句话"},
    "do": {"en": "How, step by step?", "zh": "怎么做？"},
}
_WHY: Final[Words] = {"en": "Say why it matters.", "zh": "说说为什么要紧。"}
_DO: Final[Words] = {"en": "Say how, step by step.", "zh": "写清楚一步一步怎么做。"}
_DONE: Final[Words] = {
    "en": "Written: {files}\nNow: kamcoach check && kamcoach test",
    "zh": "已写好：{files}\n接着运行：kamcoach check && kamcoach test",
}


def own_playbook(named: str | None) -> tuple[Path, Library]:
    """The playbook to write into, which must not be one that comes with the program."""
    folder = find_playbook(named, Path.cwd())
    if real(folder).is_relative_to(real(shipped("playbooks"))):
        raise KamcoachError("The shipped playbook is not changed. Begin one of your own: kamcoach init FOLDER, and go there.")
    return folder, load_library(folder, cached=False)


def tell_written(files: dict[Path, str], lang: str) -> None:
    say(short(_DONE[lang].format(files=", ".join(map(str, files)))))


@click.command("rule")
@click.argument("name", metavar="ID")
@click.option("--looks-at", metavar="FACT.FIELD", help="The field of a deal file that it looks at, such as stakeholder.power.")
@click.option("--value", help="The value to look for; of numbers the least, of dates the days gone by.")
@click.option("--title-en")
@click.option("--title-zh")
@click.option("--why-en")
@click.option("--why-zh")
@click.option("--source", help="Book and chapter, or 'house judgement'.")
@click.option("--severity", help=f"{', '.join(SEVERITIES)}.")
@click.option("--lens")
@click.option("--play", help="The play that it calls; a new one is begun if there is none of this name (default: the id of the rule).")
@click.option("--category", default="", help="Folder below rules/.")
@language
@playbook
def rule(name: str, lang: str, playbook: str | None, category: str, **said: str | None) -> None:
    """Begin a rule in your playbook, with scenarios and a play that pass `check` and `test`.

    ID is made of small letters with - and names the situation found. On a terminal, what no option says is asked.
    """
    folder, library = own_playbook(playbook)
    if library.rule_base.named(file_id(name, "rule")):
        raise KamcoachError(f"There is already a rule '{name}'; nothing was written.")
    draft = _draft(name, library, lang, said)
    path = folder.joinpath("rules", *([file_id(category, "folder of rules")] if category else []), f"{name}.yaml")
    scenarios = path.with_name(f"{name}.test.yaml")
    files = {}
    if draft.play not in library.plays:
        files[folder / "plays" / f"{draft.play}.md.j2"] = play_text(library, draft.title, _DO)
    files[path] = modeline("rule", path) + rule_text(draft, library)
    files[scenarios] = modeline("scenario", scenarios) + scenario_text(draft, library)
    with written(files):
        library = load_library(folder)
        write_all({}, {**schemas_beside("rule", path, library), **schemas_beside("scenario", path, library)})
    tell_written(files, lang)


def _draft(name: str, library: Library, lang: str, said: dict[str, str | None]) -> Draft:
    vocabulary = library.rule_base.vocabulary
    title = both({"en": said["title_en"], "zh": said["title_zh"]}, "--title", _ASKED["title"], lang, {"en": name, "zh": name})
    fact_type, field = looked_at(answer(said["looks_at"], "--looks-at", _ASKED["looks_at"], lang), library)
    lenses = list(vocabulary.enums["lens"].values)
    return Draft(
        name,
        title,
        fact=fact_type.name,
        field=field.name,
        value=answer(said["value"], "--value", _ASKED["value"], lang, default_value(field, vocabulary)),
        severity=choice(said["severity"], "--severity", _ASKED["severity"], lang, SEVERITIES, "advise"),
        lens=choice(said["lens"], "--lens", _ASKED["lens"], lang, lenses, lenses[0] if lenses else ""),
        play=file_id(answer(said["play"], "--play", _ASKED["play"], lang, name), "play"),
        why=both({"en": said["why_en"], "zh": said["why_zh"]}, "--why", _ASKED["why"], lang, _WHY),
        source=answer(said["source"], "--source", _ASKED["source"], lang, "house judgement"),
        language=lang,
    )


@click.command("play")
@click.argument("name", metavar="ID")
@click.option("--headline-en")
@click.option("--headline-zh")
@click.option("--do-en")
@click.option("--do-zh")
@language
@playbook
def play(name: str, lang: str, playbook: str | None, **said: str | None) -> None:
    """Begin a play in your playbook: what to do about a situation, in both languages."""
    folder, library = own_playbook(playbook)
    if file_id(name, "play") in library.plays:
        raise KamcoachError(f"There is already a play '{name}'; nothing was written.")
    said_of = {part: {one: said[f"{part}_{one}"] for one in ("en", "zh")} for part in ("headline", "do")}
    headline = both(said_of["headline"], "--headline", _ASKED["headline"], lang, {"en": name, "zh": name})
    do = both(said_of["do"], "--do", _ASKED["do"], lang, _DO)
    files = {folder / "plays" / f"{name}.md.j2": play_text(library, headline, do)}
    write_all(files)
    tell_written(files, lang)
