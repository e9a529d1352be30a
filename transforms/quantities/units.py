"""Units of measure and money: the table, and the unit that stands at a place of a text."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from transforms.quantities.lexicon import load_rows, word_list


class Unit(NamedTuple):
    """A unit: singular English name, UCUM symbol or ISO 4217 code (null if none), and kind."""

    name: str
    symbol: str | None
    kind: str


class UnitAt(NamedTuple):
    """A unit found in a text, and one past its last code point."""

    unit: Unit
    end: int


_WORD = re.compile(r"[^\W\d_]+\.?|[%％‰°º′″\"”Ω$€£₹¥₡₺₪₩₦₽₴₸₫฿₱₿¢℃℉×]")
_SYMBOL = re.compile(
    r"[^\W\d_µμ°º]*[µμ°º]?[^\W\d_]*(?:[·⋅./-][^\W\d_]+)?(?:\^?[23²³](?!\d|[.,]\d))?"
)
_GAP = re.compile(r"[ \t\u00a0\u202f]?(?:-[ \t]?)?")
_INVERSE = re.compile(r"[^\W\d_]+(?:\^?[-−]1|⁻¹)")
_RATE = re.compile(
    r"(?:[ \u00a0]?/[ \u00a0]?|(?:[ -])(?:per|a|an|each|every)[ -]|[ ]?p/)"
    r"((?:(?:square|cubic|sq)[ ])?[^\W\d_]+\.?(?:[²³])?)"
)
_SUPER = {"2": "square ", "3": "cubic ", "²": "square ", "³": "cubic "}
RATE_NOUNS = word_list("rate_nouns")
_PER = {
    "h": "hour", "hr": "hour", "hr.": "hour", "s": "second", "sec": "second", "min": "minute",
    "annum": "year", "yr": "year", "wk": "week", "liter": "litre", "meter": "metre",
    "kilometer": "kilometre", "km": "kilometre", "kg": "kilogram", "lb": "pound", "oz": "ounce",
    "kilo": "kilogram", "cm": "centimetre", "kwh": "kilowatt hour", "mwh": "megawatt hour",
    "m": "metre", "mi": "mile", "m²": "square metre", "m³": "cubic metre",
    "cm³": "cubic centimetre",
    "gal": "gallon", "bbl": "barrel", "l": "litre", "d": "day", "mo": "month", "pop": "unit",
}  # fmt: skip
_PER_SYMBOL = {
    "hour": "h", "second": "s", "minute": "min", "day": "d", "week": "wk", "month": "mo",
    "year": "a", "litre": "L", "metre": "m", "kilometre": "km", "kilogram": "kg",
    "pound": "[lb_av]", "ounce": "[oz_av]", "gallon": "[gal_us]", "barrel": "[bbl_us]",
    "square metre": "m2", "cubic metre": "m3", "cubic centimetre": "cm3", "mile": "[mi_i]",
    "tonne": "t", "ton": "[ston_av]", "kilowatt hour": "kW.h", "megawatt hour": "MW.h",
    "hectare": "har", "acre": "[acr_us]", "gram": "g", "foot": "[ft_i]", "inch": "[in_i]",
}  # fmt: skip
_FEET = re.compile(r"feet$")
DOLLAR = Unit("US dollar", "USD", "money")


@cache
def _tables() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Units by lower-case name, and by symbol, case kept."""
    names: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    prefixes = [(row[0], row[1]) for row in load_rows("prefixes.tsv")]
    for row in load_rows("units.tsv"):
        name, code, kind, forms, marks = (*row, "")[:5]
        unit = Unit(name, code or None, kind)
        for form in filter(None, forms.split("|")):
            if form == "*":
                for word, mark in prefixes:
                    scaled = Unit(word + name, mark.replace("µ", "u") + code, kind)
                    bases = {name, name.replace("tre", "ter")} if name.endswith("tre") else {name}
                    for base in bases:
                        for full in (word + base, word + base + "s", f"{word}-{base}"):
                            names.setdefault(full, scaled)
            else:
                names[form] = unit
        for mark in filter(None, marks.split("|")):
            if mark == "*":
                for word, prefix in prefixes:
                    scaled = Unit(word + name, prefix.replace("µ", "u") + code, kind)
                    for sign in {prefix, prefix.replace("µ", "μ")}:
                        symbols.setdefault(sign + code, scaled)
                        if code == "L":
                            symbols.setdefault(sign + "l", scaled)
            else:
                symbols[mark] = unit
    for row in load_rows("currencies.tsv"):
        name, code, forms, _ = (*row, "")[:4]
        unit = Unit(name, code or None, "money")
        for form in filter(None, forms.split("|")):
            names.setdefault(form, unit)
        if code:
            symbols[code] = unit
            if code.lower() not in _WORDS_AS_CODES:
                names.setdefault(code.lower(), unit)
        for mark in (row[3] if len(row) > 3 else "").split():
            if (not mark[0].isalpha() and len(mark) == 1) or mark in ("p", "zł", "Rs"):
                symbols.setdefault(mark, unit)
    symbols["p"] = names["penny"]
    return names, symbols


