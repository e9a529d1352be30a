"""Quotations: what is said, in which words, by whom."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from transforms.language.document import Document
from transforms.quotes.attribute import Speakers, find_speaker, span_of
from transforms.quotes.clause import Content, find_contents, token_span
from transforms.quotes.cue import class_of, load_cues
from transforms.quotes.marks import Quoted, find_quoted
from transforms.quotes.speaker import type_of
from transforms.text import Text
from warehouse.tables import Mention, Quote

VERSION = "2"

# A line that ends a sentence ends a paragraph too; one that does not may be wrapped.
_BREAK = re.compile(r"(?<=[.!?:\"”’'»)])[^\S\n]*\n|\n[^\S\n]*\n")
_ENDS = frozenset(",.!?…")
_FEW = 4
_WINDOW = 30


def find_quotes(text: Text, document: Document, mentions: Sequence[Mention]) -> list[Quote]:
    """Direct, indirect and mixed quotations with cue and speaker, in order of position.

    A quotation interrupted by its cue gives a row for each piece. Words in marks that nobody is
    said to have said ("scare quotes") give none. What is said inside of quoted words is left to
    the quotation that holds it.
    """
    if not document.words:
        return []
    speakers = Speakers(document, mentions)
    quoted = find_quoted(document.text)
    firsts = [q.outer for q in quoted]
    breaks = [-1, *(m.end() for m in _BREAK.finditer(document.text)), len(document.text) + 1]
    taken: dict[int, Content] = {}
    heard: list[Content] = []
    rows: list[Quote] = []
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
            first, last = max(first, low), min(last, high)
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
                rows.append(_row(document, speakers, content, start, end, "indirect"))
                continue
            start = min(start, quoted[held[0]].outer)
            end = max(end, quoted[held[-1]].after)
            if _covered(document, quoted, held, start, end):
                for index in held:
                    q = quoted[index]
                    rows.append(_row(document, speakers, content, q.start, q.end, "direct"))
            else:
                rows.append(_row(document, speakers, content, start, end, "mixed"))
    rows.extend(_direct(document, speakers, quoted, taken, heard))
    return _unique(rows)


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


def _direct(
    document: Document,
    speakers: Speakers,
    quoted: list[Quoted],
    taken: dict[int, Content],
    heard: list[Content],
) -> list[Quote]:
    """Rows for the quoted stretches that no cue of the parse governs."""
    rows: list[Quote] = []
    previous: tuple[int, Content] | None = None
    for index, q in enumerate(quoted):
        if index in taken:
            previous = (q.after, taken[index])
            continue
        first, last = token_span(document, q.start, q.end)
        words = sum(w[0].isalnum() for w in document.words[first:last])
        if not words:
            continue
        tail = document.text[q.end - 1] in _ENDS or document.text[q.after : q.after + 1] in ",."
        content = _near(document, quoted, index, first, last)
        if content is None and words >= _FEW:
            content = _subject_before(document, quoted[index - 1].after if index else 0, first)
        if content is None and previous is not None and words >= _FEW:
            gap = document.text[previous[0] : q.outer]
            if not gap.strip() or (len(gap) < 200 and gap.count("\n\n") <= 1):
                content = _carried(previous[1])
        if content is None and words >= _FEW:
            content = _heard_before(document, heard, first)
        if words < _FEW and not (tail and content is not None and content.rule == "marks"):
            continue
        if content is None:
            if words < 2 * _FEW and not tail:
                continue
            content = Content((), -1, None, "marks-alone")
        rows.append(_row(document, speakers, content, q.start, q.end, "direct"))
        previous = (q.after, content)
    return rows


def _closed_before(text: str, q: Quoted, cue: int) -> bool:
    """Whether `q` is a sentence that ended before the cue, and so is not its content."""
    return q.after <= cue and text[q.end - 1] == "."


def _subject_before(document: Document, floor: int, first: int) -> Content | None:
    """The words before a colon, else the subject of the sentence that runs into the marks."""
    token = first - 1
    while token >= 0 and not document.words[token][0].isalnum() and document.words[token] != ":":
        if "\n" in document.words[token] or document.words[token] in (".", "!", "?"):
            return None
        token -= 1
    if token < 1 or document.starts[token] < floor or document.words[token - 1] == ".":
        return None
    before = document.pos[token - 1]
    if document.words[token] == ":" and before in ("PROPN", "PRON"):
        return Content((), token, token - 1, "colon")
    if document.pos[token] in ("AUX", "PART"):
        # "Weber will “press for an answer”" tells of Weber in somebody else's words.
        return None
    begin = document.sentences[document.sentence_of(document.starts[token])][0]
    for index in range(token, max(begin, token - _WINDOW) - 1, -1):
        if "\n" in document.words[index] or document.starts[index] < floor:
            return None
        if document.deps[index] == "nsubj" and document.heads[index] > index:
            return Content((), -1, index, "marks-subject")
    return None


def _heard_before(document: Document, heard: list[Content], first: int) -> Content | None:
    """Whoever spoke last in the sentence before token `first` or in its own."""
    at = bisect_left([c.cue for c in heard], first) - 1
    if at < 0:
        return None
    cues, content = load_cues(), heard[at]
    cue = cues.get((document.lemmas[content.cue].lower(), "verb"))
    near = document.sentence_of(document.starts[first]) - 1
    if cue is None or "q" not in cue.frames or content.cue < document.sentences[max(0, near)][0]:
        return None
    return content._replace(rule="marks-heard")


def _carried(content: Content) -> Content:
    """The same cue and speaker, marked as carried over from the quotation before."""
    return content._replace(rule="marks-continued")


def _near(
    document: Document, quoted: list[Quoted], index: int, first: int, last: int
) -> Content | None:
    """The speaking verb after the closing mark in its sentence, else before the opening one."""
    text = document.text
    limit = quoted[index + 1].outer if index + 1 < len(quoted) else len(text)
    floor = quoted[index - 1].after if index else 0
    after = range(last, min(len(document), last + _WINDOW))

    def inside(token: int) -> bool:
        at = document.starts[token]
        return any(q.start <= at < q.end for q in quoted[max(0, index - 1) : index + 2])

    found = None
    if text[quoted[index].end - 1] != ".":
        found = _cue_in(document, after, quoted[index].after, limit, inside)
    if found is None:
        before = range(first - 1, max(-1, first - _WINDOW), -1)
        found = _cue_in(document, before, floor, quoted[index].outer, inside)
    return found


def _cue_in(
    document: Document, tokens: range, low: int, high: int, inside: Callable[[int], bool]
) -> Content | None:
    """The first verb among `tokens` within [low, high) that introduces words in marks."""
    cues = load_cues()
    seen = 0
    for token in tokens:
        at = document.starts[token]
        word = document.words[token]
        if not low <= at < high:
            if at < low and tokens.step > 0:
                continue
            if at >= high and tokens.step < 0:
                continue
            return None
        if "\n\n" in word or (word in (".", "!", "?") and (seen or tokens.step < 0)):
            return None
        seen += word[0].isalnum()
        if document.pos[token] != "VERB" or document.deps[token] == "amod":
            continue
        cue = cues.get((document.lemmas[token].lower(), "verb"))
        if cue is None or "q" not in cue.frames:
            continue
        return Content((), token, find_speaker(document, token, inside), "marks")
    return None


def _row(
    document: Document, speakers: Speakers, content: Content, start: int, end: int, kind: str
) -> Quote:
    row = Quote(start=start, end=end, rule=content.rule, quote_type=kind)
    if content.cue >= 0:
        cue = content.cue
        low, high = document.starts[cue], document.ends[cue]
        if content.rule == "according" and document.lowers[cue + 1 : cue + 2] == ["to"]:
            high = document.ends[cue + 1]
        kind = class_of(document, cue)
        row = replace(row, cue=document.text[low:high], cue_start=low, cue_end=high, cue_class=kind)
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
        speaker_type=type_of(document, content.speaker, speakers.within(low, high)),
    )


def _unique(rows: list[Quote]) -> list[Quote]:
    """The rows in order of position, one for each span: the one with a speaker."""
    best: dict[tuple[int, int], Quote] = {}
    for row in rows:
        old = best.get((row.start, row.end))
        if old is None or (old.speaker_start is None and row.speaker_start is not None):
            best[row.start, row.end] = row
    return [best[key] for key in sorted(best)]
