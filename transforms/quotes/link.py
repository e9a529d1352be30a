"""Speakers joined to entities, once all names of the article are resolved."""

from __future__ import annotations

import pandas as pd


def link_speakers(quotes: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """`quotes` with the entity of each speaker's name, as the same article's mentions have it.

    Where one name stands for a person and something else, the person's entity is taken. Entities
    that are there already stay.

    Args:
        quotes: rows with article_id, speaker_name and speaker_entity_id.
        mentions: article_id, start, type, canonical_name and entity_id.
    """
    if quotes.empty or mentions.empty:
        return quotes
    frame = quotes.copy()
    pairs = mentions[["article_id", "start", "canonical_name", "entity_id"]].copy()
    pairs["_other"] = mentions["type"] != "PERSON"
    pairs = pairs.dropna(subset=["entity_id"]).sort_values(["_other", "start"])
    pairs = pairs.drop_duplicates(["article_id", "canonical_name"])
    ids = pairs.set_index(["article_id", "canonical_name"])["entity_id"].to_dict()
    keys = zip(frame["article_id"], frame["speaker_name"], strict=True)
    found = pd.Series([ids.get(key) for key in keys], index=frame.index, dtype=object)
    old = frame["speaker_entity_id"].astype(object)
    frame["speaker_entity_id"] = old.where(old.notna(), found)
    for column in ("speaker_name", "speaker_entity_id"):
        frame[column] = frame[column].where(frame[column].notna(), None)
    return frame
