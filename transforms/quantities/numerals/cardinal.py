"""The value of a run of number words: cardinals, ordinals, parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.quantities.numerals.numeral import Atom


@dataclass(slots=True)
class _Sum:
    """A cardinal as far as it has been read; each `add_*` says whether the word may come next."""

    total: float = 0.0
    current: float = 0.0
    scale: float = float("inf")
    last: str = ""
    decimals: list[str] | None = field(default=None)

    def add(self, atom: Atom) -> bool:
        if self.decimals is not None:
            return self._decimal(atom)
        if atom.kind == "P":
            self.decimals = []
            return True
        added = _ADD[atom.kind](self, atom.value) if atom.kind in _ADD else False
        self.last = atom.kind
        return added

    def _decimal(self, atom: Atom) -> bool:
        """A digit after "point"."""
        assert self.decimals is not None
        if atom.kind not in "UT" or atom.value >= 100:
            return False
        self.decimals.append(str(int(atom.value)))
        return True

    def _digits(self, value: float) -> bool:
        """Digits: only first, or after a scale word ("2 million 300 thousand")."""
        if self.last and (self.last not in "SHK" or self.current % 100):
            return False
        self.current += value
        return True

    def _unit(self, value: float) -> bool:
        room = self.current % 100
        if self.last in ("U", "D") or (room and (room < 20 or room % 10 or value >= 10)):
            return False
        self.current += value
        return True

    def _tens(self, value: float) -> bool:
        if self.last in ("U", "T", "D") or self.current % 100:
            return False
        self.current += value
        return True

    def _hundred(self, value: float) -> bool:
        if self.last == "H" or (self.current >= 100 and self.last != "D"):
            return False
        self.current = (self.current or 1.0) * value
        return True

    def _scale(self, value: float) -> bool:
        """A scale word; after another it multiplies all before it ("lakh crore")."""
        if self.last == "S":
            self.total *= value
        elif value >= self.scale:
            return False
        else:
            self.total += (self.current or 1.0) * value
            self.current = 0.0
        self.scale = value
        return True

    def _collective(self, value: float) -> bool:
        """A dozen: multiplies what stands below the hundreds."""
        if self.last == "K":
            return False
        rest = self.current % 100 if self.current >= 100 else self.current
        self.total += self.current - rest + (rest or 1.0) * value
        self.current = 0.0
        return True


_ADD = {
    "D": _Sum._digits, "U": _Sum._unit, "T": _Sum._tens, "H": _Sum._hundred,
    "S": _Sum._scale, "K": _Sum._collective,
}  # fmt: skip


def read_cardinal(atoms: Sequence[Atom]) -> float | None:
    """The value of a run of number words, or null where they form no cardinal."""
    number = _Sum()
    if not all(number.add(atom) for atom in atoms):
        return None
    if number.decimals is None:
        return number.total + number.current
    if not number.decimals:
        return None
    return number.total + number.current + float("0." + "".join(number.decimals))


def read_ordinal(atoms: Sequence[Atom]) -> float | None:
    """The value of number words that end in an ordinal, or null."""
    *front, last = atoms
    kind = (
        "U" if last.value < 20 else "T" if last.value < 100 else "H" if last.value == 100 else "S"
    )
    return read_cardinal([*front, last._replace(kind=kind)])


def read_parts(atoms: Sequence[Atom], article: bool) -> float | None:
    """The value of "three fifths" or "a twenty-first": the shortest denominator that parses.

    After an article the whole run is the denominator first, unless that is a plural: "a
    twenty-first" is no twenty, "a hundred millionths" are a hundred.
    """
    cuts = list(range(len(atoms) - 1, 0, -1))
    if article:
        cuts = [*cuts, 0] if atoms[-1].word.endswith("s") else [0, *cuts]
    for cut in cuts:
        if cut == len(atoms) - 1 and atoms[cut].word in ("first", "second") and cut:
            continue  # "two second-degree counts"
        below = read_ordinal(atoms[cut:])
        above = read_cardinal(atoms[:cut]) if cut else 1.0
        if below and above is not None:
            return above / below
    return None
