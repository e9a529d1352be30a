"""Numerals of a text, in digits and words, with their values."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.quantities.lexicon import number_words, vague_words, word_list

_TRAP = (
    r"(?P<trap>(?:https?://|www\.)\S+"
    r"|(?<![\w.])\d{4}-\d{1,2}-\d{1,2}(?:T[\d:.]+Z?)?(?![\w-])"
    r"|(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?:[ ]?[ap]\.?m\b\.?)?"
    r"|(?<![\w/])\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?![\w/])"
    r"|\d+(?:\.\d+){2,}(?![\d,])"
    r"|(?<![\w])(?:\+\d{1,3}[ -]?)?\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\d)"
    r"|(?<![\w])\+\d{1,3}(?:[ -]\d{2,5}){2,}"
    r"|(?<![\w-])\d{3}-\d{4}(?![\d-])(?=[^\w]*(?:$|[.,;)\n]))"
    r"|(?<![\w])\d+(?:-\d+){2,}"
    r"|(?<![\w])\d{1,2}(?:\.\d\d)?[ ]?(?:[ap]\.m\.?|(?:am|AM|PM)\b"
    r"|pm\b(?=[ ]*(?:[A-Z,.;:)]|on|and|in|until|$))))"
)
_DIGITS = (
    r"(?P<science>\d+(?:\.\d+)?[ ]?[x×*][ ]?10(?:\^[-−+]?|[-−])\d+)"
    r"|(?P<mixed>\d+[ -]\d{1,2}[ ]?/[ ]?\d{1,3}(?![\d/.,]\d))"
    r"|(?P<fraction>\d+[ ]?/[ ]?\d+(?![\d/]))"
    r"|(?P<vulgar>(?:\d+[ ]?)?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])"
    r"|(?P<grouped>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d]|,\d)"
    r"|\d{1,3}(?:,\d\d)*,\d{3}(?:\.\d+)?(?![\d]|,\d)"
    r"|\d{1,3}(?:[ ]?,[ ]\d{3})+(?![\d.,])"
    r"|[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?:\.\d+)?(?![\d]|[,.]\d)"
    r"|\d{1,3}(?:['’]\d{3})+(?!\d))"
    r"|(?P<comma>\d+,\d{1,2}(?![\d]|,\d))"
    r"|(?P<plain>\d+(?:\.\d+)?(?:[eE][+-]?\d+(?!\w))?|(?<!\d)\.\d+)"
)
_SCAN = re.compile(f"(?={'[0-9.½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞+(hw]'})(?:{_TRAP}|{_DIGITS})")
_VULGAR = dict(
    zip(
        "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞",
        [a / b for b in (2, 3, 4, 5, 6, 8) for a in range(1, b) if math.gcd(a, b) == 1],
        strict=True,
    )
)
_LETTERS = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(
    r"(?:[ \t\u00a0]*(?:[-‐‑][ \t]*)?|[ ]?,[ ]|(?:,?[ ]|-)(?:and|&)(?:[ ]|-))(?:an?[ ])?$"
)
_SUFFIX = {
    "k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "mn": 1e6, "mln": 1e6, "mm": 1e6, "bn": 1e9, "Bn": 1e9,
    "BN": 1e9, "b": 1e9, "B": 1e9, "bln": 1e9, "tn": 1e12, "trn": 1e12, "tr": 1e12, "T": 1e12,
    "mio": 1e6,
}  # fmt: skip
_WEAK = frozenset({"m", "b", "K", "T", "mm"})
"""Suffixes that are units as well, so only money makes a scale of them."""


@dataclass(slots=True)
class Numeral:
    """A numeral: span, value or ends, and how it is written.

    `form` is digits, words, ordinal, fraction or vague; `scaled` says whether a scale word or
    letter took part; `plain` is the value before the last scale.
    """

    start: int
    end: int
    value: float | None
    form: str
    low: float | None = None
    high: float | None = None
    scaled: float = 1.0
    suffix: str = ""
    grouped: bool = False


class _Atom(NamedTuple):
    start: int
    end: int
    kind: str
    value: float
    word: str


def parse_digits(text: str) -> float | None:
    """The value of a number in digits with any separators, or null."""
    match = re.fullmatch(_DIGITS, text)
    return _digits(match) if match else None


def _digits(match: re.Match[str]) -> float | None:
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
        elif kind == "comma":
            value = float(raw.replace(",", "."))
        else:
            value = float(re.sub(r"[ ,'’\u00a0\u202f]", "", raw))
    except (ZeroDivisionError, OverflowError, ValueError):
        return None
    return value if abs(value) < 1e300 else None


def _cardinal(atoms: Sequence[_Atom]) -> float | None:
    """The value of a run of number words, or null where they form no cardinal."""
    total = current = 0.0
    last = ""
    scale = float("inf")
    seen_point: list[str] | None = None
    for atom in atoms:
        if seen_point is not None:
            if atom.kind not in "UT" or atom.value >= 100:
                return None
            seen_point.append(str(int(atom.value)))
            continue
        if atom.kind == "P":
            seen_point = []
        elif atom.kind == "D":
            if last and last not in "SHK":
                return None
            if last and current % 100 and current != 0:
                return None
            current += atom.value
        elif atom.kind == "U":
            room = current % 100
            if last in ("U", "D") or (room and (room < 20 or room % 10 or atom.value >= 10)):
                return None
            current += atom.value
        elif atom.kind == "T":
            if last in ("U", "T", "D") or current % 100:
                return None
            current += atom.value
        elif atom.kind == "H":
            if last == "H" or (current >= 100 and last != "D"):
                return None
            current = (current or 1.0) * 100
        elif atom.kind == "S":
            if last == "S":
                total *= atom.value
                scale = atom.value
                last = "S"
                continue
            if atom.value >= scale:
                return None
            total += (current or 1.0) * atom.value
            current, scale = 0.0, atom.value
        elif atom.kind == "K":
            if last == "K":
                return None
            rest = current % 100 if current >= 100 else current
            total += current - rest + (rest or 1.0) * atom.value
            current = 0.0
        else:
            return None
        last = atom.kind
    if seen_point is not None:
        if not seen_point:
            return None
        return total + current + float("0." + "".join(seen_point))
    return total + current


def _ordinal(atoms: Sequence[_Atom]) -> float | None:
    """The value of number words that end in an ordinal, or null."""
    *front, last = atoms
    kind = (
        "U" if last.value < 20 else "T" if last.value < 100 else "H" if last.value == 100 else "S"
    )
    return _cardinal([*front, last._replace(kind=kind)])


def _fraction(atoms: Sequence[_Atom], article: bool) -> float | None:
    """The value of "three fifths" or "a twenty-first": the shortest denominator that parses."""
    for cut in range(len(atoms) - 1, -1, -1):
        below = _ordinal(atoms[cut:])
        above = _cardinal(atoms[:cut]) if cut else (1.0 if article else None)
        if below and above is not None:
            return above / below
    return None


def parse_words(text: str) -> float | None:
    """The value of a number in words ("two hundred and five", "three fifths"), or null."""
    atoms = [
        _Atom(m.start(), m.end(), *_KINDS[m.group().lower()], m.group().lower())
        for m in _LETTERS.finditer(text)
        if m.group().lower() in _KINDS
    ]
    if not atoms:
        return None
    found = _read(text, atoms)
    return found[0].value if found and found[1] == len(atoms) else None


_KINDS: dict[str, tuple[str, float]] = {**number_words(), "point": ("P", 0.0)}


def find_numerals(
    text: str, starts: Sequence[int], ends: Sequence[int], lowers: Sequence[str]
) -> list[Numeral]:
    """The numerals of a text in order of position; traps (clock times, URLs...) are left out."""
    atoms: list[_Atom | None] = []
    vague = vague_words()
    for match in _SCAN.finditer(text):
        if match.lastgroup == "trap":
            continue
        value = _digits(match)
        if value is not None:
            kind = "D" if match.lastgroup in ("grouped", "comma", "plain", "science") else "R"
            atoms.append(_Atom(match.start(), match.end(), kind, value, match.lastgroup or ""))
    words = [
        _Atom(starts[i], ends[i], *_KINDS[word], word)
        for i, word in enumerate(lowers)
        if word in _KINDS
    ]
    words += [
        _Atom(starts[i], ends[i], "V", 0.0, word) for i, word in enumerate(lowers) if word in vague
    ]
    merged = sorted([a for a in atoms if a] + words)
    return _group(text, merged)


def _group(text: str, atoms: list[_Atom]) -> list[Numeral]:
    found: list[Numeral] = []
    at = 0
    while at < len(atoms):
        read = _read(text, atoms[at : at + 30])
        if read is None:
            at += 1
            continue
        found.append(read[0])
        at += read[1]
    return found


def _read(text: str, atoms: Sequence[_Atom]) -> tuple[Numeral, int] | None:
    """The longest numeral that begins at the first atom, and how many atoms it takes."""
    first = atoms[0]
    if first.kind == "V":
        return _vague(text, atoms)
    if first.kind == "P":
        return None
    if first.kind == "R":
        return _digit_fraction(text, atoms)
    run = 1
    while run < len(atoms) and run < 28:
        between = text[atoms[run - 1].end : atoms[run].start]
        after = atoms[run]
        if after.word == "dozens":
            after = after._replace(kind="K", value=12.0)
        if len(between) > 9 or after.kind in "VR" or not _JOINT.match(between):
            break
        before = atoms[run - 1]
        if "," in between and not (before.kind in "SH" and after.kind in "UTSH"):
            break
        if ("and" in between or "&" in between) and not _may_and(
            before, after, atoms[run + 1] if run + 1 < len(atoms) else None
        ):
            break
        if after.kind == "D" and before.kind not in "SH":
            break
        if before.kind == "D" and after.kind not in "SHKF":
            break
        run += 1
    atoms = [a._replace(kind="K", value=12.0) if a.word == "dozens" else a for a in atoms]
    for size in range(run, 0, -1):
        read = _value(text, atoms[:size])
        if read:
            return read, size
    return None


def _may_and(before: _Atom, after: _Atom, further: _Atom | None) -> bool:
    """Whether "and" binds two number words into one number."""
    if after.kind in "FO":
        return True
    if further is not None and further.kind == "O" and after.kind in "UT":
        return further.word.endswith("s")
    if before.kind in "SH" and after.kind in "UTDK":
        return after.value < before.value or after.kind == "K"
    return False


def _value(text: str, atoms: Sequence[_Atom]) -> Numeral | None:
    first, last = atoms[0], atoms[-1]
    start, end = first.start, last.end
    before = text[max(0, start - 5) : start].lower()
    article = bool(re.search(r"(?:^|[^\w])an?[ -]$", before))
    kinds = "".join(a.kind for a in atoms)
    grouped = first.word == "grouped"
    scaled = next((a.value for a in reversed(atoms) if a.kind in "SH"), 1.0)
    if kinds == "P" or kinds[0] == "P":
        return None
    if "O" in kinds or "F" in kinds:
        return _with_fraction(text, atoms, article)
    value = _cardinal(atoms)
    if value is None:
        return None
    if kinds[0] in "SHK" and not article:
        if kinds == "K" and first.word == "couple":
            return None
        if len(atoms) == 1 and kinds in "SH" and len(first.word) < 4:
            return None
        if re.search(r"(?:several|few|couple of)[ ]$", text[max(0, start - 12) : start].lower()):
            return None
    if article and kinds[0] in "SHK":
        start = start - (3 if before.endswith("an ") else 2)
    return Numeral(
        start, end, value, "digits" if kinds[0] == "D" else "words", scaled=scaled, grouped=grouped
    )


def _with_fraction(text: str, atoms: Sequence[_Atom], article: bool) -> Numeral | None:
    kinds = "".join(a.kind for a in atoms)
    first, last = atoms[0], atoms[-1]
    start, end = first.start, last.end
    at = min(i for i, k in enumerate(kinds) if k in "OF")
    if kinds[at] == "F":
        half = atoms[at]
        rest = atoms[at + 1 :]
        if any(a.kind not in "SK" for a in rest):
            return None
        front = atoms[:at]
        if not front:
            if half.word in ("quarter", "quarters", "halves") and not article:
                return None
            value = half.value
        elif (
            len(front) == 1
            and front[0].kind in "U"
            and "and" not in text[front[0].end : half.start]
        ):
            value = front[0].value * half.value
        else:
            whole, top = _split(text, front, half)
            base = _cardinal(whole)
            if base is None:
                return None
            tail = (_cardinal(top) or 0.0) * half.value if top else half.value
            if "and" not in text[whole[-1].end : half.start] and not top:
                return None
            value = base + tail * (whole[-1].value if whole[-1].kind == "S" else 1.0)
        if rest:
            times = _cardinal(rest)
            if times is None:
                return None
            value *= times
        else:
            of = re.match(
                r"[ ](?:of[ ])?an?[ ](million|billion|trillion|thousand|hundred|dozen|century)\b",
                text[end:],
            )
            if of and of.group(1) != "century":
                value *= number_words()[of.group(1)][1]
                end += of.end()
        if article and not front:
            start -= 2
        form = "fraction" if value < 1 or not rest else "words"
        return Numeral(start, end, value, form, scaled=rest[-1].value if rest else 1.0)
    if at != len(atoms) - 1:
        return None
    plural = last.word.endswith("s")
    joined = _with_joint(text, atoms, plural)
    if joined is not None:
        return joined
    if not plural:
        ordinal = _ordinal(atoms)
        if ordinal is not None and not (
            article and len(atoms) >= 1 and _part_follows(text, end, atoms)
        ):
            return Numeral(start, end, ordinal, "ordinal")
    value_or = _fraction(atoms, article)
    if value_or is None:
        return None
    if len(atoms) == 1 and article:
        start -= 2
    of = re.match(r"[ ]of[ ]an?[ ](million|billion|trillion|thousand|hundred|dozen)\b", text[end:])
    if of:
        value_or *= number_words()[of.group(1)][1]
        end += of.end()
    return Numeral(start, end, value_or, "fraction")


def _with_joint(text: str, atoms: Sequence[_Atom], plural: bool) -> Numeral | None:
    """The mixed number or ordinal of words with "and": "twenty and three fifths"."""
    start, end = atoms[0].start, atoms[-1].end
    joints = [
        i
        for i in range(1, len(atoms))
        if re.search(r"and|&", text[atoms[i - 1].end : atoms[i].start])
    ]
    if not joints:
        return None
    cut = joints[-1]
    article = bool(re.search(r"\ban?[ ]$", text[atoms[cut - 1].end : atoms[cut].start]))
    ordinal = None if plural or article else _ordinal(atoms)
    if ordinal is not None:
        return Numeral(start, end, ordinal, "ordinal")
    if not (plural or article or len(atoms) - cut > 1):
        return None
    part, base = _fraction(atoms[cut:], article), _cardinal(atoms[:cut])
    if part is None or base is None:
        return None
    # "five billion and three fifths" shares the scale, as "a million and a half" does
    scale = atoms[cut - 1].value if atoms[cut - 1].kind == "S" else 1.0
    return Numeral(start, end, base + part * scale, "fraction")


def _part_follows(text: str, end: int, atoms: Sequence[_Atom]) -> bool:
    """Whether an ordinal after "a" is a part: "a third of", "a fifth." but not "a third man"."""
    if atoms[-1].word in ("first", "second") and len(atoms) == 1:
        return False
    return bool(
        re.match(
            r"(?:[ ]of\b|[ ]*[.,;:)]|[ ]*$|[ ](?:since|from|in|to|on|than|more|less|and|as)\b"
            r"|[ ](?:higher|lower|over|below|above)\b)",
            text[end:],
        )
    )


def _split(
    text: str, front: Sequence[_Atom], half: _Atom
) -> tuple[Sequence[_Atom], Sequence[_Atom]]:
    """The whole and the numerator before a named fraction: "five billion and | three quarters"."""
    for i in range(len(front) - 1, 0, -1):
        if "and" in text[front[i - 1].end : front[i].start]:
            if "and" in text[front[-1].end : half.start]:
                return front, ()
            return front[:i], front[i:]
    return front, ()


def _digit_fraction(text: str, atoms: Sequence[_Atom]) -> tuple[Numeral, int]:
    first = atoms[0]
    value, end, size, scale = first.value, first.end, 1, 1.0
    if (
        len(atoms) > 1
        and atoms[1].kind == "S"
        and text[first.end : atoms[1].start].strip(" -") == ""
    ):
        value, end, size, scale = value * atoms[1].value, atoms[1].end, 2, atoms[1].value
    return Numeral(
        first.start, end, value, "fraction" if value < 1 else "digits", scaled=scale
    ), size


def _vague(text: str, atoms: Sequence[_Atom]) -> tuple[Numeral, int] | None:
    first = atoms[0]
    policy = vague_words()[first.word]
    size, end, scale = 1, first.end, 1.0
    joint = text[first.end : first.end + 4]
    while size < len(atoms):
        between = text[atoms[size - 1].end : atoms[size].start]
        after = atoms[size]
        if first.word in ("several", "few"):
            if between == " " and after.kind in "SHK":
                scale *= after.value
            else:
                break
        elif (
            between in (" of ", " and ")
            and (after.kind == "V" or after.kind in "SH")
            and between == " of "
        ):
            word = vague_words().get(after.word)
            scale *= word.low if word else after.value
        elif between == " " and after.kind == "S" and first.word in ("hundreds", "tens"):
            scale *= after.value
        else:
            break
        end = after.end
        size += 1
    if first.word in ("several", "few") and scale == 1.0:
        return None
    if first.word in ("tens",) and scale == 1.0 and " of" not in joint:
        return None
    value = policy.value * scale if policy.value is not None else None
    return (
        Numeral(
            first.start, end, value, "vague", policy.low * scale, policy.high * scale, scaled=scale
        ),
        size,
    )


def read_suffix(text: str, numeral: Numeral, money: bool) -> None:
    """Extends a numeral in digits by the scale letters attached to it ("3.2bn", "10k")."""
    letters = _LETTERS.match(text, numeral.end)
    spaced = False
    if not letters and text[numeral.end : numeral.end + 1] in (" ", "\u00a0"):
        letters = _LETTERS.match(text, numeral.end + 1)
        spaced = True
    if not letters or numeral.value is None or numeral.form != "digits":
        return
    word = letters.group()
    nxt = text[letters.end() : letters.end() + 1]
    if word not in _SUFFIX or nxt == "'" or nxt.isdigit() or nxt in "/²³^":
        return
    apart = ("bn", "mn", "mln", "bln", "trn", "tn", "mio", "M")
    if spaced and word not in apart and not (money and word in ("m", "b", "k")):
        return
    if word in _WEAK and not money and not _counts(text, letters.end(), word):
        return
    numeral.value *= _SUFFIX[word]
    numeral.scaled *= _SUFFIX[word]
    numeral.suffix = word
    numeral.end = letters.end()


_NOUN_AFTER = re.compile(r"[ ]([a-z]{2,})\b")


def _counts(text: str, end: int, word: str) -> bool:
    """Whether "1.2m" counts things: a noun follows that no metre could have."""
    if word == "b":
        return True
    if word in ("K", "T", "mm"):
        return word == "K"
    after = _NOUN_AFTER.match(text, end)
    return after is not None and after.group(1) not in _AFTER_METRES


_AFTER_METRES = word_list("after_metres")
