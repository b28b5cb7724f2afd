"""Where results for people are printed: as wide as the terminal, or wide enough for a row in a file or a pipe."""

from __future__ import annotations

import sys

from rich.console import Console

WIDTH_OF_A_FILE = 200


def console() -> Console:
    """A console on standard output."""
    return Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
