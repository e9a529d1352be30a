"""Peoples, languages and religions, found wherever they are said."""

from __future__ import annotations

from functools import cache

from transforms.entities.cues import read_rows
from transforms.entities.found import Found
from transforms.entities.places import Place, fold_name, load_demonyms, load_gazetteer
from transforms.entities.readings import find_readings
from transforms.language.document import Document

_AREAS = frozenset({"balkans", "baltics"})
_NOUNS = frozenset(
    {"serb", "croat", "muslim", "moslem", "kurd", "jew", "arab", "armenian", "albanian", "tatar",
     "christian", "catholic", "sunni", "shiite", "hindu", "sikh", "tamil", "turk", "russian"}
)  # fmt: skip
"""Who may be told apart by a people before them: "Bosnian Serbs"."""


_DIVISIONS = {
    "english": "England", "scottish": "Scotland", "scot": "Scotland", "welsh": "Wales",
    "northern irish": "Northern Ireland", "chechen": "Chechnya", "catalan": "Catalonia",
    "texan": "Texas", "californian": "California", "tibetan": "Tibet", "sicilian": "Sicily",
    "bavarian": "Bavaria", "corsican": "Corsica", "dagestani": "Dagestan", "ingush": "Ingushetia",
    "european": "Europe", "african": "Africa", "asian": "Asia",
}  # fmt: skip
"""Peoples of places that are no country, and second names for those of a country."""


def place_of_people(people: str) -> Place | None:
    """The country or division of a people or language, also behind something: "intra-Afghan"."""
    key = fold_name(people)
    first, _, last = key.rpartition(" ")
    for form in (key, key.removesuffix("s"), last, last.removesuffix("s"), first):
        if form in _DIVISIONS:
            return find_readings(_DIVISIONS[form])[0].place
        if (code := load_demonyms().get(form)) is not None:
            return load_gazetteer().countries.get(code)
    return None


@cache
def load_peoples() -> frozenset[str]:
    """Folded names of peoples and religions that have no one country, and of those that have."""
    peoples = set(load_demonyms()) | {fold_name(name) for (name,) in read_rows("peoples.txt")}
    return frozenset(peoples - _countries())


@cache
def _countries() -> frozenset[str]:
    """Folded names of countries, some of which are a people's too, or look like its plural."""
    return frozenset(fold_name(place.display) for place in load_gazetteer().countries.values())


def find_peoples(document: Document) -> list[Found]:
    """Capitalised words that name a people, also two words ("Sri Lankan") and plurals."""
    peoples = load_peoples()
    found, skip = [], -1
    words, starts, ends = document.words, document.starts, document.ends
    for at, word in enumerate(words):
        if at <= skip or not word[:1].isupper():
            continue
        if at + 1 < len(words) and words[at + 1][:1].isupper():
            pair = f"{document.lowers[at]} {document.lowers[at + 1]}"
            if pair in peoples or pair.removesuffix("s") in peoples:
                found.append(Found(starts[at], ends[at + 1], "GROUP", "people"))
                skip = at + 1
                continue
        lower = document.lowers[at]
        following = document.lowers[at + 1].removesuffix("s") if at + 1 < len(words) else ""
        if lower in peoples and following in _NOUNS and words[at + 1][0].isupper():
            found.append(Found(starts[at], ends[at + 1], "GROUP", "people"))
            skip = at + 1
            continue
        is_plural = lower.endswith("s") and lower[:-1] in peoples
        if lower in peoples or (is_plural and lower not in _AREAS | _countries()):
            found.append(Found(starts[at], ends[at], "GROUP", "people"))
    return found
