"""The composition of the annotators, and nothing else.

Times and names come first, since they tell quantities what is no quantity; names, and what stands
for them, give quotes their speakers; claims and events join what all the others found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from transforms.claims.find import VERSION as CLAIMS
from transforms.claims.find import find_claims
from transforms.claims.link import link_told
from transforms.convert import facts_to_frame, retype
from transforms.entities.find import VERSION as ENTITIES
from transforms.entities.find import find_mentions
from transforms.entities.inner import find_inner_places
from transforms.entities.link import link_places
from transforms.entities.references.find import VERSION as REFERENCES
from transforms.entities.references.find import find_references
from transforms.entities.references.rows import link_references, to_rows
from transforms.language.document import Document
from transforms.quantities.find import VERSION as QUANTITIES
from transforms.quantities.find import find_quantities
from transforms.quantities.policy import DEFAULT, load_policy
from transforms.quotes.find import VERSION as QUOTES
from transforms.quotes.find import find_quotes
from transforms.quotes.headline import find_headline_quotes
from transforms.quotes.link import link_speakers
from transforms.text import Text
from transforms.times.find import VERSION as TIMES
from transforms.times.find import find_times
from warehouse import tables
from warehouse.tables import NestedQuote, Span

VERSIONS = {
    "mentions": ENTITIES,
    "inner_places": ENTITIES,
    "coreferences": REFERENCES,
    "quantities": QUANTITIES,
    "times": TIMES,
    "quotes": QUOTES,
    "nested_quotes": QUOTES,
    "headline_quotes": QUOTES,
    "claims": CLAIMS,
    "events": CLAIMS,
}
"""Version of each extractor, by the table it fills."""

LANGUAGES = frozenset({"en"})
"""Languages that are annotated; texts in others are kept, skipped here and counted."""


def annotate(
    texts: Sequence[Text],
    documents: Sequence[Document],
    vague_policy: str = DEFAULT,
    headlines: Sequence[Document] | None = None,
) -> dict[str, pd.DataFrame]:
    """The facts of a batch: one frame a table, with the declared columns.

    The result for one text does not depend on the others in its batch.

    Args:
        texts: the article versions.
        documents: the parse of each.
        vague_policy: name or file of the policy for vague number words.
        headlines: the parse of each headline; without them headlines are not looked at.
    """
    policy = load_policy(vague_policy)
    pairs = list(zip(texts, documents, strict=True))
    times = [find_times(text, document) for text, document in pairs]
    mentions = [find_mentions(text, document) for text, document in pairs]
    references = [
        find_references(document, m) for (_, document), m in zip(pairs, mentions, strict=True)
    ]
    quantities = [
        find_quantities(text, document, t, m, policy)
        for (text, document), t, m in zip(pairs, times, mentions, strict=True)
    ]
    quotes = [
        find_quotes(text, document, m, r)
        for (text, document), m, r in zip(pairs, mentions, references, strict=True)
    ]
    told = [
        find_claims(text, document, m, n, t, q, r)
        for (text, document), m, n, t, q, r in zip(
            pairs, mentions, quantities, times, quotes, references, strict=True
        )
    ]
    spoken = [
        find_headline_quotes(text, headline, m)
        for text, headline, m in zip(texts, headlines or (), mentions, strict=headlines is not None)
    ]
    found: dict[str, Sequence[Sequence[Span]]] = {
        "mentions": mentions,
        "coreferences": [to_rows(text, r) for (text, _), r in zip(pairs, references, strict=True)],
        "quantities": quantities,
        "times": times,
        "quotes": [[q for q in own if not isinstance(q, NestedQuote)] for own in quotes],
        "nested_quotes": [[q for q in own if isinstance(q, NestedQuote)] for own in quotes],
        "claims": [claims for claims, _ in told],
        "events": [events for _, events in told],
    }
    frames = {name: _to_frame(name, pairs, rows) for name, rows in found.items()}
    frames["headline_quotes"] = facts_to_frame(
        tables.HEADLINE_QUOTES,
        [
            (replace(text, text=text.headline or ""), headline, rows)
            for text, headline, rows in zip(texts, headlines or (), spoken, strict=False)
        ],
        QUOTES,
    )
    frames["mentions"] = frames["mentions"].pipe(link_places, texts).pipe(retype, tables.MENTIONS)
    inner = find_inner_places(frames["mentions"], [text.article_id for text in texts])
    frames["inner_places"] = _to_frame("inner_places", pairs, inner)
    frames["coreferences"] = (
        frames["coreferences"]
        .pipe(link_references, frames["mentions"])
        .pipe(retype, tables.COREFERENCES)
    )
    for name in ("quotes", "nested_quotes", "headline_quotes"):
        linked = link_speakers(frames[name], frames["mentions"])
        frames[name] = retype(linked, tables.BY_NAME[name])
    said = pd.concat([frames["quotes"], frames["nested_quotes"]], ignore_index=True)
    for name in ("claims", "events"):
        linked = link_told(frames[name], frames["mentions"], said)
        frames[name] = retype(linked, tables.BY_NAME[name])
    return frames


def _to_frame(
    name: str, pairs: Sequence[tuple[Text, Document]], rows: Sequence[Sequence[Span]]
) -> pd.DataFrame:
    """The frame of a table from the rows of each document."""
    found = [(text, document, own) for (text, document), own in zip(pairs, rows, strict=True)]
    return facts_to_frame(tables.BY_NAME[name], found, VERSIONS[name])
