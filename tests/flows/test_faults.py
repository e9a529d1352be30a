"""What breaks the work on a batch is held back; what no document is to blame for ends the run."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.pool import Pool, Processes, Workers, work_here
from flows.quarantine import Wanted
from flows.requeue import replay
from flows.settings import Settings, load_settings
from flows.sift import sift
from flows.start import start_ingest
from warehouse.lake import connect

DIES, FAILS, FULL = -1, -2, -3


def work(numbers: Sequence[int]) -> list[int]:
    """Ten times each; dies, fails or finds the disk full on some."""
    if DIES in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    if FAILS in numbers:
        raise IndexError("list index out of range")
    if FULL in numbers:
        raise OSError(28, "No space left on device")
    return [10 * n for n in numbers]


def ask(pool: Pool, numbers: Sequence[int]) -> list[int]:
    return pool.submit(work, numbers).result()


def of(workers: Workers, numbers: Sequence[int]) -> tuple[list[int], list[int]]:
    """Results, and on what the work fails; both in order."""
    parts = sift(ask, numbers, workers)
    assert [n for part in parts for n in part.items] == list(numbers)
    good = [n for part in parts for n in part.result or ()]
    return good, [n for part in parts if part.failure for n in part.items]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with closing(Processes(2, None)) as pool:
        yield Workers(pool, 3, pool.apart)


@given(st.lists(st.sampled_from([1, 2, 3, FAILS]), min_size=1, max_size=12))
def test_only_what_fails_is_left_out_and_the_order_stays(numbers: list[int]) -> None:
    good, bad = of(work_here(), numbers)
    assert good == [10 * n for n in numbers if n > 0]
    assert bad == [n for n in numbers if n < 0]


def test_what_a_process_dies_on_is_found_and_others_take_its_place(workers: Workers) -> None:
    assert of(workers, [FAILS, 3, DIES]) == ([30], [FAILS, DIES])
    assert ask(workers.pool, [4]) == [40]


def test_work_that_shared_a_process_is_not_blamed_for_its_end(workers: Workers) -> None:
    beside = [workers.pool.submit(work, [n]) for n in range(4)]
    assert of(workers, [DIES]) == ([], [DIES])
    again = [f.result() if f.exception() is None else of(workers, [n])[0]
             for n, f in enumerate(beside)]  # fmt: skip
    assert again == [[0], [10], [20], [30]]


def test_a_full_disk_is_no_documents_fault(workers: Workers) -> None:
    with pytest.raises(OSError, match="No space left"):
        sift(ask, [1, FULL, 2], workers)


OWN = """
import os, signal
from expectations.rule import expect

@expect("Nobody is called Reed.", hint="", columns=("surface",))
def no_reed(frame, evidence):
    if frame["surface"].str.contains("Reed").any():
        os.kill(os.getpid(), signal.SIGKILL)
    if frame["surface"].str.contains("Marsh").any():
        raise IndexError("a fault of ours")
    return frame["surface"] != ""

RULES = {"mentions": [no_reed]}
"""
TEXT = "Mayor Orla {} said on Monday that {} boats were lost."


def night(config: Path) -> Settings:
    settings = load_settings(config)
    start_ingest(settings, config=config)
    return settings


def asked(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with connect(settings.lake) as connection:
        return connection.execute(query).fetchall()


def test_a_night_goes_on_without_what_its_processes_die_on(tmp_path: Path) -> None:
    names = ("Hale", "Reed", "Marsh")
    lines = [
        {"id": name, "text": TEXT.format(name, n), "published_at": "2026-03-10"}
        for n, name in enumerate(names, 3)
    ]
    (tmp_path / "desk.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "own.py").write_text(OWN)
    config = tmp_path / "dateline.toml"
    config.write_text(
        'warehouse = "w"\nworkers = 1\n[quality]\nexpectations = "own.py"\n'
        '[[sources]]\nid = "desk"\nkind = "files"\nlocation = "desk.jsonl"\n'
    )
    settings = night(config)
    assert asked(settings, "SELECT count(*) FROM articles") == [(1,)]
    held = "SELECT rules[1], reason FROM quarantine WHERE state = 'open' ORDER BY location"
    (crash, died), (fault, failed) = asked(settings, held)
    assert (crash, fault) == ("document:crash", "document:fault")
    assert "died" in died
    assert "IndexError: a fault of ours" in failed
    assert asked(settings, "SELECT adds_up, items_in FROM run_balance") == [(True, 3)]
    # what is mended lets them through
    mended = OWN.replace("os.kill(os.getpid(), signal.SIGKILL)", "pass")
    (tmp_path / "mended.py").write_text(mended)
    config.write_text(config.read_text().replace("own.py", "mended.py"))
    done = replay(load_settings(config), Wanted(source="desk"), "ana", "no longer dies")
    assert [row["rules"] for row in done.published] == [["document:crash"]]
    assert [row["rules"] for row in done.still_held] == [["document:fault"]]
    assert asked(settings, "SELECT count(*) FROM articles") == [(2,)]
