"""Rows that a page's scripts hold: markup handed to `document.write`, and lists of objects that a script lays out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from extract.model import ListItem
from extract.records import items_of

_WRITE: Final = re.compile(
    r"document\.write(?:ln)?\(\s*(?:'((?:[^'\\\n]|\\.){0,5000})'|\"((?:[^\"\\\n]|\\.){0,5000})\")\s*\)\s*;?", re.DOTALL
)
_SCRIPT_TAG: Final = re.compile(r"</?script\b[^<>]*>", re.IGNORECASE)
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
    kept: list[str] = []
    at = 0
    for start, end, script in _scripts(text):
        pieces = [single or double for single, double in _WRITE.findall(script)]
        markup = _ESCAPED.sub(r"\1", "".join(pieces))
        if "<a" in markup.lower() or "<li" in markup.lower():
            kept += (text[at:start], markup)
            at = end
    return "".join((*kept, text[at:])) if kept else None


def _scripts(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each script of a page begins and ends, and what stands in it; one that is never closed is none."""
    opened: re.Match[str] | None = None
    for tag in _SCRIPT_TAG.finditer(text):
        if tag[0][1] != "/":
            opened = opened or tag
        elif opened is not None:
            yield opened.start(), tag.end(), text[opened.end() : tag.start()]
            opened = None


def embedded_list(text: str, base: str) -> tuple[ListItem, ...]:
    """The longest list of objects with title and address that stands in a page's scripts, as JSON or as JavaScript."""
    best: tuple[ListItem, ...] = ()
    for _, _, script in _scripts(text):
        end = -1
        for at, start in enumerate(_ARRAY.finditer(script)):
            if at >= _ARRAYS:
                break
            if start.start() < end:
                continue
            data, end = _array(script, start.start())
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
