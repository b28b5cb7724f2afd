"""The hours in which a portal may be asked: most of China's offices read their own sites by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Self

from config.model import WINDOW


@dataclass(frozen=True)
class Window:
    """From `opens` until `closes` every day, over midnight when it closes before it opens; `None` both for always."""

    opens: time | None = None
    closes: time | None = None

    @classmethod
    def parse(cls, written: str) -> Self:
        """The window of a portal's row, as `22:00-07:00`; always for an empty one or for two equal times."""
        match = WINDOW.fullmatch(written)
        if match is None:
            return cls()
        hour, minute, last_hour, last_minute = map(int, match.groups())
        opens, closes = time(hour, minute), time(last_hour, last_minute)
        return cls() if opens == closes else cls(opens, closes)

    def seconds_open(self, now: datetime) -> float | None:
        """How long it still stays open at `now` (local time); 0 when it is closed, None when it never closes."""
        if self.opens is None or self.closes is None:
            return None
        at = now.time().replace(tzinfo=None)
        outside = (at < self.opens, at >= self.closes)
        if any(outside) if self.opens < self.closes else all(outside):
            return 0.0
        end = datetime.combine(now.date(), self.closes)
        if end <= now.replace(tzinfo=None):
            end += timedelta(days=1)
        return (end - now.replace(tzinfo=None)).total_seconds()

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}" if self.opens and self.closes else ""


ALWAYS = Window()
