"""Quotations in headlines: with a cue or marks as in a text, or with a colon or dash.

"Minister: no tax rise this year" puts the speaker first, "Ferry sank after fire: coast guard" and
"Ferry sank after fire -coast guard" put him last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.entities.find import find_mentions
from transforms.language.document import Document
from transforms.quotes.beside import find_beside
from transforms.quotes.find import find_quotes
from transforms.quotes.row import unique_rows
from transforms.text import Text
from warehouse.tables import Mention, Quote


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
    beside = find_beside(headline, named, (0, len(headline.text)))
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
