"""Stories: how many duplicates are found among generated news, and what a night costs as it grows.

`python -m benchmarks.duplicates` runs this part alone.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np

from benchmarks.news import Newsroom, Piece
from flows.story import find_stories
from flows.story_index import ENTRY, LARGEST, StoryIndex, to_entries
from transforms.duplicates.cluster import cluster
from transforms.duplicates.sketch import SAMPLE, sketch

Row = tuple[str, str, str, bool | None]
NIGHT = 5_000
SIZES = (10_000, 1_000_000)
SEEDS = (1, 2)


def duplicates() -> Iterator[Row]:
    """Accuracy, then growth."""
    yield from accuracy()
    yield from growth()


def accuracy() -> Iterator[Row]:
    """Pairs of generated copies that end up in one cluster, and pairs that should not."""
    for seed in SEEDS:
        pieces = list(Newsroom(seed).night(4000))
        clock = time.process_time()
        labels = cluster([piece.text for piece in pieces])
        seconds = time.process_time() - clock
        gold = _pairs([p.story if p.story is not None else -n for n, p in enumerate(pieces, 1)])
        found = _pairs(labels)
        recall = len(gold & found) / len(gold)
        precision = len(gold & found) / len(found)
        yield (
            f"duplicates among {len(pieces)} texts, {len(gold)} pairs",
            f"recall {recall:.4f}, precision {precision:.4f},"
            f" {len(pieces) / seconds:,.0f} texts per CPU second",
            "0.985 and 0.98", recall >= 0.985 and precision >= 0.98,
        )  # fmt: skip


def _pairs(labels: list[int]) -> set[tuple[int, int]]:
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        groups.setdefault(label, []).append(row)
    return {pair for group in groups.values() for pair in combinations(group, 2)}


def growth() -> Iterator[Row]:
    """A night of new articles against a small and a large index, each in a process of its own."""
    costs = []
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            folder = Path(name) / str(size)
            _python("make", folder, size)
            costs.append([float(v) for v in _python("night", folder, NIGHT).split()])
    (small, few), (large, many) = costs
    yield (
        f"night of {NIGHT} against {SIZES[0]} and {SIZES[1]} texts",
        f"{small:.2f} and {large:.2f} CPU seconds, ratio {large / small:.2f}",
        "at most 1.3", large <= 1.3 * small,
    )  # fmt: skip
    yield (
        "peak memory of it", f"{few:.0f} and {many:.0f} MB, ratio {many / few:.2f}",
        "at most 1.3", many <= 1.3 * few,
    )  # fmt: skip


def _python(task: str, folder: Path, count: int) -> str:
    command = [sys.executable, "-m", "benchmarks.duplicates", task, str(folder), str(count)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make(folder: Path, count: int) -> None:
    """An index of `count` entries that have the common shingles of generated news and rare ones."""
    common = sketch([p.text for p in Newsroom(3).night(1500)]).shingles.ravel()
    random = np.random.default_rng(4)
    index = StoryIndex(folder)
    for number, first in enumerate(range(0, count, LARGEST)):
        rows = min(LARGEST, count - first)
        entries = np.zeros(rows, ENTRY)
        entries["article"] = [b"%016x" % (first + n) for n in range(rows)]
        entries["cluster"] = entries["version"] = entries["article"]
        entries["first"] = True
        entries["sizes"] = 2 * SAMPLE
        entries["words"] = np.arange(first, first + rows)
        for at in range(0, rows, 10_000):
            part = slice(at, min(at + 10_000, rows))
            drawn = random.integers(0, 2**31, (part.stop - at, SAMPLE), dtype=np.uint32)
            shared = random.random(drawn.shape) < 0.4
            drawn[shared] = random.choice(common, int(shared.sum()))
            drawn.sort(axis=1)
            entries["shingles"][part] = drawn
        entries["numbers"] = 0xFFFFFFFF
        index.add(f"run-{number}", entries)


def night(folder: Path, count: int) -> None:
    """Compare `count` new texts with the index, and add them; prints CPU seconds and megabytes."""
    pieces: list[Piece] = []
    for piece in Newsroom(5).night(count):
        pieces.append(piece)
        if len(pieces) == count:
            break
    articles = [
        {"article_id": f"n{n:015x}", "version": f"v{n:015x}", "agency": None} for n in range(count)
    ]
    clock = time.process_time()
    sketches = sketch([piece.text for piece in pieces])
    index = StoryIndex(folder)
    rows = find_stories(articles, sketches, index)
    index.add("tonight", to_entries(sketches, rows))
    seconds = time.process_time() - clock
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        for row in duplicates():
            print(*row, sep="  ", flush=True)
    else:
        {"make": make, "night": night}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
