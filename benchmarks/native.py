"""kamcoach's own engine in the shape of a contender."""

from __future__ import annotations

from typing import Any

from plain import AS_OF, Conclusions, PlainBase, concluded, said

from kamcoach.engine import TRUE, Consultation, infer


class Native:
    """With justifications and three truth values, as always."""

    name = "kamcoach native"

    def __init__(self, plain: PlainBase) -> None:
        self.base = plain.base

    def conclude(self, facts: Any) -> Consultation:
        return infer(self.base, facts, AS_OF)

    def conclusions(self, result: Consultation) -> Conclusions:
        """What is certain; nothing may be possible only, if nothing is unknown."""
        memory, types = result.memory, self.base.vocabulary.types
        found: Conclusions = set()
        for name, listed in memory.by_type.items():
            for held in listed if not types[name].given else ():
                assert held.truth == TRUE
                fields = {field: said(value) for field, value in held.fact.fields.items()}
                found.add(concluded(name, {**fields, "about": "".join(fields["about"])} if name == "advice" else fields))
        for (fact_id, flag), values in memory.marks.items():
            assert values == {True: TRUE}
            found.add(concluded("mark", {"of": fact_id[0], "flag": flag, "key": fact_id[1]}))
        return found
