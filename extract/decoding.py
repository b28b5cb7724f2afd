"""Bytes to text for pages that say one encoding and hold another.

Government pages declare gb2312 and hold GBK-only characters (喆, 瀍), declare gb2312 and are UTF-8, or declare
nothing. A parser that is handed such bytes gives an empty or a truncated document, so text is made here, before any
parser sees it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 4_000_000
"""Longer pages are cut here (in bytes, pictures embedded as base64 not counted), and the cut is reported."""

_PRESCAN: Final = 4096
_TOLERATED: Final = 0.02
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"'“”]?\s*([\w:.-]+)", re.IGNORECASE)
_META_CHARSET: Final = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML_ENCODING: Final = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]+)", re.IGNORECASE)
_GB_FAMILY: Final = frozenset({"gb2312", "gbk", "gb18030", "cp936", "hz", "euc_cn", "x_gbk", "gb_2312_80", "gb_2312"})
_EMBEDDED: Final = re.compile(rb"data:[\w/+.-]{3,60};base64,[A-Za-z0-9+/=%\s]*")
_CJK: Final = re.compile("[\u4e00-\u9fff]")
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_CONTROLS: Final = bytes((*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F))
_NO_CHARACTER: Final = re.compile(b"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])")
"""U+FDD0 to U+FDEF, U+FFFE and U+FFFF in UTF-8."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, the Python name of the encoding it was read in, and what was wrong with its bytes."""

    text: str
    encoding: str
    problems: tuple[str, ...] = ()


def decode(raw: bytes, content_type: str = "") -> Decoded:
    """The text of a page. Never raises: bytes that no encoding explains become U+FFFD, and are counted as a problem.

    Order of trust: byte order mark; UTF-8 where the bytes prove it; the HTTP header; the page's own declaration;
    UTF-8 and GB18030, whichever leaves fewer undecodable characters. gb2312 is always read as its superset GB18030.
    """
    problems: list[str] = []
    if len(raw) > MAX_BYTES:
        raw = _EMBEDDED.sub(b"", raw)
    if len(raw) > MAX_BYTES:
        problems.append(f"page of {len(raw)} bytes cut to {MAX_BYTES}")
        raw = raw[:MAX_BYTES]
    text, encoding = _read(raw, content_type)
    if broken := text.count("\ufffd"):
        problems.append(f"{broken} characters are not {encoding}")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(_only_text(text.replace("\x0c", "\n")), encoding, tuple(problems))


def _only_text(text: str) -> str:
    """`text` without what is no character. Bytes are looked over many times faster than a pattern reads the text."""
    try:
        coded = text.encode()
    except UnicodeEncodeError:
        return _NOT_TEXT.sub("", text)
    if len(coded.translate(None, _CONTROLS)) == len(coded) and _NO_CHARACTER.search(coded) is None:
        return text
    return _NOT_TEXT.sub("", text)


def declared_encodings(raw: bytes, content_type: str = "") -> tuple[str, ...]:
    """The encodings a page claims, most trusted first, as Python codec names; unknown ones are left out."""
    names: list[str] = []
    if match := _CHARSET.search(content_type):
        names.append(match.group(1))
    head = raw[:_PRESCAN]
    for pattern in (_XML_ENCODING, _META_CHARSET):
        names += [found.decode("ascii", "replace") for found in pattern.findall(head)]
    known = (_codec(name) for name in names)
    return tuple(dict.fromkeys(name for name in known if name))


def _codec(name: str) -> str | None:
    plain = name.strip().lower().replace("-", "_")
    if plain in _GB_FAMILY:
        return "gb18030"
    try:
        found = codecs.lookup(plain)
    except (LookupError, ValueError):
        return None
    # base64, zlib and the like are codecs without being text encodings.
    if not getattr(found, "_is_text_encoding", True) or found.name in ("idna", "punycode", "undefined", "utf-7"):
        return None
    if found.name in ("unicode_escape", "raw_unicode_escape", "mbcs", "oem"):
        return None
    return "cp1252" if found.name in ("iso8859-1", "ascii") else found.name


def _read(raw: bytes, content_type: str) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding if encoding == "utf-8" else _endian(mark), "replace"), encoding
    declared = declared_encodings(raw, content_type)
    proven = _as_utf8(raw)
    if proven is not None and (not declared or declared[0] == "utf-8" or proven.isascii() or _CJK.search(proven)):
        return proven, "utf-8"
    candidates = tuple(dict.fromkeys((*declared, "utf-8", "gb18030")))
    best, fewest = (raw.decode("utf-8", "replace"), "utf-8"), 1.0
    for encoding in candidates:
        if encoding == "cp1252" and _looks_chinese(raw):
            continue
        text = raw.decode(encoding, "replace")
        broken = _broken_share(text)
        if broken <= _TOLERATED:
            return text, encoding
        if broken < fewest:
            best, fewest = (text, encoding), broken
    return best


def _broken_share(text: str) -> float:
    """Undecodable characters in 1 of the non-ASCII ones (a few bad bytes do not change what a page is written in)."""
    broken = text.count("\ufffd")
    return broken / max(1, len(text) - len(text.encode("ascii", "ignore"))) if broken else 0.0


def _endian(mark: bytes) -> str:
    return {
        codecs.BOM_UTF16_LE: "utf-16-le",
        codecs.BOM_UTF16_BE: "utf-16-be",
        codecs.BOM_UTF32_LE: "utf-32-le",
        codecs.BOM_UTF32_BE: "utf-32-be",
    }[mark]


def _as_utf8(raw: bytes) -> str | None:
    """The bytes as UTF-8 if they are; a character cut in two at the very end is forgiven (cut downloads)."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(raw) - 3 and error.reason == "unexpected end of data":
            return raw[: error.start].decode("utf-8")
        return None


def _looks_chinese(raw: bytes) -> bool:
    """Whether most non-ASCII bytes pair up as GBK does: a page that claims latin-1 and is Chinese."""
    sample = raw[:200_000]
    high = sum(1 for byte in sample if byte >= 0x80)
    text = sample.decode("gb18030", "replace")
    return high > 20 and len(_CJK.findall(text)) * 2 > high * 0.6
