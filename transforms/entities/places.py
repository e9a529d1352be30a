"""The gazetteer: places by folded name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import pyarrow.compute as pc
import pyarrow.parquet as pq

DATA = Path(__file__).parent.parent / "data" / "entities"
KINDS = ("country", "admin1", "admin2", "city", "region")

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
_DROPPED = re.compile(r"[.'\u2018\u2019\u02bc`]")
_APART = re.compile(r"[\W_]+")
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


class Place(NamedTuple):
    """A reading of a name: one row of the gazetteer.

    Attributes:
        geonames_id: null for regions that carry no id.
        kind: one of `KINDS`.
        is_alternate: whether the name is another than the main one of the place.
        iso_3166_2: code of a division.
        is_capital: whether it is the seat of a country's government.
        is_usual: whether newsrooms use the name for this place first.
    """

    geonames_id: int | None
    display: str
    kind: str
    is_alternate: bool
    country_code: str | None
    admin1_code: str | None
    iso_3166_2: str | None
    latitude: float
    longitude: float
    population: int
    is_capital: bool
    is_usual: bool


@lru_cache(maxsize=20_000)
def fold_name(name: str) -> str:
    """The key under which the gazetteer has a name.

    Accents, case, dots, a leading article and the short forms of Saint, Mount and Fort are gone.
    """
    plain = name.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
        plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    words = _APART.sub(" ", _DROPPED.sub("", plain)).split()
    if len(words) > 1:
        if words[0] == "the":
            words = words[1:]
        # "St. Louis", but not the street in "Memphis St."
        words = [_SHORT.get(w, w) if i + 1 < len(words) else w for i, w in enumerate(words)]
    return " ".join(words)


class Gazetteer:
    """Places by folded name, kept as columns so that a process starts at once."""

    def __init__(self, path: Path) -> None:
        table = pq.read_table(path, memory_map=True)
        runs = table.column("name").combine_chunks().dictionary_encode()
        # rows of one name stand together, and names come in order of first row
        codes = runs.indices.to_numpy()
        starts = [0, *((codes[1:] != codes[:-1]).nonzero()[0] + 1).tolist(), len(codes)]
        self._rows = {
            name: (starts[i], starts[i + 1]) for i, name in enumerate(runs.dictionary.to_pylist())
        }
        self._table = table.drop_columns(["name"]).combine_chunks()
        # the names of a night recur; those of a year would fill the memory
        self._places = lru_cache(maxsize=4_000)(self._load)

    @cached_property
    def countries(self) -> dict[str, Place]:
        """The country of each ISO 3166-1 code."""
        is_main = pc.and_(
            pc.equal(self._table["kind"], "country"), pc.invert(self._table["is_alternate"])
        )
        found = [Place(**row) for row in self._table.filter(is_main).to_pylist()]
        return {place.country_code: place for place in found if place.country_code is not None}

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def places_of(self, key: str) -> tuple[Place, ...]:
        """All readings of a folded name; empty when the gazetteer does not have it."""
        return self._places(key) if key in self._rows else ()

    def _load(self, key: str) -> tuple[Place, ...]:
        first, last = self._rows[key]
        return tuple(Place(**row) for row in self._table.slice(first, last - first).to_pylist())


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer that ships with the package."""
    return Gazetteer(DATA / "places.parquet")


@cache
def load_demonyms() -> dict[str, str]:
    """Folded demonym or language to ISO 3166-1 alpha-2."""
    lines = (DATA / "demonyms.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


_WATER = re.compile(
    r"(?i)(?:sea|ocean|gulf|bay|strait|channel|canal|river|lakes?|atlantic|pacific|arctic|nile"
    r"|mediterranean|bosporus|amazon|danube|rhine|volga|dnieper|tigris|euphrates|indus|ganges"
    r"|mekong|yangtze|rio grande)\b"
)
_MOUNTAINS = re.compile(r"(?i)(?:mountains|himalayas|alps|andes)\b")


def feature_class(place: Place) -> str:
    """The GeoNames feature class: P populated, A administrative, L area, H water, T mountains."""
    if place.kind == "region":
        if _WATER.search(place.display):
            return "H"
        return "T" if _MOUNTAINS.search(place.display) else "L"
    return "P" if place.kind == "city" else "A"
