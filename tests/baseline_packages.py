"""The packages we are measured against that the tests do not need: `make bench` installs them, nothing else does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, metadata, resources
from types import ModuleType
from typing import IO, Any

LOCK = "requirements-bench.lock"


class NotInstalledError(Exception):
    """A baseline whose package is not there, told in one line with what to do."""

    def __init__(self, package: str, error: ImportError) -> None:
        lost = "" if error.name in (None, package) else f" in full ({error})"
        super().__init__(f"{package} is not installed{lost}: `make bench` installs it from {LOCK}")


def named(package: str) -> str:
    """The package with its version, as far as it has one here."""
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return package


def load(package: str, *modules: str) -> tuple[Any, ...]:
    """The given modules of a package (the package itself without any); raises `NotInstalledError` where it is not."""
    try:
        with _resources_of_old_setuptools():
            return tuple(import_module(name) for name in modules or (package,))
    except ImportError as error:
        raise NotInstalledError(package, error) from error


@contextmanager
def _resources_of_old_setuptools() -> Iterator[None]:
    """cpca opens its table through `pkg_resources`, which setuptools no longer has since version 82."""
    name = "pkg_resources"
    try:
        import_module(name)
    except ImportError:
        stand_in = ModuleType(name)
        stand_in.resource_stream = _open_resource  # type: ignore[attr-defined]
        sys.modules[name] = stand_in
        try:
            yield
        finally:
            del sys.modules[name]
    else:
        yield


def _open_resource(package: str, name: str) -> IO[bytes]:
    return (resources.files(package) / name).open("rb")
