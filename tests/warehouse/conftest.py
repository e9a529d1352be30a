"""An empty warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.lake import Warehouse, create


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    made = Warehouse(tmp_path / "lake")
    create(made)
    return made
