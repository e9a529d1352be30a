"""The rules (data/times/rules.tsv): patterns over word classes (data/times/words.tsv).

Classes: n small number, N number, Y year, w number word, h hundred or more, v vague quantity, o
ordinal, a article, t "the", + more, f half, E early or end of, d end, M month, W weekday, u
weekdays, U unit, V units, J such as "weeklong", l "long", S season, P part of day, Q parts of
day, H holiday, K noon, C clock, m a.m., k o'clock, z zone, D today, T tonight, L last, $
previous, p past, x next, c coming, i this, G current, q following, j that, = corresponding, A
ago, e earlier, g later, X decade, 7 quarter as in "Q3", R period, r reference, B recent, b about,
~ or so, < before, > after, F fiscal, y every, Z daily, O of, @ in, I to or or, s 's, 8 and 9
numeric dates; punctuation stands for itself, other words for _.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PARTS = {
    "NUM": r"(?P<number>(?:[nNw](?:-?[wh]){0,9}|ah|v))",
    "COUNT": r"(?:(?P<number>(?:[nNw](?:-?[wh]){0,9}|ah|v))|(?P<one>a))",
    "LOW": r"(?:(?P<low>[nNw](?:-?w)?)(?:-?I-?|-)(?=[nNw]))?",
    "YEAR": r"(?P<year>Y|w-?h?w-?w)",
    "ABOUT": r"(?P<about>b|v(?=[nNw]))?",
    "PHASE": r"(?P<phase>t?E)?-?",
    "SIDE": r"(?P<side>[EegB]?)-?",
    "DAY": (
        r"(?:(?:(?P<weekday>W),?)?(?:(?P<month>M)(?P<day>[no])|t?(?P<day2>[no])O?(?P<month2>M)))"
    ),
    "CLOCK": (
        r"(?:(?P<clock>C)(?P<half>m)?|(?P<hour>[nw])(?P<half2>m)|(?P<hour2>[nw])k"
        r"|(?P<military>[YN])(?=z)|(?P<noon>K))"
    ),
}


class Rule(NamedTuple):
    """A named pattern and the family of values it builds."""

    name: str
    family: str
    pattern: re.Pattern[str]


_RULES = Path(__file__).parents[1] / "data" / "times" / "rules.tsv"


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rules, compiled, in order of preference among equally long matches."""
    rules = []
    for line in _RULES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, family, pattern = line.split("\t")
        rules.append(Rule(name, family, re.compile(pattern.format(**_PARTS))))
    return tuple(rules)


class Match(NamedTuple):
    """A rule's longest match at a place of the class string."""

    rule: Rule
    found: re.Match[str]


_SIGNAL = re.compile(r"[MWUVSPTDHKCmkzXrGBZ89Yp7JuQR]|w-?h?w-?w")


_NO_START = frozenset("_.,|()/&s-@IO")


def find_matches(classes: str) -> list[Match]:
    """Leftmost longest matches, not overlapping, in order of position."""
    matches: list[Match] = []
    position = 0
    # Most words have the class "_": only stretches that hold a word which can head a time are
    # tried, from a few classes before it on.
    for signal in _SIGNAL.finditer(classes):
        start = max(position, signal.start() - 8)
        while start < signal.end():
            if classes[start] in _NO_START:
                start += 1
                continue
            best: Match | None = None
            for rule in load_rules():
                found = rule.pattern.match(classes, start)
                if (
                    found
                    and found.end() > start
                    and (best is None or found.end() > best.found.end())
                ):
                    best = Match(rule, found)
            if best and best.found.end() > signal.start():
                matches.append(best)
                position = start = best.found.end()
            elif best:
                start = best.found.end()
            else:
                start += 1
    return matches
