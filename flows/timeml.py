"""Articles of the warehouse as TimeML documents: their text with its times marked in place.

The form is that of TempEval-3: DOCID, DCT (the publication date), TITLE and TEXT, whose TIMEX3
carry type, value, mod and the anchor. An interval that two expressions bound is an empty TIMEX3
behind the second, with beginPoint and endPoint. https://timeml.github.io
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import duckdb

Row = Mapping[str, Any]

_KEYS = """
    SELECT article_id, current_version FROM articles
    WHERE len($wanted) = 0 OR article_id IN (SELECT unnest($wanted))
        OR canonical_url IN (SELECT unnest($wanted))
    ORDER BY article_id
"""
_ARTICLE = """
    SELECT article_id, version, headline, text, published_at FROM article_versions
    WHERE article_id = ? AND version = ?
"""
_TIMES = """
    SELECT start, "end", rule, timex_type, timex_value, modifier, anchor, anchor_value
    FROM times WHERE article_id = ? AND version = ? ORDER BY "end", start DESC
"""
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SCHEMA = "http://timeml.org/timeMLdocs/TimeML_1.2.1.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def find_documents(
    connection: duckdb.DuckDBPyConnection, wanted: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Key and TimeML of the current versions of articles, by key or URL; of all without any."""
    for found in _records(connection, _KEYS, {"wanted": list(wanted)}):
        key = [found["article_id"], found["current_version"]]
        for article in _records(connection, _ARTICLE, key):
            times = _records(connection, _TIMES, key)
            yield article["article_id"], to_timeml(article, times)


def _records(connection: duckdb.DuckDBPyConnection, query: str, values: Any) -> list[Row]:
    result = connection.execute(query, values)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def to_timeml(article: Row, times: Sequence[Row]) -> str:
    """The TimeML document of an article version with its times, in XML 1.0 and UTF-8.

    Characters that no XML can hold become spaces, so that offsets stay.
    """
    ET.register_namespace("xsi", _XSI)
    root = ET.Element("TimeML", {f"{{{_XSI}}}noNamespaceSchemaLocation": _SCHEMA})
    ET.SubElement(root, "DOCID").text = article["article_id"]
    published: datetime | None = article["published_at"]
    if published is not None:
        creation = ET.SubElement(ET.SubElement(root, "DCT"), "TIMEX3", _creation(published))
        creation.text = f"{published:%Y-%m-%d}"
    if article["headline"]:
        ET.SubElement(root, "TITLE").text = _writable(article["headline"])
    _mark(ET.SubElement(root, "TEXT"), _writable(article["text"]), times, published is not None)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _creation(published: datetime) -> dict[str, str]:
    return {
        "tid": "t0", "type": "DATE", "value": f"{published:%Y-%m-%d}",
        "temporalFunction": "false", "functionInDocument": "CREATION_TIME",
    }  # fmt: skip


def _writable(text: str) -> str:
    return _UNWRITABLE.sub(" ", text)


def _mark(parent: ET.Element, text: str, times: Sequence[Row], dated: bool) -> None:
    """The text below `parent`, each time an element; intervals empty ones after their parts."""
    position, last, seen = 0, None, [""]
    for number, time in enumerate(times, 1):
        attributes = _attributes(number, time, dated)
        if time["rule"].startswith("interval."):
            if len(seen) > 2:
                attributes |= {"beginPoint": seen[-2], "endPoint": seen[-1]}
            last = ET.SubElement(parent, "TIMEX3", attributes)
            last.tail = ""
            continue
        if time["start"] < position:
            continue
        _append(parent, last, text[position : time["start"]])
        last = ET.SubElement(parent, "TIMEX3", attributes)
        last.text = text[time["start"] : time["end"]]
        seen.append(attributes["tid"])
        position = time["end"]
    _append(parent, last, text[position:])


def _append(parent: ET.Element, last: ET.Element | None, text: str) -> None:
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text


def _attributes(number: int, time: Row, dated: bool) -> dict[str, str]:
    attributes = {"tid": f"t{number}", "type": time["timex_type"]}
    attributes["value"] = time["timex_value"] or ""
    if time["modifier"]:
        attributes["mod"] = time["modifier"]
    if time["anchor"] != "none":
        attributes["temporalFunction"] = "true"
    if time["anchor"] == "publication" and dated:
        attributes["anchorTimeID"] = "t0"
    return attributes
