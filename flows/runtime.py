"""Environment of the frameworks, set before they are imported."""

from __future__ import annotations

import os

from warehouse.lake import Warehouse


def prepare(warehouse: Warehouse, *, logging: str) -> None:
    """Keep Prefect's files inside the warehouse, and the frameworks' telemetry off.

    What the user has set stands. `logging` is the level of Prefect's own messages.
    """
    home = warehouse.root / "prefect"
    defaults = {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": logging,
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
