"""Whether two names may be one: ours beside rapidfuzz, nameparser and rigour, on pairs of names.

`python -m benchmarks.similarity` runs this part alone. The pairs are `pairs.tsv`, each name without
any context. A library that gives a likeness is taken at the threshold at which it is most right on
these very pairs, which flatters it. Peers are measured where they are installed (extra `bench`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from transforms.entities.keys import entity_key
from transforms.registry import name as names

Row = tuple[str, str, str, bool | None]
Pair = tuple[str, str, str, bool]
Judge = Callable[[str, str, str], float]
PAIRS = Path(__file__).parent / "pairs.tsv"
AGAIN = 30
"""How often the pairs are judged for the time."""


def load_pairs() -> list[Pair]:
    """Type, the two names, and whether they may be one."""
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(kind, one, other, same == "1") for kind, one, other, same in rows]


def ours(kind: str, one: str, other: str) -> float:
    """1 where the registry weighs the two against each other, or has one key for both."""
    if entity_key(kind, one) == entity_key(kind, other):
        return 1.0
    return float(names.relate(kind, one, other) is not None)


def fuzz(kind: str, one: str, other: str) -> float:
    """rapidfuzz's likeness of the words of two names in any order."""
    module = import_module("rapidfuzz.fuzz")
    return float(module.token_sort_ratio(one.casefold(), other.casefold()))


def parsed(kind: str, one: str, other: str) -> float:
    """nameparser: same surname, and same given name or its initial; bodies must be equal."""
    if kind != "PERSON":
        return float(one.casefold() == other.casefold())
    human = import_module("nameparser").HumanName
    a, b = human(one.casefold()), human(other.casefold())
    first, second = a.first.strip("."), b.first.strip(".")
    alike = first == second or (1 in (len(first), len(second)) and first[:1] == second[:1])
    return float(a.last == b.last and alike)


def rigorous(kind: str, one: str, other: str) -> float:
    """rigour's names folded and without legal forms, their words in order, by edit distance."""
    remove = import_module("rigour.names").remove_org_types
    similarity = import_module("rigour.text.distance").levenshtein_similarity
    fold = import_module("normality").ascii_text
    pair = []
    for name in (one, other):
        plain = fold(name.casefold()) or ""
        plain = remove(plain) if kind == "ORG" else plain
        pair.append(" ".join(sorted(plain.replace("-", " ").replace(".", " ").split())))
    return float(similarity(pair[0], pair[1]))


def right(scores: Sequence[float], pairs: Sequence[Pair]) -> tuple[float, float]:
    """The share of pairs told right at the best threshold, and that threshold."""
    told = [
        (sum((s >= limit) == same for s, (*_, same) in zip(scores, pairs, strict=True)), limit)
        for limit in sorted({*scores, 1.0})
    ]
    most, limit = max(told)
    return most / len(pairs), limit


def similarity() -> Iterator[Row]:
    """A row for each way of telling, with the share that is right and pairs a second."""
    pairs = load_pairs()
    shares: dict[str, float] = {}
    judges: dict[str, Judge] = {
        "ours": ours, "rapidfuzz": fuzz, "nameparser": parsed, "rigour": rigorous
    }  # fmt: skip
    for label, judge in judges.items():
        try:
            scores = [judge(kind, one, other) for kind, one, other, _ in pairs]
        except ModuleNotFoundError as error:
            yield f"names told apart by {label}", f"not installed: {error.name}", "", None
            continue
        shares[label], limit = right(scores, pairs)
        _forget()
        start = time.process_time()
        for _ in range(AGAIN):
            for kind, one, other, _same in pairs:
                judge(kind, one, other)
        speed = AGAIN * len(pairs) / (time.process_time() - start)
        yield (
            f"names told apart by {label}",
            f"{shares[label]:.3f} of {len(pairs)} pairs at {limit:.2f}, {speed:,.0f} a second",
            "", None,
        )  # fmt: skip
    peers = [share for label, share in shares.items() if label != "ours"]
    if peers:
        yield (
            "ours beside the best of them",
            f"{shares['ours']:.3f} and {max(peers):.3f}",
            ("at least as good"),
            shares["ours"] >= max(peers),
        )


def _forget() -> None:
    """A night's names are new: nothing remembered of them may count."""
    for known in (names.words_of, names.skeleton, entity_key):
        known.cache_clear()


if __name__ == "__main__":
    for row in similarity():
        print(*row, sep="  ", flush=True)
