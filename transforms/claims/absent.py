"""Counts of none that no number word tells: "no soldier was killed"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.claims.lexicon import class_of
from transforms.language.document import Document
from warehouse.tables import Quantity


def find_absent(document: Document, quantities: Sequence[Quantity]) -> Iterator[Quantity]:
    """A quantity of zero for each "no" before a noun of the classes that has none yet."""
    taken = {quantity.start for quantity in quantities}
    for token, word in enumerate(document.lowers):
        if word != "no" or document.starts[token] in taken or document.deps[token] != "det":
            continue
        noun = document.heads[token]
        if noun <= token or class_of(document.lemmas[noun])[0] is None:
            continue
        yield Quantity(
            start=document.starts[token],
            end=document.ends[token],
            rule="absent",
            kind="count",
            value=0.0,
            concept=document.words[noun],
            concept_start=document.starts[noun],
            concept_end=document.ends[noun],
        )
