"""`dateline demo`: the whole way on a small news site, with what SQL answers at the end."""

from __future__ import annotations

import shutil
from pathlib import Path

import typer
from rich.console import Console

from flows.account import show
from flows.demo.site import Site
from flows.report import write_report
from flows.settings import load_settings
from flows.start import start_ingest
from warehouse.lake import Warehouse, connect

FILES = Path(__file__).parent / "files"
CONFIG = "dateline.toml"

QUESTIONS = (
    (
        "How many people, where it was said, and how sure?",
        """SELECT q.surface, q.value, q.value_low, q.value_high, q.modifier, q.concept,
       a.headline
FROM quantities q JOIN article_facts a USING (article_id)
WHERE q.kind = 'count' AND q.concept IS NOT NULL
ORDER BY a.published_at, a.article_id, q.start LIMIT 8""",
    ),
    (
        "Who says so, in which words?",
        """SELECT coalesce(speaker_name, speaker_surface) AS speaker, cue, quote_type,
       left(surface, 70) AS words
FROM quotes WHERE speaker_surface IS NOT NULL
ORDER BY article_id, start LIMIT 8""",
    ),
    (
        "What did the correction change?",
        """SELECT v.version, v.recorded_at, v.superseded_at IS NULL AS current, q.surface, q.value
FROM lake.article_versions v
JOIN lake.quantities q USING (article_id, version)
WHERE v.article_id IN (SELECT article_id FROM lake.article_versions
                       WHERE superseded_at IS NOT NULL)
ORDER BY q.start, v.recorded_at LIMIT 12""",
    ),
)


def run_demo(folder: Path) -> None:
    """Ingest the demonstration site twice, before and after a correction, and show the result."""
    console = Console()
    if folder.exists() and any(folder.iterdir()):
        if not (folder / CONFIG).is_file():
            raise typer.BadParameter(f"{folder} holds something else: name an empty folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with Site() as site:
        config = folder / CONFIG
        config.write_text(_configuration(site), encoding="utf-8")
        settings = load_settings(config)
        console.rule("First night")
        show(start_ingest(settings, config=config), settings, console)
        console.rule("Second night: an outlet has corrected a story")
        site.publish_correction()
        show(start_ingest(settings, config=config), settings, console)
    console.rule("Ask it")
    _ask(settings.lake, console)
    console.print(f"Quality report: {write_report(settings.lake, None, None)}")
    console.print(f"Ask yourself:   dateline sql -w {settings.warehouse}")


def _ask(warehouse: Warehouse, console: Console) -> None:
    with connect(warehouse) as connection:
        for title, query in QUESTIONS:
            console.print(f"\n[bold]{title}[/bold]")
            console.print(query, style="dim", highlight=False)
            connection.sql(query).show(max_width=max(100, console.width))


def _configuration(site: Site) -> str:
    """A configuration of the site's sources; its hosts are on this machine and not busy."""
    lines = [
        'warehouse = "warehouse"',
        "[fetch]",
        "allow_private = true",
        "delay = 0.0",
        "revisit_hours = [0]",
        "attempts = 1",
    ]
    sources = [(s.id, s.kind, s.location) for s in site.sources]
    sources.append(("desk-files", "files", str(FILES)))
    for source_id, kind, location in sources:
        lines += [
            "[[sources]]",
            f'id = "{source_id}"',
            f'kind = "{kind}"',
            f'location = "{location}"',
        ]
    return "\n".join(lines) + "\n"
