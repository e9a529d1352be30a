"""The index of all texts the warehouse knows, under their shingles: what new texts are held to.

It lies in ``index/duplicates/`` of the warehouse, one folder a segment, and is derived data: a run
that the lake holds and the index does not is read from the lake, and what the lake does not hold is
dropped (`sync`). So it may be deleted at any time, and a process that is killed at any moment
leaves nothing wrong in it. A segment is written whole and then named; small ones are merged, up to
a bound, so that a night writes no more than that however large the warehouse is. Segments are read
one at a time, and of the entries only those that are compared.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from transforms.duplicates.candidates import Pairs, Postings, ordered, pairs_between, post
from transforms.duplicates.sketch import NUMBERS, SAMPLE, VERSION, Array, Sketches

ENTRY = np.dtype(
    [
        ("article", "S16"), ("version", "S16"), ("cluster", "S16"), ("first", "?"), ("run", "<u4"),
        ("sizes", "<u4"), ("words", "<u8"), ("sources", "<u8"), ("numbers", "<u4", NUMBERS),
        ("shingles", "<u4", SAMPLE),
    ]
)  # fmt: skip
"""What is kept of an article version: 1.2 kB."""
LARGEST = 50_000
"""Entries up to which segments are merged."""
_KEYS = (("shingles", "<u4"), ("rows", "<u4"), ("names", "<u4"), ("named", "<u4"))
_NAMES = (("article", "article_id"), ("version", "version"), ("cluster", "cluster_id"))
_META = "segment.json"


@dataclass(frozen=True, slots=True)
class Segment:
    """One folder of the index: entries, and two sets of postings into them."""

    folder: Path
    order: int
    counts: Mapping[str, int]
    """How many entries each run has; entries name their run by its place here."""
    size: int

    def ranges(self, hashes: Array) -> Pairs:
        """Where these shingle hashes stand in the postings, and how often."""
        return Postings(self._read("shingles"), self._read("rows")[:0]).ranges(hashes)

    def rows(self) -> Array:
        """The rows of the postings."""
        return self._read("rows")

    def named(self, hashes: Array) -> Array:
        """The rows under these hashes of names of articles and clusters, and a few others."""
        postings = Postings(self._read("names"), self._read("named"))
        return np.unique(postings.rows[_positions(postings.ranges(hashes))])

    def entries(self, rows: Array | None = None) -> Array:
        """The entries of these rows, which ascend, or all; nothing else is read."""
        path = self.folder / "entries"
        if rows is None:
            return np.fromfile(path, ENTRY)
        found = np.empty(len(rows), ENTRY)
        with path.open("rb") as handle:
            for at, row in enumerate(rows.tolist()):
                raw = os.pread(handle.fileno(), ENTRY.itemsize, row * ENTRY.itemsize)
                found[at] = np.frombuffer(raw, ENTRY)[0]
        return found

    def _read(self, name: str) -> Array:
        return np.fromfile(self.folder / name, "<u4")


class StoryIndex:
    """The segments of an index folder, oldest first. Only to be used under the writer lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.segments = _open(folder)

    def __len__(self) -> int:
        return sum(segment.size for segment in self.segments)

    def counts(self) -> dict[str, int]:
        """How many entries each run has."""
        counts: Counter[str] = Counter()
        for segment in self.segments:
            counts.update(segment.counts)
        return dict(counts)

    def add(self, run_id: str, entries: Array) -> None:
        """Add the entries of a run, in the order in which they come first in a story."""
        if not len(entries):
            return
        entries["run"] = 0
        order = self.segments[-1].order + 1 if self.segments else 0
        self.segments.append(self._write(entries, [run_id], order))
        while len(self.segments) > 1:
            older, newer = self.segments[-2:]
            if older.size > 2 * newer.size or older.size + newer.size > LARGEST:
                break
            later = newer.entries()
            later["run"] += len(older.counts)
            self._replace([older, newer], np.concatenate([older.entries(), later]))

    def keep(self, wanted: Mapping[str, int]) -> None:
        """Drop the entries of runs that have not exactly the entries they should have."""
        counts = self.counts()
        wrong = {run for run, count in counts.items() if wanted.get(run) != count}
        for segment in [s for s in self.segments if wrong & set(s.counts)]:
            entries = segment.entries()
            good = [n for n, run in enumerate(segment.counts) if run not in wrong]
            self._replace([segment], entries[np.isin(entries["run"], good)])

    def named(self, names: Sequence[str]) -> tuple[Array, Array]:
        """Row and entry of every version of these articles, and of the first of these clusters."""
        wanted = np.array(sorted({n.encode() for n in names}), "S16")
        hashes = np.unique(_name_hashes(wanted))
        rows, entries = [], []
        for offset, segment in self._numbered():
            local = segment.named(hashes)
            found = segment.entries(local)
            right = np.isin(found["article"], wanted) | (
                found["first"] & np.isin(found["cluster"], wanted)
            )
            rows.append(local[right] + offset)
            entries.append(found[right])
        return _concatenate(rows, np.int64), _concatenate(entries, ENTRY)

    def candidates(self, sketches: Sketches) -> Pairs:
        """Rows of `sketches`, and of the index, that are worth comparing."""
        asked = post(sketches)
        ranges = [segment.ranges(asked.hashes) for segment in self.segments]
        parts = (segment.rows() + np.uint32(first) for first, segment in self._numbered())
        return pairs_between(asked, ranges, parts)

    def entries(self, rows: Array) -> Array:
        """The entries of these rows, which ascend."""
        found = []
        for offset, segment in self._numbered():
            inside = rows[(rows >= offset) & (rows < offset + segment.size)]
            found.append(segment.entries(inside - offset))
        return _concatenate(found, ENTRY)

    def _numbered(self) -> Iterator[tuple[int, Segment]]:
        offset = 0
        for segment in self.segments:
            yield offset, segment
            offset += segment.size

    def _replace(self, old: Sequence[Segment], entries: Array) -> None:
        """Put a segment of `entries` in the place of `old`; a kill between leaves either."""
        runs = [run for segment in old for run in segment.counts]
        at = self.segments.index(old[0])
        made = [self._write(entries, runs, old[0].order)] if len(entries) else []
        self.segments[at : at + len(old)] = made
        for segment in old:
            shutil.rmtree(segment.folder)

    def _write(self, entries: Array, runs: Sequence[str], order: int) -> Segment:
        present = np.unique(entries["run"])
        entries["run"] = np.searchsorted(present, entries["run"])
        names = [runs[n] for n in present]
        counts = dict(zip(names, np.bincount(entries["run"]).tolist(), strict=True))
        digest = zlib.crc32(entries.tobytes(), zlib.crc32("\n".join(names).encode()))
        folder = self.folder / f"{_next_number(self.folder):08d}-{digest:08x}"
        partial = folder.with_name(f".{folder.name}.partial")
        partial.mkdir(parents=True)
        entries.tofile(partial / "entries")
        shingles = post(to_sketches(entries))
        named = _post_names(entries)
        for (name, kind), values in zip(
            _KEYS, (shingles.hashes, shingles.rows, named.hashes, named.rows), strict=True
        ):
            values.astype(kind).tofile(partial / name)
        meta = {
            "sketch": VERSION,
            "order": order,
            "counts": counts,
            "size": len(entries),
            "bytes": {path.name: path.stat().st_size for path in sorted(partial.iterdir())},
        }
        (partial / _META).write_text(json.dumps(meta), encoding="utf-8")
        _to_disk(partial)
        partial.rename(folder)
        return Segment(folder, order, counts, len(entries))


