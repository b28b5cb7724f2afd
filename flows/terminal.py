"""Where results for people are printed: as wide as the terminal, or wide enough for a row in a file or a pipe."""

from __future__ import annotations

import re
import sys

from rich.console import Console

WIDTH_OF_A_FILE = 200
_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def console() -> Console:
    """A console on standard output."""
    return Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)


def visible(text: str) -> str:
    """`text` as a terminal may show it: what would move the cursor, colour, ring or turn the line is written out."""
    return _COMMANDS.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def one_line(text: str) -> str:
    """`text` in one line, white space as single blanks, for a terminal."""
    return visible(" ".join(text.split()))
