"""The page: Markdown in which the text of a deal shows as it is written, and lines that fit a terminal."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamcoach.advice.page import markdown, starter, terminal, wrap
from kamcoach.advice.speech import Speech
from kamcoach.advice.words import one_line
from kamcoach.errors import BadInput, KamcoachError
from tests.small_library import SmallLibrary

CLOSING = "，。、；：？！）》」』】”’…,.;:?!)]}"
TEMPLATE = "# About: {{ heading }}\n\n{{ line }}\n\n- item: {{ item }}\n\n**{{ strong }}** after\n"


def columns(text: str) -> int:
    """How wide a text shows, counted independently of the program."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def plainly(text: str, style: str) -> str:
    return text


def marked(text: str, style: str) -> str:
    return f"<{style}:{text}>"


# ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

WRAPPED = [
    ("", 20, [""]),
    ("one two three", 20, ["one two three"]),
    ("one two three", 13, ["one two three"]),
    ("one two three", 12, ["one two", "three"]),
    ("one two three", 7, ["one two", "three"]),
    ("one  two", 4, ["one", "two"]),
    # Chinese breaks anywhere but before a closing and after an opening mark
    ("客户走到哪一步", 8, ["客户走到", "哪一步"]),
    ("客户走到，哪一步", 8, ["客户走", "到，哪一", "步"]),
    ("客户走（到）哪一步", 8, ["客户走", "（到）哪", "一步"]),
    ("他说“不行”。走吧", 10, ["他说“不", "行”。走吧"]),
    ("合同abc到期", 8, ["合同abc", "到期"]),
    # a closing mark does not begin a line in English either
    ("a long word , then", 12, ["a long", "word , then"]),
    # a word that is wider than the line is cut
    ("https://example.org/a/very/long/way", 20, ["https://example.org/", "a/very/long/way"]),
    ("see https://example.org/a/very/long/way", 20, ["see", "https://example.org/", "a/very/long/way"]),
    ("xxxxxxxxxx.", 10, ["xxxxxxxxx", "x."]),
    # marks that modify a letter stay with it
    ("e\u0301" * 12, 10, ["e\u0301" * 10, "e\u0301" * 2]),
    ("か\u3099" * 6, 10, ["か\u3099" * 5, "か\u3099"]),
]


@pytest.mark.parametrize(("text", "width", "lines"), WRAPPED)
def test_where_a_line_breaks(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


WORDS = st.one_of(
    st.text("abcxyz", min_size=1, max_size=12),
    st.text("客户采购部门拍板人预算", min_size=1, max_size=12),
    st.sampled_from(["https://example.org/" + "path/" * 12, "x" * 50, "2026年3月2日", "e\u0301le\u0300ve", "👩\u200d💻", "120万元", "—"]),
)
PIECES = st.tuples(
    st.sampled_from(["", "", "", "（", "“", "(", "《"]),
    WORDS,
    st.sampled_from(["", "", "，", "。", "）。", "”", ", ", ".", " ", " ", "…", " )"]),
)
TEXTS = st.lists(PIECES, max_size=40).map(lambda pieces: "".join("".join(piece) for piece in pieces))


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(12, 100))
def test_no_line_is_too_wide_and_none_begins_with_a_closing_mark(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert max(map(columns, lines)) <= width
    assert [line for line in lines[1:] if line[:1] in CLOSING] == []
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=6), st.integers(40, 120))
def test_no_line_of_a_page_is_too_wide(texts: list[str], width: int) -> None:
    heads = ("", "- ", "1. ", "# ", "### ", "  ")
    source = "\n".join(head + text.strip() for head, text in zip(heads, texts, strict=False))
    assert max(map(columns, terminal(source, width, plainly).splitlines()), default=0) <= width


# ── a page in the terminal ────────────────────────────────────────────────────────────────────────────────────────────

LAID_OUT = [
    ("# Title", "<title:Title>"),
    ("## Heading", "<heading:Heading>"),
    ("### 1. Action", "<strong:1. Action>"),
    ("### a **strong** word", "<strong:a strong word>"),
    ("a **strong** word and **one more**", "a <strong:strong> word and <strong:one>\n<strong:more>"),
    ("add `--all`", "add --all"),
    ("- an item that needs more than one line", "- an item that needs\n  more than one line"),
    ("10. an item that needs more than one line", "10. an item that needs\n    more than one line"),
    ("  - an item in an item that is long", "  - an item in an item\n    that is long"),
    ("**strong text over two whole lines** and on", "<strong:strong text over two>\n<strong:whole lines> and on"),
    ("一个**非常要紧的人**，还没见过", "一个<strong:非常要紧的人>，还没见\n过"),
    ("a \\*\\*plain\\*\\* \\\\ \\`text\\`", "a **plain** \\ `text`"),
    ("**a\\\\** b", "<strong:a\\> b"),
    ("\\# no heading", "# no heading"),
]


@pytest.mark.parametrize(("source", "wanted"), LAID_OUT)
def test_a_page_is_laid_out_for_the_terminal(source: str, wanted: str) -> None:
    assert terminal(source, 24, marked) == wanted + "\n"


