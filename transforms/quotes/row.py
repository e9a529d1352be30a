"""A quotation as the row it makes."""

from __future__ import annotations

from dataclasses import replace

from transforms.language.document import Document
from transforms.quotes.attribute import span_of
from transforms.quotes.content import Content
from transforms.quotes.cue import class_of
from transforms.quotes.speaker import type_of
from transforms.quotes.speakers import Speakers
from warehouse.tables import Quote


def to_row(
    document: Document, speakers: Speakers, content: Content, start: int, end: int, kind: str
) -> Quote:
    """The row of the words [start, end) with the cue and the speaker of `content`."""
    row = Quote(start=start, end=end, rule=content.rule, quote_type=kind)
    if content.cue >= 0:
        cue = content.cue
        low, high = document.starts[cue], document.ends[cue]
        if content.rule == "according" and document.lowers[cue + 1 : cue + 2] == ["to"]:
            high = document.ends[cue + 1]
        words, does = document.text[low:high], class_of(document, cue)
        row = replace(row, cue=words, cue_start=low, cue_end=high, cue_class=does)
    if content.speaker is None:
        return row
    first, last = span_of(document, content.speaker)
    low, high = document.starts[first], document.ends[last - 1]
    if low < end and high > start:
        low, high = document.starts[content.speaker], document.ends[content.speaker]
    name, entity = speakers.name_of(content.speaker, low, high)
    return replace(
        row,
        speaker_surface=document.text[low:high],
        speaker_start=low,
        speaker_end=high,
        speaker_name=name,
        speaker_entity_id=entity,
        speaker_type=type_of(
            document, content.speaker, speakers.naming(content.speaker, low, high)
        ),
    )


def unique_rows(rows: list[Quote]) -> list[Quote]:
    """The rows in order of position, one for each span: the one with a speaker."""
    best: dict[tuple[int, int], Quote] = {}
    for row in rows:
        old = best.get((row.start, row.end))
        if old is None or (old.speaker_start is None and row.speaker_start is not None):
            best[row.start, row.end] = row
    return [best[key] for key in sorted(best)]