def to_entries(sketches: Sketches, rows: Sequence[Mapping[str, Any]]) -> Array:
    """Entries of the article versions whose rows of the table `duplicates` are given.

    Raises:
        ValueError: a key is longer than the 16 characters of `transforms.text.key_of`.
    """
    entries = np.zeros(len(rows), ENTRY)
    for name, column in _NAMES:
        keys = [row[column].encode() for row in rows]
        if any(len(key) > ENTRY[name].itemsize for key in keys):
            raise ValueError(f"{column}: a key of more than {ENTRY[name].itemsize} characters")
        entries[name] = keys
    entries["first"] = [row["relation"] == "first" for row in rows]
    for name in ("sizes", "words", "sources", "numbers", "shingles"):
        entries[name] = getattr(sketches, name)
    return entries


def to_sketches(entries: Array) -> Sketches:
    """The sketches in entries."""
    return Sketches(**{n: entries[n] for n in ("shingles", "sizes", "numbers", "words", "sources")})


def _open(folder: Path) -> list[Segment]:
    """The segments that are whole and current; what killed writers left is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    segments: list[Segment] = []
    covered: set[str] = set()
    # what takes the place of others has a higher number than they, and some of their runs
    for path in sorted(folder.iterdir(), reverse=True):
        meta = _meta(path)
        if meta is None or covered & set(meta["counts"]):
            shutil.rmtree(path)
            continue
        covered |= set(meta["counts"])
        segments.append(Segment(path, meta["order"], meta["counts"], meta["size"]))
    return sorted(segments, key=lambda segment: segment.order)


def _meta(folder: Path) -> dict[str, Any] | None:
    """What a segment says of itself; null where it is not whole or of another release."""
    try:
        meta: dict[str, Any] = json.loads((folder / _META).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    files = {p.name: p.stat().st_size for p in folder.iterdir() if p.name != _META}
    whole = not folder.name.startswith(".") and meta.get("bytes") == files
    return meta if whole and meta.get("sketch") == VERSION else None


def _next_number(folder: Path) -> int:
    return max((int(path.name[:8]) for path in folder.glob("[0-9]*")), default=0) + 1


def _name_hashes(names: Array) -> Array:
    return np.fromiter(map(zlib.crc32, names.tolist()), np.uint32, len(names))


def _post_names(entries: Array) -> Postings:
    """Every entry under its article, and the first of a story under the story where it differs."""
    rows = np.arange(len(entries), dtype=np.uint32)
    renamed = entries["first"] & (entries["cluster"] != entries["article"])
    names = np.concatenate([entries["article"], entries["cluster"][renamed]])
    return ordered(_name_hashes(names), np.concatenate([rows, rows[renamed]]))


def _positions(ranges: Pairs) -> Array:
    """Every position in these ranges."""
    begin, count = ranges
    ends = np.cumsum(count)
    found: Array = np.arange(ends[-1] if len(ends) else 0)
    found += np.repeat(begin - ends + count, count)
    return found


def _concatenate(parts: Sequence[Array], kind: Any) -> Array:
    joined: Array = np.concatenate([np.empty(0, kind), *parts])
    typed: Array = joined.astype(kind, copy=False)
    return typed


def _to_disk(folder: Path) -> None:
    for path in [*folder.iterdir(), folder]:
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
