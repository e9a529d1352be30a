"""Numbers in digits, with any separators; and what looks like one and is none."""

from __future__ import annotations

import math
import re

from transforms.quantities.numerals.numeral import Atom

_DOTTED = (
    r"(?<![\w.])\d{1,3}(?:\.\d{3}){2,}(?![\d.]\d|\d)"
    r"(?=[ ]?(?:€|[eE]uros?\b|EUR\b|[dD]ollars\b|[pP]esos\b|[rR]eais\b|kroner\b|inhabitants\b))"
)
"""Thousands parted by points, before a currency: "1.250.000 euros"."""
_TRAP = (
    r"(?P<trap>(?:https?://|www\.)\S+"
    r"|(?<![\w.])\d{4}-\d{1,2}-\d{1,2}(?:T[\d:.]+Z?)?(?![\w-])"
    r"|(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?:[ ]?[ap]\.?m\b\.?)?"
    r"|(?<![\w/])\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?![\w/])"
    r"|\d{1,3}[°º][ ]?\d{1,2}(?:\.\d+)?['′’](?:[ ]?\d{1,2}(?:\.\d+)?[\"″”])?(?:[ ]?[NSEW]\b)?"
    rf"|(?!{_DOTTED})\d+(?:\.\d+){{2,}}(?![\d,])"
    r"|(?<![\w])(?:\+\d{1,3}[ -]?)?\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\d)"
    r"|(?<![\w])\+\d{1,3}(?:[ -]\d{2,5}){2,}"
    r"|(?<![\w.,-])0\d{2,5}(?:[ -]\d{3,7}){1,3}(?![\d,.]\d)"
    r"|(?<![\w-])\d{3}-\d{4}(?![\d-])(?=[^\w]*(?:$|[.,;)\n]))"
    r"|(?<![\w])\d+(?:-\d+){2,}"
    r"|(?<![\w.,])(?:1[0-2]|0?[1-9])(?:\.\d\d)?[ ]?(?:[ap]\.m\.?|(?:[ap]m|AM|PM)\b))"
)
_DIGITS = (
    rf"(?P<dotted>{_DOTTED})"
    r"|(?P<science>\d+(?:\.\d+)?[ ]?[x×*][ ]?10(?:\^[-−+]?|[-−])\d+)"
    r"|(?P<mixed>\d+[ -]\d{1,2}[ ]?/[ ]?\d{1,3}(?![\d/.,]\d))"
    r"|(?P<fraction>\d+[ ]?/[ ]?\d+(?![\d/]))"
    r"|(?P<vulgar>(?:\d+[ ]?)?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])"
    r"|(?P<grouped>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d]|,\d)"
    r"|\d{1,3}(?:,\d\d)*,\d{3}(?:\.\d+)?(?![\d]|,\d)"
    r"|\d{1,3}(?:[ ]?,[ ]\d{3})+(?![\d.,])"
    r"|[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?:\.\d+)?(?![\d]|[,.]\d)"
    r"|\d{1,3}(?:['’]\d{3})+(?!\d))"
    r"|(?P<comma>\d+,\d{1,2}(?![\d]|,\d))"
    r"|(?P<plain>\d+(?:\.\d+)?(?:[eE][+-]?\d+(?!\w))?|(?<!\w)\.\d+)"
)


_SCAN = re.compile(f"(?={'[0-9.½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞+(hw]'})(?:{_TRAP}|{_DIGITS})")


_VULGAR = dict(
    zip(
        "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞",
        [a / b for b in (2, 3, 4, 5, 6, 8) for a in range(1, b) if math.gcd(a, b) == 1],
        strict=True,
    )
)

_PLAIN = frozenset({"grouped", "dotted", "comma", "plain", "science"})


def find_digits(text: str) -> list[Atom]:
    """The digit groups of a text in order of position; traps (clock times, URLs...) are left out.

    A group is of kind D (a number that scale words may follow) or R (a fraction or mixed number).
    """
    found = []
    for match in _SCAN.finditer(text):
        style = match.lastgroup or ""
        value = None if style == "trap" else _value(match)
        if value is not None:
            kind = "D" if style in _PLAIN else "R"
            found.append(Atom(match.start(), match.end(), kind, value, style))
    return found


def parse_digits(text: str) -> float | None:
    """The value of a number in digits with any separators, or null."""
    match = re.fullmatch(_DIGITS, text)
    return _value(match) if match else None


def _value(match: re.Match[str]) -> float | None:
    kind, raw = match.lastgroup, match.group()
    try:
        if kind == "science":
            base, _, power = (
                re.sub(r"[ ^]", "", raw)
                .replace("−", "-")
                .replace("×", "x")
                .replace("*", "x")
                .partition("x10")
            )
            value = float(base) * 10.0 ** int(power)
        elif kind == "mixed":
            whole, top, bottom = re.findall(r"\d+", raw)
            value = int(whole) + int(top) / int(bottom)
        elif kind == "fraction":
            top, bottom = re.findall(r"\d+", raw)
            value = int(top) / int(bottom)
        elif kind == "vulgar":
            value = float(raw[:-1].strip() or 0) + _VULGAR[raw[-1]]
        elif kind == "dotted":
            value = float(raw.replace(".", ""))
        elif kind == "comma":
            value = float(raw.replace(",", "."))
        else:
            value = float(re.sub(r"[ ,'’\u00a0\u202f]", "", raw))
    except (ZeroDivisionError, OverflowError, ValueError):
        return None
    return value if abs(value) < 1e300 else None
