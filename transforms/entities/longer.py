"""What the longer names of a document say of the shorter ones in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from transforms.entities.cues import load_cues
from transforms.entities.nested import find_nested
from transforms.entities.places import fold_name
from transforms.entities.readings import is_country
from transforms.entities.votes import Votes

_SURNAME = 1.5
_TEAM = frozenset({"club", "fc", "united", "city"})
"""Words of teams, whose short name is that of their town."""
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset({"of", "the", "for", "and", "in", "on", "to"})


def _is_seat(body: str, short: str) -> bool:
    """Whether a body is one of the place it is named after: "Salem Police Department"."""
    if _TEAM.intersection(body.split()):
        return False
    inner = find_nested(body, {fold_name(short)})
    return inner is not None and body[slice(*inner)] == short


def find_short(pooled: Mapping[str, Votes], surfaces: Sequence[str]) -> list[str]:
    """Capitals that are the first letters of a body's name in the document, also unexplained."""
    initials = set()
    for key, votes in pooled.items():
        words = [w for w in _WORD.findall(key) if w not in _SMALL]
        if len(words) > 1 and votes.best() == "ORG":
            initials.add("".join(w[0] for w in words))
    loud = {s for s in surfaces if 1 < len(s) < 7 and s.isalpha() and s.isupper()}
    return sorted(s.casefold() for s in loud if s.casefold() in initials and not is_country(s))


def find_longer(pooled: Mapping[str, Votes]) -> dict[tuple[str, str], float]:
    """Votes for short names from the longer ones that hold them: a surname is a person."""
    found: dict[tuple[str, str], float] = {}
    for key, votes in pooled.items():
        words, kind = key.split(), votes.best()
        if len(words) == 2 and kind == "PLACE" and words[1] in load_cues()["place_suffix"]:
            if words[0] in pooled:
                found[words[0], kind] = 1.0
            continue
        if len(words) < 2 or kind not in ("PERSON", "ORG"):
            continue
        weight = min(4.0, 1.5 + votes.lead())
        if kind == "PERSON":
            shorts = {" ".join(words[n:]): 2 * weight for n in range(1, len(words) - 1)}
            shorts[words[-1]] = _SURNAME * weight
            shorts[words[0]] = weight / 2
        else:
            shorts = {" ".join(words[:n]): weight / 2 for n in range(1, len(words))}
            if len(words[-1]) > 4 and words[-1].endswith("s"):
                shorts[words[-1]] = weight  # a team's second name
        for short, share in shorts.items():
            if short in pooled:
                is_seat = kind == "ORG" and pooled[short].best() == "PLACE" and _is_seat(key, short)
                one = "PLACE" if is_seat else kind
                found[short, one] = max(found.get((short, one), 0.0), share)
    return found
