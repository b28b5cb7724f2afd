"""Reading the files of a region so that a mistake names the file, the line and the remedy."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class ConfigError(ValueError):
    """A mistake in the configuration, told in one line: where it is, what was expected, what to do."""


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; a missing or differently encoded one is a `ConfigError`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: file not found; restore it or name its folder in region.yaml as `extends`"
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None


def read_rows(path: Path, model: type[Model]) -> tuple[Model, ...]:
    """The rows of a CSV file as `model`; errors name the line a spreadsheet would show."""
    reader = csv.DictReader(io.StringIO(read_text(path)), strict=True)
    wanted = set(model.model_fields)
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    rows: list[Model] = []
    try:
        header = set(reader.fieldnames or ())
        if missing := sorted(required - header):
            raise ConfigError(
                f"{path}:1: column {', '.join(missing)} is missing; the header needs {', '.join(model.model_fields)}"
            )
        if unknown := sorted(header - wanted):
            raise ConfigError(
                f"{path}:1: unknown column {', '.join(unknown)}; the header knows {', '.join(model.model_fields)}"
            )
        for row in reader:
            if None in row or None in row.values():
                found = f"{_count(row)} cells where the header has {len(header)}"
                raise ConfigError(f"{path}:{reader.line_num}: {found}; check commas and quotes")
            try:
                rows.append(model.model_validate(row))
            except ValidationError as error:
                raise ConfigError(f"{path}:{reader.line_num}: {describe(error)}") from None
    except csv.Error as error:
        raise ConfigError(f"{path}:{reader.line_num}: {error}; check quotes") from None
    return tuple(rows)


def read_yaml(path: Path, model: type[Model]) -> Model:
    """A YAML file as `model`; errors name the line of the offending key or value."""
    text = read_text(path)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_duplicates(node, path)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 1
        raise ConfigError(f"{path}:{line}: not YAML: {error.problem}; check indentation, colons and quotes") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        line = _line_of(node, error.errors()[0]["loc"])
        raise ConfigError(f"{path}:{line}: {describe(error)}") from None


def describe(error: ValidationError) -> str:
    """The first problem of a validation in plain words: where, what was expected, what was found."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "row"
    found = "" if first["type"] in ("missing", "extra_forbidden") else f", found {str(first['input'])[:60]!r}"
    return f"{where}: {first['msg']}{found}"


def _count(row: dict[str | None, object]) -> int:
    extra = row.get(None)
    return sum(value is not None for key, value in row.items() if key is not None) + (
        len(extra) if isinstance(extra, list) else 0
    )


def _refuse_duplicates(node: yaml.Node | None, path: Path) -> None:
    """YAML silently keeps the last of two equal keys; a vocabulary group would vanish that way."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise ConfigError(f"{path}:{key.start_mark.line + 1}: key {key.value!r} stands twice; merge the two")
            seen.add(key.value)
            _refuse_duplicates(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_duplicates(item, path)


def _line_of(node: yaml.Node | None, where: tuple[Hashable, ...]) -> int:
    line = 1
    for part in where:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
