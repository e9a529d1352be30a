"""Rules of article versions."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

import pandas as pd

from expectations.rule import Evidence, expect
from expectations.spans import verdicts
from expectations.walls import is_wall

AHEAD = timedelta(days=1)
"""How far a page may be ahead: it states local times, often without a zone, or only the day."""

LOST = 0.01
"""Share of replacement characters above which a text was decoded wrongly."""

_TAIL = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
)
MOJIBAKE = re.compile(f"[\u00c2-\u00c5][{_TAIL}]|\u00e2[\u0080\u20ac][{_TAIL}]|\u00ef\u00bf\u00bd")
"""What two or three bytes of UTF-8 become when each is read as a letter of Latin-1 or CP1252."""


@expect(
    "The publication time is not after the fetch.",
    hint="The page states a date of something else, or the day and month are swapped: compare"
    " published_candidates and published_method.",
    columns=("published_at", "published_method", "url"),
    owner="sources",
)
def published_not_after_fetch(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where published_at is at most a day later than the fetch."""
    return frame["published_at"] <= pd.Timestamp(evidence.as_of + AHEAD)


@expect(
    "The time of the last change is not after the fetch.",
    severity="warning",
    hint="The page's clock is wrong, or it announces changes to come.",
    columns=("modified_at", "url"),
    owner="sources",
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
    owner="sources",
)
def published_known(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where there is a publication time."""
    return frame["published_at"].notna()


@expect(
    "The text is not blank.",
    hint="The page has no article, or the extraction lost it: open the url.",
    columns=("url", "headline"),
    owner="sources",
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
    "The text is not that of letters read in the wrong encoding.",
    severity="warning",
    hint="UTF-8 was read as Latin-1, here or by the publisher: compare the archived bytes, and tell"
    " the publisher if the page itself is so.",
    columns=("url", "headline"),
    owner="sources",
)
def text_no_mojibake(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where less than one in 200 characters belongs to a sequence that only mojibake has."""
    return verdicts(
        None if not isinstance(text, str) else 200 * len(MOJIBAKE.findall(text)) <= len(text)
        for text in frame["text"].tolist()
    )


@expect(
    "The text is an article, not a wall before it (consent, sign-in, subscription, scripts).",
    severity="warning",
    hint="Open the url as a reader without cookies. If the site now shows this to everybody, take"
    " the source out or ask the publisher; `dateline quarantine` and a later run bring what opens.",
    columns=("url", "headline"),
    owner="sources",
)
def text_is_no_wall(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where a short text has at most one of the phrases that walls are made of."""
    return verdicts(
        None if not isinstance(text, str) else not is_wall(text) for text in frame["text"].tolist()
    )


@expect(
    f"At most {LOST:.0%} of the text's characters were lost in decoding.",
    severity="warning",
    hint="The page declares a wrong encoding: compare the archived bytes.",
    columns=("url", "headline"),
    owner="sources",
)
def text_decoded(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where few characters are U+FFFD."""
    return frame["text"].str.count("\ufffd") <= LOST * frame["text"].str.len()


@expect(
    "The version that an article shows comes with it.",
    hint="The batch has an article and not its text: see how article_versions was split.",
    columns=("article_id", "current_version"),
    needs=("versions",),
)
def current_version_comes(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the article's current version is among those at hand."""
    versions = evidence.versions or frozenset()
    pairs = zip(frame["article_id"].tolist(), frame["current_version"].tolist(), strict=True)
    return verdicts(pair in versions for pair in pairs)


ARTICLE_RULES = (
    published_not_after_fetch,
    modified_not_after_fetch,
    published_known,
    text_not_blank,
    text_hash_matches,
    text_decoded,
    text_no_mojibake,
    text_is_no_wall,
)
