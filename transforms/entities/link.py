"""Mentions with the entity each stands for."""

from __future__ import annotations

import pandas as pd

from transforms.text import key_of


def link_places(frame: pd.DataFrame) -> pd.DataFrame:
    """The mentions with `entity_id`: of placed names the GeoNames id, else a key of the name.

    Args:
        frame: mentions, with type, canonical_name and geonames_id.
    """
    keys = [
        f"geonames:{int(place)}" if pd.notna(place) else key_of(kind, name.casefold())
        for kind, name, place in zip(
            frame["type"], frame["canonical_name"], frame["geonames_id"], strict=True
        )
    ]
    return frame.assign(
        entity_id=pd.Series(keys, index=frame.index, dtype=frame["entity_id"].dtype)
    )
