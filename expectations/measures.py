"""The measures: what should stay as it was from night to night, for each source."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from expectations.articles import MOJIBAKE
from expectations.measure import Frames, Measure, Values
from expectations.walls import is_wall

ANNOTATED = frozenset({"en"})
RECENT = timedelta(days=7)
PAGE = "Open a few of its new articles: a changed page layout loses this before anything else."
READER = (
    "If one source moved, compare its articles of before and now; if all did, a change of the code"
    " or the model did it: see runs.extractors."
)


def _articles(column: str) -> Values:
    """Whether each article has something in the column."""

    def values(frames: Frames, as_of: datetime) -> pd.Series[Any]:
        versions = frames["article_versions"]
        return _by(versions, versions[column].notna().to_numpy())

    return values


def _texts(of: Any) -> Values:
    """What a function says of each text."""

    def values(frames: Frames, as_of: datetime) -> pd.Series[Any]:
        versions = frames["article_versions"]
        return _by(versions, [of(t) if isinstance(t, str) else None for t in versions["text"]])

    return values


def _by(frame: pd.DataFrame, values: Any) -> pd.Series[Any]:
    return pd.Series(values, index=pd.Index(frame["article_id"].tolist()), dtype=object)


def recent(frames: Frames, as_of: datetime) -> pd.Series[Any]:
    """Of each dated article, whether it came out in the week before the fetch."""
    versions = frames["article_versions"]
    age = pd.Timestamp(as_of) - pd.to_datetime(versions["published_at"], utc=True).astype(
        "datetime64[us, UTC]"
    )
    verdict = [None if pd.isna(a) else timedelta(days=-1) <= a <= RECENT for a in age]
    return _by(versions, verdict)


def repeated(frames: Frames, as_of: datetime) -> pd.Series[Any]:
    """Whether another article of the batch has the very same text."""
    versions = frames["article_versions"]
    return _by(versions, versions["text_sha256"].duplicated(keep=False).to_numpy())


def annotated(frames: Frames, as_of: datetime) -> pd.Series[Any]:
    """Whether each article is in a language that is annotated."""
    versions = frames["article_versions"]
    return _by(versions, [(v if isinstance(v, str) else "en") in ANNOTATED
                          for v in versions["language"]])  # fmt: skip


def per_thousand(table: str) -> Values:
    """Rows of a table per thousand characters, of each annotated article with a text."""

    def values(frames: Frames, as_of: datetime) -> pd.Series[Any]:
        versions = frames["article_versions"]
        counts = frames[table]["article_id"].value_counts().to_dict()
        return _by(versions, [
            1000 * counts.get(article, 0) / len(text)
            if isinstance(text, str) and text
            and (lang if isinstance(lang, str) else "en") in ANNOTATED else None
            for article, text, lang in zip(
                versions["article_id"], versions["text"], versions["language"], strict=True)
        ])  # fmt: skip

    return values


def known(table: str, column: str, where: tuple[str, str] | None = None) -> Values:
    """Whether each row has something in the column; `where` keeps rows with a value in another."""

    def values(frames: Frames, as_of: datetime) -> pd.Series[Any]:
        frame = frames[table]
        if where is not None:
            frame = frame[(frame[where[0]] == where[1]).fillna(False).astype(bool)]
        return _by(frame, frame[column].notna().to_numpy())

    return values


def mix(table: str, column: str) -> Values:
    """The kind of each row."""

    def values(frames: Frames, as_of: datetime) -> pd.Series[Any]:
        frame = frames[table]
        return _by(frame, frame[column].astype(object).where(frame[column].notna(), None).tolist())

    return values


VOLUME = Measure(
    "volume", "articles", "The source brings as many new articles a day as it is wont to.", "count",
    "Few or none: the feed moved, closed or blocks you: `dateline sources check`. Many: an archive"
    " was opened, addresses changed, or one text comes under many addresses.",
)  # fmt: skip
SILENCE = Measure(
    "silence", "articles", "The source has brought a new article lately.", "hours",
    "Open the source's location: if it is up and has news, its address or form changed; if not,"
    " take it out of the configuration.",
    sides=("high",), most=21 * 24.0,
)  # fmt: skip
FAILED = Measure(
    "failed_share", "fetches", "As few fetches of the source fail as usual.", "share",
    "See error_class in fetches: a robots.txt that closed, a block, an outage.",
    slack=0.2, sides=("high",),
)  # fmt: skip
HELD = Measure(
    "held_share", "quarantine", "As few documents of the source are held back as usual.", "share",
    "See `dateline quarantine list --source`: the reasons say what the pages have become.",
    slack=0.1, sides=("high",),
)  # fmt: skip
COPIES = Measure(
    "copies_share", "duplicates", "As many articles as usual repeat another one.", "share",
    "The same articles are delivered under new addresses, or a page that is the same for all took"
    " their place: see near_duplicates.",
    lambda frames, as_of: _by(
        frames["duplicates"],
        frames["duplicates"]["relation"].isin(("identical", "near", "part")).to_numpy(),
    ),
    slack=0.15, sides=("high",),
)  # fmt: skip

_RATES = {
    "mentions": 0.4, "quantities": 0.5, "times": 0.5, "quotes": 0.6, "claims": 0.8, "events": 0.8,
}  # fmt: skip

MEASURES: tuple[Measure, ...] = (
    Measure("dated_share", "article_versions", "Articles have a publication time as usual.",
            "share", PAGE + " Relative dates stay unresolved without it.",
            _articles("published_at"), sides=("low",)),
    Measure("recent_share", "article_versions",
            "Dated articles came out in the week before the fetch as usual.", "share",
            "The dates jumped: compare published_method and published_candidates with the pages, or"
            " the source serves its archive.", recent, slack=0.25, sides=("low",)),
    Measure("text_size", "article_versions", "Texts are as long as usual.", "size",
            "Half a text: the page loads the rest, or the layout changed. Much more: menus or other"
            " articles are read along. Open a few urls beside their text.",
            _texts(lambda text: math.log1p(len(text))), slack=0.25),
    Measure("headline_share", "article_versions", "Articles have a headline as usual.", "share",
            PAGE, _articles("headline"), sides=("low",)),
    Measure("byline_share", "article_versions", "Articles have a byline as usual.", "share",
            PAGE, _articles("byline"), slack=0.25, sides=("low",), severity="info"),
    Measure("annotated_share", "article_versions",
            "As many articles as usual are in a language that is annotated.", "share",
            "The source changed its language, or pages are read that are no articles.", annotated,
            slack=0.2, sides=("low",)),
    Measure("repeated_share", "article_versions",
            "As few articles as usual have word for word the text of another.", "share",
            "One page took the place of many (a wall, an error), or the source delivers twice.",
            repeated, slack=0.15, sides=("high",), most=0.5),
    Measure("wall_share", "article_versions", "Texts are articles, not walls before them.", "share",
            "The site asks for consent, sign-in or scripts: look at it as one without cookies.",
            _texts(is_wall), sides=("high",), most=0.2),
    Measure("mojibake_share", "article_versions", "Texts are decoded rightly.", "share",
            "The site declares another encoding than it uses: compare the archived bytes.",
            _texts(lambda text: 200 * len(MOJIBAKE.findall(text)) > len(text)), sides=("high",),
            most=0.1),
    *(Measure(f"{table}_rate", table,
              f"As many {table} as usual are found in a thousand characters.", "rate", READER,
              per_thousand(table), slack=slack, owner="pipeline")
      for table, slack in _RATES.items()),
    Measure("linked_share", "mentions", "Places are linked to GeoNames as usual.", "share", READER,
            known("mentions", "geonames_id", ("type", "PLACE")), slack=0.25, sides=("low",),
            owner="pipeline"),
    Measure("resolved_share", "times", "Temporal expressions have an interval as usual.", "share",
            "Mostly articles lost their date: see dated_share. " + READER,
            known("times", "start_at"), slack=0.25, sides=("low",), owner="pipeline"),
    Measure("speaker_share", "quotes", "Quotes have a speaker as usual.", "share", READER,
            known("quotes", "speaker_surface"), slack=0.25, sides=("low",), owner="pipeline"),
    Measure("concept_share", "quantities", "Counts say what is counted as usual.", "share", READER,
            known("quantities", "concept", ("kind", "count")), slack=0.25, sides=("low",),
            owner="pipeline"),
    Measure("type_mix", "mentions", "Names are of the usual types.", "mix", READER,
            mix("mentions", "type"), slack=0.2, sides=("high",), owner="pipeline"),
    Measure("kind_mix", "quantities", "Quantities are of the usual kinds.", "mix", READER,
            mix("quantities", "kind"), slack=0.25, sides=("high",), owner="pipeline"),
    Measure("unit_mix", "quantities", "Quantities have the usual units.", "mix", READER,
            mix("quantities", "unit"), slack=0.3, sides=("high",), owner="pipeline"),
    Measure("type_mix", "times", "Temporal expressions are of the usual types.", "mix", READER,
            mix("times", "timex_type"), slack=0.25, sides=("high",), owner="pipeline"),
    COPIES,
)  # fmt: skip
"""Measures of what came, by article or row."""

COUNTED = (VOLUME, SILENCE, FAILED, HELD)
"""Measures that the run counts itself."""


def find_measure(table: str, measure_id: str) -> Measure | None:
    """The measure with this id; null for one that the code no longer has."""
    found = (m for m in (*MEASURES, *COUNTED) if (m.table, m.id) == (table, measure_id))
    return next(found, None)
