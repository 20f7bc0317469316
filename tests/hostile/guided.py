"""Inputs led by coverage: atheris watches which branches of the program an input reaches, and goes on from those that reach new ones."""

from __future__ import annotations

import atexit
import os
import sys
from random import Random
from typing import TYPE_CHECKING

from tests.hostile.mutate import MOST, Mutator

if TYPE_CHECKING:
    from tests.hostile.campaign import Tally


def lead(tally: Tally) -> None:
    """Try the inputs of a piece, say what came of them, and end the process."""
    import atheris

    with atheris.instrument_imports(include=["kamcoach"], enable_loader_override=False):
        from tests.hostile.targets import TARGETS
    piece = tally.piece
    seeds = TARGETS[piece.target].seeds()
    mutator = Mutator(seeds, Random(f"{piece.target} {piece.seed}"))
    corpus = piece.faults / "corpus" / piece.target.replace(" ", "-")
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / str(number)).write_bytes(seed[:MOST])

    def one(data: bytes) -> None:
        tally.attempt(data)
        if tally.tried >= piece.inputs:
            print(tally.told(), flush=True)
            atexit._run_exitfuncs()
            os._exit(0)  # the fuzzer has no other way to be stopped without a word

    def changed(data: bytes, most: int, seed: int) -> bytes:
        """Half of the changes are ours, half those of the fuzzer, which knows with what the program compared."""
        if seed % 2:
            return bytes(atheris.Mutate(data, most))
        mutator.random.seed(seed)
        return mutator.mutated(data.decode("utf-8", "surrogateescape"))[:most]

    options = [
        f"-seed={piece.seed + 1}",
        f"-max_len={MOST}",
        "-timeout=60",
        "-rss_limit_mb=2000",
        "-verbosity=0",
        f"-artifact_prefix={corpus}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one, custom_mutator=changed)
    atheris.Fuzz()
