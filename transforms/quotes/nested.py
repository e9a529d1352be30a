"""Quotations within quotations: "She told me, 'I will not go,' and left," he said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from itertools import accumulate

from transforms.language.document import Document
from transforms.quotes.marked import find_marked
from transforms.quotes.marks import Quoted, find_quoted
from transforms.quotes.speakers import Speakers
from transforms.text import Text, key_of
from warehouse.tables import NestedQuote, Quote


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


def nest(text: Text, rows: Sequence[Quote]) -> list[Quote]:
    """The same rows, as NestedQuote each whose cue stands within the words of another.

    The outer quote is the outermost: what the text itself reports, not what is told in it.
    """
    ordered = sorted(rows, key=lambda row: row.start)
    starts = [row.start for row in ordered]
    reach = list(accumulate((row.end for row in ordered), max))
    found: list[Quote] = []
    for row in rows:
        before = 0 if row.cue_start is None else bisect_right(starts, row.cue_start)
        if row.cue_start is None or not before or reach[before - 1] <= row.cue_start:
            found.append(row)
            continue
        outer = _outermost(rows, row)
        if outer is not row:
            key = key_of(
                text.article_id, text.version, "quotes", outer.start, outer.end, outer.rule
            )
            row = NestedQuote(
                **{f.name: getattr(row, f.name) for f in fields(row)}, outer_quote_id=key
            )
        found.append(row)
    return found


def _outermost(rows: Sequence[Quote], row: Quote) -> Quote:
    """The quote that holds the cue of `row` and is held by none; else the row itself."""
    seen: list[Quote] = []
    waiting = [row]
    while waiting:
        inner = waiting.pop()
        seen.append(inner)
        holders = [o for o in rows if _holds(o, inner)]
        if not holders:
            return inner
        waiting += [o for o in holders if o not in seen]
    return row


def _holds(outer: Quote, row: Quote) -> bool:
    """Whether the words of `outer` hold the cue of `row`, and not the other way round."""
    return _within(row, outer) and not _within(outer, row) and outer.cue_start != row.cue_start


def _within(row: Quote, outer: Quote) -> bool:
    cue = row.cue_start
    return cue is not None and outer.start <= cue < outer.end
