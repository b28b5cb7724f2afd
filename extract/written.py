"""Rows that a page's scripts hold: markup handed to `document.write`, and lists of objects that a script lays out."""

from __future__ import annotations

import json
import re
from typing import Final

from extract.model import ListItem
from extract.records import items_of

_WRITE: Final = re.compile(
    r"document\.write(?:ln)?\(\s*(?:'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\")\s*\)\s*;?", re.DOTALL
)
_SCRIPT: Final = re.compile(r"<script\b[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ARRAY: Final = re.compile(r"\[\s*\{")
_NAME: Final = re.compile(r"([{,]\s*)([A-Za-z_]\w*)\s*:")
_ARRAYS: Final = 40
_ROWS: Final = 3
"""A script with fewer rows is a setting, not a list."""


def with_written_markup(text: str) -> str | None:
    """The page with every script that only writes links replaced by what it writes; None where no script does.

    Only whole literals are taken: what a script computes is not known without running it.
    """
    found = False

    def written(match: re.Match[str]) -> str:
        nonlocal found
        pieces = [single or double for single, double in _WRITE.findall(match[1])]
        markup = _ESCAPED.sub(r"\1", "".join(pieces))
        if "<a" not in markup.lower() and "<li" not in markup.lower():
            return match[0]
        found = True
        return markup

    page = _SCRIPT.sub(written, text)
    return page if found else None


def embedded_list(text: str, base: str) -> tuple[ListItem, ...]:
    """The longest list of objects with title and address that stands in a page's scripts, as JSON or as JavaScript."""
    best: tuple[ListItem, ...] = ()
    for script in _SCRIPT.finditer(text):
        end = -1
        for at, start in enumerate(_ARRAY.finditer(script[1])):
            if at >= _ARRAYS:
                break
            if start.start() < end:
                continue
            data, end = _array(script[1], start.start())
            items = items_of(data, base) if data else ()
            if len(items) >= max(_ROWS, len(best) + 1):
                best = items
    return best


def _array(script: str, start: int) -> tuple[object, int]:
    """The array that begins at `start` and where it ends; None where it is no plain data."""
    decoder = json.JSONDecoder()
    try:
        return decoder.raw_decode(script, start)
    except (ValueError, RecursionError):
        pass
    end = script.find("}]", start)
    if end < 0 or end - start > 500_000:
        return None, -1
    plain = _NAME.sub(r'\1"\2":', script[start : end + 2])
    if '":"' not in plain.replace(" ", "") and '"' not in script[start : end + 2]:
        plain = plain.replace("'", '"')
    try:
        return decoder.raw_decode(plain)[0], end + 2
    except (ValueError, RecursionError):
        return None, end + 2
