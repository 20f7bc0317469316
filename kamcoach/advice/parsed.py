"""The trees of templates, kept from one run to the next: reading a source with Jinja, and loading it, costs a sixth of a cold start.

They are kept by the content of the source, a line each: `hash of source, hash of this line, tree`. A line that was cut or changed is not
there. So nothing can be stale, several runs may write at once, and a play that was edited is simply read.
"""

from __future__ import annotations

import contextlib
import json
import os
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, Final

from kamcoach.advice import tree
from kamcoach.reading.store import digest, keep_line, kept_file, read_kept

_HASH: Final = len(digest())
_MAX_KEPT: Final = 8_000_000
_OURS: Final = ("tree.py", "grammar.py")
_THEIRS: Final = ("parser.py", "lexer.py", "nodes.py")


@lru_cache(maxsize=4096)
def parsed(source: str) -> tree.Template:
    """The tree of a template. Raises tree.Unreadable."""
    if "{" not in source:  # most sections are plain text
        return tree.Template(1, [tree.Output(1, [tree.TemplateData(1, source)])])
    path = kept_file(_file_name())
    if path is None:
        return _anew(source)
    key = digest(source.encode("utf-8", "surrogatepass")).encode()
    return _from_line(key, _kept(path).get(key, b"")) or _kept_from_now(path, key, _anew(source))


def _anew(source: str) -> tree.Template:
    from kamcoach.advice.grammar import parse

    return parse(source)


def _kept_from_now(path: Path, key: bytes, found: tree.Template) -> tree.Template:
    with contextlib.suppress(RecursionError):  # too deep to be written
        data = json.dumps(_data(found), separators=(",", ":")).encode()
        keep_line(path, b"%s %s %s" % (key, digest(key, data).encode(), data))
    return found


@lru_cache(maxsize=1)
def _kept(path: Path) -> dict[bytes, bytes]:
    """What stands behind each hash of a source."""
    try:
        content = read_kept(path)
        if len(content) > _MAX_KEPT:
            path.unlink()
    except OSError:
        return {}
    return {line[:_HASH]: line[_HASH + 1 :] for line in content.split(b"\n")}


def _from_line(key: bytes, line: bytes) -> tree.Template | None:
    seal, data = line[:_HASH], line[_HASH + 1 :]
    if seal != digest(key, data).encode():
        return None
    try:
        found = _node(json.loads(data))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return found if isinstance(found, tree.Template) else None


def _data(part: Any) -> Any:
    """A node as `[kind, line, part, …]`."""
    if isinstance(part, list):
        return [_data(one) for one in part]
    if not isinstance(part, tree.Node):
        return part
    return [type(part).__name__, part.lineno, *(_data(getattr(part, name)) for name in part.fields)]


def _node(data: Any) -> Any:
    if not isinstance(data, list):
        return data
    if not data or isinstance(data[0], list):
        return [_node(one) for one in data]
    kind, line, *parts = data
    return tree.KINDS[kind](line, *[_node(part) for part in parts])


@lru_cache(maxsize=1)
def _file_name() -> str:
    """One file for each state of Jinja's grammar and of ours."""
    jinja = PathFinder.find_spec("jinja2")
    home = Path(jinja.origin).parent if jinja is not None and jinja.origin else Path(os.devnull)
    files = [*(home / name for name in _THEIRS), *(Path(__file__).with_name(name) for name in _OURS)]
    states = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files if path.exists()]
    return f"templates-{digest(repr(states).encode())}.jsonl"
