"""What every test shares: one home for Prefect, whose database takes six seconds to make."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nights of this process of the suite keep their history in one place of their own, as those of one user do."""
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    yield
    del os.environ["PREFECT_HOME"]
