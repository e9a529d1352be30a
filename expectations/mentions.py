"""Rules of mentions: what they say of places."""

from __future__ import annotations

from typing import Any

import pandas as pd

from expectations.codes import load_countries
from expectations.rule import Evidence, expect

GAZETTEER = "The gazetteer or the join with it gives half a place: look at its row."


@expect(
    "The country code is one of ISO 3166-1 alpha-2.",
    hint="The gazetteer has a code of its own or of a former country; map it to today's.",
    columns=("surface", "country_code", "geonames_id"),
)
def country_known(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where the code is known; null without one."""
    code = frame["country_code"]
    return code.isin(load_countries()).where(code.notna(), None)


@expect(
    "Latitude and longitude are both known, or neither.",
    hint=GAZETTEER,
    columns=("surface", "latitude", "longitude", "geonames_id"),
)
def coordinates_complete(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where both are null or neither is."""
    return frame["latitude"].isna() == frame["longitude"].isna()


@expect(
    "Coordinates say what they stand for.",
    severity="warning",
    hint=GAZETTEER,
    columns=("surface", "latitude", "longitude", "precision"),
)
def coordinates_explained(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where coordinates have a precision, and a precision has coordinates."""
    return frame["latitude"].isna() == frame["precision"].isna()


@expect(
    "Only a place, its people or an organisation named after it has a GeoNames id.",
    severity="warning",
    hint="A name was linked as a place and typed as something else: look at the linking.",
    columns=("surface", "type", "geonames_id"),
)
def geonames_on_places(frame: pd.DataFrame, evidence: Evidence) -> pd.Series[Any]:
    """True where a row with a GeoNames id is a PLACE, GROUP or ORG; null without one."""
    placed = frame["type"].isin(("PLACE", "GROUP", "ORG"))
    return placed.where(frame["geonames_id"].notna(), None)


MENTION_RULES = (
    country_known,
    coordinates_complete,
    coordinates_explained,
    geonames_on_places,
)
