"""The registry of entities: what a night costs as it grows.

`python -m benchmarks.registry` runs this part alone.
"""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flows.registry.index import RegistryIndex
from flows.registry.night import register
from transforms.entities.keys import entity_key
from transforms.registry.entity import Entity
from transforms.registry.profile import Profile
from transforms.registry.sighting import Sighting

Row = tuple[str, str, str, bool | None]
ARTICLES = 1_000
NAMES = 16
"""Names in an article."""
KNOWN = 5_000
"""Entities that nights are about, in a registry of any size."""
SIZES = (10_000, 1_000_000)
LIMIT = 1.3
_STARTS = "b br bl d dr f fl g gr h j k kl kr l m n p pr r s sh st t tr v w z"


def registry() -> Iterator[Row]:
    """A night of new articles with a small and a large registry, each in a process of its own."""
    costs = []
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            path = Path(name) / f"{size}.sqlite"
            _python("make", path, size)
            runs = []
            for number in range(3):
                copy = Path(shutil.copy(path, path.with_name("tonight.sqlite")))
                runs.append([float(cost) for cost in _python("night", copy, number).split()])
            costs.append([sorted(kind)[1] for kind in zip(*runs, strict=True)])
    what = (
        (f"{ARTICLES} articles into {SIZES[0]} and {SIZES[1]} entities", "CPU seconds"),
        ("with what follows in the index", "CPU seconds"),
        ("peak memory of it", "MB"),
    )
    for (name, unit), small, large in zip(what, *costs, strict=True):
        yield (
            name, f"{small:.2f} and {large:.2f} {unit}, ratio {large / small:.2f}",
            f"at most {LIMIT}", large <= LIMIT * small,
        )  # fmt: skip


def _python(task: str, path: Path, count: int) -> str:
    command = [sys.executable, "-m", "benchmarks.registry", task, str(path), str(count)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class People:
    """Names drawn as in life: few given names that many have, many surnames that few have."""

    def __init__(self, seed: int) -> None:
        shared = random.Random(1)
        self.given = [_word(shared) for _ in range(3_000)]
        self.surnames = [_word(shared) for _ in range(60_000)]
        self.chance = random.Random(seed)

    def name(self) -> str:
        """A full name."""
        given = int(len(self.given) * self.chance.random() ** 2)
        surname = int(len(self.surnames) * self.chance.random() ** 2)
        return f"{self.given[given]} {self.surnames[surname]}"


def _word(chance: random.Random) -> str:
    """A word of two to four syllables; there are some ten million."""
    starts = _STARTS.split()
    ends = ["", "", "", "n", "r", "s", "l", "m", "k", "rt", "nd", "x"]
    parts = (
        chance.choice(starts) + chance.choice("aeiou") + chance.choice(ends)
        for _ in range(chance.choice((2, 2, 3, 3, 4)))
    )
    return "".join(parts).title()


def _sighting(article: str, name: str, others: list[str]) -> Sighting:
    features = {f"n:{entity_key('PERSON', other)}" for other in others if other != name}
    short = entity_key("PERSON", name.split()[-1])
    return Sighting(
        article_id=article,
        entity_id=entity_key("PERSON", name),
        kind="PERSON",
        name=name,
        forms=frozenset({short} if " " in name else ()),
        features=frozenset(features | {"t:minister", "f:politics", "c:PT"}),
    )


def make(path: Path, count: int) -> None:
    """A registry of `count` people, the first `KNOWN` of whom are the same in all sizes."""
    people = People(2)
    unique: dict[str, None] = {}
    while len(unique) < count:
        unique[people.name()] = None
    names = list(unique)
    index = RegistryIndex(path)
    with index.changes(keep=True):
        for number, name in enumerate(names):
            seen = _sighting("a", name, names[number : number + NAMES])
            profile = Profile()
            profile.add(seen.features)
            key = seen.entity_id
            forms = set(seen.forms)
            index.put(Entity(key, key, "PERSON", name, "2026", key, profile=profile, forms=forms))
            index.add_forms(forms, key)


def night(path: Path, seed: int) -> None:
    """Register a night and take it back, then store it; prints CPU seconds and megabytes."""
    known = People(2)
    names = [known.name() for _ in range(KNOWN)]
    people = People(100 + seed)
    sightings = []
    for number in range(ARTICLES):
        here = [people.chance.choice(names) for _ in range(NAMES // 2)]
        here += [people.name() for _ in range(NAMES // 2)]
        here.append(people.chance.choice(names).split()[-1])
        here = list(dict.fromkeys(here))
        sightings += [_sighting(f"article{seed}-{number}", name, here) for name in here]
    index = RegistryIndex(path)
    at = datetime(2026, 3, 12, tzinfo=UTC)
    clock = time.process_time()
    with index.changes(keep=False):
        changes = register(index, sightings, "tonight", at)
    tried = time.process_time() - clock
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert changes.entities
    with index.changes(keep=True):
        register(index, sightings, f"night {seed}", at)
        clock = time.process_time()
    index.close()
    print(tried, tried + time.process_time() - clock, memory)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        for row in registry():
            print(*row, sep="  ", flush=True)
    else:
        {"make": make, "night": night}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
