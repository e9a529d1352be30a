"""Articles out of the warehouse as TimeML, checked against its document type."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from flows.export import NothingToExport, export_articles
from flows.timeml import to_timeml
from tests.empty import put_empty
from transforms.convert import as_arrow, facts_to_frame, to_arrow
from transforms.language.pipeline import SpacyPipeline
from transforms.text import Text
from transforms.times.find import VERSION, find_times
from warehouse.lake import Warehouse
from warehouse.publish import publish
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, RUNS, TIMES

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)
BODY = (
    'The works ran from May 3 to May 5, 2025, & cost "<2 million".\x0b The council met on Friday.'
)
DTD = etree.DTD((Path(__file__).parent / "timeml.dtd").as_posix())


@pytest.fixture
def lake(tmp_path: Path, language: SpacyPipeline) -> Warehouse:
    """A warehouse of one article with its times."""
    made = Warehouse(tmp_path / "lake")
    put_empty(made)
    digest = hashlib.sha256(BODY.encode()).hexdigest()
    text = Text("works", digest[:16], BODY, "Works & costs", NIGHT)
    (document,) = language.parse([BODY])
    times = facts_to_frame(TIMES, [(text, document, find_times(text, document))], VERSION)
    folder = made.staging("r1") / "b1"
    folder.mkdir(parents=True)
    version = {
        "article_id": "works", "version": digest[:16], "text": BODY, "text_sha256": digest,
        "headline": "Works & costs", "authors": [], "credits": [], "extractor_version": "1",
        "published_at": NIGHT,
    }  # fmt: skip
    article = {
        "article_id": "works", "source_id": "s", "first_seen_at": NIGHT,
        "current_version": digest[:16], "canonical_url": "https://news.example/works",
    }  # fmt: skip
    for table, data in (
        (TIMES, as_arrow(TIMES, times)),
        (ARTICLE_VERSIONS, to_arrow(ARTICLE_VERSIONS.columns, [version])),
        (ARTICLES, to_arrow(ARTICLES.columns, [article])),
    ):
        pq.write_table(data, folder / f"{table.name}.parquet")
    run = {c.name: 0 for c in RUNS.columns if c.type == "int64"} | {
        "run_id": "r1", "kind": "ingest", "started_at": NIGHT, "state": "published",
        "code_version": "0",
    }  # fmt: skip
    publish_one(made, run)
    return made


def publish_one(lake: Warehouse, run: dict[str, object]) -> None:
    folder = lake.staging("r1") / "run"
    folder.mkdir(parents=True)
    pq.write_table(to_arrow(RUNS.columns, [run]), folder / "runs.parquet")
    publish(lake, "r1", NIGHT)


def test_a_stored_article_becomes_a_valid_document(lake: Warehouse, tmp_path: Path) -> None:
    assert export_articles(lake, [], "timeml", tmp_path / "out") == 1
    root = etree.parse(tmp_path / "out" / "works.tml").getroot()
    assert DTD.validate(root), DTD.error_log
    assert root.findtext("DOCID") == "works"
    assert root.find("DCT/TIMEX3").get("value") == "2026-03-12"
    assert "".join(root.find("TEXT").itertext()) == BODY.replace("\x0b", " ")
    found = [(t.text, t.get("value")) for t in root.findall("TEXT/TIMEX3")]
    assert found == [
        ("May 3", "2025-05-03"), ("May 5, 2025", "2025-05-05"), (None, "P3D"),
        ("Friday", "2026-03-06"),
    ]  # fmt: skip
    interval = root.findall("TEXT/TIMEX3")[2]
    assert (interval.get("beginPoint"), interval.get("endPoint")) == ("t1", "t2")
    assert root.findall("TEXT/TIMEX3")[3].get("anchorTimeID") == "t0"


def test_an_article_is_found_by_its_address(lake: Warehouse, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert export_articles(lake, ["https://news.example/works"], "timeml", out) == 1
    with pytest.raises(NothingToExport, match="other"):
        export_articles(lake, ["other"], "timeml", out)


@given(st.text(), st.booleans())
def test_any_text_makes_a_valid_document(text: str, dated: bool) -> None:
    article = {
        "article_id": "a", "version": "v", "headline": text[:9], "text": text,
        "published_at": NIGHT if dated else None,
    }  # fmt: skip
    root = etree.fromstring(to_timeml(article, []).encode())
    assert DTD.validate(root), DTD.error_log
