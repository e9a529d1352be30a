"""Names in a text: the model's, corrected, and those that rules are sure of."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from transforms.entities.cluster import cluster_names
from transforms.language.document import Document
from transforms.text import Text
from warehouse.tables import Mention

VERSION = "1"

_DATA = Path(__file__).parent.parent / "data" / "entities" / "names.tsv"
_TYPES = {
    "PERSON": "PERSON",
    "ORG": "ORG",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
    "NORP": "GROUP",
    "LANGUAGE": "GROUP",
    "EVENT": "EVENT",
    "PRODUCT": "OTHER",
    "WORK_OF_ART": "OTHER",
    "LAW": "OTHER",
}
_KINDS = {"agency": "ORG", "event": "EVENT", "group": "GROUP"}
_HEAD = re.compile(r"(?:the|a|an|mr\.?|mrs\.?|ms\.?|dr\.?)\s+", re.IGNORECASE)
_TAIL = re.compile(r"(?:['\u2019]s|['\u2019]|[\s,;:])+$")
_ACRONYM = re.compile(r"\b([A-Z]{2,6}) \(([a-z][\w' -]{5,80})\)")
_BRACKETED = re.compile(r"\s*\(([A-Z][A-Za-z]{1,7})\)")

Found = tuple[int, int, str, str]
"""Start, end, mention type and rule."""


@cache
def load_names() -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of all names a newsroom knows, and the mention type of each."""
    types = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, name = line.split("\t")
            types[name] = _KINDS[kind]
    longest = sorted(types, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)"), types


def find_mentions(text: Text, document: Document) -> list[Mention]:
    """Names in order of position, not overlapping, each with its fullest form in the document.

    Args:
        text: the article version the document was parsed from.
        document: its parse.
    """
    found = _known(document.text)
    for first, last, kind, rule in _modelled(document):
        found.append((first, last, kind, rule))
    kept: list[Found] = []
    taken = bytearray(len(document.text))
    for start, end, kind, rule in found:
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, kind, rule))
    kept.sort()
    aliases = _acronyms(document.text, kept)
    surfaces = [(document.text[start:end], kind) for start, end, kind, _ in kept]
    names = cluster_names(surfaces, aliases)
    return [
        Mention(start=start, end=end, rule=rule, type=kind, canonical_name=name)
        for (start, end, kind, rule), name in zip(kept, names, strict=True)
    ]


def _known(text: str) -> list[Found]:
    pattern, types = load_names()
    found = [(m.start(), m.end(), types[m[0]], "known") for m in pattern.finditer(text)]
    found += [(m.start(1), m.end(1), "ORG", "acronym") for m in _ACRONYM.finditer(text)]
    return found


def _modelled(document: Document) -> list[Found]:
    found = []
    for name in document.names:
        kind = _TYPES.get(name.label)
        if kind is None:
            continue
        start, end = document.starts[name.first], document.ends[name.last - 1]
        surface = document.text[start:end]
        if (head := _HEAD.match(surface)) is not None:
            start += head.end()
        if (tail := _TAIL.search(document.text[start:end])) is not None:
            end = start + tail.start()
        if any(c.isalpha() for c in document.text[start:end]):
            found.append((start, end, kind, name.label))
    return found


def _acronyms(text: str, kept: list[Found]) -> dict[str, str]:
    """Acronym to the name it stands for, as brackets introduce them either way round."""
    full = {m[1]: m[2] for m in _ACRONYM.finditer(text)}
    for start, end, kind, _ in kept:
        if kind == "ORG" and (after := _BRACKETED.match(text, end)) is not None:
            full[after[1]] = text[start:end]
    return full
