"""A setting bounds what a run takes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.settings import GIB, LEAST, MAIN, MOST, PER_CHAR, WORKER, Settings
from flows.workers import split_texts
from warehouse.lake import connect, create


@dataclass
class Extracted:
    text: str


@dataclass
class Came:
    extracted: Extracted


@given(st.lists(st.integers(0, 40)), st.integers(1, 60))
def test_texts_are_taken_in_parts_none_lost_and_none_too_long(sizes: list[int], most: int) -> None:
    came: list[Any] = [Came(Extracted("x" * size)) for size in sizes]
    parts = list(split_texts(came, lambda i: len(i.extracted.text), most))
    assert [one for part in parts for one in part] == came
    for part in parts:
        assert len(part) == 1 or sum(len(one.extracted.text) for one in part) <= most
    # no part could take the first of the next one
    for part, after in pairwise(parts):
        assert sum(len(one.extracted.text) for one in [*part, after[0]]) > most


@given(st.floats(1.7, 200), st.integers(1, 64))
def test_workers_and_texts_fit_into_the_memory(memory: float, workers: int) -> None:
    settings = Settings(memory=memory, workers=workers)
    assert 1 <= settings.processes <= workers
    assert LEAST <= settings.characters <= MOST
    taken = MAIN + settings.processes * (WORKER + settings.characters * PER_CHAR)
    # one worker with a few articles is the least there can be
    assert taken <= max(memory * GIB, MAIN + WORKER + LEAST * PER_CHAR)


def test_without_a_bound_nothing_is_held_back() -> None:
    settings = Settings(workers=48)
    assert (settings.processes, settings.characters) == (48, MOST)
    assert settings.lake.memory_limit is None


def test_sessions_of_the_lake_keep_to_their_part(tmp_path: Path) -> None:
    lake = Settings(memory=2.0, warehouse=tmp_path / "lake").lake
    create(lake)
    with connect(lake) as connection:
        row = connection.execute("SELECT current_setting('memory_limit')").fetchone()
        assert row == ("512.0 MiB",)
        row = connection.execute("SELECT current_setting('temp_directory')").fetchone()
        assert row == (str(lake.root / "tmp"),)


def test_less_than_a_worker_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="memory"):
        Settings(memory=1.0)
