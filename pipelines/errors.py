"""What stops a stage: one line for a person."""

from __future__ import annotations


class StageError(RuntimeError):
    """A stage cannot go on: what is wrong, with which file, and what to do."""
