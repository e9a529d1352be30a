"""Denials and what they answer: "said the claim was false", "dismissed the figures"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from transforms.claims.assertion import asserter_of
from transforms.claims.denial import POINTS, Denial, find_denials
from transforms.claims.lexicon import load_nouns
from transforms.claims.scene import Scene
from transforms.language.document import Document
from transforms.quotes.attribute import span_of
from transforms.quotes.speaker import type_of
from transforms.text import key_of
from warehouse.tables import Claim, Event

_FAR = 6
_NEAR = 2
_TOLLS = frozenset(("killed", "casualty", "wounded"))
_DONE = frozenset(("accused", "attacked", "detained", "released", "kidnapped", "captured"))

Answered = Claim | Event


def find_answers(scene: Scene, claims: Sequence[Claim], events: Sequence[Event]) -> list[Claim]:
    """A denial row for each phrase that calls an earlier claim or accusation untrue."""
    rows = []
    for denial in find_denials(scene.document):
        who = _who(scene, denial)
        if who is None:
            continue
        answered = _answered(scene, denial, who, claims, events)
        if answered is not None:
            rows.append(_to_row(scene, denial, who, answered))
    return rows


def link_denials(scene: Scene, claims: Sequence[Claim]) -> list[Claim]:
    """The same claims, each denial with the earlier claim of others about the same happening."""
    ordered = sorted(claims, key=lambda c: c.start)
    linked = []
    for at, claim in enumerate(ordered):
        if claim.stance == "deny":
            earlier = [
                c
                for c in ordered[:at]
                if c.happening == claim.happening
                and c.stance != "deny"
                and c.asserter_type != "outlet"
                and not _same_party(c, claim.asserter_name, claim.asserter_surface)
                and (
                    None in (c.counted_class, claim.counted_class)
                    or c.counted_class == claim.counted_class
                )
            ]
            if earlier:
                claim = replace(claim, answers_id=_key(scene, earlier[-1]))
        linked.append(claim)
    return linked


def _who(scene: Scene, denial: Denial) -> dict[str, Any] | None:
    """The columns of whoever denies; null where nobody does."""
    document = scene.document
    if denial.speaker is None:
        low, high = _span(document, denial)
        quote = scene.quote_around(low, high) or scene.quote_around(
            document.starts[denial.word], document.ends[denial.word]
        )
        return None if quote is None else asserter_of(scene, quote)
    cue = document.starts[denial.word]
    for quote in scene.quotes:
        if quote.cue_start == cue and quote.speaker_start is not None:
            return asserter_of(scene, quote)
    first, last = span_of(document, denial.speaker)
    start, end = document.starts[first], document.ends[last - 1]
    named = scene.speakers.naming(denial.speaker, start, end)
    return {
        "asserter_type": type_of(document, denial.speaker, named),
        "asserter_surface": document.text[start:end],
        "asserter_start": start,
        "asserter_end": end,
        "asserter_name": named.canonical_name if named else None,
        "asserter_entity_id": named.entity_id if named else None,
    }


def _answered(
    scene: Scene,
    denial: Denial,
    who: dict[str, Any],
    claims: Sequence[Claim],
    events: Sequence[Event],
) -> Answered | None:
    """The last claim, or accusation, of others before a denial."""
    document = scene.document
    start, _ = _span(document, denial)
    sentence = document.sentence_of(start)
    noun = document.lemmas[denial.noun]
    rows: list[Answered] = [c for c in claims if c.stance != "deny" and c.asserter_type != "outlet"]
    if noun not in load_nouns("counts"):
        rows += [e for e in events if e.happening in _DONE]
    rows = [
        row
        for row in rows
        if row.end <= start
        and sentence - document.sentence_of(row.start) <= _FAR
        and not _same_party(row, who.get("asserter_name"), who.get("asserter_surface"))
        and (row.asserter_type != "outlet" or row.happening == "accused")
    ]
    if noun in POINTS:
        rows = [row for row in rows if sentence - document.sentence_of(row.start) == 1]
    if noun == "toll":
        rows = [row for row in rows if row.happening in _TOLLS]
    if noun in load_nouns("accusations"):
        # "rejected the accusation" answers a count only where that was told just before
        near = [row for row in rows if sentence - document.sentence_of(row.start) <= _NEAR]
        rows = [row for row in rows if row.happening == "accused"] or near
    last = max((document.sentence_of(row.start) for row in rows), default=0)
    # of several in the sentence answered, the first is what it is about
    rows = [row for row in rows if document.sentence_of(row.start) == last]
    return min(rows, key=lambda row: (isinstance(row, Event), row.start), default=None)


def _same_party(row: Answered, name: str | None, surface: str | None) -> bool:
    said = (row.asserter_name, row.asserter_surface)
    if isinstance(row, Event) and row.happening == "accused" and row.asserter_type == "outlet":
        said = (row.actor_name, row.actor_surface)
    if name is not None and said[0] is not None:
        return name == said[0]
    return surface is not None and surface == said[1]


def _span(document: Document, denial: Denial) -> tuple[int, int]:
    """Code points from the words denied to the word that denies, with the speaker if between."""
    first, last = span_of(document, denial.noun)
    low, high = document.starts[first], document.ends[last - 1]
    return min(low, document.starts[denial.word]), max(high, document.ends[denial.word])


def _to_row(scene: Scene, denial: Denial, who: dict[str, Any], answered: Answered) -> Claim:
    document = scene.document
    start, end = _span(document, denial)
    return Claim(
        start=start,
        end=end,
        rule=f"{answered.happening}.answer",
        happening=answered.happening,
        event_type=answered.event_type,
        trigger_start=document.starts[denial.word],
        trigger_end=document.ends[denial.word],
        **{
            name: getattr(answered, name)
            for name in (
                "actor_surface", "actor_start", "actor_end", "actor_mention_id", "actor_name",
                "actor_entity_id", "place_mention_id", "place_from", "time_id",
                "happened_from", "happened_to", "time_from",
            )
        },
        **who,
        stance="deny",
        counted=answered.counted if isinstance(answered, Claim) else None,
        counted_class=answered.counted_class if isinstance(answered, Claim) else None,
        counted_side=answered.counted_side if isinstance(answered, Claim) else None,
        answers_id=_key(scene, answered),
    )  # fmt: skip


def _key(scene: Scene, row: Answered) -> str:
    table = "claims" if isinstance(row, Claim) else "events"
    text = scene.text
    return key_of(text.article_id, text.version, table, row.start, row.end, row.rule)