_WORDS_AS_CODES = word_list("words_as_codes")


@cache
def _prefixes() -> tuple[re.Pattern[str], dict[str, Unit]]:
    """The pattern of a currency sign that ends where a number begins, and units by sign."""
    found: dict[str, Unit] = {}
    for row in load_rows("currencies.tsv"):
        name, code, _, marks = (*row, "", "")[:4]
        unit = Unit(name, code or None, "money")
        for mark in marks.split():
            found[mark.replace("_", " ").lower() if mark != "PS" else "PS"] = unit
        if code:
            found.setdefault(code.lower(), unit)
    found["dollar"] = DOLLAR
    found["sen"] = Unit("sen", None, "money")
    found["us$"] = found["us $"] = found["u.s. $"] = DOLLAR
    return re.compile(r"(?:[A-Za-z][A-Za-z.]*[ ]?)?[$€£₹¥₡₺₪₩₦₽₴₸₫฿₱₿￥]|[^\W\d_]+\.?"), found


def find_prefix(text: str, start: int) -> tuple[Unit, int] | None:
    """The currency sign or code that ends at `start` (a space may part them), and its start."""
    stop = start
    while stop > 0 and text[stop - 1] in " \u00a0\u202f":
        stop -= 1
    if stop == 0 or start - stop > 1:
        return None
    last = text[stop - 1]
    _, table = _prefixes()
    if last == "=" and text[stop - 2 : stop] == "Y=" and stop == start:
        return table["y="], stop - 2
    if not last.isalnum() and last != ".":
        if last.lower() not in table:
            return None
        begin = stop - 1
        best = (table[last], begin)
        gap = begin - 1 if begin and text[begin - 1] == " " else begin
        for edge in {begin, gap}:
            head = edge
            while (
                head > 0 and edge - head < 5 and (text[head - 1].isalpha() or text[head - 1] == ".")
            ):
                head -= 1
            sign = text[head:stop]
            if head < edge and sign.lower() in table and not sign.startswith("."):
                letters = sign[: edge - head]
                if edge == begin or letters.isupper() or letters.lower() in ("us", "c", "hk", "nz"):
                    return table[sign.lower()], head
        return best
    head = stop
    while head > 0 and stop - head < 7 and (text[head - 1].isalpha() or text[head - 1] == "."):
        head -= 1
    if head and text[head - 1] == "$" and stop == start:
        sign = text[head - 1 : stop].lower()
        return (table[sign], head - 1) if sign in table else None
    word = text[head:stop]
    if head and text[head - 1].isalnum():
        return None
    if word == "PS" and stop == start:
        return table["PS"], head
    lower = word.lower()
    if lower in table and (word.isupper() or lower in ("rs", "rs.", "rm", "dollar", "sen")):
        return table[lower], head
    if lower in table and stop == start and len(lower) == 3 and lower not in _WORDS_AS_CODES:
        return table[lower], head
    return None


def find_unit(text: str, at: int, *, attached: bool = True) -> UnitAt | None:
    """The unit that stands at or just after `at`, with its rate ("a barrel", "/hour") if any."""
    gap = _GAP.match(text, at)
    begin = gap.end() if gap else at
    found = _simple(text, begin, glued=begin == at)
    if found is None:
        return None
    return _with_rate(text, found)


