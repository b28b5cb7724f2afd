"""`xietong portals new`: the rows of a portal that is not listed yet, and the beginnings of a family nobody has met."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from config import Region, load_region
from config.model import Column, Portal
from flows.options import json_option, region_option

CHECKOUT = Path(__file__).resolve().parents[1]
_MODULE = '''"""{title}: what is special about its lists; see `crawlers.spiders.family` for what may differ."""

from __future__ import annotations

from typing import ClassVar

from crawlers.spiders.family import FamilySpider


class {name}Spider(FamilySpider):
    """First met at {url}."""

    dialect: ClassVar[str] = "{family}"
'''


def with_new(portals: click.Command) -> click.Command:
    """The command `portals` with the action `new`, which takes other options than the rest."""
    return _Portals(
        portals.name,
        context_settings=portals.context_settings,
        callback=portals.callback,
        params=portals.params,
        help=f"{portals.help or ''}\n\n`xietong portals new URL` proposes the rows of a portal that is not listed yet.",
        epilog=portals.epilog,
    )


class _Portals(click.Command):
    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] == ["new"]:
            return new.make_context(f"{info_name} new", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(epilog="Example: xietong portals new http://www.example.gov.cn/ --from saved.html")
@click.argument("url")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take the page from a saved .html or a .warc.gz instead of the network.",
)
@click.option(
    "--family", metavar="NAME", help="The CMS family, where it is not to be recognised; a new name starts one."
)
@click.option("--write", is_flag=True, help="Append the rows to the region's files and write a new family's files.")
@click.option(
    "--into",
    "checkout",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=CHECKOUT,
    help="The checkout that gets a new family's files [default: the one this command runs from].",
)
@region_option
@json_option
def new(
    url: str,
    source: Path | None,
    family: str | None,
    write: bool,
    checkout: Path,
    region_folder: Path | None,
    as_json: bool,
) -> None:
    """Propose the rows of a portal that is not listed yet, from its home page or one of its lists.

    The family is recognised by addresses and markup, the unit by the site's name and code. A family that nobody has met
    gets a small spider and pages for its test, which fails until someone has reviewed what stands on them.
    """
    region = load_region(region_folder)
    if not re.match(r"https?://[^/\s]+", url):
        raise click.ClickException(f"{url!r} is no address; give it with http:// or https://")
    if (listed := region.portal_of(url)) is not None:
        raise click.ClickException(
            f"{url} belongs to portal {listed.portal_id} ({listed.name}); add columns to it instead"
        )
    if family is not None and not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", family):
        raise click.ClickException(f"--family {family!r}: a name is small letters, digits and -, as in zjk-channel")
    from crawlers.prospect import UNKNOWN, portal_row, prospect  # Scrapy takes a second that other commands need not
    from crawlers.spiders import FAMILIES

    address, body, media = _page(url, source, region)
    seen = prospect(address, body, media, region.units, region.settings.revised)
    made = family or (seen.family if seen.family in FAMILIES else UNKNOWN)
    portal = portal_row(seen, address, made)
    if portal.portal_id in region.portal_by_id:
        taken = region.portal_by_id[portal.portal_id]
        raise click.ClickException(
            f"{portal.name} has a portal already: {taken.base_url}; add this host to other_hosts"
        )
    paging = "; ".join(seen.next_pages) or "not seen"
    era = str(region.settings.revised.year)
    columns = [
        Column(portal_id=portal.portal_id, kind=one.kind, name=one.name, url=one.url,
               paging=paging if one.url == address else "not seen", era=era, confidence="medium")
        for one in seen.columns
    ] or [
        Column(portal_id=portal.portal_id, kind="news", name="首页", url=f"{portal.base_url}/", paging="not seen",
               era=era, confidence="low")
    ]  # fmt: skip
    files = _family_files(checkout, made, address, body, media) if made not in FAMILIES else {}
    if write:
        _append(region.folder / "portals.csv", [portal])
        _append(region.folder / "columns.csv", columns)
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        load_region(region_folder)
    if as_json:
        shown = {
            "portal": _cells(portal),
            "columns": [_cells(column) for column in columns],
            "doubts": seen.doubts,
            "files": [str(path.relative_to(checkout)) for path in files],
            "written": write,
        }
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"family {made}{'' if made in FAMILIES else ' (new)'}, unit {portal.unit_code or 'not told'}\n")
    click.echo("portals.csv\n" + _table(Portal, [portal]))
    click.echo("columns.csv\n" + _table(Column, columns))
    for path in files:
        click.echo(f"{'wrote' if write else '--write makes'} {path.relative_to(checkout)}")
    if files:
        click.echo("its test fails until three pages stand there, each with a golden that someone has reviewed")
    for doubt in seen.doubts:
        click.echo(f"look: {doubt}", err=True)


def _page(url: str, source: Path | None, region: Region) -> tuple[str, bytes, str]:
    """The address, bytes and media type of the page: from a file, from a recording, or from the network."""
    from crawlers.probe import recorded_page

    if source is not None and not source.name.endswith((".warc", ".warc.gz")):
        return url, source.read_bytes(), ""
    if source is not None:
        found = recorded_page(source, url)
        if found is None:
            raise click.ClickException(
                f"{source}: holds no good page of the host of {url}; record it, or save the page"
            )
        return found.url, found.body, found.content_type
    with tempfile.TemporaryDirectory(prefix="xietong-new-") as folder:
        command = [sys.executable, "-m", "crawlers.probe", url, "--data", folder, "--region", str(region.folder)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        log = Path(done.stdout.strip() or folder)
        if done.returncode or not log.is_file():
            raise click.ClickException(
                f"{url}: could not be asked for; {done.stderr.strip()[-200:] or 'no reason told'}"
            )
        told = json.loads(log.read_text(encoding="utf-8"))
        for name in told["warc_files"]:
            if (found := recorded_page(log.parent / name, url)) is not None:
                return found.url, found.body, found.content_type
        state = told["portals"][0]["state"] if told["portals"] else "nothing"
        raise click.ClickException(
            f"{url} gave no page ({state}); save it in a browser and give it with --from FILE.html"
        )


def _family_files(checkout: Path, family: str, url: str, body: bytes, media: str) -> dict[Path, bytes]:
    """The spider of a new family and the first page of its fixtures."""
    name = "".join(part.capitalize() for part in family.split("-"))
    module = checkout / "crawlers" / "spiders" / f"{family.replace('-', '_')}.py"
    files = {module: _MODULE.format(title=family, name=name, url=url, family=family).encode()}
    if (fixtures := checkout / "tests" / "crawlers" / "families").is_dir():
        pages = io.StringIO()
        csv.writer(pages, lineterminator="\n").writerows([["file", "url", "content_type"], ["first.html", url, media]])
        files[fixtures / family / "pages.csv"] = pages.getvalue().encode()
        files[fixtures / family / "first.html"] = body
    return files


def _append(path: Path, rows: Sequence[BaseModel]) -> None:
    """Add rows under the header that the file has; a column that it lacks is left out."""
    if not path.exists():
        raise click.ClickException(
            f"{path}: no such file; this region takes it from the one it extends, so copy it first"
        )
    text = path.read_text(encoding="utf-8-sig")
    header = next(csv.reader(io.StringIO(text)))
    added = io.StringIO()
    csv.DictWriter(added, header, extrasaction="ignore", lineterminator="\n").writerows(_cells(row) for row in rows)
    path.write_text(text.rstrip("\n") + "\n" + added.getvalue(), encoding="utf-8")


def _table(model: type[BaseModel], rows: Sequence[BaseModel]) -> str:
    made = io.StringIO()
    writer = csv.DictWriter(made, list(model.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(_cells(row) for row in rows)
    return made.getvalue()


def _cells(row: BaseModel) -> dict[str, str]:
    """A row as a CSV file writes it."""
    values = row.model_dump()
    return {
        name: ";".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        for name, value in values.items()
    }
