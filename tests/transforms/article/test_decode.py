"""Bytes to text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.article.decode import decode
from transforms.article.model import Rejected


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Čeština".encode(), None),
        ("Čeština".encode("utf-8-sig"), None),
        ("Čeština".encode("utf-16"), None),
        ("Čeština".encode("cp1250"), "text/html; charset=windows-1250"),
        (b'<meta charset="windows-1250">' + "Čeština".encode("cp1250"), None),
        ("Čeština".encode(), "text/html; charset=iso-8859-1"),
        ("Čeština".encode(), "text/html; charset=no-such-encoding"),
    ],
)
def test_decode(body: bytes, content_type: str | None) -> None:
    assert decode(body, content_type, where="a.html").endswith("Čeština")


def test_latin_1_means_windows_1252() -> None:
    assert decode(b"\x93Yes\x94", "text/html; charset=ISO-8859-1", where="a.html") == "“Yes”"


@pytest.mark.parametrize("name", ["idna", "undefined", "punycode", "hex", "rot13", "zlib", "utf-7"])
def test_an_encoding_that_is_none_of_the_web_is_passed_over(name: str) -> None:
    body = f'<meta charset="{name}"><p>A quiet day: café.</p>'.encode()
    assert "café" in decode(body, f"text/html; charset={name}", where="a.html")


@pytest.mark.parametrize(
    ("body", "rule", "advice"),
    [
        (b"", "empty", "empty"),
        (b" \n ", "empty", "empty"),
        (b"\xef\xbb\xbf", "empty", "empty"),
        (b"%PDF-1.7 ...", "binary", "only HTML, text and JSONL"),
        (b"ab\x00" * 2000, "binary", "only HTML, text and JSONL"),
        (b"\xff\xfe\x00\xd8 " + bytes(range(128, 256)) * 3, "encoding", "save it as UTF-8"),
    ],
)
def test_what_is_refused_says_where_and_what_to_do(body: bytes, rule: str, advice: str) -> None:
    with pytest.raises(Rejected) as caught:
        decode(body, None, where="news/a.html")
    assert caught.value.rule == rule
    assert "news/a.html" in caught.value.reason
    assert advice in caught.value.reason


@given(st.binary(max_size=300), st.none() | st.sampled_from(["utf-7", "utf-16", "idna", "big5"]))
@example(b"+2AA-", "utf-7")
def test_any_bytes_are_decoded_or_refused(body: bytes, charset: str | None) -> None:
    content_type = f"text/html; charset={charset}" if charset else None
    try:
        text = decode(body, content_type, where="a.html")
    except Rejected:
        return
    assert text.strip()
    text.encode()  # no half of a surrogate pair


def test_utf_8_that_is_declared_as_another_encoding_is_read_as_utf_8() -> None:
    body = '<meta charset="iso-8859-15"><p>Sanción'.encode()
    assert "Sanción" in decode(body, None, where="a.html")


def test_seven_bit_encodings_are_read_as_declared() -> None:
    body = '<meta charset="iso-2022-jp"><p>新聞'.encode("iso2022_jp")
    assert "新聞" in decode(body, None, where="a.html")


LINE = "Die Fähren fuhren über den Fluß, sagte die Bürgermeisterin für die Häfen, öfter. " * 4


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", None])
def test_a_broken_character_makes_no_gibberish_of_the_rest(declared: str | None) -> None:
    body = LINE.encode().replace("Fluß".encode(), b"Flu\xc3", 1)
    header = f"text/html; charset={declared}" if declared else None
    text = decode(body, header, where="x")
    assert text.replace("\ufffd", "ß") == LINE
    # cut off within a character, as a broken transfer leaves it
    cut = (LINE + "ß").encode()[:-1]
    assert decode(cut, header, where="x").rstrip("\ufffd") == LINE


def test_the_default_of_a_server_gives_way_to_the_page() -> None:
    russian = "Паромы остановились в понедельник после шторма, сказал мэр города. " * 3
    body = b'<meta charset="windows-1251">' + russian.encode("cp1251")
    assert russian in decode(body, "text/html; charset=ISO-8859-1", where="x")


@pytest.mark.parametrize(
    ("name", "codec", "text"),
    [
        ("gb2312", "gb18030", "渡轮停驶，镕基说。" * 10),
        ("Shift_JIS", "cp932", "フェリーは①番線に止まった。" * 10),
        ("euc-kr", "cp949", "페리는 똠방각하에서 멈췄다. " * 10),
        ("iso-8859-1", "cp1252", "“Ferries – stop…” said the mayor, über all. " * 5),
        ("iso-8859-9", "cp1254", "Vapurlar pazartesi günü durdu, başkan İstanbul’da sustu. " * 5),
    ],
)
def test_old_names_mean_what_browsers_take_them_for(name: str, codec: str, text: str) -> None:
    body = f'<meta charset="{name}">'.encode() + text.encode(codec)
    assert text in decode(body, None, where="x")


@given(st.text(min_size=1).filter(str.strip), st.sampled_from(["utf-8", "cp1252", "gbk", None]))
def test_what_is_utf_8_is_read_as_such_whatever_is_declared(
    text: str, declared: str | None
) -> None:
    body = f"äöü {text}".encode()
    header = f"text/html; charset={declared}" if declared else None
    if body[:4096].count(0) <= len(body[:4096]) // 50:
        assert decode(body, header, where="x") == f"äöü {text}"
