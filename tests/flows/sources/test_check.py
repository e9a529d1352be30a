"""`dateline sources` and `dateline sources check`: one answer an input, whatever comes."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from flows.cli import main
from flows.collect import source_record
from flows.exits import Exit
from flows.fetch.errors import FetchError
from flows.settings import SourceSettings
from flows.sources.candidate import Candidate
from flows.sources.discover import Discovered
from flows.sources.state import rests
from flows.sources.status import to_status
from transforms.article.model import DateCandidate

FEED = (
    "<rss version='2.0'><channel><title>The \"Gazette\"</title><item><title>One</title>"
    "<link>https://news.example/1</link></item><item><guid isPermaLink='false'>7</guid></item>"
    "</channel></rss>"
)
NOW = datetime(2026, 3, 12, 2, tzinfo=UTC)


@pytest.fixture
def dateline(tmp_path, monkeypatch, capfdbinary):
    def run(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", ["dateline", *arguments])
        monkeypatch.setenv("DATELINE_FETCH__ALLOW_PRIVATE", "true")
        monkeypatch.setenv("DATELINE_FETCH__DELAY", "0")
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), capfdbinary.readouterr().out.decode()

    return run


def test_json_has_one_line_an_input_in_order(dateline, tmp_path, site):
    (tmp_path / "feed.xml").write_text(FEED)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "folder").mkdir()
    page = '<html><link rel=alternate type="application/atom+xml" href="/f"></html>'
    inputs = ["gone", "feed.xml", site.set("/f", FEED), "empty", "noise", "folder"]
    inputs += [site.set("/", page), site.url + "/none", "ftp://a.example/x", "feed.xml"]
    site.set("/robots.txt", f"Sitemap: {site.url}/s.xml")
    code, out = dateline("sources", "check", "--json", *inputs)
    found = [json.loads(line) for line in out.splitlines()]
    assert [f["input"] for f in found] == inputs
    kinds = [None, "rss", "rss", None, None, "folder", "page", None, None, "rss"]
    assert [f["kind"] for f in found] == kinds
    errors = [f["error"] and f["error"]["class"] for f in found]
    assert errors == [
        "not_found",
        None,
        None,
        "empty",
        "binary",
        None,
        None,
        "http_404",
        "scheme",
        None,
    ]
    assert [len(f["entries"]) for f in found] == [0, 2, 2, 0, 0, 0, 0, 0, 0, 2]
    assert found[1]["entries"][1] == {
        "title": None, "link": None, "id": "7", "published": None, "updated": None,
        "author": None, "summary": None,
    }  # fmt: skip
    assert found[6]["feeds"] == [site.url + "/f"]
    assert found[6]["sitemaps"] == [site.url + "/s.xml"]
    assert code == Exit.INPUT


def test_words_say_what_it_is_and_what_to_configure(dateline, tmp_path, site):
    code, out = dateline("sources", "check", site.set("/f", FEED))
    assert code == 0
    assert 'RSS feed 2.0 "The "Gazette"": 2 entries, 1 of them without a link' in out
    configured = tomllib.loads(out[out.index("[[sources]]") :])["sources"]
    (source,) = [SourceSettings(**s) for s in configured]
    assert (source.kind, source.location) == ("feed", site.url + "/f")


def test_many_files_go_through_processes_in_order(dateline, tmp_path):
    names = [f"{n}.xml" for n in range(90)]
    for n, name in enumerate(names):
        (tmp_path / name).write_text("<rss><channel>" + "<item/>" * n + "</channel></rss>")
    code, out = dateline("sources", "check", "--json", "--workers", "2", *names)
    assert code == 0
    assert [len(json.loads(line)["entries"]) for line in out.splitlines()] == list(range(90))


def test_sources_lists_what_is_configured(dateline, tmp_path):
    (tmp_path / "dateline.toml").write_text(
        '[[sources]]\nid = "gazette"\nkind = "feed"\nlocation = "https://news.example/f"\n'
    )
    code, out = dateline("sources")
    assert code == 0
    assert "gazette" in out
    assert "never" in out
    code, out = dateline("sources", "--json")
    assert json.loads(out)["health"] == "new"


def test_state_after_good_and_bad_visits():
    source = SourceSettings(id="s", kind="feed", location="https://news.example/f")
    dates = [DateCandidate("feed:published", d) for d in ("2026-03-11", "2031-01-01", "soon")]
    pages = tuple(Candidate("s", f"https://news.example/{d.value}", (d,)) for d in dates)
    good = source_record(source, None, Discovered(pages), NOW)
    assert (good["watermark_at"], good["entries"]) == (datetime(2026, 3, 11, tzinfo=UTC), 3)
    assert to_status(source, good, NOW)["health"] == "ok"
    assert to_status(source, good, NOW + timedelta(days=9))["health"] == "stale"
    error = FetchError("http_5xx", "busy", source.location, 503, retry_after=600.0)
    bad = source_record(source, good, Discovered(error=error), NOW)
    assert (bad["failures"], bad["entries"], bad["watermark_at"]) == (1, 3, good["watermark_at"])
    assert to_status(source, bad, NOW)["health"] == "failing"
    assert rests(bad, source.location, NOW + timedelta(seconds=599))
    assert not rests(bad, source.location, NOW + timedelta(seconds=600))
    moved = source.model_copy(update={"location": "https://news.example/g"})
    assert not rests(bad, moved.location, NOW)
    assert to_status(moved, bad, NOW)["health"] == "new"
