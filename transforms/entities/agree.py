"""One type for one name: what the name itself, its neighbours and its other mentions say.

Each mention votes for types with weights; the votes of one surface in a document are pooled, so
that a name that is clear once is clear everywhere. What a mention's own neighbours say counts
again for itself: "in Leeds" stays a place in a text where "Leeds" is mostly a team.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.entities.context import Context, find_cues
from transforms.entities.cues import load_cues, load_first_names
from transforms.entities.found import Found
from transforms.entities.ground import read_ground
from transforms.entities.longer import find_longer, find_short
from transforms.entities.modelled import TYPES
from transforms.entities.peoples import place_of_people
from transforms.entities.places import Place, fold_name, load_gazetteer
from transforms.entities.readings import find_readings, is_country
from transforms.entities.votes import Votes

_MODEL = {"FAC": 0.8, "PRODUCT": 0.7, "WORK_OF_ART": 0.8, "LAW": 0.8, "NORP": 2.5, "EVENT": 1.5}
_SURE = 6.0
"""What a rule says against the model's 1."""
_ENOUGH = 6.0
"""What the mentions of a name say together at most; a name said often is not surer of its type."""
_OWN = 1.5
_GREAT = 300_000
"""Inhabitants from which a city's name is most likely the city."""
_SUPPORTED = 1.2
"""What a small place's name is surer of being it where the document names its country."""
_NEAR = 2.5
"""What a name is surer of being a place's where one lies near others that the document names."""
_NEAR_PERSON = 1.5
"""The same of a name that seems a person's: many towns are called like people."""
_KNOWN = 2.0
_TOWN, _TOWN_OF_STATE, _CITY = 3_000, 10_000, 200_000
_COUNTRY = 8.0
_REALM = re.compile(
    r"(?:(?:Federal|Islamic|Democratic|People['\u2019]s|Socialist|Soviet|Arab|United) )*"
    r"(?:Republic|Kingdom|Emirate|Sultanate|Principality|State) of [A-Z]"
)
_SURNAMES = frozenset({"hill", "hills", "woods", "rivers", "lake", "lane", "castle"})
"""Words for features that are surnames as well."""
_SHORTENED = 4.0
_ENGLISH = frozenset({"US", "GB", "CA", "AU", "NZ", "IE"})
"""Countries full of towns that are called like people, so that they support only great ones."""
_PEOPLE = ("an", "ese", "ish", "i", "ic", "ch", "ist", "ite", "crat", "er")
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_FIXED = frozenset({"known", "result", "people", "contest"})


def agree_types(context: Context, found: Sequence[Found]) -> list[Found]:
    """The same names with the types that all evidence in the document supports most.

    Args:
        context: the document.
        found: names in order of position.
    """
    text = context.document.text
    surfaces = [text[name.start : name.end] for name in found]
    keys = [" ".join(surface.casefold().split()) for surface in surfaces]
    cues = [find_cues(context, found, at) for at in range(len(found))]
    pooled: dict[str, Votes] = {key: Votes() for key in keys}
    for key, surface, name, cue in zip(keys, surfaces, found, cues, strict=True):
        kind = "ORG" if name.rule in _PLACES and _is_acronym(surface) else name.kind
        pooled[key].add(kind, _label(name.rule, key))
        pooled[key].pool(cue.shared)
    # where sport is played, a town is as likely its team
    known = [] if context.is_sport else list(zip(surfaces, found, strict=True))
    countries = _countries(known)
    ground = read_ground(surface for surface, name in known if name.kind == "PLACE")
    for key, surface in dict(zip(keys, surfaces, strict=True)).items():
        pooled[key].scale(_ENOUGH)
        is_person = pooled[key].best() == "PERSON"
        pooled[key].pool(_of_name(surface, countries, is_person=is_person))
        if ground.is_near(surface):
            pooled[key].add("PLACE", _NEAR_PERSON if is_person else _NEAR)
    for (short, kind), weight in find_longer(pooled).items():
        pooled[short].add(kind, weight)
    for short in find_short(pooled, surfaces):
        pooled[short].add("ORG", _SHORTENED)
    agreed = []
    for key, name, cue in zip(keys, found, cues, strict=True):
        votes = Votes(pooled[key])
        votes.pool(cue.shared, _OWN)
        votes.pool(cue.alone, _OWN)
        kind = name.kind if name.rule in _FIXED else votes.best(name.kind)
        agreed.append(name._replace(kind=kind))
    return agreed


