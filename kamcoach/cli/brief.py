"""`kamcoach brief`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import click

from kamcoach.advice.report import Report
from kamcoach.advice.speech import Speech
from kamcoach.brief.document import Brief, brief
from kamcoach.brief.forms import FORMS, Form
from kamcoach.cli.options import as_of, coached_deal, engine, language, playbook
from kamcoach.cli.output import say, short
from kamcoach.errors import KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.hints import nearest
from kamcoach.source import real
from kamcoach.writing.files import require_folder, write_all

_ENDINGS: Final = {ending: name for name, form in FORMS.items() for ending in form.endings}
_WRITTEN: Final = {"en": "{file} is written.", "zh": "{file} 已写好。"}


class _Order(NamedTuple):
    """What is asked for, the same for every deal."""

    form: Form
    lang: str
    audience: str
    template: str
    day: date | None
    playbook: str | None
    pictures: Path | None
    loaded: dict[Path, Library]
    engine: str


@click.command("brief")
@click.argument("deals", metavar="DEAL...", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write, or a folder; - prints it. Without it the file is named after the deal. A brief that is there is replaced.",
)
@click.option("--format", "form", type=click.Choice(list(FORMS)), help="The form (default: by the ending of the file, else html).")
@language
@click.option("--for", "audience", metavar="WHO", default="manager", help="manager, rep or handover (default: manager).")
@click.option(
    "--template", metavar="T", default="", help="Lay it out by the playbook's template brief.T.html.j2, brief.T.md.j2 or brief.T.docx."
)
@click.option("--pictures", metavar="FOLDER", type=click.Path(path_type=Path), help="Write the pictures there too, each as an SVG file.")
@as_of
@playbook
@engine
def command(
    deals: tuple[Path, ...],
    output: Path | None,
    form: str | None,
    lang: str,
    audience: str,
    template: str,
    pictures: Path | None,
    as_of: date | None,
    playbook: str | None,
    engine: str,
) -> None:
    """The briefing document of a deal: for the review, for the next visit, or for a handover.

    DEAL is a deal file, or - for standard input. Several deals give one file each.
    """
    made = FORMS[form or _form_of(output)]
    order = _Order(made, lang, audience, _plain_name(template), as_of, playbook, pictures, {}, engine)
    if str(output) == "-":
        _print(deals, order)
        return
    targets = list(_targets(deals, output, made))
    _refuse_twins(deals, targets)
    work = list(zip(deals, targets, strict=True))
    done = [(target, _tried(deal, target, order)) for deal, target in _shown(work)]
    for target in (target for target, problem in done if problem is None):
        say(_WRITTEN[lang].format(file=target))
    failed = [problem for _, problem in done if problem is not None]
    for line in dict.fromkeys(short(str(problem)) for problem in failed):
        click.echo(line, err=True)
    sys.exit(max((problem.exit_code for problem in failed), default=0))


def _form_of(output: Path | None) -> str:
    """The form that the ending of a file stands for. Raises KamcoachError for an ending that none has."""
    if output is None or str(output) == "-" or _is_folder(output):
        return "html"
    ending = output.suffix.lower()
    if ending not in _ENDINGS:
        raise KamcoachError(f"{output}: a brief ends in {', '.join(_ENDINGS)}. {nearest(ending, _ENDINGS).capitalize()}".strip())
    return _ENDINGS[ending]


def _is_folder(output: Path) -> bool:
    return output.is_dir() or not output.suffix


def _plain_name(template: str) -> str:
    """The name of a template, which stays inside the playbook. Raises KamcoachError."""
    if template and not all(char.isalnum() or char in "-_" for char in template):
        raise KamcoachError(f"'{short(template)}' is no name of a template: letters, digits, - and _.")
    return template


def _targets(deals: tuple[Path, ...], output: Path | None, form: Form) -> Iterator[Path]:
    """The file of each deal."""
    if output is not None and not _is_folder(output):
        if len(deals) > 1:
            raise KamcoachError("Several deals do not fit into one file; give a folder with -o.")
        require_folder(output)
        yield output
        return
    for deal in deals:
        stem = "deal" if str(deal) == "-" else deal.stem
        yield (output or Path()) / f"{stem}{form.endings[0]}"


def _refuse_twins(deals: tuple[Path, ...], targets: list[Path]) -> None:
    if any(real(deal) == real(target) for deal, target in zip(deals, targets, strict=True)):
        raise KamcoachError("A brief would take the place of its deal; nothing was written.")
    twin = next((target for place, target in enumerate(targets) if target in targets[:place]), None)
    if twin is not None:
        raise KamcoachError(f"Two of these deals would both be written to {twin}; nothing was written.")


def _shown(work: list[tuple[Path, Path]]) -> Iterator[tuple[Path, Path]]:
    """The work with a bar of its progress, if there is more than one deal and somebody looks on."""
    if len(work) < 2 or sys.stderr is None or not sys.stderr.isatty():
        yield from work
        return
    with click.progressbar(work, file=sys.stderr, item_show_func=lambda pair: short(pair[0].name) if pair else "") as bar:
        yield from bar


def _tried(deal: Path, target: Path, order: _Order) -> KamcoachError | None:
    """Write one brief; what keeps it from being written is told once the others are done."""
    try:
        found = _brief(deal, order)
        pictures = _pictures(found, deal, order)
        content = order.form.make(found, _called(pictures, target.parent), order.template)
        write_all({}, {**dict(pictures.values()), target: content})
    except KamcoachError as error:
        return error
    return None


def _brief(deal: Path, order: _Order) -> Brief:
    coached = coached_deal(deal, order.playbook, order.day, order.lang, order.loaded, order.engine)
    speech = Speech(coached.consultation, coached.library, order.lang)
    report = Report(coached.deal, speech, coached.ranked, coached.questions, full=False)
    return brief(report, order.audience)


def _pictures(found: Brief, deal: Path, order: _Order) -> dict[str, tuple[Path, str]]:
    """The pictures as files of their own: the path and the content of each."""
    if order.pictures is None:
        return {}
    from kamcoach.brief.pictures import WIDE, standalone

    stem = "deal" if str(deal) == "-" else deal.stem
    drawn = found.pictures(WIDE).items()
    return {name: (order.pictures / f"{stem}-{name}.svg", standalone(svg)) for name, svg in drawn if svg}


def _called(pictures: dict[str, tuple[Path, str]], beside: Path) -> dict[str, str]:
    """How a file in the folder `beside` calls each picture."""
    import os

    return {name: Path(os.path.relpath(path, beside)).as_posix() for name, (path, _) in pictures.items()}


def _print(deals: tuple[Path, ...], order: _Order) -> None:
    if len(deals) > 1:
        raise KamcoachError("Several deals cannot be printed into one another; give a folder with -o.")
    found = _brief(deals[0], order)
    pictures = _pictures(found, deals[0], order)
    content = order.form.make(found, _called(pictures, Path()), order.template)
    write_all({}, dict(pictures.values()))
    if isinstance(content, str):
        say(content)
    elif sys.stdout.isatty():
        raise KamcoachError("This form is not text; write it to a file with -o.")
    else:
        click.echo(content, nl=False)
