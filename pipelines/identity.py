"""What makes two fetches, two texts or two statements the same one.

Identifiers are the first 16 hex digits of a SHA-256 over content, so that they are the same on any machine and day.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

import numpy as np
import numpy.typing as npt

# Lines that say where a text was taken from or who handled it: they change with each repost, the text does not.
_HANDLING = re.compile(
    r"[\[(【]?(?:信息来源|文章来源|稿件来源|内容来源|来源|稿源|责任编辑|编辑|责编|校对|审核|初审|复审|终审|审校|监制|"
    r"供稿|供图|撰稿|作者|通讯员|摄影|图文|文字|发布时间|发布日期|浏览次数|阅读次数|点击数|字号|字体)[ ]*:.{0,60}"
)
_LONGEST_HANDLING_LINE = 90
# Blocks of characters that combine with no neighbour in these blocks, so that each always folds to the same.
_ALONE = (
    (0x01, 0x7F), (0xA0, 0xFF), (0x2010, 0x20CF), (0x2100, 0x2BFF), (0x2E80, 0x2FDF), (0x3000, 0x3029),
    (0x3400, 0x9FFF), (0xFF01, 0xFF5E),
)  # fmt: skip
_SEVERAL = {character: unicodedata.normalize("NFKC", character) for character in "…℃ⅡⅢⅣⅥⅦ①②③④⑤⑥⑦⑧⑨⑩"}


def _table() -> npt.NDArray[np.uint16]:
    """What each character becomes in NFKC; 0 where a neighbour may combine with it, or where it becomes several."""
    table = np.zeros(0x10000, dtype=np.uint16)
    for first, last in _ALONE:
        for code in range(first, last + 1):
            folded = unicodedata.normalize("NFKC", chr(code))
            table[code] = ord(folded) if len(folded) == 1 else 0
    for character, folded in _SEVERAL.items():
        table[ord(character)] = ord(character) if len(folded) > 1 else ord(folded)
    return table


_FOLDED = _table()
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def digest(*parts: str) -> str:
    """16 hex digits that stand for `parts` in this order."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def sha256(text: str) -> str:
    """The full SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def storable(text: str) -> str:
    """`text` with what no UTF-8 column can hold (NUL, lone surrogates) as U+FFFD; offsets stay right."""
    return _UNSTORABLE.sub("\ufffd", text)


def normalised(text: str) -> str:
    """A text without what a repost changes: width forms, white space, and the lines that name source and editor."""
    return "".join(normalised_lines(text))


def normalised_lines(text: str) -> list[str]:
    """The same line by line; empty lines are left out."""
    folded = _folded(text)
    lines = [
        "".join(line.split())
        for line in folded.splitlines()
        if len(line) > _LONGEST_HANDLING_LINE or not _HANDLING.fullmatch(line.strip())
    ]
    if _INVISIBLE.search(folded):
        lines = [_INVISIBLE.sub("", line) for line in lines]
    return [line for line in lines if line]


def _folded(text: str) -> str:
    """`text` in NFKC. Most texts hold only characters that change alone, each to the same: a table is faster there."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    folded = _FOLDED[codes]
    if not folded.all():
        return unicodedata.normalize("NFKC", text)
    text = folded.tobytes().decode("utf-16-le")
    for character, several in _SEVERAL.items():
        if character in text:
            text = text.replace(character, several)
    return text


def doc_id(text: str) -> str | None:
    """The identity of a distinct text, or None for one that says nothing."""
    core = normalised(text)
    return digest(core) if core else None


def capture_id(url: str, warc_date: str, payload_sha256: str) -> str:
    """The identity of one fetch of one URL: the same fetch copied into a second archive file is still one."""
    return digest(url, warc_date, payload_sha256)
