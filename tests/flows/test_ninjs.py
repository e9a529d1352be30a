"""ninjs out, and what our own reader makes of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from flows.export import export_articles
from tests.warehouse.conftest import unpack
from transforms.article.model import RawPage
from transforms.article.ninjs import extract_ninjs
from warehouse.lake import connect
from warehouse.migrate import migrate


def test_what_is_written_is_read_as_the_same_article(tmp_path: Path) -> None:
    warehouse = unpack("0.1.0", tmp_path / "news")
    migrate(warehouse)
    assert export_articles(warehouse, [], "ninjs", tmp_path / "out") == 3
    with connect(warehouse) as connection:
        rows = connection.execute(
            "SELECT article_id, headline, text, published_at FROM article_versions"
        ).fetchall()
    for key, headline, text, published in rows:
        body = (tmp_path / "out" / f"{key}.json").read_bytes()
        item = json.loads(body)
        assert item["standard"]["version"] == "2.1"
        fetched = datetime(2026, 4, 1, tzinfo=UTC)
        read = extract_ninjs(RawPage(item["uri"], body, "application/json", fetched_at=fetched))
        # our reader knows paragraphs by lines
        text = text.replace("\n\n", "\n")
        assert (read.headline, read.text, read.published_at) == (headline, text, published)
    ferry = [json.loads(p.read_text()) for p in (tmp_path / "out").iterdir()]
    (one,) = [item for item in ferry if item["uri"].endswith("coast.example/ferry")]
    assert {"Eleni Mavrou", "Petros Lygeros"} <= {p["name"] for p in one["people"]}
    greece = next(p for p in one["places"] if p["name"] == "Greece")
    assert greece["uri"] == "https://sws.geonames.org/390903/"
