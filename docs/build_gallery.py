"""Builds every example deal as a brief: both languages, all audiences, all forms, with a page to walk through them.

`python docs/build_gallery.py` writes `build/gallery/`, and prints sizes and times. PDF and Word need the extras `pdf` and `docx`.
`python docs/build_gallery.py --pictures` writes the pictures of the manual instead; with `--check` it says whether they are up to date.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kamcoach.advice.report import Report  # noqa: E402
from kamcoach.advice.speech import Speech  # noqa: E402
from kamcoach.brief.document import Brief, brief  # noqa: E402
from kamcoach.brief.forms import FORMS  # noqa: E402
from kamcoach.brief.pictures import WIDE, standalone  # noqa: E402
from kamcoach.coaching import coach, load_deal  # noqa: E402
from kamcoach.model.playbook import Library  # noqa: E402
from kamcoach.reading.cache import load_library  # noqa: E402
from kamcoach.reading.finding import find_playbook  # noqa: E402

OUT: Final = ROOT / "build" / "gallery"
PICTURES: Final = ROOT / "docs" / "how-to" / "pictures"
SHOWN: Final = {"en": ("calder-ports", "velora-planning", "kessel-rollout"), "zh": ("lanting-inspection",)}
"""Whose pictures stand in the manual, by language; of each picture the first that shows something."""
AUDIENCES: Final = ("manager", "rep", "handover")
PAPER: Final = ("pdf", "docx")
"""Forms that are made for the manager only: they take seconds each."""
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>kamcoach: briefs</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.6 "Helvetica Neue", Arial, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }}
body {{ max-width: 900px; margin: 40px auto; padding: 0 18px; }}
h2 {{ font-size: 18px; margin: 28px 0 2px; }}
p {{ margin: 2px 0; }}
a {{ margin-right: 12px; }}
</style>
</head>
<body>
<h1>Briefs of the example deals</h1>
{rows}
</body>
</html>
"""


class Made(NamedTuple):
    """One file of the gallery."""

    path: Path
    form: str
    seconds: float


def made_brief(name: str, library: Library, lang: str, audience: str) -> Brief:
    coached = coach(load_deal(ROOT / "examples" / f"{name}.yaml", library)[0], library)
    speech = Speech(coached.consultation, library, lang)
    return brief(Report(coached.deal, speech, coached.ranked, coached.questions, full=False), audience)


def build(library: Library) -> list[Made]:
    OUT.mkdir(parents=True, exist_ok=True)
    made: list[Made] = []
    rows: list[str] = []
    for path in sorted((ROOT / "examples").glob("*.yaml")):
        found = made_brief(path.stem, library, "en", "manager")
        files = [one for lang in ("en", "zh") for one in _files(path.stem, library, lang)]
        links = " ".join(f'<a href="{one.path.name}">{one.path.name.removeprefix(path.stem + ".")}</a>' for one in files)
        rows.append(f"<h2>{escape(found.title)}</h2>\n<p>{links}</p>")
        made += files
        print(f"{path.stem}: {len(files)} files", flush=True)
    (OUT / "index.html").write_text(_PAGE.format(rows="\n".join(rows)), encoding="utf-8")
    return made


def _files(name: str, library: Library, lang: str) -> list[Made]:
    made = []
    for audience in AUDIENCES:
        found = made_brief(name, library, lang, audience)
        for form in FORMS if audience == "manager" else [one for one in FORMS if one not in PAPER]:
            start = perf_counter()
            content = FORMS[form].make(found, {}, "")
            path = OUT / f"{name}.{lang}.{audience}{FORMS[form].endings[0]}"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            made.append(Made(path, form, perf_counter() - start))
    return made


def told(made: list[Made]) -> None:
    """Sizes and times by form."""
    for form in FORMS:
        ours = [one for one in made if one.form == form]
        sizes = sorted(one.path.stat().st_size // 1000 for one in ours)
        times = sorted(one.seconds for one in ours)
        print(f"{form}: {len(ours)} files, {sizes[0]} to {sizes[-1]} kB, {times[0]:.2f} to {times[-1]:.2f} s each")
    print(f"{OUT.relative_to(ROOT) / 'index.html'} shows them all.")


def drawn(library: Library) -> dict[Path, str]:
    """The pictures of the manual, by their files."""
    found: dict[Path, str] = {}
    for lang, names in SHOWN.items():
        for name in names:
            for picture, svg in made_brief(name, library, lang, "manager").pictures(WIDE).items():
                if svg:
                    found.setdefault(PICTURES / f"{picture}.{lang}.svg", standalone(svg))
    return found


def main(arguments: list[str]) -> int:
    library = load_library(find_playbook(None, None))
    if "--pictures" not in arguments:
        told(build(library))
        return 0
    wanted = drawn(library)
    stale = [path for path, svg in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != svg]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date; run: python docs/build_gallery.py --pictures")
        return 1 if stale else 0
    PICTURES.mkdir(exist_ok=True)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
