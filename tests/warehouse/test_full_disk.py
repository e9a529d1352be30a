"""A disk that is full at any stage of a publish or of maintenance: named, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.cli.app import exit_code
from flows.exits import Exit
from warehouse.lake import Warehouse, create
from warehouse.maintain import Plan, maintain
from warehouse.publish import clear_staging
from warehouse.retention import Retention

from .test_maintain import night, problems, rows

ROOM = (0, 30_000, 90_000, 200_000)
"""Bytes that are free: the more, the later is the stage at which they are used up."""


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own in a new folder; skips the test where none can be mounted."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder.mkdir()
    size = f"size={megabytes}m"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder]).returncode:
        pytest.skip("this system does not let us mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 4) as folder:
        yield folder


def fill(disk: Path, room: int) -> Path:
    """Leave so many bytes free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as handle:
        with suppress(OSError):
            while True:
                handle.write(bytes(4096))
        handle.truncate(max(0, handle.tell() - room))
    return ballast


def test_a_full_disk_stops_a_publish_and_leaves_what_was(disk: Path) -> None:
    lake = Warehouse(disk / "lake")
    create(lake)
    night(lake, 0, {"a": "text of a"})
    before, failures = rows(lake), 0
    for number, room in enumerate(ROOM, 1):
        ballast = fill(disk, room)
        failed = None
        try:
            night(lake, number, {"a": f"text {number} of a", "b": "text of b"})
        except Exception as error:  # noqa: BLE001 - which one depends on the stage
            failed = error
        ballast.unlink()
        if failed is None:
            break
        failures += 1
        assert exit_code(failed) == Exit.IO, failed
        assert rows(lake) == before
    assert failures > 1
    clear_staging(lake)
    night(lake, 50, {"a": "a newer text of a", "c": "text of c"})
    assert len(rows(lake)[0]) > len(before[0])

    before = rows(lake)
    spare = Plan(retention=Retention(0, 0, 0), grace=timedelta(0))
    ballast = fill(disk, 10_000)
    with pytest.raises(Exception) as failure:  # noqa: PT011 - which one depends on the stage
        list(maintain(lake, spare, datetime.now(UTC) + timedelta(days=400)))
    assert exit_code(failure.value) == Exit.IO, failure.value
    assert rows(lake) == before
    ballast.unlink()
    assert problems(list(maintain(lake, spare, datetime.now(UTC) + timedelta(days=400)))) == []
    assert rows(lake) == before
