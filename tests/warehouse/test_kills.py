"""A few kills of publishes and maintenance with a reader beside; more in `benchmarks.kills`."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.kills import kill_publishes


def test_what_is_killed_tears_loses_and_doubles_nothing(tmp_path: Path) -> None:
    found = kill_publishes(tmp_path, 2, 2, random.Random(1))
    assert found["kills"] == {"publish": 2, "maintain": 2}
    assert found["wrong"] == []
    assert found["reader"]["wrong"] == []
    assert found["reader"]["reads"] > 0
