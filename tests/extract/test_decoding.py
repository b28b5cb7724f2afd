"""Bytes to text, for pages that lie about their encoding."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extract.decoding import MAX_BYTES, declared_encodings, decode

PAGE = '<html><head><meta charset="{}"></head><body>喆先生到瀍河区调研，听取汇报。</body></html>'


def test_gb2312_is_read_as_its_superset() -> None:
    found = decode(PAGE.format("gb2312").encode("gb18030"))
    assert "喆先生到瀍河区调研" in found.text
    assert found.encoding == "gb18030"
    assert not found.problems


def test_utf8_bytes_win_over_a_gb2312_declaration() -> None:
    found = decode(PAGE.format("gb2312").encode())
    assert "喆先生到瀍河区调研" in found.text
    assert found.encoding == "utf-8"


def test_gbk_bytes_win_over_a_utf8_declaration() -> None:
    found = decode(PAGE.format("utf-8").encode("gbk"), "text/html; charset=utf-8")
    assert "喆先生到瀍河区调研" in found.text
    assert found.encoding == "gb18030"


def test_two_gbk_letters_that_happen_to_be_utf8_stay_gbk() -> None:
    raw = '<meta charset="gbk">联通'.encode("gbk")
    assert decode(raw).text.endswith("联通")


def test_no_charset_at_all() -> None:
    body = "京津冀协同发展" * 5
    assert decode(body.encode()).text == body
    assert decode(body.encode("gbk")).text == body


def test_latin_declaration_over_chinese_bytes() -> None:
    body = "关于做好大气污染联防联控工作的通知" * 3
    assert body in decode(f'<meta charset="iso-8859-1">{body}'.encode("gbk")).text


def test_byte_order_marks() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert decode("通州区".encode(encoding)).text == "通州区"


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    raw = ("武清区与廊坊市签约。" * 40).encode() + b"\xff\xfe" + "结束。".encode()
    found = decode(raw, "text/html; charset=utf-8")
    assert found.encoding == "utf-8"
    assert found.text.endswith("结束。")
    assert found.problems


def test_a_character_cut_in_two_at_the_end_is_forgiven() -> None:
    raw = ("石家庄" * 20).encode()[:-1]
    assert decode(raw).encoding == "utf-8"


def test_a_page_that_is_too_long_is_cut_and_says_so() -> None:
    found = decode(b"a" * (MAX_BYTES + 10))
    assert len(found.text) == MAX_BYTES
    assert "cut" in found.problems[0]


def test_embedded_pictures_do_not_count() -> None:
    picture = b'<img src="data:image/png;base64,' + b"A" * (MAX_BYTES + 10) + b'">'
    found = decode(picture + "<p>正文在图片之后。</p>".encode())
    assert "正文在图片之后。" in found.text
    assert not found.problems


def test_unknown_and_unfit_codecs_are_ignored() -> None:
    assert declared_encodings(b'<meta charset="base64"><meta charset="martian">', "text/html; charset=utf-7") == ()


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=gb2312", "charset=utf-16", "charset=big5"]))
def test_any_bytes_give_clean_text(raw: bytes, content_type: str) -> None:
    text = decode(raw, content_type).text
    assert "\x00" not in text
    text.encode()


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=30, max_size=200))
def test_chinese_text_survives_both_encodings(text: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        assert decode(f'<meta charset="{encoding}">{text}'.encode(encoding)).text.endswith(text)


NO_TEXT = "\x00\x08\x0b\x1f\x7f\ufdd0\ufdef\ufffe\uffff"


@given(st.text(st.sampled_from(NO_TEXT + "甲，ﷺ\ufdcf\ufdf0\ufffd\t\n x"), max_size=12))
def test_what_is_no_character_is_left_out(text: str) -> None:
    assert decode(text.encode()).text == "".join(char for char in text if char not in NO_TEXT)
