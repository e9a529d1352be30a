"""Speakers joined to names and entities, once all names of the article are resolved."""

from __future__ import annotations

import pandas as pd


def link_speakers(quotes: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """`quotes` with speaker_name and speaker_entity_id filled from the mentions in the speakers.

    Values that are there already stay. People come before other names in a speaker's words
    ("Pentagon spokesman John Doe"); names already resolved, as of pronouns, get their entity.

    Args:
        quotes: rows of the quotes table.
        mentions: article_id, start, end, canonical_name, entity_id and, if there, type.
    """
    if quotes.empty or mentions.empty:
        return quotes
    frame = quotes.copy()
    names = _names(mentions).rename(columns={"start": "_start", "end": "_end"})
    spans = frame[["article_id", "speaker_start", "speaker_end"]].copy()
    spans["_row"] = range(len(spans))
    spans = spans[spans["speaker_start"].notna()]
    joined = spans.merge(names, on="article_id")
    inside = (joined["_start"] >= joined["speaker_start"]) & (
        joined["_end"] <= joined["speaker_end"]
    )
    best = joined[inside].sort_values(["_row", "_other", "_start"]).drop_duplicates("_row")
    by_row = best.set_index("_row")
    order = pd.Series(range(len(frame)), index=frame.index)
    missing = frame["speaker_name"].isna()
    frame["speaker_name"] = (
        frame["speaker_name"].astype(object).where(~missing, order.map(by_row["canonical_name"]))
    )
    return link_names(frame, mentions)


def link_names(quotes: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """`quotes` with the entity of each speaker's name, as the same article's mentions have it."""
    if quotes.empty or mentions.empty:
        return quotes
    frame = quotes.copy()
    pairs = _names(mentions).dropna(subset=["entity_id"]).sort_values(["_other", "start"])
    pairs = pairs.drop_duplicates(["article_id", "canonical_name"])
    ids = pairs.set_index(["article_id", "canonical_name"])["entity_id"].to_dict()
    keys = zip(frame["article_id"], frame["speaker_name"], strict=True)
    found = pd.Series([ids.get(key) for key in keys], index=frame.index, dtype=object)
    old = frame["speaker_entity_id"].astype(object)
    frame["speaker_entity_id"] = old.where(old.notna(), found)
    for column in ("speaker_name", "speaker_entity_id"):
        frame[column] = frame[column].where(frame[column].notna(), None)
    return frame


def _names(mentions: pd.DataFrame) -> pd.DataFrame:
    """The columns of mentions that joins need, with whether the name is a person's."""
    names = mentions[["article_id", "start", "end", "canonical_name", "entity_id"]].copy()
    names["_other"] = (mentions["type"] != "PERSON") if "type" in mentions.columns else False
    return names