def test_a_closing_mark_after_strong_text_stays_with_it() -> None:
    assert terminal("**" + "人" * 20 + "**，走", 40, plainly) == "人" * 19 + "\n人，走\n"


# ── text of a deal in Markdown ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Speech:
    small = SmallLibrary(tmp_path_factory.mktemp("page"))
    small.write("templates/advice.en.md.j2", TEMPLATE)
    return small.speech()


def page(text: str, speech: Speech) -> str:
    return markdown(dict.fromkeys(("heading", "line", "item", "strong"), text), speech)


ESCAPED = [
    ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
    ("<b>x</b>", r"\<b\>x\</b\>"),
    ("[a](http://b)", r"\[a\](http://b)"),
    ("![a](b)", r"!\[a\](b)"),
    ("a | b ~~c~~", r"a \| b \~\~c\~\~"),
    ("R&D &amp; &#60;", r"R&D \&amp; \&\#60;"),
    ("back\\slash", r"back\\slash"),
    ("# title", r"\# title"),
    ("===", r"\==="),
    ("---", r"\---"),
    ("    code", "   code"),
    ("+ item", r"\+ item"),
    ("1) item", r"1\) item"),
    # what a play writes as a list is a list
    ("- item *x*", r"- item \*x\*"),
    ("2. item", "2. item"),
    ("first\n- item\n\nlast", "first\n- item\n\nlast"),
]


@pytest.mark.parametrize(("text", "wanted"), ESCAPED)
def test_signs_of_markdown_are_made_plain(text: str, wanted: str, library: SmallLibrary) -> None:
    library.write("templates/advice.en.md.j2", "Text:\n{{ text }}")
    assert markdown({"text": text}, library.speech()) == f"Text:\n{wanted}\n"


SIGNS = "* ** _ ` ``` < > # ## [x](y) ![ ] | ~~ \\ &amp; & = --- http://x.y a 客户 ， ( ) ! {{x}} \x1b[31m \u202e".split(" ")  # noqa: SIM905
NASTY = st.lists(st.sampled_from([*SIGNS, "- ", "+ ", "1. ", "2) ", "b c", " ", "\n", "\t", "{% if %}"]), max_size=12).map(
    lambda parts: one_line("".join(parts))
)


@settings(max_examples=300, deadline=None)
@given(text=NASTY)
def test_a_markdown_reader_shows_the_text_of_a_deal_as_it_is_written(text: str, speech: Speech) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    shown = [
        "".join(child.content for child in token.children)
        for token in markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page(one_line(f"x {text}"), speech))
        if token.type == "inline"
    ]
    wanted = one_line(f"x {text}")
    assert shown == [f"About: {wanted}", wanted, f"item: {wanted}", f"{wanted} after"]


@settings(max_examples=300, deadline=None)
@given(text=NASTY)
def test_the_terminal_shows_the_text_of_a_deal_as_it_is_written(text: str, speech: Speech) -> None:
    wanted = one_line(f"x {text}")
    found = terminal(page(wanted, speech), 1000, plainly)
    assert found.splitlines()[::2] == [f"About: {wanted}", wanted, f"- item: {wanted}", f"{wanted} after"]


def test_nothing_that_a_terminal_would_obey_gets_through(speech: Speech) -> None:
    found = page("a\x1b]0;title\x07b\x9bc\u202ed", speech)
    assert [char for char in found if unicodedata.category(char) in ("Cc", "Cf") and char != "\n"] == []


# ── templates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_template_that_is_missing_is_named(library: SmallLibrary) -> None:
    with pytest.raises(KamcoachError, match=re.escape("The playbook has no template advice.en.md.j2.")):
        markdown({}, library.speech())


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        ("a\n{{ nobody }}\n", 2, "template-unknown-name"),
        ("a\n\n{% include 'x' %}\n", 3, "template-forbidden"),
        ("{% if %}", 1, "template-syntax"),
    ],
)
def test_a_fault_in_a_template_is_told_with_its_place(library: SmallLibrary, text: str, at: int, code: str) -> None:
    path = library.write("templates/advice.en.md.j2", text)
    with pytest.raises(BadInput) as caught:
        markdown({}, library.speech())
    (found,) = caught.value.diagnostics
    assert (Path(found.at.path), found.at.line, found.code) == (path, at, code)


def test_a_template_that_is_no_text_is_told(library: SmallLibrary) -> None:
    library.write("templates/advice.en.md.j2", "").write_bytes(b"\xff\xfe")
    with pytest.raises(KamcoachError, match="not UTF-8"):
        markdown({}, library.speech())


def test_lists_stand_close_and_paragraphs_apart(library: SmallLibrary) -> None:
    library.write("templates/advice.en.md.j2", "{% for a in xs %}\n- {{ a }}\n\n{% endfor %}\n\n\n\nend\n\n\n")
    assert markdown({"xs": ["one", "two"]}, library.speech()) == "- one\n- two\n\nend\n"


def test_the_starter_of_a_deal_file_quotes_what_it_is_given(library: SmallLibrary) -> None:
    library.write("templates/deal.en.yaml.j2", "account: {name: {{ customer | quoted }}}\n")
    assert starter(library.load(), "en", {"customer": 'a "b": {c}\n德'}) == 'account: {name: "a \\"b\\": {c}\\n德"}\n'
