"""Places named inside the names of organisations, as rows of their own: "Kabul University"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from transforms.entities.nested import find_nested
from transforms.entities.places import fold_name
from warehouse.tables import InnerPlace

_COPIED = (
    "geonames_id", "country_code", "admin1_code", "feature_class", "latitude", "longitude",
    "precision",
)  # fmt: skip


def find_inner_places(mentions: pd.DataFrame, articles: Sequence[str]) -> list[list[InnerPlace]]:
    """The places inside the names of organisations, for each of `articles`, in order of position.

    An organisation that `link_places` has given a place has it from its fullest name; it gives a
    row where the words of the place stand in the name as it is said here.

    Args:
        mentions: mentions with their places.
        articles: the `article_id` of each document.
    """
    found: dict[str, list[InnerPlace]] = {article: [] for article in articles}
    wanted = mentions[(mentions["type"] == "ORG") & mentions["geonames_id"].notna()]
    places = mentions[mentions["type"] == "PLACE"].groupby("article_id")["canonical_name"]
    known = {article: {fold_name(name) for name in names} for article, names in places}
    for row in wanted.astype(object).to_dict("records"):
        name, surface = row["canonical_name"], row["surface"]
        inner = find_nested(name, known.get(row["article_id"], set()))
        at = surface.find(name[slice(*inner)]) if inner is not None else -1
        if inner is None or at < 0:
            continue
        values: dict[str, Any] = {c: None if pd.isna(row[c]) else row[c] for c in _COPIED}
        found[row["article_id"]].append(
            InnerPlace(
                start=row["start"] + at,
                end=row["start"] + at + inner[1] - inner[0],
                rule="nested",
                mention_id=row["mention_id"],
                canonical_name=name[slice(*inner)],
                entity_id=f"geonames:{row['geonames_id']}",
                **values,
            )
        )
    return [found[article] for article in articles]
