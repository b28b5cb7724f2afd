"""`python -m crawlers`: crawl portals, or replay recordings of them, into the archive of a data folder."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from datetime import date
from pathlib import Path

from config.loader import load_region
from config.reading import ConfigError
from crawlers.crawl import crawl, replay
from crawlers.night import Period


def main(arguments: list[str] | None = None) -> int:
    """Exit 0 when the crawl ran, whatever became of single portals (the log tells); 2 when it could not begin."""
    parser = argparse.ArgumentParser(
        prog="python -m crawlers",
        description=__doc__,
        epilog="example: python -m crawlers --data data --portal 131000 --portal gov-cn",
    )
    parser.add_argument("--region", type=Path, help="folder of the region (default: XIETONG_REGION, or 京津冀)")
    parser.add_argument("--data", type=Path, required=True, help="data folder; raw responses go to its archive/")
    parser.add_argument("--portal", action="append", default=[], metavar="ID", help="only this portal; may be repeated")
    parser.add_argument("--known", type=Path, metavar="FILE", help="URLs that need not be fetched again, one a line")
    parser.add_argument("--replay", type=Path, nargs="+", action="extend", default=[], metavar="FILE",
                        help="take the pages from these WARC files instead of the network")  # fmt: skip
    parser.add_argument("--any-host", action="store_true", help="replay hosts that no portal lists, too")
    parser.add_argument("--since", type=_day, metavar="DAY", help="backfill: follow the lists back to this day")
    parser.add_argument("--until", type=_day, metavar="DAY", help="backfill: fetch nothing dated later")
    options = parser.parse_args(arguments)
    period = Period(options.since, options.until) if options.since or options.until else None
    try:
        region = load_region(options.region)
        region.choose(options.portal)
        known = _read_known(options.known)
    except (ConfigError, OSError) as error:
        print(f"crawlers: {error}", file=sys.stderr)
        return 2
    if options.any_host and not options.replay:
        print("crawlers: --any-host needs --replay; the network is only asked for listed portals", file=sys.stderr)
        return 2
    if period and options.replay:
        print(
            "crawlers: --since and --until bound a crawl of the network; leave them out with --replay", file=sys.stderr
        )
        return 2
    if period and period.since and period.until and period.until < period.since:
        print(f"crawlers: --until {period.until} is before --since {period.since}; exchange them", file=sys.stderr)
        return 2
    try:
        if options.replay:
            log = replay(region, options.data, options.replay, options.portal, known, options.any_host)
        else:
            log = crawl(region, options.data, options.portal, known, period)
    except OSError as error:
        print(f"crawlers: {error}; check the data folder and its free space", file=sys.stderr)
        return 2
    except sqlite3.Error as error:
        print(f"crawlers: {options.data}/frontier.sqlite: {error}; check the disk, or remove the file: it is made anew "
              "from the archive", file=sys.stderr)  # fmt: skip
        return 2
    print(log)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2014-02-26") from None


def _read_known(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip())


if __name__ == "__main__":
    sys.exit(main())
