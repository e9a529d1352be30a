"""Names and places of claims and events, joined from what was resolved after them."""

from __future__ import annotations

from typing import Any

import pandas as pd

_PLACE = {
    "canonical_name": "place_name",
    "geonames_id": "geonames_id",
    "country_code": "country_code",
}


def link_told(rows: pd.DataFrame, mentions: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """`rows` of claims or events with place, entities and speakers as their tables have them.

    Args:
        rows: rows of claims or events, with the keys of mentions and quotes.
        mentions: the mentions of the same articles, places resolved.
        quotes: their quotes, speakers linked.
    """
    if rows.empty:
        return rows
    frame = rows.copy()
    named = _indexed(mentions, "mention_id")
    for source, column in _PLACE.items():
        frame[column] = _looked_up(frame["place_mention_id"], named[source])
    for role in ("actor", "target"):
        if f"{role}_mention_id" not in frame.columns:
            continue
        acting = named["actor_id"].where(named["actor_id"].notna(), named["entity_id"])
        for values, column in ((named["canonical_name"], "name"), (acting, "entity_id")):
            found = _looked_up(frame[f"{role}_mention_id"], values)
            known = frame[f"{role}_{column}"].astype(object)
            frame[f"{role}_{column}"] = found.where(found.notna(), known)
        frame[f"{role}_entity_id"] = _by_name(frame, role, mentions)
    said = _indexed(quotes, "quote_id")
    for source, column in (
        ("speaker_name", "asserter_name"),
        ("speaker_entity_id", "asserter_entity_id"),
    ):
        found = _looked_up(frame["quote_id"], said[source])
        known = frame[column].astype(object)
        frame[column] = found.where(found.notna(), known)
    return frame.where(frame.notna(), None)


def _by_name(frame: pd.DataFrame, role: str, mentions: pd.DataFrame) -> pd.Series[Any]:
    """The entity of each party; of a name that stands elsewhere ("the envoy"), by that name."""
    keys = list(zip(mentions["article_id"], mentions["canonical_name"], strict=True))
    known = dict(reversed(list(zip(keys, mentions["entity_id"], strict=True))))
    wanted = zip(frame["article_id"], frame[f"{role}_name"], strict=True)
    found = pd.Series([known.get(key) for key in wanted], index=frame.index, dtype=object)
    own = frame[f"{role}_entity_id"].astype(object)
    return own.where(own.notna(), found.where(found.notna(), None))


def _looked_up(keys: pd.Series[Any], values: pd.Series[Any]) -> pd.Series[Any]:
    """The value of each key, null where there is none."""
    found = values.reindex(keys.astype(object)).astype(object).set_axis(keys.index)
    return found.where(found.notna(), None)


def _indexed(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    # of plain strings: a look-up in an index of Arrow ones compares scalar by scalar; an article
    # given twice in one batch has its rows twice
    return frame.set_index(frame[key].astype(object)).loc[lambda f: ~f.index.duplicated()]
