"""Words in and beside names that tell their type."""

from __future__ import annotations

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "data" / "entities"


@cache
def load_cues() -> dict[str, frozenset[str]]:
    """Words by kind of cue, in small letters, as cues.tsv has them."""
    return {kind: frozenset(words.split("|")) for kind, words in read_rows("cues.tsv")}


@cache
def load_first_names() -> frozenset[str]:
    """First names in small letters."""
    return frozenset(name for (name,) in read_rows("first_names.txt"))


def read_rows(name: str) -> list[list[str]]:
    """The lines of a data file, split at tabs, without its comments."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
