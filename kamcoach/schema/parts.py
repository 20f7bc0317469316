"""The small pieces that all schemas are made of: scalars as the readers take them, names, and words for hover texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from kamcoach.model.fact import Words
from kamcoach.model.playbook import Library
from kamcoach.reading.shapes import LANGUAGES, MAX_TEXT

Schema = dict[str, Any]
"""A JSON Schema, draft 7."""

DIALECT: Final = "http://json-schema.org/draft-07/schema#"
LARGEST: Final = 999_999_999_999_999_999
_SIGNS: Final = (
    r"\x00-\x20!-\x2f:-@\[-\^`{-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7\u2000-\u206f"
    r"\u3000-\u3004\u3008-\u3020\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
"""What is no letter, digit or `_`, written so that JavaScript and Python read the same."""
_WORD: Final = rf"[^{_SIGNS}]"
_LETTER: Final = rf"[^{_SIGNS}_\d]"
_LEAP: Final = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
_DAY: Final = r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
LIST: Final = "a list is wanted here: a line with `- ` for each, or […]"
DATE: Final = rf"(?!0000)(?:\d{{4}}-{_DAY}|{_LEAP})"
SLUG: Final = rf"(?!(?:unknown|known|null|true|false)$)[^{_SIGNS}_](?:{_WORD}|-)*"
KEBAB: Final = rf"[^{_SIGNS}_A-Z]+(?:-[^{_SIGNS}_A-Z]+)*"
NAME: Final = rf"{_LETTER}{_WORD}*"
DECLARED: Final = rf"{_LETTER}(?:{_WORD}|-)*(?:\.{_LETTER}(?:{_WORD}|-)*)*"
REFERENCE: Final = r"\$[^\s.$]+(?:\.[^\s$]+)?"

SCALAR: Final[Schema] = {"type": ["string", "number", "boolean", "null"], "maxLength": MAX_TEXT, "errorMessage": "a text is wanted here"}
TEXT: Final[Schema] = {"type": ["string", "number", "boolean"], "maxLength": MAX_TEXT, "errorMessage": "a text is wanted here"}
FILLED: Final[Schema] = {**TEXT, "pattern": r"\S"}
BLANK: Final[Schema] = {"type": ["null", "string"], "pattern": r"^\s*$"}
BOOL: Final[Schema] = {"type": "boolean"}
NUMBER: Final[Schema] = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
NEVER: Final[Schema] = {"not": {}}


def matching(pattern: str, message: str) -> Schema:
    """A text that as a whole is as the pattern says."""
    return {"type": "string", "pattern": f"^(?:{pattern})$", "patternErrorMessage": message}


def any_of(*schemas: Schema) -> Schema:
    """At least one of them; nothing is wrapped around a single one."""
    return schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}


def table(properties: Mapping[str, Schema], needed: Iterable[str] = (), **more: Any) -> Schema:
    """A table of these keys and no others."""
    required = {"required": list(needed)} if needed else {}
    return {"type": "object", "properties": dict(properties), "additionalProperties": False, **required, **more}


def listed(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "errorMessage": LIST, **({"minItems": least} if least else {})}


def spellings(values: Iterable[str]) -> list[str | int | float | bool]:
    """Texts as YAML hands them over: what looks like a number or a truth value comes as one."""
    found: list[str | int | float | bool] = []
    for value in values:
        found.append(value)
        if value in ("true", "false"):
            found.append(value == "true")
        elif value.isascii() and value.isdigit():
            found.append(int(value))
    return found


class Parts:
    """The library that the schemas are made from, the languages of their hover texts, and the definitions made so far."""

    def __init__(self, library: Library, languages: tuple[str, ...] = LANGUAGES) -> None:
        self.library = library
        self.vocabulary = library.rule_base.vocabulary
        self.languages = languages
        self.definitions: dict[str, Schema] = {}

    def ref(self, name: str, make: Callable[[], Schema]) -> Schema:
        """A reference to a definition, which is made when it is first asked for; it may refer to itself."""
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = make()
        return {"$ref": f"#/definitions/{name}"}

    def told(self, schema: Schema, *said: Words, more: str = "") -> Schema:
        """The schema with words to show beside it: a short one for each language in one line, longer ones below."""
        text = self.words(*said, more=more)
        if not text:
            return schema
        return {"description": text, "allOf": [schema]} if "$ref" in schema else {**schema, "description": text}

    def words(self, short: Words, *longer: Words, more: str = "") -> str:
        head = " · ".join(dict.fromkeys(short[one] for one in self.languages if short.get(one)))
        lines = [head + more] if head else []
        return "\n".join((*lines, *(text[one] for text in longer for one in self.languages if text.get(one))))

    def one_of(self, values: Mapping[str, Words], *extra: str | None) -> Schema:
        """One of the values, each with its words."""
        spelt = {form: words for value, words in values.items() for form in spellings([value])}
        described = [*(self.words(words) for words in spelt.values()), *("" for _ in extra)]
        return {"enum": [*spelt, *extra], "enumDescriptions": described}

    def each(self, values: Mapping[str, Words]) -> list[Schema]:
        """The values one by one: of a long list, an editor then explains only the one that it is asked about."""
        return [self.told({"const": form}, words) for value, words in values.items() for form in spellings([value])]

    def ref_to_params(self) -> list[Schema]:
        """The parameters of the playbook, to choose from."""
        params = {f"$params.{name}": param.meaning for name, param in self.library.params.items()}
        return [self.ref("params", lambda: any_of(*self.each(params)))] if params else []
