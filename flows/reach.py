"""Whether workers on other machines can reach what they need, asked before anything starts."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from flows.settings import Settings
from warehouse.lake import WarehouseError

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def check_reach(settings: Settings) -> None:
    """See that workers on other machines can reach what they need.

    Raises:
        WarehouseError: they cannot; the message says what is missing.
    """
    address = settings.scale.address
    if settings.scale.engine != "dask" or address is None or _is_here(address):
        return
    if settings.lake.location.data is None:
        raise WarehouseError(
            "workers on other machines write to an object store: set store.data, or move the"
            " warehouse with `dateline move`"
        )
    if "PREFECT_API_URL" not in os.environ:
        raise WarehouseError(
            "workers on other machines need a Prefect server that they can reach: start one with"
            " `prefect server start --host 0.0.0.0` and set PREFECT_API_URL to its address"
        )


def _is_here(address: str) -> bool:
    host = urlsplit(address if "://" in address else f"tcp://{address}").hostname
    return host in LOOPBACK
