"""What a researcher edits, and the one loader that validates and hashes it."""

from config.loader import DEFAULT_REGION, Region, load_region
from config.reading import ConfigError

__all__ = ["DEFAULT_REGION", "ConfigError", "Region", "load_region"]
