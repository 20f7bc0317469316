"""`kamcoach new playbook` and `kamcoach new vocabulary`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from kamcoach.cli.asking import answer, both
from kamcoach.cli.new_rule import own_playbook, tell_written
from kamcoach.cli.options import language
from kamcoach.cli.options import playbook as playbook_option
from kamcoach.cli.schema import schemas_beside
from kamcoach.errors import BadInput, KamcoachError
from kamcoach.model.fact import Words
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import DEFAULT_PLAYBOOK, PLAYBOOK_FILE, playbook_folder
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Refused, parse
from kamcoach.reading.vocabulary import read_vocabulary
from kamcoach.scaffold.playbooks import playbook_text, vocabulary_text
from kamcoach.schema.files import modeline
from kamcoach.source import Diagnostic
from kamcoach.writing.files import write_all, written

VOCABULARY_FILE: Final = "vocabulary.yaml"
_TITLE: Final[Words] = {"en": "What is the playbook called?", "zh": "打法叫什么名字？"}
_ASKED: Final[dict[str, Words]] = {
    "fact": {"en": "To which fact do you add a field?", "zh": "给哪种事实加字段？"},
    "field": {"en": "What is the field called in the file, such as credit_rating?", "zh": "字段在文件里叫什么？写成 credit_rating 这样"},
    "type": {"en": "What may stand there: text, bool, int, money, date, …?", "zh": "填什么：text、bool、int、money、date……？"},
    "label": {"en": "What is it called on the page?", "zh": "显示出来叫什么？"},
    "ask": {"en": "How does one ask for it?", "zh": "怎么问？"},
}


class Begun(NamedTuple):
    """The playbook that is asked for."""

    folder: Path
    title_en: str | None
    title_zh: str | None
    extends: str
    lang: str

    def files(self, question: Words = _TITLE) -> tuple[dict[Path, str], Library]:
        """The file of the playbook, and the library as it will be; the title is asked for if it was not given."""
        base = load_library(playbook_folder(self.extends, self.folder), cached=False)
        name, path = self.folder.absolute().name, self.folder / PLAYBOOK_FILE
        title = both({"en": self.title_en, "zh": self.title_zh}, "--title", question, self.lang, {"en": name, "zh": name})
        text = modeline("playbook", path) + playbook_text(name, title, base, self.extends, self.lang)
        return {path: text}, base._replace(id=name)


def begins(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments and options of a command that begins a playbook, those of `Begun`."""
    below = "The playbook below it: a shipped one, or a path from FOLDER."
    for option in (
        language,
        click.option("--extends", default=DEFAULT_PLAYBOOK, show_default=True, help=below),
        click.option("--title-zh", help="The title in Chinese."),
        click.option("--title-en", help="The title in English."),
        click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@click.command("playbook")
@begins
def playbook(**said: Any) -> None:
    """Begin a playbook that extends another, in a folder of its own."""
    begun = Begun(**said)
    files, library = begun.files()
    path = begun.folder / PLAYBOOK_FILE
    with written(files, schemas_beside("playbook", path, library)):
        load_library(begun.folder, cached=False)
    tell_written(files, begun.lang)


@click.command("vocabulary")
@click.option("--fact", help="The fact that gets a field, such as account.")
@click.option("--field", help="The name of the field.")
@click.option("--type", "kind", help="text, bool, int, number, money, ratio, percent or date.")
@click.option("--label-en")
@click.option("--label-zh")
@click.option("--ask-en", help="The question that asks for it.")
@click.option("--ask-zh")
@language
@playbook_option
def vocabulary(lang: str, playbook: str | None, **said: str | None) -> None:
    """Begin a vocabulary in your playbook, with one field of your own in a fact that there is."""
    folder, library = own_playbook(playbook)
    known = [one.name for one in library.rule_base.vocabulary.given]
    fact = answer(said["fact"], "--fact", _ASKED["fact"], lang, known[0] if known else None)
    if fact not in known:
        raise KamcoachError(f"There is no kind of fact '{fact}' in a deal file. {nearest(fact, known)}".strip())
    field = answer(said["field"], "--field", _ASKED["field"], lang)
    if field in library.rule_base.vocabulary.types[fact].fields:
        raise KamcoachError(f"'{fact}' has a field '{field}' already; nothing was written.")
    kind = answer(said["kind"], "--type", _ASKED["type"], lang, "text")
    label = both({"en": said["label_en"], "zh": said["label_zh"]}, "--label", _ASKED["label"], lang, {"en": field, "zh": field})
    ask = both(
        {"en": said["ask_en"], "zh": said["ask_zh"]}, "--ask", _ASKED["ask"], lang, {"en": f"{label['en']}?", "zh": f"{label['zh']}？"}
    )
    text = vocabulary_text(fact, field, kind, label, ask, lang)
    _check(text)
    path = folder / VOCABULARY_FILE
    files = {path: modeline("vocabulary", path) + text}
    with written(files):
        write_all({}, schemas_beside("vocabulary", path, load_library(folder, cached=False)))
    tell_written(files, lang)


def _check(text: str) -> None:
    """Raise BadInput if the readers refuse it, so that nothing wrong is ever written."""
    problems: list[Diagnostic] = []
    try:
        root = parse(text, VOCABULARY_FILE, problems)
    except Refused as refused:
        raise BadInput([refused.diagnostic]) from refused
    if root is not None:
        read_vocabulary([root], problems)
    if problems:
        raise BadInput(problems)
