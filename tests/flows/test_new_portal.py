"""`xietong portals new`: rows from a saved, a recorded and a live page, and the beginnings of a family."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from config.loader import DEFAULT_REGION, load_region
from tests.crawlers.loopback import Reply, Routes, article_page, list_page, serve, write_region

ROOT = Path(__file__).parents[2]
XIETONG = [sys.executable, "-c", "from flows.command_line import main; main()"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def run(*arguments: str, good: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*XIETONG, *arguments], capture_output=True, text=True, timeout=120, env=ENVIRONMENT, check=False
    )
    assert (done.returncode == 0) is good, done.stderr
    return done


def propose(*arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run("portals", "new", *arguments, "--json").stdout)
    return answer


def home(name: str, links: str, meta: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{name}</title>{meta}</head><body><div class='nav'>"
        "<a href='/'>首页</a><a href='/zjyl/'>走进本县</a></div>" + links + "</body></html>"
    )


LINKS = (
    "<a href='/zwgk/zcwj/'>政策文件</a><a href='/zwgk/zfwj/'>县政府文件</a><a href='/ywdt/'>本地要闻</a>"
    "<a href='/zt/jjj/'>京津冀协同发展</a>"
    "<a href='http://elsewhere.example/zc/'>国务院政策</a><a href='/login'>登录</a>"
)
TRS = "".join(f"<p><a href='/ywdt/202409/t2024090{n}_100{n}.html'>本地要闻的一条标题之{n}</a></p>" for n in range(1, 6))


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A copy of the shipped region in which 涿鹿县 has no portal yet."""
    folder = tmp_path / "region"
    folder.mkdir()
    for path in DEFAULT_REGION.iterdir():
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if path.name not in ("portals.csv", "columns.csv") or "130731" not in line]
            (folder / path.name).write_text("".join(kept), encoding="utf-8")
    return folder


def test_a_saved_page_of_a_known_family_gives_rows_that_load(tmp_path: Path, region: Path) -> None:
    saved = tmp_path / "saved.html"
    saved.write_text(home("涿鹿县人民政府", LINKS + TRS), encoding="utf-8")
    url = "http://www.zhuolu-new.example/"
    shown = propose(url, "--from", str(saved), "--region", str(region))
    portal = shown["portal"]
    assert (portal["portal_id"], portal["unit_code"], portal["level"]) == ("130731", "130731", "county")
    assert (portal["dialect"], portal["basis"], portal["base_url"]) == ("trs", "seen", "http://www.zhuolu-new.example")
    assert [(column["kind"], column["url"]) for column in shown["columns"]] == [
        ("policy", url + "zwgk/zcwj/"), ("gov_file", url + "zwgk/zfwj/"), ("news", url + "ywdt/"),
        ("cooperation", url + "zt/jjj/"),
    ]  # fmt: skip
    assert (shown["files"], shown["written"], shown["doubts"]) == ([], False, [])
    assert "130731" not in (region / "portals.csv").read_text(encoding="utf-8")
    run("portals", "new", url, "--from", str(saved), "--region", str(region), "--write")
    loaded = load_region(region)
    assert loaded.portal_by_id["130731"].dialect == "trs"
    assert len([column for column in loaded.columns if column.portal_id == "130731"]) == 4
    told = run("portals", "new", url, "--from", str(saved), "--region", str(region), good=False).stderr
    assert "belongs to portal 130731" in told


def test_the_code_of_the_site_decides_between_units_of_one_name(tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    saved.write_text(home("新华区人民政府", LINKS, "<meta name=SiteIDCode content=1309020001>"), encoding="utf-8")
    done = run("portals", "new", "http://xinhua.example/", "--from", str(saved), good=False)
    assert "新华区" in done.stderr and "has a portal already" in done.stderr
    saved.write_text(home("新华区人民政府", LINKS), encoding="utf-8")
    shown = propose("http://xinhua.example/", "--from", str(saved))
    assert shown["portal"]["unit_code"] == ""
    assert "130105" in shown["doubts"][0] and "130902" in shown["doubts"][0]


def test_a_list_page_in_a_recording(tmp_path: Path, region: Path) -> None:
    rows = [(f"/single/22/{n}.html", f"涿鹿县公布的第{n}号公告的标题") for n in range(1800, 1810)]
    page = list_page(rows, '<a href="/channel/list/22_2.html">下一页</a>').replace(
        "政策文件</title>", "政策文件-涿鹿县人民政府</title>"
    )
    archive = tmp_path / "saved.warc.gz"
    with archive.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        headers = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")], protocol="HTTP/1.1"
        )
        body = BytesIO(gzip.compress(page.encode()))
        url = "http://www.zhuolu-new.example/channel/list/22.html"
        writer.write_record(writer.create_warc_record(url, "response", payload=body, http_headers=headers))
    shown = propose(
        "http://www.zhuolu-new.example/channel/list/22.html", "--from", str(archive), "--region", str(region)
    )
    assert (shown["portal"]["dialect"], shown["portal"]["unit_code"]) == ("zjk-channel", "130731")
    assert (shown["columns"][0]["kind"], shown["columns"][0]["paging"]) == (
        "policy", "http://www.zhuolu-new.example/channel/list/22_2.html",
    )  # fmt: skip
    empty = tmp_path / "empty.warc.gz"
    empty.write_bytes(b"")
    told = run("portals", "new", "http://a.example/", "--from", str(empty), good=False).stderr
    assert "holds no good page" in told


