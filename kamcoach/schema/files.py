"""Schemas as files, and the line by which a YAML file tells an editor where its schema is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from kamcoach.model.playbook import Library
from kamcoach.reading.finding import CONFIG_FILE, is_there
from kamcoach.reading.shapes import LANGUAGES
from kamcoach.schema import schema_of

__all__ = ["FOLDER", "LANGUAGES", "file_name", "folder_for", "modeline", "text_of"]
FOLDER: Final = ".kamcoach"


def file_name(kind: str) -> str:
    return f"{kind}.schema.json"


def text_of(kind: str, library: Library, languages: tuple[str, ...] = LANGUAGES) -> str:
    """The schema as a file holds it: the same text for the same library."""
    return json.dumps(schema_of(kind, library, languages), ensure_ascii=False, indent=1) + "\n"


def folder_for(file: Path) -> Path:
    """Where the schemas for a file stand: beside the `kamcoach.yaml` above it, else beside the file."""
    beside = file.absolute().parent
    found = next((folder for folder in (beside, *beside.parents) if is_there(folder / CONFIG_FILE)), beside)
    return found / FOLDER


def modeline(kind: str, file: Path) -> str:
    """The first line of a file, for editors with the YAML language server; the path counts from the file."""
    schema = folder_for(file) / file_name(kind)
    path = Path(os.path.relpath(schema, file.absolute().parent)).as_posix()
    return f"# yaml-language-server: $schema={path if path.startswith('../') else f'./{path}'}\n"