def _simple(text: str, begin: int, *, glued: bool) -> UnitAt | None:
    names, symbols = _tables()
    close = ""
    if text[begin : begin + 1] in ("(", "[", "{", "<"):
        close = {"(": ")", "[": "]", "{": "}", "<": ">"}[text[begin]]
        stop = text.find(close, begin, begin + 8)
        inside = text[begin + 1 : stop] if stop > 0 else ""
        unit = symbols.get(inside)
        return UnitAt(unit, stop + 1) if unit else None
    best: UnitAt | None = None
    words: list[str] = []
    at = begin
    for _ in range(4):
        word = _WORD.match(text, at)
        if not word:
            break
        words.append(word.group().lower())
        joined = text[begin : word.end()].lower()
        for form in (joined, " ".join(words)):
            for variant in (form, form.rstrip(".")):
                if variant in names:
                    end = word.end() - (len(form) - len(variant))
                    best = UnitAt(names[variant], end)
                    break
        at = word.end()
        if text[at : at + 1] in (" ", "-"):
            at += 1
    if text[begin : begin + 2] == "''":
        best = UnitAt(names["inch"], begin + 2)
    mark = _SYMBOL.match(text, begin)
    for sign in (mark.group(), re.split(r"[·⋅./-]", mark.group())[0]) if mark else ():
        if sign and sign in symbols and (best is None or begin + len(sign) > best.end):
            end = begin + len(sign)
            if end < len(text) and text[end].isalnum():
                continue
            if len(sign) == 1 and sign.isalpha() and not _plausible(sign, text, end, glued):
                continue
            best = UnitAt(symbols[sign], end)
            break
    single = text[begin : begin + 1]
    if best is None and single in symbols and not single.isalnum():
        if single in '"”' and not glued:
            return None
        best = UnitAt(symbols[single], begin + 1)
    if best and best.end < len(text) and text[best.end].isalnum() and text[best.end - 1].isalnum():
        return None
    if best and text[begin : best.end] == "in" and not _inch(text, best.end, begin, glued):
        return None
    return best


def _plausible(sign: str, text: str, end: int, glued: bool) -> bool:
    """Whether a unit of one letter is one here: letters mean too much else."""
    if (
        sign in "CFK"
        and text[end : end + 1] in ("-", ".", "&")
        and text[end + 1 : end + 2].isalnum()
    ):
        return False
    if sign in "CF" and not glued and text[end : end + 1] == "°":
        return False
    if sign in "CFKTRNVWJA" and glued and sign not in "WVCF":
        return False
    return not (sign in "sA" and not glued)


def _inch(text: str, end: int, begin: int, glued: bool) -> bool:
    """Whether "in" is the unit: glued, hyphened, or before "thick", "wide" or a stop."""
    if glued or text[begin - 1] == "-":
        return True
    return bool(
        re.match(r"[ ]?(?:[.,;)x×]|$|thick|wide|long|tall|deep|high|diameter|by )", text[end:])
    )


def _with_rate(text: str, found: UnitAt) -> UnitAt:
    rate = _RATE.match(text, found.end)
    if not rate or found.unit.kind == "multiple":
        return found
    noun = _FEET.sub("foot", rate.group(1).lower())
    spelled = text[found.end : rate.start(1)].strip(" -").lower()
    if spelled not in ("per", "/") and noun not in RATE_NOUNS:
        return found
    if spelled == "/" and noun not in RATE_NOUNS and noun not in _PER:
        return found
    if spelled == "per" and noun == "cent":
        return found
    if found.unit.kind == "duration" and spelled not in ("per", "/", "a", "an"):
        return found
    noun = _PER.get(noun, noun)
    return UnitAt(per(found.unit, noun), rate.end(1))


def per(unit: Unit, noun: str) -> Unit:
    """The rate of a unit per something: "US dollar per barrel"."""
    below = _PER_SYMBOL.get(noun)
    symbol = f"{unit.symbol}/{below}" if unit.symbol and below and unit.kind != "money" else None
    if unit.kind == "money":
        symbol = unit.symbol
    kind = "measure" if unit.kind == "duration" else unit.kind
    return Unit(f"{unit.name} per {noun}", symbol, kind)


def find_rate(text: str, at: int) -> tuple[str, int] | None:
    """The noun of a rate that begins at `at` ("a share", "/hour"), and its end."""

    match = _RATE.match(text, at)
    if not match:
        return None
    noun = _FEET.sub("foot", match.group(1).lower().rstrip("."))
    spelled = text[at : match.start(1)].strip(" -").lower()
    if spelled not in ("per", "/") and noun not in RATE_NOUNS:
        return None
    if noun == "cent":
        return None
    return _PER.get(noun, noun), match.end(1)
