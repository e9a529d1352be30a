"""What an entity is known by in every document: a key made from its name alone."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from transforms.entities.cluster import plain_words
from transforms.entities.cues import read_rows
from transforms.entities.places import fold_name
from transforms.text import key_of

_FORM = frozenset(
    {"inc", "incorporated", "corp", "corporation", "ltd", "limited", "plc", "llc", "llp", "co",
     "company", "gmbh", "ag", "sa", "spa", "nv", "bv", "ab", "asa", "oyj", "kk", "fc", "afc", "cf"}
)  # fmt: skip
"""Legal forms and the like, which newsrooms add and drop."""
_DEPARTMENT = re.compile(
    r"(?:us |u s |united states )?(?:(?P<of>department|ministry) (?:of|for) (?:the )?(?P<what>.+)"
    r"|(?P<first>.+) (?P<last>department|ministry))"
)
_NATIONAL = re.compile(r"(?:us|united states) (?=\w+ \w)")


@cache
def load_aliases() -> dict[str, str]:
    """Folded short names to the folded fullest form."""
    return {fold_name(short): fold_name(full) for short, full in read_rows("aliases.tsv")}


@lru_cache(maxsize=10_000)
def entity_key(kind: str, name: str) -> str:
    """The `entity_id` of a name that is no place: the same in all documents.

    Legal forms, titles, articles, plurals of peoples and short forms that everybody uses make no
    difference: "the Agriculture Department" is the Department of Agriculture. Groups count as
    organisations, since newsrooms use one name for both.
    """
    if kind == "PERSON":
        return key_of(kind, " ".join(plain_words(name)))
    folded = fold_name(name)
    if kind == "GROUP" and folded not in load_aliases():
        folded = folded.removesuffix("s")
    folded = load_aliases().get(folded, folded)
    if kind in ("ORG", "GROUP"):
        words = folded.split()
        while len(words) > 1 and words[-1] in _FORM:
            words.pop()
        folded = _NATIONAL.sub("", " ".join(words))
        folded = load_aliases().get(folded, folded)
        if (body := _DEPARTMENT.fullmatch(folded)) is not None:
            folded = f"{body['of'] or body['last']} of {body['what'] or body['first']}"
    return key_of("ORG" if kind == "GROUP" else kind, folded)
