"""A disk that is full at whatever stage of a night: named, nothing half done, made up for later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.cli.app import exit_code
from flows.exits import Exit
from flows.settings import load_settings
from tests.warehouse.test_full_disk import fill, small_disk
from warehouse.lake import create

from .test_archived import add, ask, night

ROOM = (20_000, 100_000, 600_000)
"""Bytes that are free: records of Prefect, the archive, staging, the catalog or an index are the
first that find no room."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 32) as folder:
        yield folder


def test_a_full_disk_is_named_at_every_stage_and_the_next_run_completes(disk: Path) -> None:
    config = disk / "dateline.toml"
    config.write_text(
        'warehouse = "w"\nworkers = 1\nbatch_size = 5\n'
        '[[sources]]\nid = "desk"\nkind = "files"\nlocation = "desk.jsonl"\n'
    )
    lake = load_settings(config).lake
    create(lake)
    articles = "SELECT count(*) FROM articles"
    failed = count = 0
    for room in ROOM:
        (before,) = ask(lake, articles)
        for _ in range(6):
            add(config, count)
            count += 1
        ballast, failure = fill(disk, room), None
        try:
            night(config)
        except Exception as error:  # noqa: BLE001 - which one depends on the stage
            failure = error
        if failure is not None:
            failed += 1
            assert exit_code(failure) == Exit.IO, failure
            assert ask(lake, articles) == [before]
        ballast.unlink()
        night(config)
        assert ask(lake, articles) == [(count,)]
        assert ask(lake, "SELECT count(DISTINCT article_id) FROM mentions") == [(count,)]
    assert failed >= len(ROOM) - 1
    assert not (lake.root / "staging").exists() or not list((lake.root / "staging").iterdir())
