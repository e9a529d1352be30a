"""A few kills of publishes and maintenance; more in `benchmarks.kills`."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.kills import kill_publishes


def test_a_killed_publish_tears_loses_and_doubles_nothing(tmp_path: Path) -> None:
    found = kill_publishes(tmp_path, 3, 0, random.Random(1))
    assert found["kills"] == {"publish": 3}
    assert found["wrong"] == []
    assert found["reader"]["wrong"] == []
    assert found["reader"]["reads"] > 0


def test_killed_maintenance_leaves_every_row(tmp_path: Path) -> None:
    found = kill_publishes(tmp_path, 1, 2, random.Random(1))
    assert found["kills"] == {"publish": 1, "maintain": 2}
    assert found["wrong"] == []
