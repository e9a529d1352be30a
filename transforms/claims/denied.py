"""Happenings that are denied without a number: "denied that any soldiers had been captured"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from transforms.claims.assertion import asserter_of
from transforms.claims.lexicon import class_of, load_happenings
from transforms.claims.party import find_actor, find_object, is_passive
from transforms.claims.reading import Counted, fits, readings_of
from transforms.claims.scene import Scene
from transforms.claims.setting import find_setting, interval_of, place_columns
from transforms.language.document import Document
from transforms.quotes.attribute import span_of
from warehouse.tables import Claim, Quote


def find_denied(scene: Scene, claims: Sequence[Claim]) -> list[Claim]:
    """Claims for the happenings within denials that no quantity has told."""
    told = {claim.trigger_start for claim in claims}
    found: list[Claim] = []
    for quote in scene.quotes:
        if quote.cue_class == "deny" and quote.cue_start is not None:
            cue = scene.document.token_at(quote.cue_start)
            if any(scene.document.deps[c] == "neg" for c in scene.document.children(cue)):
                continue
            for claim in _denied(scene, quote):
                if claim.trigger_start not in told:
                    told.add(claim.trigger_start)
                    found.append(claim)
    return found


def _denied(scene: Scene, quote: Quote) -> Iterator[Claim]:
    document = scene.document
    first = document.token_at(quote.start)
    for token in range(first, bisect_left(document.starts, quote.end)):
        if document.pos[token] != "VERB":
            continue
        sufferer = find_object(document, token)
        subject = None if is_passive(document, token) else find_actor(document, token)
        for word in readings_of(document, token):
            head = sufferer if word.role == "object" else subject
            if head is None or word.counting or word.role not in ("object", "subject"):
                continue
            name, kind = class_of(document.lemmas[head])
            if word.counted == "money" and document.lemmas[head] in ("ransom", "bribe", "money"):
                name = kind = "money"
            counted = Counted(head, head, head, name, kind)
            if load_happenings()[word.happening].claim and fits(document, word, token, counted):
                yield _to_claim(scene, quote, token, counted, word.happening)
                break


def _to_claim(scene: Scene, quote: Quote, token: int, counted: Counted, happening: str) -> Claim:
    document: Document = scene.document
    low, high = span_of(document, counted.head)
    starts = (document.starts[token], document.starts[low])
    ends = (document.ends[token], document.ends[high - 1])
    setting = find_setting(scene, token, (), happening, (quote.start, quote.end))
    return Claim(
        start=min(starts),
        end=max(ends),
        rule=f"{happening}.denied",
        happening=happening,
        event_type=None,
        trigger_start=document.starts[token],
        trigger_end=document.ends[token],
        **place_columns(scene, setting.place),
        **interval_of(scene, setting.time),
        **asserter_of(scene, quote),
        stance="deny",
        counted=document.words[counted.head],
        counted_class=counted.name,
    )
