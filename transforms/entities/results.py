"""Names in results, standings, fixtures and score cards: lines that no language model reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.entities.found import Found
from transforms.entities.readings import is_country

_CAP = r"(?:[A-Z][\w.'\u2019&]*(?:-[\w.'\u2019]+)*)"
_NAME = (
    rf"{_CAP}(?:(?: (?:de|da|do|del|di|la|le|van|von|der|den|of|al|the|and|&))*"
    rf" (?:{_CAP}|\d{{2,4}}(?= [A-Z])))*"
)
_PERSON = rf"{_CAP}(?:(?: (?:de|da|do|dos|del|di|la|le|van|von|der|den|ter|al|bin))* {_CAP})*"
_INITIALED = rf"(?:[A-Z]\. ?)+(?:(?:de|van|von|der) )*{_CAP}"
_SCORE = r"\d{1,3}(?:-\d{1,3})?"
_NUMBER = r"[-+]?\.?\d[\d.,:/\u00bd]*|-"

_RESULT = re.compile(rf"({_NAME}) ({_SCORE}) ({_NAME}) ({_SCORE})(?= *(?:\(|\[|,|;|$))")
_STANDING = re.compile(rf"(?:\d{{1,2}}[.)]? )?({_NAME})(?: (?:{_NUMBER})){{3,}}(?: 1/2)?$")
_FIXTURE = re.compile(rf"({_NAME}) (?:v|vs)\.? ({_NAME})")
_AWAY = re.compile(r"([A-Z][A-Z. ]+[A-Z]) AT ([A-Z][A-Z. ]+[A-Z])$")
_ATHLETE = re.compile(rf"({_PERSON}|{_INITIALED}) \(([A-Z][\w.]+(?: [A-Z]\w+)*)\)")
_OUTFIT = re.compile(rf"\) ({_NAME})(?=,? \d+[\d:.]*|$)")
_SCORER = re.compile(rf"({_PERSON}|{_INITIALED}) \((?=\d+(?:st|nd|rd|th|'|,| min| pen|\)))")
_BATSMAN = re.compile(rf"({_INITIALED}|{_PERSON}) (?=(?:c|b|lbw|st|run out|not out)\b)")
_FIELDER = re.compile(rf"(?:(?<=\bc )|(?<=\bb )|(?<=\bst ))({_INITIALED}|{_PERSON})(?= b |\s\d|$)")
_BOWLER = re.compile(rf"(?:(?<=: )|(?<=, )|^)({_INITIALED}|{_PERSON}) (?=\d+(?:\.\d)?-\d+-\d+-\d+)")
_PLAYER = re.compile(
    rf"(?:(?<=^)|(?<=[ ;,.(]))\d{{1,2}} ?- ?({_PERSON})(?=[,;.)(]| \(| \d| and\b|$)"
    rf"|\(({_PERSON}),? \d{{1,3}}(?:st|nd|rd|th)?\)"
)
"""A player of a line-up behind the number, and who came on for him."""
_LINE_UP = 3
"""Players from which a line is a line-up."""
_LONGEST = 160
_NO_NAMES = frozenset(
    {"group", "pool", "round", "division", "total", "extras", "league", "halftime", "attendance",
     "played", "standings", "results", "scorers", "sets", "set", "leg", "match", "day", "week",
     "bowling", "fall", "overs", "page", "table", "monday", "tuesday", "wednesday", "thursday",
     "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june",
     "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr",
     "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "no", "year", "years", "note", "w",
     "l", "pct", "gb", "men", "women", "singles", "doubles"}
)  # fmt: skip


def find_results(text: str, is_sport: bool) -> list[Found]:
    """Teams, players and countries of lines that have the shape of results.

    Args:
        text: the text.
        is_sport: whether the text is about sport; a line of numbers in another is no standing.
    """
    if not is_sport:
        return []
    found: list[Found] = []
    for line in re.finditer(r"[^\n]+", text):
        if any(c.isdigit() or c == "v" or c == "A" for c in line[0]):
            found += _of_line(line[0], line.start())
    return list(dict.fromkeys(found))


def _of_line(line: str, at: int) -> Iterator[Found]:
    if (players := _players(line, at)) is not None:
        yield from players
        return
    if len(line) > _LONGEST:
        yield from _athletes(line, at)
        if _BOWLER.search(line):
            yield from _people(line, at, (_BOWLER,))
        return
    table = _STANDING.match(line)
    pairs = [m.span(g) for m in _RESULT.finditer(line) for g in (1, 3)]
    if table is not None and not pairs:
        pairs = [table.span(1)]
    pairs += [m.span(g) for m in _FIXTURE.finditer(line) for g in (1, 2)]
    away = _AWAY.match(line)
    if away is not None:
        yield Found(at + away.start(1), at + away.end(1), "ORG", "result")
        yield Found(at + away.start(2), at + away.end(2), "PLACE", "result")
    for start, end in pairs:
        name = line[start:end]
        if not _is_common(name):
            kind = "PLACE" if is_country(name) else "ORG"
            yield Found(at + start, at + end, kind, "result")
    yield from _athletes(line, at)
    yield from _people(line, at, (_SCORER,))
    yield from _people(line, at, (_BATSMAN, _FIELDER) if _FIELDER.search(line) else (_BOWLER,))


def _players(line: str, at: int) -> list[Found] | None:
    """The people of a line-up; null for any other line, as of seeded players of many countries."""
    players = list(_PLAYER.finditer(line))
    if sum(1 for m in players if m[1]) < _LINE_UP:
        return None
    if any(is_country(m[2]) for m in _ATHLETE.finditer(line)):
        return None
    spans = [m.span(1) if m[1] else m.span(2) for m in players]
    spans = [(start, end - line[start:end].endswith(".")) for start, end in spans]
    return [
        Found(at + start, at + end, "PERSON", "result")
        for start, end in spans
        if not _is_common(line[start:end])
    ]


def _athletes(line: str, at: int) -> Iterator[Found]:
    """ "1. Mira Okafor (Norway) 10.48": a person, a country and perhaps a team."""
    last = -1
    for m in _ATHLETE.finditer(line):
        if is_country(m[2]):
            if " " in m[1] or "." in m[1]:
                yield Found(at + m.start(1), at + m.end(1), "PERSON", "result")
            yield Found(at + m.start(2), at + m.end(2), "PLACE", "result")
            last = m.end()
    if last > 0 and (outfit := _OUTFIT.match(line, last - 1)) is not None:
        yield Found(at + outfit.start(1), at + outfit.end(1), "ORG", "result")


def _people(line: str, at: int, patterns: tuple[re.Pattern[str], ...]) -> Iterator[Found]:
    for pattern in patterns:
        for m in pattern.finditer(line):
            if not _is_common(m[1]):
                yield Found(at + m.start(1), at + m.end(1), "PERSON", "result")


def _is_common(name: str) -> bool:
    return name.split()[0].strip(".:").casefold() in _NO_NAMES
