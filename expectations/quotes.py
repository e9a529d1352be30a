"""Rules of quotes: the speaker and the cue stand where they say."""

from __future__ import annotations

from typing import Any

import pandas as pd

from expectations.rule import Evidence, expect
from expectations.spans import slices_equal, span_complete, span_within_text

SPEAKER = ("speaker_start", "speaker_end", "speaker_surface")
CUE = ("cue_start", "cue_end", "cue")
PLACES = "The attribution took offsets of another token or text: look at the rule of the rows."


@expect(
    "The speaker has a whole span and its words, or there is none.",
    hint=PLACES,
    columns=SPEAKER,
)
def speaker_span_complete(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the columns of the speaker are all null, or all known and in order."""
    return span_complete(frame, *SPEAKER)


@expect(
    "The speaker stands within the text.",
    hint=PLACES,
    columns=SPEAKER,
    needs=("texts",),
)
def speaker_inside_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where speaker_end <= len(text)."""
    return span_within_text(frame, evidence, "speaker_end")


@expect(
    "The speaker's words are what stands at the speaker's span.",
    hint=PLACES,
    columns=SPEAKER,
    needs=("texts",),
)
def speaker_equals_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where text[speaker_start:speaker_end] == speaker_surface."""
    return slices_equal(frame, evidence, SPEAKER)


@expect(
    "The cue has a whole span and its words, or there is none.",
    severity="warning",
    hint=PLACES,
    columns=CUE,
)
def cue_span_complete(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the columns of the cue are all null, or all known and in order."""
    return span_complete(frame, *CUE)


@expect(
    "The cue's words are what stands at the cue's span.",
    severity="warning",
    hint=PLACES,
    columns=CUE,
    needs=("texts",),
)
def cue_equals_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where text[cue_start:cue_end] == cue."""
    return slices_equal(frame, evidence, CUE)


QUOTE_RULES = (
    speaker_span_complete,
    speaker_inside_text,
    speaker_equals_text,
    cue_span_complete,
    cue_equals_text,
)
