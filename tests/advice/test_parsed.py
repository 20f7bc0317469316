"""Trees of templates: ours say what Jinja's say, and what is kept of them is used only if it is sound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import nodes

from kamcoach.advice import parsed as kept_trees
from kamcoach.advice import tree
from kamcoach.advice.grammar import parse
from kamcoach.reading.finding import shipped
from kamcoach.reading.store import digest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (
    "{% if a.b == 2.5 and not c %}{{ x | f(1, key='ä') }}{% else %}{% for k, v in [t, 'u'] if k %}{{ v[1:] ~ -k }}{% endfor %}{% endif %}"
)
SOURCES = [
    SOURCE,
    "{{ a }}",
    "{{ a if b else none }} {% set c = (1, true) %}",
    "{{ a is known }}{{ b + c - d / e }}{{ x['y'] }}{{ x or y }}",
    "{% macro m() %}{% endmacro %}",
    "{{ f() }}{{ a ** 2 }}",
    "{# nothing #}{{ 'ab\\n' }}\n{%- if a in b -%} z {%- elif a not in b %} y {% endif %}",
]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache, empty at first."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    forgotten()
    return tmp_path / "kamcoach"


def forgotten() -> None:
    """As a new process would begin."""
    kept_trees.parsed.cache_clear()
    kept_trees._kept.cache_clear()


def store(kept: Path) -> Path:
    (path,) = kept.iterdir()
    return path


def said(part: Any) -> Any:
    """A tree to compare, ours or Jinja's."""
    if isinstance(part, (tree.Node, nodes.Node)):
        return [type(part).__name__, *(said(getattr(part, name)) for name in part.fields)]
    return [said(one) for one in part] if isinstance(part, list) else part


@pytest.fixture
def no_jinja(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(source: str) -> tree.Template:
        raise AssertionError("read anew")

    monkeypatch.setattr("kamcoach.advice.grammar.parse", never)


def test_each_of_our_nodes_has_the_fields_of_jinja_s_own() -> None:
    ours = {name: kind.fields for name, kind in tree.KINDS.items() if name not in ("Forbidden", "BinExpr")}
    assert len(ours) == 27
    assert ours == {name: getattr(nodes, name).fields for name in ours}


@pytest.mark.parametrize("source", [source for source in SOURCES if "macro" not in source and "f()" not in source])
def test_our_tree_says_what_jinja_s_says(source: str) -> None:
    from jinja2 import Environment
    from jinja2.parser import Parser

    theirs = Parser(Environment(trim_blocks=True, lstrip_blocks=True), source).subparse()
    assert said(parse(source).body) == said(theirs)


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_kept_is_the_same_tree(source: str, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = kept_trees.parsed(source)
    before = store(kept).read_bytes()
    forgotten()
    monkeypatch.setattr("kamcoach.advice.grammar.parse", lambda source: pytest.fail("read anew"))
    again = kept_trees.parsed(source)
    assert again is not fresh and said(again) == said(fresh)
    assert [node.lineno for node in again.within()] == [node.lineno for node in fresh.within()]
    assert store(kept).read_bytes() == before


def test_another_source_is_read(kept: Path) -> None:
    kept_trees.parsed("{{ a }}")
    forgotten()
    assert said(kept_trees.parsed("{{ b }}")) == said(parse("{{ b }}"))
    assert len(store(kept).read_bytes().splitlines()) == 2


def test_plain_text_needs_no_jinja(kept: Path, no_jinja: None) -> None:
    assert said(kept_trees.parsed("words")) == ["Template", [["Output", [["TemplateData", "words"]]]]]
    assert not kept.exists()


def sealed(line: bytes, change: Callable[[Any], Any]) -> bytes:
    """As if somebody had written it on purpose."""
    key, _, data = line.strip().split(b" ", 2)
    other = json.dumps(change(json.loads(data))).encode()
    return b"%s %s %s\n" % (key, digest(key, other).encode(), other)


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda line: b"",
    "half": lambda line: line[: len(line) // 2],
    "another letter": lambda line: line.replace(b'"Name"', b'"Nama"'),
    "no text": lambda line: b"\xff\x00\xfe\n\n" * 9,
    "the tree of another source": lambda line: b"0" * 32 + line[32:],
    "an unknown node": lambda line: sealed(line, lambda data: ["Macro", *data[1:]]),
    "too few parts": lambda line: sealed(line, lambda data: data[:1]),
    "too many parts": lambda line: sealed(line, lambda data: [*data, 1]),
    "no tree": lambda line: sealed(line, lambda data: "x"),
    "a part of a tree": lambda line: sealed(line, lambda data: ["Name", 1, "x", "load"]),
    "a list": lambda line: sealed(line, lambda data: []),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_not_sound_is_read_anew(kept: Path, broken: Callable[[bytes], bytes]) -> None:
    fresh = kept_trees.parsed(SOURCE)
    whole = store(kept).read_bytes()
    store(kept).write_bytes(broken(whole))
    forgotten()
    assert said(kept_trees.parsed(SOURCE)) == said(fresh)
    assert whole in store(kept).read_bytes()


def test_a_forbidden_node_stays_forbidden() -> None:
    for _ in range(2):
        assert [node.kind for node in kept_trees.parsed("{{ f() }}").within() if isinstance(node, tree.Forbidden)] == ["Call"]
        forgotten()


@pytest.mark.parametrize("source", ["{{", "{% if %}", "{% for x in y %}", "{{ 'a }}", "{% nonsense %}", "{{ a | }}"])
def test_what_is_no_template_is_not_kept(kept: Path, source: str) -> None:
    for _ in range(2):
        with pytest.raises(tree.Unreadable) as found:
            kept_trees.parsed(source)
        assert found.value.line == 1
    assert not kept.exists()


def test_a_file_that_has_grown_too_big_is_begun_anew(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_trees, "_MAX_KEPT", 1_000)
    for number in range(50):
        kept_trees.parsed(f"{{{{ a{number} }}}}")
    assert store(kept).stat().st_size > 1_000
    forgotten()
    kept_trees.parsed("{{ b }}")
    assert store(kept).stat().st_size < 200


def test_nothing_is_kept_if_nothing_shall_be(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAMCOACH_NO_CACHE", "1")
    assert said(kept_trees.parsed(SOURCE)) == said(parse(SOURCE))
    assert not kept.exists()


@pytest.mark.skipif(os.name == "nt", reason="runs processes")
def test_several_writers_at_once_leave_whole_lines(kept: Path) -> None:
    code = "from kamcoach.advice.parsed import parsed; [parsed('{{ a%d }}' % n + 'x' * 3000) for n in range(200)]"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [subprocess.Popen([sys.executable, "-c", code], env=env) for _ in range(4)]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * 4
    lines = store(kept).read_bytes().splitlines()
    assert len({line[:32] for line in lines}) == 200
    assert all(line[33:65] == digest(line[:32], line[66:]).encode() for line in lines)


def test_a_second_run_does_without_jinja(kept: Path) -> None:
    code = "import sys; from kamcoach.cli import run; run(sys.argv[1:]); print('jinja2' in sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code, "advise", str(shipped("examples") / "calder-ports.yaml")]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True) for _ in range(2)]
    assert [run.stderr.splitlines()[-1] for run in runs] == ["True", "False"]
    assert runs[0].stdout == runs[1].stdout
