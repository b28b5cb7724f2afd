"""Attached files as text: bytes in, text or a named reason out.

Policies often stand in a file beside a page that only says 见附件. Files come from the open web: whatever they are,
what is unpacked, walked and kept is bounded, and nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from extract.attachment_links import suffix_of
from extract.file_limits import MAX_CHARACTERS, UnreadableError
from extract.markup import squeeze
from extract.office_text import read_document, read_workbook
from extract.pdf_text import read_pdf

Reader = Callable[[bytes], str]

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_LEGACY: Final = frozenset(("doc", "xls", "wps", "et", "ppt"))
_HTML: Final = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|script|div|meta)\b", re.IGNORECASE)
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_WORDS: Final = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_FEW_WORDS: Final = 4
_HEADINGS: Final = ("附件", "附表")
_CLAUSE_ENDS: Final = re.compile(r"[。；！？，、：:;,\s]+")
_SHORTEST: Final = 4
_LONG: Final = 30
_LETTERHEAD: Final = 3
_MOST_PARTS: Final = 5_000
_PDF_WITHIN: Final = 1024
"""A PDF may have some other bytes before it."""


@dataclass(frozen=True, slots=True)
class AttachedText:
    """What a file says: its `kind` (PDF, DOCX, …), its text with one block a line, and why it is not all there.

    `problem` is a short phrase that is the same for the same reason, so that files can be counted by it.
    """

    kind: str
    text: str
    problem: str | None = None


def read_attachment(raw: bytes, address: str = "") -> AttachedText:
    """The text of a file, told by its bytes; `address` only helps to name a format that is not read. Never raises."""
    kind, read = _told(raw, address)
    if read is None:
        return AttachedText(kind, "", f"{kind} is a format that is not read")
    try:
        text = read(raw)
    except UnreadableError as error:
        return AttachedText(kind, "", f"{kind} {error}")
    except Exception as error:  # foreign bytes through several parsers, each of which breaks in its own ways
        return AttachedText(kind, "", f"{kind} damaged ({type(error).__name__})")
    if len(_WORDS.findall(text[:MAX_CHARACTERS])) < _FEW_WORDS:
        return AttachedText(kind, "", f"{kind} without text" + (" (a scan)" if kind == "PDF" else ""))
    if len(text) > MAX_CHARACTERS:
        return AttachedText(kind, text[:MAX_CHARACTERS], f"{kind} read up to {MAX_CHARACTERS} characters")
    return AttachedText(kind, text)


def composed(body: str, attached: Iterable[tuple[str, str]]) -> str:
    """A document's text: the page's own, then each attachment's (name, text) under a line with its name.

    The page's text stays where it is, so that what was said of it by offset holds. An attachment that says again what
    stands before it (the page as a PDF, the PDF as a DOCX) is left out: nothing is stated twice by being printed twice.
    """
    parts = [body] if body else []
    for name, text in attached:
        if not _says_again(text, parts):
            parts += [name if name.startswith(_HEADINGS) else f"附件：{name}", text]
    return "\n".join(parts)


def _says_again(text: str, before: Sequence[str]) -> bool:
    """Whether a text, clause by clause, stands in what is before it; a long one may have a letterhead of its own.

    One other clause makes it another text: agreements differ in the name of a city.
    """
    pieces = [piece for piece in map(squeeze, _CLAUSE_ENDS.split(text)) if len(piece) >= _SHORTEST]
    if len(pieces) >= _LONG:
        pieces = pieces[_LETTERHEAD:-_LETTERHEAD]
    said = squeeze("".join(before))
    return bool(pieces) and all(piece in said for piece in pieces)


def _told(raw: bytes, address: str) -> tuple[str, Reader | None]:
    """The kind of a file by its first bytes, and its reader where there is one."""
    if not raw:
        return "empty file", None
    if b"%PDF-" in raw[:_PDF_WITHIN]:
        return "PDF", read_pdf
    if raw.startswith(b"PK\x03\x04"):
        return _packed(raw)
    if raw.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in raw:
            return "encrypted Office file", None
        suffix = suffix_of(address)
        return (suffix.upper() if suffix in _LEGACY else "DOC or XLS"), None
    if raw.startswith(b"Rar!"):
        return "RAR", None
    if raw.startswith(b"7z\xbc\xaf"):
        return "7Z", None
    if raw.startswith(b"{\\rtf"):
        return "RTF", None
    if _HTML.match(raw.removeprefix(b"\xef\xbb\xbf")):
        return "HTML in place of a file", None
    if raw.startswith(_PICTURES):
        return "picture", None
    return "unknown file", None


def _packed(raw: bytes) -> tuple[str, Reader | None]:
    """What a ZIP holds: the parts of an Office document, of an OFD, or just files."""
    try:
        with ZipFile(BytesIO(raw)) as package:
            names = {name.lower().lstrip("/") for name in package.namelist()[:_MOST_PARTS]}
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return "damaged ZIP", None
    if "ofd.xml" in names:
        return "OFD", None
    if any(name.startswith("word/") for name in names):
        return "DOCX", read_document
    if any(name.startswith("xl/") for name in names):
        return "XLSX", read_workbook
    return "ZIP", None
