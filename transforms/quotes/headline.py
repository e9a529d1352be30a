"""Quotations in headlines: with a cue or marks as in a text, or with a colon or dash.

"Minister: no tax rise this year" puts the speaker first, "Ferry sank after fire: coast guard" and
"Ferry sank after fire -coast guard" put him last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from transforms.entities.find import find_mentions
from transforms.language.document import Document
from transforms.quotes.attribute import Speakers
from transforms.quotes.content import Content, token_span
from transforms.quotes.find import find_quotes
from transforms.quotes.marks import find_quoted
from transforms.quotes.row import to_row, unique_rows
from transforms.quotes.speaker import load_spokespeople
from transforms.text import Text
from warehouse.tables import Mention, Quote

_FIRST = re.compile(r"^(?P<who>[^:?!“\"‘]{2,60}): +(?P<what>\S.*)$")
_LAST = re.compile(r"^(?P<what>.*\S)(?:: +| [-–—] ?)(?P<who>[^:?!“\"‘,;]{2,60})$")
_MOST = 6
"""Words of a speaker beside a colon."""
_FINITE = frozenset(("VBZ", "VBD", "VBP", "MD"))
_ASKS = frozenset(("what", "why", "how", "who", "where", "when", "which", "whose", "meet"))
_NAMED = frozenset(("PERSON", "ORG", "GROUP"))


def find_headline_quotes(
    text: Text, headline: Document, mentions: Sequence[Mention]
) -> list[Quote]:
    """The quotations of a headline, in order; all spans are into the headline.

    Args:
        text: the article.
        headline: the parse of its headline.
        mentions: the names of the text, whose full forms those of the headline take.
    """
    if not headline.words or text.headline is None:
        return []
    own = replace(text, text=text.headline)
    named = _as_in_text(text, headline, find_mentions(own, headline), mentions)
    rows = find_quotes(own, headline, named)
    beside = _beside_colon(headline, named)
    if beside is not None and not any(r.speaker_start is not None for r in rows):
        rows = [beside]
    return [_as_written(text.headline, r) for r in unique_rows(rows) if r.speaker_start is not None]


def _as_written(headline: str, row: Quote) -> Quote:
    """The row with its words as the headline has them, which was parsed in another case."""
    return replace(
        row,
        cue=None if row.cue_start is None else headline[row.cue_start : row.cue_end],
        speaker_surface=headline[row.speaker_start : row.speaker_end],
    )


def _beside_colon(headline: Document, mentions: Sequence[Mention]) -> Quote | None:
    """The quotation of a headline that names its speaker before or after a colon or dash."""
    for pattern, rule in ((_FIRST, "headline-first"), (_LAST, "headline-last")):
        match = pattern.match(headline.text)
        if match is None:
            continue
        who, what = match.span("who"), match.span("what")
        head = _speaker(headline, who, mentions)
        if head is None or not _is_said(headline, what, head, mentions, first=rule[-1] == "t"):
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


def _as_in_text(
    text: Text, headline: Document, found: Sequence[Mention], known: Sequence[Mention]
) -> list[Mention]:
    """The names of a headline with the full forms and entities that the text gives them."""
    by_name: dict[str, Mention] = {}
    for mention in known:
        words = mention.canonical_name.split()
        keys = [text.text[mention.start : mention.end], mention.canonical_name]
        keys += words[-1:] if mention.type == "PERSON" else []
        for key in keys:
            by_name.setdefault(key.casefold(), mention)
    rows = []
    for mention in found:
        full = by_name.get(headline.text[mention.start : mention.end].casefold())
        if full is not None:
            mention = replace(
                mention,
                type=full.type,
                canonical_name=full.canonical_name,
                entity_id=full.entity_id,
            )
        rows.append(mention)
    return rows
