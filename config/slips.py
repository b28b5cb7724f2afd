"""A slip that a model finds in its own values, with the place it stands at."""

from __future__ import annotations

Place = tuple[str | int, ...]
"""The way from the top of a file to a value: keys of mappings and positions in lists (`("groups", "sign", 2)`)."""


class SlipError(ValueError):
    """What is wrong at `place` and what to do; `{line}` in the message is the line of the `other` place involved.

    A model raises it, because only a model knows what its values mean; whoever read the file turns it into a
    `ConfigError`, because only the reader knows on which line they stand.
    """

    def __init__(self, place: Place, message: str, other: Place | None = None) -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.other = other
