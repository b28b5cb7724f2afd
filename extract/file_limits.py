"""How much of an attached file is worked through, and how its readers say that they cannot."""

from __future__ import annotations

from typing import Final

MAX_CHARACTERS: Final = 200_000
"""Text kept of one file: a five-year plan has a third of this."""
MAX_UNPACKED: Final = 64_000_000
"""Bytes unpacked of one file, over all its parts."""


class UnreadableError(Exception):
    """A file whose text cannot be had, with the reason as a short phrase."""
