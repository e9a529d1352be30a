"""What a run did, as tables on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from flows.run import Account
from flows.settings import Settings

SHOWN = 15


def show(account: Account, settings: Settings, console: Console | None = None) -> None:
    """Print what came in, and what was held back and why."""
    console = console or Console()
    came = Table(title=f"Run {account.run_id}: {account.state}", title_justify="left")
    came.add_column("what came in")
    came.add_column("count", justify="right")
    for label, count in (
        ("sources read", account.sources - account.sources_failed),
        ("pages listed", account.pages_listed),
        ("articles looked at", account.articles_in),
        ("  new versions", account.articles_new),
        ("  known and unchanged", account.articles_unchanged),
        ("  kept, not annotated (other language)", account.articles_skipped),
        ("fact rows published", account.rows_out if account.written else 0),
        ("rows and documents held back", account.rows_quarantined),
        ("failed fetches", account.fetch_failures),
        ("left out, see below", account.left_out.total()),
    ):
        came.add_row(label, f"{count:,}")
    console.print(came)
    reasons = account.held_back + account.left_out
    if reasons:
        held = Table(title="Held back or left out, and why", title_justify="left")
        held.add_column("count", justify="right")
        held.add_column("reason", overflow="fold")
        for reason, count in reasons.most_common(SHOWN):
            held.add_row(f"{count:,}", reason)
        if len(reasons) > SHOWN:
            held.add_row("", f"and {len(reasons) - SHOWN} more reasons: see the report")
        console.print(held)
    if account.state == "unchanged":
        console.print("Nothing new: the warehouse is as it was, no snapshot was made.")
    else:
        console.print(f"Snapshot {account.snapshot} of {settings.warehouse}.")


def show_all(
    accounts: Sequence[Account], settings: Settings, console: Console | None = None
) -> None:
    """Print what each of several runs brought, a line a run."""
    console = console or Console()
    if not accounts:
        console.print("Every run in the archive is in the warehouse already.")
        return
    table = Table(title=f"{len(accounts)} runs replayed", title_justify="left")
    table.add_column("run")
    table.add_column("state")
    for heading in ("looked at", "new versions", "fact rows", "held back", "failed fetches"):
        table.add_column(heading, justify="right")
    for one in accounts:
        counts = (
            one.articles_in, one.articles_new, one.rows_out, one.rows_quarantined,
            one.fetch_failures,
        )  # fmt: skip
        table.add_row(one.run_id, one.state, *(f"{count:,}" for count in counts))
    console.print(table)
    console.print(f"Snapshot {accounts[-1].snapshot} of {settings.warehouse}.")
