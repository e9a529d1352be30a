"""Mentions with the place, and the entity, each stands for."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from transforms.entities.choose import Choice, Said, choose_places, is_elsewhere
from transforms.entities.described import find_described, find_home, find_outlet, find_setting
from transforms.entities.keys import entity_key
from transforms.entities.nested import find_nested
from transforms.entities.peoples import place_of_people
from transforms.entities.placed import ROAD
from transforms.entities.places import Place, feature_class, fold_name
from transforms.entities.readings import find_readings
from transforms.entities.surroundings import find_around, find_town
from transforms.text import Text

PLACED = (
    "geonames_id", "country_code", "admin1_code", "iso_3166_2", "feature_class", "latitude",
    "longitude", "precision", "candidates",
)  # fmt: skip
_PRECISIONS = {"city": "city", "admin1": "admin1", "country": "country"}
_OPENS, _DATELINE_ENDS = 2.0, 60
"""How many other names the place that opens a text counts for, and where an opening ends."""
_OUTLET = 1.0
"""How much the publisher's town counts for the others."""
_CLOSED = re.compile(r"[,.;:)]|\s*[\u2013\u2014(]|\s*$", re.MULTILINE)
"""What follows the state in "Orwell, Vermont,"."""
_CANDIDATES = 3
_NESTED = 0.5
"""How much a place in an organisation's name counts for the others."""


def link_places(frame: pd.DataFrame, texts: Iterable[Text] = ()) -> pd.DataFrame:
    """The mentions with their places and `entity_id`.

    Names of places get the reading that fits their document best; names of peoples and languages
    get their country; an organisation named after a place gets that place. Every document is read
    alone, so a batch does not matter. `entity_id` is the GeoNames id of a placed name, else a key
    of type and name.

    Args:
        frame: mentions, with article_id, start, end, type and canonical_name.
        texts: the texts they were found in, for the words around the names; may lack some.
    """
    columns: dict[str, list[object]] = {name: [None] * len(frame) for name in PLACED}
    by_id = {text.article_id: text for text in texts}
    mentions = list(
        zip(
            frame["start"].tolist(), frame["end"].tolist(), frame["type"].tolist(),
            frame["canonical_name"].tolist(), strict=True,
        )
    )  # fmt: skip
    documents: dict[str, list[int]] = {}
    for row, article in enumerate(frame["article_id"].tolist()):
        documents.setdefault(article, []).append(row)
    for article, rows in documents.items():
        placed = place_names([mentions[r] for r in rows], by_id.get(article))
        for row, values in zip(rows, placed, strict=True):
            for name, value in values.items():
                columns[name][row] = value
    keys = [
        f"geonames:{number}"
        if number is not None and kind in ("PLACE", "GROUP")
        else entity_key(kind, name)
        for (_, _, kind, name), number in zip(mentions, columns["geonames_id"], strict=True)
    ]
    actors = [
        entity_key("ORG", f"government of {country}") if role == "actor" and country else None
        for role, country in zip(_roles(frame), columns["country_code"], strict=True)
    ]
    return frame.assign(
        actor_id=pd.Series(actors, index=frame.index, dtype="object"),
        entity_id=pd.Series(keys, index=frame.index, dtype=frame["entity_id"].dtype),
        **{
            name: pd.Series(values, index=frame.index, dtype=frame[name].dtype)
            for name, values in columns.items()
        },
    )


def _roles(frame: pd.DataFrame) -> list[object]:
    roles = frame["role"].tolist() if "role" in frame else [None] * len(frame)
    return [role if isinstance(role, str) else None for role in roles]


def place_names(
    mentions: Sequence[tuple[int, int, str, str]], text: Text | None
) -> list[dict[str, object]]:
    """The columns of `PLACED` for each mention (start, end, type, name) of one document."""
    homes = [place_of_people(name) if kind == "GROUP" else None for _, _, kind, name in mentions]
    named = _placed_names(mentions, text)
    said, owners = _said(named, text)
    choices: list[Choice] = []
    if said:
        outlet = find_outlet(text.url) if text is not None else None
        if outlet is not None:
            said.append(Said(find_readings(outlet), _OUTLET, (), frozenset({"city"})))
        countries = Counter(p.country_code for p in homes if p is not None and p.country_code)
        home = find_home(text.url if text is not None else None)
        setting = find_setting(text.text) if text is not None else {}
        choices = choose_places(said, countries, home, setting)
    strangers = _strangers(named, owners, choices, text.text if text is not None else "")
    values: list[dict[str, object]] = []
    for people, owner in zip(homes, owners, strict=True):
        if owner is not None and owner not in strangers:
            best = choices[owner].readings[0][0].place
            values.append(_columns(best) | {"candidates": _candidates(choices[owner])})
        else:
            values.append(_columns(people) if people is not None else {})
    if text is not None:
        _put_around(mentions, values, choices, owners, strangers, text)
    return values


