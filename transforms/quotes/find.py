"""Quotations: what is said, in which words, by whom."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from transforms.article.dateline import find_dateline
from transforms.entities.references.find import Reference
from transforms.language.document import Document
from transforms.quotes.attribute import find_speaker
from transforms.quotes.clause import find_contents
from transforms.quotes.content import Content, token_span
from transforms.quotes.line import find_lines
from transforms.quotes.marked import find_marked
from transforms.quotes.marks import Quoted, find_quoted
from transforms.quotes.nested import find_nested, nest
from transforms.quotes.refer import refer_pronouns
from transforms.quotes.row import to_row, unique_rows
from transforms.quotes.speakers import Speakers
from transforms.text import Text
from warehouse.tables import Mention, Quote

VERSION = "5"

# A line that ends a sentence ends a paragraph too; one that does not may be wrapped.
_BREAK = re.compile(r"(?<=[.!?:\"”’'»)])[^\S\n]*\n|\n[^\S\n]*\n")
_LINE = re.compile(r"(?<=\S)[^\S\n]*\n")
_PARAGRAPHS = 0.6
"""Of a text's lines: where so many end a sentence, each is a paragraph, and the others headings."""


def find_quotes(
    text: Text,
    document: Document,
    mentions: Sequence[Mention],
    references: Sequence[Reference] | None = None,
) -> list[Quote]:
    """Direct, indirect and mixed quotations with cue and speaker, in order of position.

    A quotation interrupted by its cue gives a row for each piece. Words in marks that nobody is
    said to have said ("scare quotes") give none. What is ascribed within the words of another is a
    NestedQuote; within quoted words only what stands in marks of its own.

    Args:
        text: the article version the document was parsed from.
        document: its parse.
        mentions: its names.
        references: what stands for them; found here where not given.
    """
    if not document.words:
        return []
    speakers = Speakers(document, mentions, references)
    quoted = find_quoted(document.text)
    firsts = [q.outer for q in quoted]
    breaks = [-1, *_breaks(document.text), len(document.text) + 1]
    taken: dict[int, Content] = {}
    heard: list[Content] = []
    rows: list[Quote] = []
    begin = _body(document)
    for content in find_contents(document):
        at = document.starts[content.cue]
        around = bisect_left(firsts, at + 1) - 1
        if around >= 0 and quoted[around].start <= at < quoted[around].end:
            continue
        here = bisect_right(breaks, at)
        low, high = token_span(document, max(0, breaks[here - 1]), breaks[here])
        if content.speaker is not None:
            heard.append(content)
        for first, last in content.parts:
            # The parser knows no paragraphs: what stands in another one is not the cue's.
            first, last = max(first, low, begin), min(last, high)
            if first >= last:
                continue
            start, end = document.starts[first], document.ends[last - 1]
            held = _overlapping(quoted, firsts, start, end)
            if len(held) == 1 and _closed_before(document.text, quoted[held[0]], at):
                continue
            if held and content.rule.startswith("verb"):

                def inside(token: int, held: list[int] = held) -> bool:
                    at = document.starts[token]
                    return any(quoted[i].start <= at < quoted[i].end for i in held)

                content = content._replace(speaker=find_speaker(document, content.cue, inside))
            for index in held:
                taken.setdefault(index, content)
            if not held:
                rows.append(to_row(document, speakers, content, start, end, "indirect"))
                continue
            start = min(start, quoted[held[0]].outer)
            end = max(end, quoted[held[-1]].after)
            if _covered(document, quoted, held, start, end):
                for index in held:
                    q = quoted[index]
                    rows.append(to_row(document, speakers, content, q.start, q.end, "direct"))
            else:
                rows.append(to_row(document, speakers, content, start, end, "mixed"))
    rows.extend(find_marked(document, speakers, quoted, taken, heard))
    rows.extend(find_nested(document, speakers, quoted))
    rows = _with_lines(rows, list(find_lines(document, mentions, speakers, rows)))
    return nest(text, refer_pronouns(document, unique_rows(rows), speakers))


def _with_lines(rows: list[Quote], lines: list[Quote]) -> list[Quote]:
    """The rows and those of lines, without rows that no cue introduces within a line."""
    kept = [
        row
        for row in rows
        if row.cue_start is not None
        or not any(line.start <= row.start and row.end <= line.end for line in lines)
    ]
    return kept + lines


def _breaks(text: str) -> list[int]:
    """Where the paragraphs of `text` end."""
    ends = [match.end() for match in _BREAK.finditer(text)]
    lines = [match.end() for match in _LINE.finditer(text)]
    return lines if len(ends) >= _PARAGRAPHS * len(lines) else ends


def _overlapping(quoted: list[Quoted], firsts: list[int], start: int, end: int) -> list[int]:
    index = max(0, bisect_left(firsts, start) - 1)
    held = []
    while index < len(quoted) and quoted[index].outer < end:
        if quoted[index].end > start:
            held.append(index)
        index += 1
    return held


def _covered(
    document: Document, quoted: list[Quoted], held: list[int], low: int, high: int
) -> bool:
    """Whether the marks hold all words of [low, high) but for a conjunction."""
    first, last = token_span(document, low, high)
    outside = 0
    for token in range(first, last):
        at = document.starts[token]
        if any(quoted[i].outer <= at < quoted[i].after for i in held):
            continue
        if document.words[token][0].isalnum() and document.lowers[token] not in ("that", "and"):
            outside += 1
    return outside == 0


def _closed_before(text: str, q: Quoted, cue: int) -> bool:
    """Whether `q` is a sentence that ended before the cue, and so is not its content."""
    return q.after <= cue and text[q.end - 1] == "."


def _body(document: Document) -> int:
    """The first token after the dateline at the head of the text, which nobody has said."""
    head = find_dateline(document.text)
    if head is None:
        return 0
    token = bisect_left(document.starts, document.text.index(head) + len(head))
    while token < len(document) and not document.words[token][0].isalnum():
        token += 1
    return token
