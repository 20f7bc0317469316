"""`kamcoach init`."""

from __future__ import annotations

from typing import Any, Final

import click

from kamcoach.cli.new_playbook import Begun, begins
from kamcoach.cli.output import say, short
from kamcoach.model.fact import Words
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import CONFIG_FILE
from kamcoach.scaffold.playbooks import CONFIG
from kamcoach.schema import KINDS
from kamcoach.schema.files import FOLDER, file_name, text_of
from kamcoach.writing.files import written

_TITLE: Final[Words] = {"en": "What is your team's playbook called?", "zh": "团队的打法叫什么名字？"}
_DONE: Final[Words] = {
    "en": """\
{folder} holds your team's playbook. In that folder:
  kamcoach new rule ID            a rule of your own
  kamcoach new vocabulary         a field of your own
  kamcoach new deal FILE.yaml     a deal that is coached by it
  kamcoach check && kamcoach test""",
    "zh": """\
{folder} 里是你们团队的打法。进入这个文件夹：
  kamcoach new rule 编号          写一条自家的规则
  kamcoach new vocabulary         加一个自家的字段
  kamcoach new deal 文件.yaml     开一个用它辅导的商机
  kamcoach check && kamcoach test""",
}


@click.command("init")
@begins
def command(**said: Any) -> None:
    """Begin your team's own playbook on top of a shipped one.

    FOLDER gets a kamcoach.yaml, so that every deal in it is coached by that playbook, and the schemas for editors.
    """
    begun = Begun(**said)
    folder = begun.folder
    files, library = begun.files(_TITLE)
    schemas = {folder / FOLDER / file_name(kind): text_of(kind, library) for kind in KINDS}
    with written({**files, folder / CONFIG_FILE: CONFIG}, schemas):
        load_library(folder, cached=False)
    say(short(_DONE[begun.lang].format(folder=folder)))