def test_a_live_page_is_asked_for_alone(tmp_path: Path) -> None:
    routes: Routes = {"new.test": {"/": Reply(home("某示范区管理委员会", LINKS + TRS)), "*": Reply(article_page("一"))}}
    with serve(routes) as web:
        folder = write_region(
            tmp_path / "region",
            web.port,
            [("old", "trs", ["/"])],
            hosts={"new.test": "127.0.0.1", "shut.test": "127.0.0.1"},
        )
        shown = propose(f"http://new.test:{web.port}/", "--region", str(folder))
        assert web.targets("new.test") == ["/"]
        assert shown["portal"]["portal_id"] == "new-test"
        assert shown["portal"]["dialect"] == "trs"
        routes["shut.test"] = {"/robots.txt": Reply("User-agent: *\nDisallow: /\n", media="text/plain")}
        told = run("portals", "new", f"http://shut.test:{web.port}/", "--region", str(folder), good=False).stderr
        assert "gave no page (robots)" in told


def test_an_unknown_cms_gets_a_family_whose_test_fails_until_reviewed(tmp_path: Path, region: Path) -> None:
    checkout = tmp_path / "checkout"
    fixtures = checkout / "tests" / "crawlers" / "families"
    fixtures.mkdir(parents=True)
    saved = tmp_path / "saved.html"
    rows = [(f"/n/x{n}", f"涿鹿县公布的第{n}号公告的标题") for n in range(12)]
    saved.write_text(list_page(rows).replace("<title>", "<title>涿鹿县人民政府-"), encoding="utf-8")
    arguments = ["http://www.zhuolu-new.example/n/", "--from", str(saved), "--region", str(region)]
    assert propose(*arguments)["portal"]["dialect"] == "generic"
    shown = propose(*arguments, "--family", "hill-cms", "--into", str(checkout), "--write")
    assert shown["files"] == [
        "crawlers/spiders/hill_cms.py", "tests/crawlers/families/hill-cms/pages.csv",
        "tests/crawlers/families/hill-cms/first.html",
    ]  # fmt: skip
    module = (checkout / "crawlers" / "spiders" / "hill_cms.py").read_text(encoding="utf-8")
    assert 'dialect: ClassVar[str] = "hill-cms"' in module
    compile(module, "hill_cms.py", "exec")
    (fixtures.parent / "test_families.py").write_bytes((ROOT / "tests" / "crawlers" / "test_families.py").read_bytes())
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(fixtures.parent), "-k", "first.html"]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, cwd=checkout, env=ENVIRONMENT, check=False)
        assert done.returncode == 1 and "is a draft" in done.stdout
    golden = fixtures / "hill-cms" / "first.html.json"
    draft = json.loads(golden.read_text(encoding="utf-8"))
    assert (draft["reviewed"], len(draft["rows"])) == (False, 12)
    golden.write_text(json.dumps({**draft, "reviewed": True}), encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, cwd=checkout, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["www.example.cn"], "is no address"),
        (["http://www.lf.gov.cn/zc/"], "belongs to portal 131000"),
        (["http://x.example/", "--family", "Bad Name"], "small letters"),
    ],
)
def test_slips_are_told(arguments: list[str], told: str) -> None:
    assert told in run("portals", "new", *arguments, good=False).stderr


def test_the_other_actions_are_as_before() -> None:
    assert "portals check 131000" in run("portals", "--help").stdout
    assert "--from" in run("portals", "new", "--help").stdout
