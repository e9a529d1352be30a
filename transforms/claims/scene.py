"""One article as the other finders left it, to be asked by position."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TypeVar

from transforms.entities.references.find import Reference
from transforms.language.document import Document
from transforms.quotes.speakers import Speakers
from transforms.text import Text, key_of
from warehouse.tables import Mention, NestedQuote, Quantity, Quote, Span, Time

Row = TypeVar("Row", bound=Span)


class Index:
    """Rows of one table in order of position."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = sorted(rows, key=lambda row: (row.start, row.end))
        self._starts = [row.start for row in self._rows]

    def within(self, start: int, end: int) -> Iterator[Span]:
        """The rows that lie within [start, end)."""
        for at in range(bisect_left(self._starts, start), len(self._rows)):
            row = self._rows[at]
            if row.start >= end:
                return
            if row.end <= end:
                yield row


class Scene:
    """A text with its parse, mentions, times and quotes.

    Attributes:
        text, document: as every finder gets them.
        speakers: the named people, for pronouns to refer to.
        quotes: the quotes, shortest first, so that the first that holds a span is the innermost.
    """

    def __init__(
        self,
        text: Text,
        document: Document,
        mentions: Sequence[Mention],
        times: Sequence[Time],
        quotes: Sequence[Quote],
        references: Sequence[Reference] | None = None,
    ) -> None:
        self.text = text
        self.document = document
        self.speakers = Speakers(document, mentions, references)
        self.quotes = sorted(quotes, key=lambda q: (q.end - q.start, q.start))
        self._mentions = Index(mentions)
        places = [(m.start, m.end, m) for m in mentions if m.type == "PLACE"]
        places += [
            (r.start, r.end, r.mention)
            for r in references or ()
            if r.is_clear and r.form == "description" and r.mention.type == "PLACE"
        ]
        self._places = sorted(places, key=lambda p: p[:2])
        self._times = Index(times)

    def mentions(self, start: int, end: int) -> list[Mention]:
        """The mentions within [start, end), in order."""
        return [m for m in self._mentions.within(start, end) if isinstance(m, Mention)]

    def places(self, start: int, end: int) -> Iterator[tuple[int, int, Mention]]:
        """Names of places, and what stands for one ("the town"), within [start, end), in order."""
        for at in range(bisect_left(self._places, (start,)), len(self._places)):
            place = self._places[at]
            if place[0] >= end:
                return
            if place[1] <= end:
                yield place

    def times(self, start: int, end: int) -> list[Time]:
        """The times within [start, end), in order."""
        return [t for t in self._times.within(start, end) if isinstance(t, Time)]

    def quote_around(self, start: int, end: int) -> Quote | None:
        """The innermost quote that holds [start, end)."""
        return next((q for q in self.quotes if q.start <= start and end <= q.end), None)

    def key(self, table: str, row: Mention | Quantity | Quote | Time) -> str:
        """The key that the converter gives to a row of `table`."""
        text = self.text
        return key_of(text.article_id, text.version, table, row.start, row.end, row.rule)

    def quote_key(self, quote: Quote) -> str:
        """The key of a quote in the table that has it."""
        return self.key("nested_quotes" if isinstance(quote, NestedQuote) else "quotes", quote)
