"""What the words around a name say of its type."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.entities.cues import load_cues
from transforms.entities.found import Found
from transforms.entities.places import fold_name, load_gazetteer
from transforms.entities.readings import find_readings
from transforms.entities.teams import find_team
from transforms.entities.votes import Votes
from transforms.language.document import Document

_AGE = re.compile(
    r", (?:aged )?\d{1,2}(?:,|\)|\.| who\b| and\b)| \(\d{1,2}\)|, (?:who|whose|whom)\b"
)
_IN_SPORT = re.compile(
    r"^(?:soccer|football|rugby|cricket|tennis|golf|baseball|basketball|(?:ice )?hockey|nhl|nba"
    r"|nfl|athletics|cycling|boxing|motor ?racing|formula one|swimming|skiing|squash|badminton"
    r"|olympics)\b.{0,20}?-",
    re.IGNORECASE,
)
_DENSE, _LEAST = 0.02, 5
"""The share of words about sport, and their number, from which a text is about sport."""
_TEAMS = 0.006
"""The share of words about teams from which a city may be one."""
_JOINS = frozenset({", ", " and ", ", and ", " or ", " & "})
_OWNED = frozenset(
    {"stake", "stakes", "shares", "interest", "percent", "chairman", "president", "director",
     "executive", "board", "employees", "owner", "owners", "subsidiary", "unit", "takeover",
     "acquisition", "founder", "purchase", "shareholders"}
)  # fmt: skip
"""What is had in or of a company."""
_CLOSE = frozenset({" and ", ", and ", " or "})
_COUNTIES = re.compile(
    r"(?:, (?:and |or )?[A-Z]\w+(?: [A-Z]\w+)?| (?:and|or) [A-Z]\w+){1,8} (?:counties|parishes)\b"
    r"| (?:counties|parishes)\b"
)
_POSSESSIVE = frozenset({"'s", "\u2019s", "'", "\u2019"})
_MODIFIES = frozenset({"compound", "nmod", "amod", "poss"})
_ITSELF = frozenset({"it", "its"})
_AUXILIARIES = frozenset({"was", "is", "been"})
_WITHIN = frozenset({"in", "near", "outside", "around", "across"})
_TOWARDS = frozenset({"from", "to", "at"})
_BESIDE = 8
"""Tokens after a name in which a noun can say what it is."""
_NOUNS = (
    ("place_before", "PLACE"),
    ("org_before", "ORG"),
    ("role", "PERSON"),
    ("person", "PERSON"),
)
_WIDE = re.compile(r"[A-Z][\w.]*(?: [A-Z][\w.]*){0,2}")


@dataclass(frozen=True, slots=True)
class Context:
    """A document with what is asked of it for every name."""

    document: Document
    is_sport: bool
    has_teams: bool


@dataclass(frozen=True, slots=True)
class Cues:
    """Votes of a mention's neighbours: those that hold for the name, and for this mention alone."""

    shared: Votes = field(default_factory=Votes)
    alone: Votes = field(default_factory=Votes)


def read_context(document: Document) -> Context:
    """The document, whether it is about sport, and about sport of teams."""
    cues = load_cues()
    hits = sum(1 for word in document.lowers if word in cues["sport"])
    dense = hits >= _LEAST and hits >= _DENSE * len(document)
    is_sport = dense or bool(_IN_SPORT.match(document.text))
    teams = sum(1 for word in document.lowers if word in cues["team"]) if is_sport else 0
    return Context(document, is_sport, teams >= max(1, _TEAMS * len(document)))


def find_cues(context: Context, found: Sequence[Found], at: int) -> Cues:
    """Votes of what stands around the name at an index."""
    document, name = context.document, found[at]
    text, votes = document.text, Cues()
    first = bisect_right(document.starts, name.start) - 1
    last = bisect_left(document.starts, name.end)
    if first > 0 and "\n" not in text[max(0, name.start - 2) : name.start]:
        _read_before(document, first, votes)
        one = document.deps[last - 1] not in _MODIFIES and document.lowers[last - 1][-1] != "s"
        if one and document.lowers[first - 1] == "the" and name.kind == "PERSON":
            votes.shared.add("ORG", 1.0)  # people have no article
    is_place = fold_name(text[name.start : name.end]) in load_gazetteer()
    if last < len(document):
        _read_after(document, last, votes.shared, is_place=is_place or name.kind == "PLACE")
    _read_joined(text, found, at, votes, is_place=is_place)
    _read_apposition(document, first, last, votes.shared)
    if _AGE.match(text, name.end):
        votes.shared.add("PERSON", 1.5)
    if text.startswith(("-based", "-area"), name.end) or _COUNTIES.match(text, name.end):
        votes.shared.add("PLACE", 2.0)
    wide = text.startswith((", ", " (", "\n"), name.end) and is_wide(text, name.end + 2)
    if wide and text[name.end] == "," and find_readings(text[name.start : name.end]):
        votes.shared.add("PLACE", 2.0)
        votes.alone.add("PLACE", 3.0)
    for kind in _listed(text, found, at):
        votes.shared.add(kind, 0.6)
    if context.has_teams:
        votes.alone.pool(find_team(document, name, first, last, is_placed=wide))
    return votes


def _read_joined(
    text: str, found: Sequence[Found], at: int, votes: Cues, *, is_place: bool
) -> None:
    """Where the name before lives: "Mira Okafor of Salem", "14 Mill Street, Salem"."""
    if at == 0:
        return
    before, gap = found[at - 1], text[found[at - 1].end : found[at].start]
    if before.rule == "road" and gap == ", ":
        votes.shared.add("PLACE", 1.0)
        votes.alone.add("PLACE", 1.0)
    elif is_place and ((gap == " of " and before.kind == "PERSON") or gap == ", of "):
        votes.shared.add("PLACE", 1.5)


