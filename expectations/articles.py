"""Rules of article versions."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pandas as pd

from expectations.rule import Evidence, expect
from expectations.spans import verdicts

AHEAD = timedelta(days=1)
"""How far a page may be ahead: it states local times, often without a zone, or only the day."""

LOST = 0.01
"""Share of replacement characters above which a text was decoded wrongly."""


@expect(
    "The publication time is not after the fetch.",
    hint="The page states a date of something else, or the day and month are swapped: compare"
    " published_candidates and published_method.",
    columns=("published_at", "published_method", "url"),
)
def published_not_after_fetch(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where published_at is at most a day later than the fetch."""
    return frame["published_at"] <= pd.Timestamp(evidence.as_of + AHEAD)


@expect(
    "The time of the last change is not after the fetch.",
    severity="warning",
    hint="The page's clock is wrong, or it announces changes to come.",
    columns=("modified_at", "url"),
)
def modified_not_after_fetch(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where modified_at is at most a day later than the fetch."""
    return frame["modified_at"] <= pd.Timestamp(evidence.as_of + AHEAD)


@expect(
    "The publication time is known.",
    severity="info",
    hint="Relative dates of these articles stay unresolved. A default can be given with"
    " `--published`.",
    columns=("url",),
)
def published_known(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where there is a publication time."""
    return frame["published_at"].notna()


@expect(
    "The text is not blank.",
    hint="The page has no article, or the extraction lost it: open the url.",
    columns=("url", "headline"),
)
def text_not_blank(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the text has a visible character."""
    return frame["text"].str.strip() != ""


@expect(
    "The hash is that of the text.",
    hint="Something changed the text after it was hashed; all offsets may be wrong.",
    columns=("text_sha256", "url"),
)
def text_hash_matches(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where text_sha256 is the SHA-256 of the text in UTF-8."""
    pairs = zip(frame["text"].tolist(), frame["text_sha256"].tolist(), strict=True)
    return verdicts(
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() == digest
        if isinstance(text, str) and isinstance(digest, str)
        else None
        for text, digest in pairs
    )


@expect(
    f"At most {LOST:.0%} of the text's characters were lost in decoding.",
    severity="warning",
    hint="The page declares a wrong encoding: compare the archived bytes.",
    columns=("url", "headline"),
)
def text_decoded(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where few characters are U+FFFD."""
    return frame["text"].str.count("\ufffd") <= LOST * frame["text"].str.len()


ARTICLE_RULES = (
    published_not_after_fetch,
    modified_not_after_fetch,
    published_known,
    text_not_blank,
    text_hash_matches,
    text_decoded,
)
