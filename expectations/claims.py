"""Rules of claims and events: parties stand where they say, and a claim counts or denies."""

from __future__ import annotations

from typing import Any

import pandas as pd

from expectations.rule import Evidence, expect
from expectations.spans import slices_equal, span_complete

ACTOR = ("actor_start", "actor_end", "actor_surface")
TARGET = ("target_start", "target_end", "target_surface")
CONTENT = ("content_start", "content_end", "content_surface")
ASSERTER = ("asserter_start", "asserter_end", "asserter_surface")
PLACES = "The party took offsets of another token or text: look at the rule of the rows."


@expect("The actor has a whole span and its words, or there is none.", hint=PLACES, columns=ACTOR)
def actor_span_complete(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the columns of the actor are all null, or all known and in order."""
    return span_complete(frame, *ACTOR)


@expect(
    "The actor's words are what stands at the actor's span.",
    hint=PLACES,
    columns=ACTOR,
    needs=("texts",),
)
def actor_equals_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where text[actor_start:actor_end] == actor_surface."""
    return slices_equal(frame, evidence, ACTOR)


@expect(
    "The speaker's words are what stands at the speaker's span.",
    hint=PLACES,
    columns=ASSERTER,
    needs=("texts",),
)
def asserter_equals_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where text[asserter_start:asserter_end] == asserter_surface."""
    return slices_equal(frame, evidence, ASSERTER)


@expect(
    "A speaker stands beside every type but the outlet's, and none beside the outlet.",
    hint="transforms/claims/assertion.py copies the speaker of the quote: look at quote_id.",
    columns=("asserter_type", *ASSERTER, "quote_id"),
)
def asserter_explained(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where a speaker is given exactly when the asserter is one."""
    kind = frame["asserter_type"]
    speaks = (kind.notna() & (kind != "outlet")).fillna(False).astype(bool)
    return span_complete(frame, *ASSERTER) & (frame["asserter_start"].notna() == speaks)


@expect(
    "The time of a happening ends after it begins.",
    hint="The interval is that of the row of times with this time_id.",
    columns=("time_id", "happened_from", "happened_to", "time_from"),
)
def time_ordered(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where happened_from < happened_to; null where an end is open."""
    return frame["happened_from"] < frame["happened_to"]


@expect(
    "A place has its origin beside it, and there is none without.",
    severity="warning",
    hint="transforms/claims/setting.py and inherit.py set both together.",
    columns=("place_mention_id", "place_from"),
)
def place_explained(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where place_from is known exactly for rows with a place."""
    return frame["place_mention_id"].notna() == frame["place_from"].notna()


@expect(
    "A time of the clause has its row, and the day of publication has none.",
    severity="warning",
    hint="transforms/claims/setting.py sets both together.",
    columns=("time_id", "time_from"),
)
def time_explained(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where time_id is known exactly for times of the clause."""
    clause = (frame["time_from"] == "clause").fillna(False).astype(bool)
    return frame["time_id"].notna() == clause


@expect(
    "A claim has a count, or denies something.",
    hint="A row without quantity must be a zero that no number tells, or have the stance deny.",
    columns=("quantity_id", "value", "value_low", "value_high", "stance"),
)
def claim_counts_or_denies(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where there is a value, a range, a quantity, or a denial."""
    counted = frame[["quantity_id", "value", "value_low", "value_high"]].notna().any(axis=1)
    return counted | (frame["stance"] == "deny").fillna(False).astype(bool)


@expect(
    "The lower end of a count is not above the upper one.",
    hint="The ends are those of the quantity: look at its rule.",
    columns=("quantity_id", "value_low", "value_high"),
)
def counts_ordered(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where value_low <= value_high; null where an end is unknown."""
    return frame["value_low"] <= frame["value_high"]


@expect("The target has a whole span and its words, or there is none.", hint=PLACES, columns=TARGET)
def target_span_complete(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the columns of the target are all null, or all known and in order."""
    return span_complete(frame, *TARGET)


@expect(
    "The target's words are what stands at the target's span.",
    hint=PLACES,
    columns=TARGET,
    needs=("texts",),
)
def target_equals_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where text[target_start:target_end] == target_surface."""
    return slices_equal(frame, evidence, TARGET)


@expect(
    "The content has a whole span and its words, or there is none.", hint=PLACES, columns=CONTENT
)
def content_span_complete(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the columns of the content are all null, or all known and in order."""
    return span_complete(frame, *CONTENT)


@expect(
    "The content's words are what stands at the content's span.",
    hint=PLACES,
    columns=CONTENT,
    needs=("texts",),
)
def content_equals_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where text[content_start:content_end] == content_surface."""
    return slices_equal(frame, evidence, CONTENT)


TOLD_RULES = (
    actor_span_complete,
    actor_equals_text,
    asserter_equals_text,
    asserter_explained,
    time_ordered,
    place_explained,
    time_explained,
)
CLAIM_RULES = (claim_counts_or_denies, counts_ordered)

EVENT_RULES = (
    target_span_complete,
    target_equals_text,
    content_span_complete,
    content_equals_text,
)
