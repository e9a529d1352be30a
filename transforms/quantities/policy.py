"""The policy for vague number words: what "dozens" or "several hundred" is taken to mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from transforms.quantities.lexicon import DATA

DEFAULT = "dateline"


@dataclass(frozen=True, slots=True)
class Vague:
    """What a policy gives a vague word.

    Attributes:
        value: the one value it stands for; null where only the ends are known.
        low, high: its ends, inclusive; multiplied by a scale word that follows.
        alone: whether it is a number without a scale word ("dozens", but not "several").
        plural: whether it is a plural noun, joined to what it counts by "of".
    """

    value: float | None
    low: float
    high: float
    alone: bool
    plural: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """A named policy; rows that rest on it carry the name in their rule."""

    name: str
    words: dict[str, Vague]


class BadPolicy(ValueError):
    """A policy file that cannot be used; the message says which line and why."""


@cache
def load_policy(policy: str = DEFAULT) -> Policy:
    """The policy of a name in the data folder's `vague/`, or of the file at a path.

    Raises:
        BadPolicy: there is no such file, or a line of it is wrong.
    """
    path = DATA / "vague" / f"{policy}.tsv"
    if not policy.isidentifier() or not path.is_file():
        path = Path(policy)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(sorted(p.stem for p in (DATA / "vague").glob("*.tsv")))
        raise BadPolicy(
            f"vague policy {policy!r} is neither one of {known} nor a readable file: {error}"
        ) from error
    words = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            words.update(_parse(line, f"{path}:{number}"))
    return Policy(path.stem, words)


def _parse(line: str, where: str) -> dict[str, Vague]:
    """The words of one line: words, value or nothing, low, high, use (alone, scale, plural)."""
    cells = line.split("\t")
    try:
        names, value, low, high, use = cells
        entry = Vague(
            float(value) if value else None,
            float(low),
            float(high),
            alone=use in ("alone", "plural"),
            plural=use in ("plural", "plural-of"),
        )
    except ValueError as error:
        raise BadPolicy(f"{where}: want words, value, low, high, use by tabs: {error}") from error
    if use not in ("alone", "scale", "plural", "plural-of"):
        raise BadPolicy(f"{where}: use is alone, scale, plural or plural-of, not {use!r}")
    if not 0 <= entry.low <= (entry.low if entry.value is None else entry.value) <= entry.high:
        raise BadPolicy(f"{where}: want 0 <= low <= value <= high")
    return dict.fromkeys(names.lower().split(), entry)
