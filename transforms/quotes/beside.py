"""A line that names its speaker beside a colon or dash, before or after what is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from transforms.language.document import Document
from transforms.quotes.content import Content, token_span
from transforms.quotes.marks import find_quoted
from transforms.quotes.row import to_row
from transforms.quotes.speaker import load_spokespeople
from transforms.quotes.speakers import Speakers
from warehouse.tables import Mention, Quote

FIRST = re.compile(r"^(?P<who>[^:?!“\"‘]{2,60}): +(?P<what>\S.*)$")
LAST = re.compile(r"^(?P<what>.*\S)(?:: +| [-–—] ?)(?P<who>[^:?!“\"‘,;]{2,60})$")
_MOST = 6
"""Words of a speaker beside a colon."""
_FINITE = frozenset(("VBZ", "VBD", "VBP", "MD"))
_ASKS = frozenset(("what", "why", "how", "who", "where", "when", "which", "whose", "meet"))
_NAMED = frozenset(("PERSON", "ORG", "GROUP"))


def find_beside(
    headline: Document,
    mentions: Sequence[Mention],
    line: tuple[int, int],
    patterns: Sequence[re.Pattern[str]] = (FIRST, LAST),
) -> Quote | None:
    """The quotation of a line that names its speaker before or after a colon or dash.

    Args:
        headline: the document that has the line.
        mentions: its names.
        line: code points [start, end) of the line.
        patterns: FIRST, LAST or both.
    """
    for pattern in patterns:
        match = pattern.match(headline.text[line[0] : line[1]])
        if match is None:
            continue
        who, what = (
            (match.start(side) + line[0], match.end(side) + line[0]) for side in ("who", "what")
        )
        rule = "headline-first" if pattern is FIRST else "headline-last"
        head = _speaker(headline, who, mentions)
        if head is None or not _is_said(headline, what, head, mentions, first=pattern is FIRST):
            continue
        mark = headline.text.find(":", *sorted((min(who[1], what[1]), max(who[0], what[0]))))
        cue = headline.token_at(mark) if mark >= 0 else -1
        speakers = Speakers(headline, mentions)
        content = Content((), cue, head, rule)
        words = _words(headline, *what)
        row = to_row(headline, speakers, content, *words, _kind(headline, what))
        # the phrase beside the mark is the speaker, however it was parsed
        name, entity = speakers.name_of(head, *who)
        return replace(
            row,
            speaker_start=who[0],
            speaker_end=who[1],
            speaker_name=name,
            speaker_entity_id=entity,
        )
    return None


def _speaker(headline: Document, who: tuple[int, int], mentions: Sequence[Mention]) -> int | None:
    """The head token of a phrase that may speak; null where it is a label or a sentence."""
    first, last = token_span(headline, *who)
    tokens = range(first, last)
    if not tokens or len(tokens) > _MOST:
        return None
    if any(headline.tags[t] in _FINITE and headline.pos[t] != "PROPN" for t in tokens):
        return None
    inside = [m for m in mentions if who[0] <= m.start and m.end <= who[1]]
    for token in reversed(tokens):
        if _says(headline, token):
            return token
    named = [m for m in inside if m.type in _NAMED or m.type == "PLACE"]
    if named and named[-1].end == who[1]:
        return headline.token_at(named[-1].end - 1)
    return None


def _says(headline: Document, token: int) -> bool:
    """Whether the word is one for people or papers that are quoted."""
    spoken = load_spokespeople()
    return headline.lemmas[token].lower() in spoken or headline.lowers[token] in spoken


def _is_said(
    headline: Document,
    what: tuple[int, int],
    head: int,
    mentions: Sequence[Mention],
    *,
    first: bool,
) -> bool:
    """Whether the other side of the mark is something the speaker may have said.

    A name first may be the topic ("Kenya: three dead", "Smith: a life on the road"): it speaks
    only what stands in marks, or has a verb of its own. Behind a statement it is the source.
    """
    begin, end = token_span(headline, *what)
    tokens = range(begin, end)
    words = sum(headline.words[t][0].isalnum() for t in tokens)
    if words < 2 or headline.lowers[begin] in _ASKS or headline.text[what[1] - 1] == "?":
        return False
    if any(what[0] <= q.start < what[1] for q in find_quoted(headline.text)):
        return True
    finite = any(headline.tags[t] in _FINITE for t in tokens)
    told = finite or any(headline.tags[t] in ("VBN", "VBG", "VB") for t in tokens)
    if not first:
        return told
    if _says(headline, head):
        return True
    at = headline.starts[head]
    kinds = {m.type for m in mentions if m.start <= at < m.end}
    return finite and bool(kinds & _NAMED)


def _words(headline: Document, start: int, end: int) -> tuple[int, int]:
    """The span without the marks that enclose all of it."""
    quoted = [q for q in find_quoted(headline.text) if q.outer <= start and q.after >= end]
    return (quoted[0].start, quoted[0].end) if quoted else (start, end)


def _kind(headline: Document, what: tuple[int, int]) -> str:
    """Direct where marks enclose all of it, mixed where they enclose a part, else indirect."""
    held = [q for q in find_quoted(headline.text) if q.start < what[1] and q.end > what[0]]
    if not held:
        return "indirect"
    return "direct" if held[0].outer <= what[0] and held[0].after >= what[1] else "mixed"
