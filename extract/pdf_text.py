"""PDF as text: the words of its pages, with the lines of a paragraph joined again.

A PDF knows lines of a page, not paragraphs; names and sentences run over line ends, and whoever reads a text by its
lines would lose them. A line that fills the page's width goes on in the next one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Final

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from extract.file_limits import MAX_CHARACTERS, UnreadableError
from extract.markup import squeeze

logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_MOST_PAGES: Final = 500
_MOST_BROKEN: Final = 20
_CJK: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_KNOWN: Final = re.compile(
    rf"[{_CJK}\x20-\x7e\u00a0-\u00ff\u2010-\u203f\u2100-\u214f\u2150-\u218f\u2190-\u21ff\u2200-\u27bf]"
)
_MOSTLY: Final = 0.8
_PAGE_NUMBER: Final = re.compile(r"[-—－–~\s·.第]*\d{1,4}[-—－–~\s·.页]*(?:[共/]?\s*\d{1,4}\s*页?)?")
_ENDED: Final = ("。", "！", "？", "；", "：", ":", ".", "!", "?", ";")
_LIST_ITEM: Final = re.compile(
    r"(?:第[一二三四五六七八九十百零〇\d]+[章节条款]|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、．])"
)
_FULL: Final = 0.85
_NARROW: Final = 16
"""Characters that a line of running text has at least."""
_BESIDE_DIGIT: Final = re.compile(rf"(?<=[{_CJK}]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[{_CJK}])")
_BETWEEN: Final = re.compile(rf"(?<=[{_CJK}]) (?=[{_CJK}])")
_SPACED_OUT: Final = 0.4


def read_pdf(raw: bytes) -> str:
    """The text of a PDF, a paragraph a line; empty for one that holds pictures only.

    Raises `UnreadableError` for one that needs a password or whose characters nothing says the meaning of.
    """
    try:
        reader = PdfReader(BytesIO(raw), strict=False)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise UnreadableError("encrypted")
        pages = list(_pages(reader))
    except (FileNotDecryptedError, DependencyError) as error:
        raise UnreadableError("encrypted") from error
    text = "\n".join(paragraphs([line for page in pages for line in _lines(page)]))
    plain = squeeze(text)
    if plain and len(_KNOWN.findall(plain)) < len(plain) * _MOSTLY:
        raise UnreadableError("without the meaning of its characters")
    return text


def _pages(reader: PdfReader) -> Iterator[str]:
    """The text of each page up to what is kept. Pages that break are left out; a file of which nothing else is left
    raises what the first of them did."""
    size = 0
    broken: list[Exception] = []
    for number in range(min(len(reader.pages), _MOST_PAGES)):
        try:
            text = reader.pages[number].extract_text()
        except (FileNotDecryptedError, DependencyError):
            raise
        except Exception as error:  # pages are foreign input, and the others of the file are read
            broken.append(error)
            if len(broken) >= _MOST_BROKEN:
                break
            continue
        yield text
        size += len(text.strip())
        if size > MAX_CHARACTERS:
            return
    if broken and not size:
        raise broken[0]


def _lines(page: str) -> list[str]:
    """The lines of a page without the page's number."""
    found = [line for line in map(_spaced, page.splitlines()) if line]
    return [line for at, line in enumerate(found) if not (_PAGE_NUMBER.fullmatch(line) and at in (0, len(found) - 1))]


def _spaced(line: str) -> str:
    """A line with the blanks that its words have: those between fonts, and those of a spaced-out title, go."""
    line = " ".join(line.split())
    if len(_BETWEEN.findall(line)) > _SPACED_OUT * len(line.replace(" ", "")):
        line = _BETWEEN.sub("", line)
    return _BESIDE_DIGIT.sub("", line)


def paragraphs(found: Sequence[str]) -> list[str]:
    """Lines as they stand on pages → paragraphs. Every character stays, in its order."""
    widths = sorted(map(_width, found))
    full = widths[int(len(widths) * 0.9)] * _FULL if widths else 0
    joined: list[str] = []
    goes_on = False
    for line in found:
        if goes_on and not _LIST_ITEM.match(line):
            last = joined[-1]
            apart = " " if last[-1:].isascii() and line[:1].isascii() and last[-1:] != "-" else ""
            joined[-1] = last + apart + line
        else:
            joined.append(line)
        goes_on = full >= _NARROW and _width(line) >= full and not line.endswith(_ENDED)
    return joined


def _width(line: str) -> int:
    """About how wide a line is printed: Chinese characters are twice as wide as others."""
    return sum(1 if character.isascii() else 2 for character in line)
