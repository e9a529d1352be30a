"""Exit codes of `dateline`, documented in docs/guide.md."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the command's exit code says."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    """A wrong argument or configuration, a missing model, no warehouse."""
    VALIDATION = 3
    """An expectation stopped the publish; the last snapshot stands."""
    INPUT = 4
    """Done, but some of the input was rejected (annotate, extract, sources check), or no source
    answered."""
    ATTENTION = 5
    """Somebody should look (`status --check`)."""
    DAMAGED = 65
    """The warehouse breaks a rule that must hold, or a file of it is missing (EX_DATAERR)."""
    IO = 74
    """The disk is full or cannot be written (EX_IOERR)."""
    UNAVAILABLE = 69
    """The catalog's server, the object store or the Dask scheduler does not answer
    (EX_UNAVAILABLE)."""
    STOPPED = 143
    """Stopped by SIGTERM at the end of a batch; what was done is published, the rest is the next
    run's."""
    LOCKED = 75
    """Another run is writing (EX_TEMPFAIL): try again later."""
