"""Entities of mentions."""

from __future__ import annotations

import pandas as pd

from transforms.entities.link import link_places


def test_a_name_without_place_has_a_key_that_ignores_case() -> None:
    frame = pd.DataFrame(
        {
            "type": ["ORG", "ORG", "PLACE"],
            "canonical_name": ["Port Board", "PORT BOARD", "Oslo"],
            "geonames_id": [None, None, 3143244],
            "entity_id": pd.Series([None] * 3, dtype=object),
        }
    )
    linked = link_places(frame)["entity_id"].tolist()
    assert linked[0] == linked[1]
    assert linked[2] == "geonames:3143244"