def _strangers(
    named: Sequence[tuple[int, int, str, float] | None],
    owners: Sequence[int | None],
    choices: Sequence[Choice],
    text: str,
) -> set[int]:
    """Indices of names that a state or country after a comma says are none of their readings."""
    found = set()
    for at in range(len(named) - 1):
        one, other, first, second = owners[at], owners[at + 1], named[at], named[at + 1]
        if one is None or other is None or first is None or second is None:
            continue
        is_held = second[0] - first[1] == 2 and _CLOSED.match(text, second[1])
        if is_held and is_elsewhere(choices[one], choices[other]):
            found.add(one)
    return found


def _put_around(
    mentions: Sequence[tuple[int, int, str, str]],
    values: list[dict[str, object]],
    choices: Sequence[Choice],
    owners: Sequence[int | None],
    strangers: Collection[int],
    text: Text,
) -> None:
    """Gives places without a reading the point of what they are in."""
    spots = [
        (start, end, choices[owner].readings[0][0].place)
        for (start, end, _, _), owner in zip(mentions, owners, strict=True)
        if owner is not None and owner not in strangers
    ]
    town = find_town(spots)
    for (start, end, kind, _), found in zip(mentions, values, strict=True):
        if kind == "PLACE" and not found:
            is_road = ROAD.fullmatch(text.text, start, end) is not None
            place = find_around(text.text, start, end, spots) or (None if is_road else town)
            if place is not None:
                found |= _columns(place) | {
                    "geonames_id": None, "feature_class": None, "precision": "around"
                }  # fmt: skip


def _placed_names(
    mentions: Sequence[tuple[int, int, str, str]], text: Text | None
) -> list[tuple[int, int, str, float] | None]:
    """Start, end, name and weight of the place that each mention names, if it names one."""
    named: list[tuple[int, int, str, float] | None] = []
    places = {fold_name(name) for _, _, kind, name in mentions if kind == "PLACE"}
    for start, end, kind, name in mentions:
        if kind == "PLACE":
            named.append((start, end, name, 1.0))
        elif kind == "ORG" and (inner := find_nested(name, places)) is not None:
            named.append((start, end, name[slice(*inner)], _NESTED))
        else:
            named.append(None)
    return named


def _said(
    named: Sequence[tuple[int, int, str, float] | None], text: Text | None
) -> tuple[list[Said], list[int | None]]:
    """The different names with their readings, and the index of the one of each mention."""
    order: dict[str, int] = {}
    said: list[Said] = []
    owners: list[int | None] = []
    for mention in named:
        if mention is None or not (readings := find_readings(mention[2])):
            owners.append(None)
            continue
        start, end, name, weight = mention
        described = find_described(text.text, start, end) if text is not None else frozenset()
        if name not in order:
            order[name] = len(said)
            opens = start < _DATELINE_ENDS and not said
            said.append(Said(readings, _OPENS if opens else weight, (), described))
        else:
            known = said[order[name]]
            said[order[name]] = known._replace(
                weight=max(known.weight, weight), described=known.described | described
            )
        owners.append(order[name])
    for at in range(len(named) - 1):
        one, other = owners[at], owners[at + 1]
        first, second = named[at], named[at + 1]
        if one is None or other is None or one == other or first is None or second is None:
            continue
        if second[0] - first[1] == 2:  # a comma and a space: "Paris, Texas"
            said[one] = said[one]._replace(within=(*said[one].within, other))
    return said, owners


def _columns(place: Place) -> dict[str, object]:
    return {
        "geonames_id": place.geonames_id,
        "country_code": place.country_code,
        "admin1_code": place.admin1_code,
        "iso_3166_2": place.iso_3166_2,
        "feature_class": feature_class(place),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "precision": _PRECISIONS.get(place.kind, "region"),
    }


def _candidates(choice: Choice) -> str:
    """The best readings as JSON, with what each piece of evidence adds."""
    return json.dumps(
        [
            {
                "geonames_id": reading.place.geonames_id,
                "name": reading.place.display,
                "country_code": reading.place.country_code,
                "score": round(likely, 3),
                "shares": shares,
            }
            for reading, likely, shares in choice.readings[:_CANDIDATES]
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
