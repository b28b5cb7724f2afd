"""Which version of the reading and extracting code made a stored result."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import extract


@cache
def code_version() -> str:
    """16 hex digits over the sources of `extract`: a stored result is used again only while they stay the same."""
    root = Path(extract.__file__).parent
    hashed = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        hashed.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()[:16]
