"""The pictures: nothing overlaps, nothing runs out, and each says in words what it shows."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from kamcoach.brief.document import Brief
from kamcoach.brief.html import html
from kamcoach.brief.pictures import NARROW, WIDE, picture_names
from kamcoach.model.playbook import Library
from kamcoach.reading.finding import shipped
from tests.brief import making
from tests.brief.drawing import SVG, cards, labels, outside, overlaps, parsed

EXAMPLES = sorted(shipped("examples").glob("*.yaml"))
LONG = {
    "english": "Alexandrina Konstantinopoulos-Featherstonehaugh of the Central Procurement Directorate",
    "chinese": "华东精密制造集团股份有限公司第二事业部设备动力科副总工程师欧阳上官",
    "one word": "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft",
    "wide letters": "WWWWWWWWWW MMMMMMMMMM @@@@@@@@@@",
    "endless": "x" * 900,
}


def drawn(found: Brief) -> list[tuple[str, str]]:
    """Every picture that shows something, wide and narrow."""
    return [(f"{name} {width}", svg) for width in (WIDE, NARROW) for name, svg in found.pictures(width).items() if svg]


def sound(found: Brief) -> None:
    for name, svg in drawn(found):
        assert outside(svg) == [], name
        assert overlaps(labels(svg)) == [], name


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_label_of_an_example_overlaps_or_runs_out(path: Path, lang: str, shipped_library: Library) -> None:
    sound(making.of_file(path, shipped_library, lang))


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_twenty_people_with_long_names(name: str, lang: str, shipped_library: Library) -> None:
    found = making.of_text(making.crowd(name), shipped_library, lang)
    sound(found)
    for width in (WIDE, NARROW):
        people = found.pictures(width)["people"]
        assert len(cards(people)) >= 20
        assert overlaps(cards(people)) == []


def test_no_line_between_people_crosses_a_card(shipped_library: Library) -> None:
    svg = making.of_text(making.crowd("Lee"), shipped_library).pictures(WIDE)["people"]
    found = cards(svg)[:20]
    lines = [one.get("d", "") for one in parsed(svg).iter(f"{SVG}path") if one.get("stroke-linejoin")]
    assert len(lines) > 25
    for path in lines:
        points = [tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+)", path)]
        for (x1, y1), (x2, y2) in pairwise(points):
            for card in found:
                inside = (
                    min(x1, x2) < card.right - 1
                    and card.left + 1 < max(x1, x2)
                    and min(y1, y2) < card.bottom - 1
                    and card.top + 1 < max(y1, y2)
                )
                level = y1 == y2 and card.top + 1 < y1 < card.bottom - 1 and min(x1, x2) < card.right - 1 and card.left + 1 < max(x1, x2)
                upright = x1 == x2 and card.left + 1 < x1 < card.right - 1 and min(y1, y2) < card.bottom - 1 and card.top + 1 < max(y1, y2)
                assert not (inside or level or upright), (path, card)


def test_every_picture_has_a_title_and_a_description(shipped_library: Library) -> None:
    found = making.of_text(making.crowd("Lee"), shipped_library)
    shown = [name for name, svg in found.pictures(WIDE).items() if svg]
    assert shown == picture_names(shipped_library) == ["account", "contacts", "criteria", "cycle", "effort", "people"]
    for name, svg in drawn(found):
        root = parsed(svg)
        ids = root.get("aria-labelledby", "").split()
        assert root.get("role") == "img"
        assert [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")] == ids, name  # type: ignore[union-attr]
        assert len("".join(root.find(f"{SVG}desc").itertext())) > 5, name  # type: ignore[union-attr]


def test_the_description_tells_what_the_eye_sees(shipped_library: Library) -> None:
    found = making.of_file(shipped("examples") / "velora-planning.yaml", shipped_library).pictures(WIDE)
    said = {name: "".join(parsed(svg).find(f"{SVG}desc").itertext()) for name, svg in found.items() if svg}  # type: ignore[union-attr]
    assert said["cycle"].startswith("Evaluation of options. The customer has stated its criteria.")
    assert "L. Moreau: Power 5, Attitude not known, not met." in said["people"]
    assert "Missing: Champion." in said["people"]
    assert "Ease of use: Importance 4, Our fit 5, Strongest rival's fit 3." in said["criteria"]
    assert "28 August 2025: Continuation, J. Kim." in said["contacts"]


def test_what_is_told_by_colour_is_told_by_form_too(shipped_library: Library) -> None:
    """Us and the rival are a circle and a diamond, met and not met a full and a dashed line, spent beyond the plan is crossed."""
    found = making.of_text(making.crowd("Lee"), shipped_library).pictures(WIDE)
    assert "<circle" in found["criteria"] and "l10 10l-10 10l-10 -10Z" in found["criteria"]
    assert "l8 8m0 -8l-8 8" in found["effort"]
    people = making.of_file(shipped("examples") / "velora-planning.yaml", shipped_library).pictures(WIDE)["people"]
    rows = [one for one in parsed(people).iter(f"{SVG}rect") if one.get("rx")]
    assert [bool(one.get("stroke-dasharray")) for one in rows] == [True, True, False, True], (
        "by power: Moreau, Novak, Kim; a champion is missing"
    )


def test_a_gap_of_silence_is_told_in_days(shipped_library: Library) -> None:
    deal = (
        making.crowd("Lee").split("interactions:")[0] + "interactions: [{date: 2025-12-01, with: [p1]}, {date: 2026-03-10, with: [p1]}]\n"
    )
    svg = making.of_text(deal, shipped_library).pictures(WIDE)["contacts"]
    assert "99 days" in svg and "20 days" not in svg


def test_what_is_not_recorded_is_not_drawn(shipped_library: Library) -> None:
    bare = (
        "schema_version: 1\nas_of: 2026-03-30\naccount: {id: a, name: A, type: new}\nopportunity: {id: o, title: T, type: new_business}\n"
    )
    found = making.of_text(bare, shipped_library).pictures(WIDE)
    assert {name for name, svg in found.items() if not svg} >= {"criteria", "contacts", "effort"}


def test_a_phone_shows_names_where_all_fit_else_numbers_as_in_the_list_below(shipped_library: Library) -> None:
    few = making.of_file(shipped("examples") / "lanting-inspection.yaml", shipped_library, "zh").pictures(NARROW)["people"]
    texts = [box.text for box in labels(few)]
    assert {"徐总", "卢厂长", "周总监", "韩班长"} <= set(texts), "each on one line"
    found = making.of_text(making.crowd(LONG["english"]), shipped_library)
    many = [box.text for box in labels(found.pictures(NARROW)["people"])]
    assert [text for text in many if text.isdecimal() and int(text) > 5] == [str(n) for n in range(6, 21)]
    page = html(found)
    listed = re.findall(r'<span class="number">(\d+)</span><strong>([^<]+)</strong>', page)
    assert [number for number, _ in listed] == [str(n) for n in range(1, 21)]
    powers = re.findall(r'class="figure">(?:(\d)/5|<span class="unknown">\?</span>)</td>\n<td data-label="Attitude"', page)
    assert powers == sorted(powers, reverse=True)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_note_lies_on_the_wheel(path: Path, lang: str, shipped_library: Library) -> None:
    svg = making.of_file(path, shipped_library, lang).pictures(WIDE)["cycle"]
    if not svg:
        return
    wheel = [
        tuple(map(float, re.findall(r"[\d.]+", one.get("d", "")))) for one in parsed(svg).iter(f"{SVG}path") if "A" in one.get("d", "")
    ]
    left, right = min(min(d[0], d[7]) for d in wheel), max(max(d[0], d[7]) for d in wheel)
    inside = [box.text for box in labels(svg) if left < (box.left + box.right) / 2 < right]
    assert all(box.right <= left + 1 or box.left >= right - 1 for box in labels(svg) if box.text not in inside)
    assert len(inside) == len([box for box in labels(svg) if left < box.right and box.left < right])


def test_the_wheel_makes_room_for_notes_on_one_side(shipped_library: Library) -> None:
    svg = making.of_file(shipped("examples") / "velora-planning.yaml", shipped_library).pictures(WIDE)["cycle"]
    assert {"The customer has stated its criteria", "The customer asked for an offer"} <= {box.text for box in labels(svg)}


def test_contacts_tell_with_whom_and_end_today(shipped_library: Library) -> None:
    svg = making.of_file(shipped("examples") / "velora-planning.yaml", shipped_library).pictures(WIDE)["contacts"]
    texts = [box.text for box in labels(svg)]
    assert texts.count("J. Kim") == 3
    assert "10 Sep" in texts


def test_an_order_and_a_refusal_have_their_own_signs_in_the_legend(shipped_library: Library) -> None:
    deal = making.crowd("Lee").split("interactions:")[0] + "interactions: [{date: 2026-03-01, with: [p1], outcome: %s}]\n"
    plain = making.of_text(deal % "continuation", shipped_library).pictures(WIDE)["contacts"]
    assert not {"Order", "Refusal"} & {box.text for box in labels(plain)}
    for outcome in ("order", "no_sale"):
        found = making.of_text(deal % outcome, shipped_library)
        sound(found)
        assert {"Order", "Refusal"} <= {box.text for box in labels(found.pictures(WIDE)["contacts"])}