def _read_before(document: Document, first: int, votes: Cues) -> None:
    """Titles, trades and prepositions."""
    cues, written, before = load_cues(), document.words[first - 1], document.lowers[first - 1]
    if before.strip(".") in cues["title"] and (written[0].isupper() or before == "president"):
        votes.shared.add("PERSON", 2.0)
    elif written.islower():
        for cue, kind in (("role", "PERSON"), ("org_before", "ORG"), ("place_before", "PLACE")):
            if before in cues[cue]:
                votes.shared.add(kind, 1.5)
    if before == "of" and first > 1:
        if document.lowers[first - 2] in cues["place_of"]:
            votes.shared.add("PLACE", 2.5)
        elif document.lowers[first - 2] == "," and document.words[first - 3].isdigit():
            # "Mira Okafor, 24, of Salem"
            votes.shared.add("PLACE", 1.5)
        elif document.lowers[first - 2] in _OWNED:
            votes.shared.add("ORG", 1.5)
    if before == "in" and first > 1 and document.lowers[first - 2] in _OWNED:
        votes.shared.add("ORG", 2.0)
    elif before in cues["speech"] and written.islower():
        votes.shared.add("PERSON", 0.7)
    elif before in _WITHIN:
        votes.shared.add("PLACE", 1.0)
        votes.alone.add("PLACE", 1.0)
    elif before in _TOWARDS:
        votes.shared.add("PLACE", 0.3)


def _read_after(document: Document, last: int, votes: Votes, *, is_place: bool) -> None:
    """Verbs of speech, what kind of thing a following noun says it is, and what is had or done.

    Args:
        document: the document.
        last: one past the last token of the name.
        votes: for all mentions of the name.
        is_place: whether the name can be a place's: "Harbour officials" are of no town.
    """
    cues, after = load_cues(), document.lowers[last]
    if after in cues["speech"]:
        votes.add("PERSON", 0.5)
        votes.add("ORG", 0.3)
    elif after in cues["place_office"] and document.words[last].istitle():
        votes.add("PLACE", 1.5 if is_place else 0.0)
    elif document.words[last].islower():
        if after in cues["place_after"] or (is_place and after in cues["place_people"]):
            votes.add("PLACE", 1.5)
        elif after in cues["person_names"]:
            votes.add("PERSON", 1.0)
        elif after in cues["org_after"]:
            votes.add("ORG", 1.0)
    following = document.lowers[last + 1 : last + 3]
    if following and (
        (after in cues["speech"] and following[0] in _ITSELF)
        or (after == "," and (following[0] == "which" or following == ["based", "in"]))
    ):
        votes.add("ORG", 1.0)
    is_had = after in _POSSESSIVE and "general" not in document.lowers[last + 1 : last + 4]
    if is_had and cues["person_has"].intersection(following):
        votes.add("PERSON", 2.0)
    elif after in cues["person_does"] or (
        after in _AUXILIARIES and following and following[0] in cues["person_suffers"]
    ):
        votes.add("PERSON", 1.5)


def _read_apposition(document: Document, first: int, last: int, votes: Votes) -> None:
    """What a noun set off beside a name says it is: "the party, Lusa", "Lusa, a port on"."""
    heads, deps, words = document.heads, document.deps, document.words
    if "," not in words[max(0, first - 1) : first] + words[last : last + 1]:
        return
    root = next((t for t in range(first, last) if not first <= heads[t] < last), first)
    is_after = deps[root] != "appos"
    beside = root if is_after else heads[root]
    if is_after:
        after = range(last, min(len(document), last + _BESIDE))
        beside = next((t for t in after if deps[t] == "appos" and heads[t] == root), root)
    if beside == root or words[beside][0].isupper():
        return
    cues, noun = load_cues(), document.lemmas[beside].lower()
    for cue, kind in _NOUNS:
        if noun in cues[cue] and (is_after or kind == "ORG"):
            votes.add(kind, 0.8)
            return


def _listed(text: str, found: Sequence[Found], at: int) -> list[str]:
    """Types of the names right before and after in a list of three or more.

    "and" closes a list: what a comma adds after it is not of it.
    """
    gaps = {
        i: text[found[i].end : found[i + 1].start]
        for i in range(max(0, at - 2), min(len(found) - 1, at + 2))
    }
    left = at - 1 in gaps and gaps[at - 1] in _JOINS
    right = at in gaps and gaps[at] in _JOINS
    if left and gaps[at - 1] == ", " and gaps.get(at - 2) in _CLOSE:
        left = False
    if right and gaps[at] == ", " and gaps.get(at - 1) in _CLOSE:
        right = False
    longer = (left and right) or (left and gaps.get(at - 2) == ", ")
    longer = longer or (right and gaps[at] == ", " and gaps.get(at + 1) in _JOINS)
    if not longer:
        return []
    return [found[i].kind for i, joined in ((at - 1, left), (at + 1, right)) if joined]


def is_wide(text: str, at: int) -> bool:
    """Whether the name of a state or country stands at an offset."""
    match = _WIDE.match(text, at)
    words = match[0].split() if match is not None else []
    return any(
        r.place.kind in ("admin1", "country") and not r.place.is_alternate
        for count in range(len(words), 0, -1)
        if len(words[0]) > 2 or words[0].isupper()  # "In 2019" is not Indiana
        for r in find_readings(" ".join(words[:count]))
    )
