"""Quotations within quotations: "She told me, 'I will not go,' and left," he said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from transforms.language.document import Document
from transforms.quotes.attribute import Speakers
from transforms.quotes.marked import find_marked
from transforms.quotes.marks import Quoted, find_quoted
from warehouse.tables import Quote


def find_nested(
    document: Document, speakers: Speakers, quoted: Sequence[Quoted]
) -> Iterator[Quote]:
    """A row for each stretch in inner marks that a cue within the same outer marks introduces."""
    for outer in quoted:
        text = document.text[outer.start : outer.end]
        if not any(mark in text for mark in "'‘\"“"):
            continue
        # the outer marks bound the search for a cue as a quotation before and behind would
        inner = [
            Quoted(*(outer.start,) * 4),
            *(Quoted(*(at + outer.start for at in q)) for q in find_quoted(text)),
            Quoted(*(outer.end,) * 4),
        ]
        for row in find_marked(document, speakers, inner, {}, []):
            within = row.cue_start is not None and outer.start <= row.cue_start < outer.end
            if row.rule == "marks" and within and row.speaker_start is not None:
                yield replace(row, rule="nested")
