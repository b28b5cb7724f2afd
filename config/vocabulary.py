"""The vocabulary and rules of collaboration, as `keywords.yaml` holds them."""

from __future__ import annotations

from config.model import Row


class Vocabulary(Row):
    """Named groups of terms that the rules of the extractor are written in."""

    groups: dict[str, tuple[str, ...]]
