"""Facts and values as short plain words, which is all that durable-rules is told of them."""

from __future__ import annotations

from typing import Any

from kamcoach.engine.durable.process import INSTEAD
from kamcoach.errors import EngineError
from kamcoach.model.fact import Fact


class Tokens:
    """One word for each fact or value; equal ones have the same. Starts with the words that another table has."""

    def __init__(self, known: Tokens | None = None) -> None:
        self._words: dict[object, str] = dict(known._words) if known else {}
        self._meanings: dict[str, Any] = dict(known._meanings) if known else {}

    def word(self, meaning: Any) -> str:
        """The word for a fact or a value (None: it is not known)."""
        key = meaning.id if isinstance(meaning, Fact) else (type(meaning), meaning)
        if key not in self._words:
            self._words[key] = word = f"w{len(self._words)}"
            self._meanings[word] = meaning
        return self._words[key]

    def meaning(self, word: str) -> Any:
        """What the word stands for. Raises EngineError for one that was never given."""
        if word not in self._meanings:
            raise EngineError(f"durable-rules is wrong: it speaks of '{word}', and was told of no such thing. {INSTEAD}")
        return self._meanings[word]
