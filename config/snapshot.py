"""A region rebuilt from the texts of its files, as published states and the working state keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from pydantic import ValidationError

from config.loader import FILES, Region, load_region
from config.reading import ConfigError
from config.vocabulary import CHECKED, Vocabulary

_KEYWORDS = "keywords.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def rebuilt(sources: Mapping[str, str], like: Region | None = None, checked: bool = False) -> Region:
    """The region that `sources` (file name → text) describe, whatever became of the folder they were read from.

    A region that differs from `like` in its keywords only shares everything else with it, so that it is there at once.
    Keywords that are `checked` were a region's before; their entries are not held against each other again.
    Raises `ConfigError` for texts that are no region or not a whole one.
    """
    if lost := [name for name in FILES if name not in sources]:
        raise ConfigError(f"a stored region lacks {', '.join(lost)}; it was written by another version")
    texts = {name: sources[name] for name in FILES}
    if like is not None and all(texts[name] == like.sources[name] for name in FILES if name != _KEYWORDS):
        return replace(like, vocabulary=_vocabulary(texts[_KEYWORDS], checked), sources=texts)
    with TemporaryDirectory(prefix="region-") as name:
        folder = Path(name)
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8", newline="")
        # A folder that has every file of its own borrows none, whatever its settings say it extends.
        return replace(load_region(folder), folder=Path("stored"), sources=texts)


def _vocabulary(text: str, checked: bool) -> Vocabulary:
    try:
        return Vocabulary.model_validate(yaml.load(text, _LOADER), context=CHECKED if checked else None)
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"a stored {_KEYWORDS} cannot be read: {' '.join(str(error).split())[:200]}") from None
