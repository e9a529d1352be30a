"""Lines of JSONL and plain text files to articles; their text is kept exactly as given."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from transforms.article.corrections import find_corrections
from transforms.article.credits import find_credit_lines, find_credits
from transforms.article.dateline import find_dateline
from transforms.article.dates import parse_date
from transforms.article.decode import decode
from transforms.article.language import find_language
from transforms.article.model import DateCandidate, Extracted, Rejected

_SURROGATE = re.compile("[\ud800-\udfff]")
_DETECTION_NEEDS = 200
"""Characters from which a line without a language is trusted to a detector."""


def parse_line(
    line: bytes, *, where: str, default_published: datetime | None, detect: bool = True
) -> tuple[str, Extracted]:
    """Id and article of one line: {"id", "text", "title", "url", "published_at", "language"}.

    Unless told not to, a language that is not given is found out.

    Raises:
        Rejected: ``encoding``, ``json``, ``not_an_object``, ``missing_field``, ``wrong_type`` or
            ``bad_date``; the reason names `where` and the field.
    """
    record = _object(line, where)
    document_id = record.get("id")
    if isinstance(document_id, int) and not isinstance(document_id, bool):
        document_id = str(document_id)
    for name, value in (("id", document_id), ("text", record.get("text"))):
        if value is None or value == "":
            raise Rejected("missing_field", f"{where}: the field {name!r} is missing or empty")
    document_id = _string(document_id, "id", where) or ""
    text = _string(record.get("text"), "text", where) or ""
    if not text.strip():
        raise Rejected("missing_field", f"{where}: the field 'text' is blank")
    url = _string(record.get("url"), "url", where)
    language = _string(record.get("language"), "language", where)
    stated = _string(record.get("published_at"), "published_at", where)
    published_at = parse_date(stated) if stated else default_published
    if stated and published_at is None:
        raise Rejected(
            "bad_date",
            f"{where}: 'published_at' is {stated!r}: give ISO 8601 such as 2020-07-26, or null",
        )
    method = "line:published_at" if stated else "option:published" if default_published else None
    if detect and language is None and len(text) >= _DETECTION_NEEDS:
        language = find_language(text)
    return document_id, Extracted(
        url=url,
        canonical_url=url,
        text=text,
        headline=_string(record.get("title"), "title", where),
        authors=_authors(record.get("authors"), where),
        dateline=find_dateline(text),
        credits=find_credits(text),
        credit_lines=find_credit_lines(text.splitlines()),
        corrections=find_corrections(text.splitlines()),
        language=language.lower().split("-")[0] if language else None,
        published_at=_aware(published_at),
        published_method=method,
        published_candidates=(DateCandidate("line:published_at", stated),) if stated else (),
    )


def read_text(body: bytes, *, where: str) -> Extracted:
    """The article of a plain text file: all of it, exactly; nothing else is known of it.

    Raises:
        Rejected: ``empty``, ``binary`` or ``encoding``.
    """
    text = decode(body, None, where=where)
    return Extracted(
        url=None,
        canonical_url=None,
        text=text,
        dateline=find_dateline(text),
        credits=find_credits(text),
        credit_lines=find_credit_lines(text.splitlines()),
        corrections=find_corrections(text.splitlines()),
        language=find_language(text),
    )


def _object(line: bytes, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Rejected(
            "encoding", f"{where}: byte {error.start + 1} is not UTF-8: save the file as UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:
        raise Rejected("json", f"{where}: not JSON: {error}") from error
    if not isinstance(record, dict):
        raise Rejected("not_an_object", f"{where}: not a JSON object with 'id' and 'text'")
    return record


def _string(value: object, name: str, where: str) -> str | None:
    if isinstance(value, str) and _SURROGATE.search(value):
        raise Rejected(
            "encoding", f"{where}: {name!r} holds half a surrogate pair: mend the escape"
        )
    if value is None or isinstance(value, str):
        return value or None
    raise Rejected("wrong_type", f"{where}: {name!r} is {type(value).__name__}, not a string")


def _authors(value: object, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(filter(None, (_string(v, "authors", where) for v in value)))
    raise Rejected("wrong_type", f"{where}: 'authors' is no list of strings")


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
