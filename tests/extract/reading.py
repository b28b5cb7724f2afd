"""Reading test sentences through the whole extractor, with pairs written as names."""

from __future__ import annotations

from datetime import date
from functools import cache

from config.loader import load_region
from extract.extractor import Extractor
from extract.model import Context, Extraction


@cache
def extractor() -> Extractor:
    """One extractor of the shipped region for all tests."""
    return Extractor(load_region())


def read(text: str, publisher: str | None = None, day: str | None = "2020-05-01", title: str = "") -> Extraction:
    """The extraction of a sentence as it speaks in its context."""
    when = date.fromisoformat(day) if day else None
    return extractor().extract(text, Context(title=title, publisher=publisher, day=when))


def pairs(text: str, publisher: str | None = None, day: str | None = "2020-05-01", title: str = "") -> set[str]:
    """The pairs as `短名-短名`, each pair in the order of its codes."""
    found = read(text, publisher, day, title)
    units = extractor().gazetteer
    when = date.fromisoformat(day) if day else None
    return {f"{units.unit(p.a, when).short_name}-{units.unit(p.b, when).short_name}" for p in found.pairs}
