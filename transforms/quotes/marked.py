"""Words in quotation marks that no cue of the parse governs, and who may have said them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from transforms.language.document import Document
from transforms.quotes.attribute import find_speaker
from transforms.quotes.content import Content, token_span
from transforms.quotes.cue import load_cues
from transforms.quotes.marks import Quoted
from transforms.quotes.row import to_row
from transforms.quotes.speakers import Speakers
from warehouse.tables import Quote

_ENDS = frozenset(",.!?…")
_FEW = 4
_WINDOW = 30


def find_marked(
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
        rows.append(to_row(document, speakers, content, q.start, q.end, "direct"))
        previous = (q.after, content)
    return rows


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
