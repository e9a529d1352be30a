"""Rules of every fact: it stands where it says, in a version that the warehouse has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from expectations.rule import Evidence, expect

OFFSETS = (
    "Offsets count code points of article_versions.text: look for a finder that counts bytes, or"
    " worked on another text than the stored one."
)


def verdicts(values: Iterable[bool | None]) -> pd.Series[Any]:
    """Verdicts as a series; null where there is nothing to judge."""
    return pd.Series(pd.array(list(values), dtype="boolean"))


def texts_of(frame: pd.DataFrame, evidence: Evidence) -> list[str | None]:
    """The text of each row's article version; null where it is not at hand."""
    texts = evidence.texts or {}
    pairs = zip(frame["article_id"].tolist(), frame["version"].tolist(), strict=True)
    return [texts.get(pair) for pair in pairs]


def slices_equal(frame: pd.DataFrame, evidence: Evidence, columns: Sequence[str]) -> pd.Series[Any]:
    """Whether the text between the first two columns is what the third one says."""
    spans = (_plain(frame, column) for column in columns)
    return verdicts(
        None if None in (text, start, end, words) else start >= 0 and text[start:end] == words
        for text, start, end, words in zip(texts_of(frame, evidence), *spans, strict=True)
    )


def span_within_text(frame: pd.DataFrame, evidence: Evidence, end: str) -> pd.Series[Any]:
    """Whether the text reaches to `end`."""
    return verdicts(
        None if text is None or at is None else at <= len(text)
        for text, at in zip(texts_of(frame, evidence), _plain(frame, end), strict=True)
    )


def span_complete(frame: pd.DataFrame, start: str, end: str, *others: str) -> pd.Series[Any]:
    """Whether all of the columns are null, or none of them and the end is after the start."""
    known = frame[[start, end, *others]].notna()
    ordered = (frame[end] > frame[start]).fillna(False).astype(bool)
    return ~known.any(axis=1) | (known.all(axis=1) & ordered)


def _plain(frame: pd.DataFrame, column: str) -> list[Any]:
    return [None if value is pd.NA else value for value in frame[column].tolist()]


@expect(
    "The article version that the row speaks of is in the warehouse, or comes with it.",
    hint="Mostly its version was held back itself: see article_versions in the quarantine.",
    columns=("article_id", "version"),
    needs=("versions",),
)
def version_known(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the row's version is among the known ones."""
    versions = evidence.versions or frozenset()
    pairs = zip(frame["article_id"].tolist(), frame["version"].tolist(), strict=True)
    return verdicts(pair in versions for pair in pairs)


@expect(
    "The span ends after it begins.",
    hint=OFFSETS,
    columns=("start", "end"),
)
def span_not_empty(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where end > start."""
    return frame["end"] > frame["start"]


@expect(
    "The span ends within the text.",
    hint=OFFSETS,
    columns=("start", "end"),
    needs=("texts",),
)
def span_inside_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where end <= len(text)."""
    return span_within_text(frame, evidence, "end")


@expect(
    "The surface is what stands at the span in the text.",
    hint=OFFSETS,
    columns=("start", "end", "surface"),
    needs=("texts",),
)
def surface_equals_text(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where text[start:end] == surface."""
    return slices_equal(frame, evidence, ("start", "end", "surface"))


@expect(
    "The span begins in its sentence.",
    severity="warning",
    hint="The sentences of the parse and the spans of the finder disagree about where text is.",
    columns=("start", "sentence", "sentence_start", "sentence_end"),
)
def span_begins_in_sentence(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where sentence_start <= start < sentence_end."""
    return (frame["sentence_start"] <= frame["start"]) & (frame["start"] < frame["sentence_end"])


@expect(
    "The surface has something other than white space.",
    severity="warning",
    hint="A finder reports gaps: look at the rule of the rows.",
    columns=("surface", "rule"),
)
def surface_not_blank(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the surface has a visible character."""
    return frame["surface"].str.strip() != ""


FACT_RULES = (
    version_known,
    span_not_empty,
    span_inside_text,
    surface_equals_text,
    span_begins_in_sentence,
    surface_not_blank,
)
