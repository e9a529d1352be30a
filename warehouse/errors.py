"""What can be wrong with a warehouse as a whole; each message says why and what to do."""

from __future__ import annotations


class WarehouseError(Exception):
    """The warehouse cannot be used; the message says why and what to do."""


class WarehouseLocked(WarehouseError):
    """Another run is writing."""


class CatalogMissing(WarehouseError):
    """There is no catalog."""


class CatalogUnreachable(WarehouseError):
    """The server with the catalog does not answer."""


class CatalogDamaged(WarehouseError):
    """The catalog is missing or cannot be read, while the data is there."""

    def __init__(self, catalog: object, damage: str) -> None:
        super().__init__(
            f"the catalog {catalog} cannot be used: {damage}. Restore it from a backup,"
            " or run `dateline maintain --rebuild-catalog`: it makes it anew from the Parquet files"
            " in data/ and the archive"
        )
