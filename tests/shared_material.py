"""Where the labelled sets and recordings stand when they are beside the project; a user's clone has none."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def needs_shared(name: str) -> pytest.MarkDecorator:
    """Skip a test, saying why, where `shared/NAME` is absent."""
    return pytest.mark.skipif(not (SHARED / name).exists(), reason=f"shared/{name} is not beside this checkout")