def _is_acronym(surface: str) -> bool:
    """Whether a name is a few capitals that are no place's: parties and rebels have such names."""
    return (
        2 < len(surface) < 6
        and surface.isalpha()
        and surface.isupper()
        and not find_readings(surface)
    )


def _label(rule: str, key: str) -> float:
    """What a label or a rule says; words that do not look like a people are hardly one."""
    if rule == "NORP" and not key.removesuffix("s").endswith(_PEOPLE):
        return 1.0
    return _MODEL.get(rule, 1.0) if rule in TYPES else _SURE


def _countries(known: Sequence[tuple[str, Found]]) -> frozenset[str]:
    """Countries that a document names, or whose people or great cities it names, and divisions."""
    codes = set()
    for surface, name in known:
        if name.kind == "GROUP":
            people = place_of_people(surface)
            codes.add(people.country_code if people is not None else None)
        elif name.kind == "PLACE" and (readings := find_readings(surface)):
            place = readings[0].place
            if place.kind == "country" or place.is_capital or place.population >= _GREAT:
                codes.add(place.country_code)
            if place.kind == "admin1":
                codes.add(f"{place.country_code}.{place.admin1_code}")
    return frozenset(code for code in codes if code is not None)


def _of_name(surface: str, countries: frozenset[str], *, is_person: bool) -> Votes:
    """What the words of a name say of its type.

    Args:
        surface: the name.
        countries: those that the document names.
        is_person: whether its mentions say that it is a person's, as "Mira Hill" is.
    """
    cues, votes = load_cues(), Votes(_of_gazetteer(surface))
    if 0.0 < votes.get("PLACE", 0.0) < _KNOWN and _is_supported(surface, countries):
        votes.add("PLACE", _SUPPORTED)
    words = surface.casefold().split()
    last, first = words[-1], words[0]
    if len(words) == 1:
        return votes
    if is_country(surface):
        return Votes(PLACE=_COUNTRY)  # whatever its words are: "Federation", "Republic"
    if _REALM.match(surface):
        votes.add("PLACE", 4.0)
    if words[0] in cues["org_word"] and words[1] in ("of", "for"):
        votes.add("ORG", 4.0)
    elif last in cues["org_suffix"]:
        votes.add("ORG", 3.0)
    elif last in cues["place_suffix"]:
        votes.add("PLACE", 1.0 if is_person and len(words) == 2 and last in _SURNAMES else 2.5)
    elif last in cues["event_suffix"]:
        votes.add("EVENT", 2.5)
    if cues["org_word"].intersection(words[:-1]) and last not in cues["place_suffix"]:
        votes.add("ORG", 1.5)
    if first in cues["place_prefix"] and last not in cues["org_suffix"]:
        votes.add("PLACE", 0.5)
    if len(words) <= 3 and first.strip(".") in load_first_names():
        votes.add("PERSON", 1.0)
    if len(words) <= 3 and len(first) == 2 and first[0].isalpha() and first[1] == ".":
        votes.add("PERSON", 2.0)
    return votes


def _of_gazetteer(surface: str) -> dict[str, float]:
    """How much a name is a place's, the document unseen."""
    if is_country(surface):
        return {"PLACE": 5.0}
    best = 0.0
    for place in (r.place for r in find_readings(surface)):
        if place.is_alternate:
            weight = 0.3 if place.population < _GREAT else 0.8
        elif place.kind in ("region", "admin1"):
            is_great = place.kind == "region" and place.country_code is None
            weight = 3.0 if is_great else 2.0
        else:
            weight = 1.5 if place.population >= _GREAT else 0.4
        best = max(best, weight)
    return {"PLACE": best} if best else {}


def _is_supported(surface: str, countries: frozenset[str]) -> bool:
    """Whether a place of the name lies in one of the countries."""
    if fold_name(surface) not in load_gazetteer():
        return False
    return any(
        place.country_code in countries
        and (place.is_usual or not place.is_alternate or place.population >= _CITY)
        and (
            _is_town_of(place, countries)
            if place.country_code in _ENGLISH
            else (place.population >= _TOWN or place.kind != "city")
        )
        for place in (r.place for r in find_readings(surface))
    )


def _is_town_of(place: Place, countries: frozenset[str]) -> bool:
    """Whether a place is a great city, or a town of a state that is named too."""
    state = f"{place.country_code}.{place.admin1_code}"
    least = _TOWN_OF_STATE if state in countries else _CITY
    return place.kind == "city" and place.population >= least
