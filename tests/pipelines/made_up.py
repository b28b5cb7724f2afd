"""A small region with invented hosts, pages of our own writing, and WARC files of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from config.loader import DEFAULT_REGION, Region, load_region

SETTINGS = """\
title: Beijing–Tianjin–Hebei
title_zh: 京津冀
timezone: Asia/Shanghai
vintage: 2015-12-31
revised: 2026-11-21
provinces: ["110000", "120000", "130000"]
extends: {extends}
crawling:
  user_agent: "xietong tests (no one is asked)"
  contact: "nobody@example.org"
  max_bytes: {max_bytes}
"""
PORTALS = """\
portal_id,unit_code,name,level,base_url,other_hosts,dialect,confidence,note
state,,国务院,state,http://state.example,,generic,high,
110000,110000,北京市人民政府,province,http://beijing.example,,generic,high,
110000-kw,110000,北京市科委,bureau,http://kw.beijing.example,,generic,high,
110106,110106,丰台区人民政府,county,http://fengtai.example,,generic,high,
120114,120114,武清区人民政府,county,http://wuqing.example,,generic,high,
130600,130600,保定市人民政府,prefecture,http://baoding.example,,generic,high,
131000,131000,廊坊市人民政府,prefecture,http://langfang.example,,generic,high,
"""
COLUMNS = "portal_id,kind,name,url,paging,era,confidence\n"
ANY_DAY = "2026-11-01T02:03:04Z"


@dataclass(frozen=True)
class Fetch:
    """One response to archive."""

    url: str
    body: bytes
    date: str = ANY_DAY
    status: str = "200 OK"
    content_type: str = "text/html; charset=utf-8"


def region(folder: Path, max_bytes: int = 200_000) -> Region:
    """The units, names and rules that ship, with invented portals."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS.format(extends=DEFAULT_REGION.as_posix(), max_bytes=max_bytes)
    (folder / "region.yaml").write_text(settings, encoding="utf-8")
    (folder / "portals.csv").write_text(PORTALS, encoding="utf-8")
    (folder / "columns.csv").write_text(COLUMNS, encoding="utf-8")
    return load_region(folder)


def article(title: str, day: str, *paragraphs: str) -> bytes:
    """An article page of no particular CMS."""
    body = "".join(f"<p>　　{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:30">'
        '<meta name="ContentSource" content="政府办公室"></head><body>'
        '<div class="header"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>'
        f'<div class="article"><h1>{title}</h1><div class="info">发布时间：{day}</div>'
        f'<div class="content" id="zoom">{body}</div></div><div class="footer">主办单位</div></body></html>'
    ).encode()


AGREEMENT = (
    "近日，廊坊市与天津市武清区签署产业合作框架协议，双方将共建高端装备制造产业园区。",
    "根据协议，廊坊市承接武清区转移的汽车零部件企业12家，总投资35亿元，两地建立联席会议制度，定期会商产业转移中的具体问题。",
    "双方还将在人才培养、技术攻关、成果转化等方面加强合作，推动产业链上下游企业协同配套，共同打造区域产业高地。",
)
PARK = (
    "保定市与北京市丰台区签署协议，共建科技产业园区，承接丰台区转移的制造业企业8家。",
    "园区规划面积3平方公里，由两地共同组建管理机构，分三期开发建设，重点发展新能源和电子信息产业。",
    "两地将建立定期会商机制，统筹推进基础设施、公共服务和招商引资工作，保障项目按期落地。",
)
WEATHER = (
    "今天白天多云转晴，北风二三级，最高气温十二度，早晚温差较大，请市民注意添加衣物。",
    "未来三天气温平稳，空气质量良好，适宜户外活动，外出时注意交通安全。",
)


def fetches() -> list[Fetch]:
    """A handful of pages: two policies, one of them reposted, one that has nothing to say."""
    agreement = article("廊坊市与武清区签署产业合作框架协议", "2014-02-25", *AGREEMENT)
    return [
        Fetch("http://langfang.example/zw/1.html", agreement),
        Fetch("http://wuqing.example/xw/20140226_1.html", agreement.replace(b"2014-02-25", b"2014-02-26")),
        Fetch("http://baoding.example/zw/2.html", article("保定丰台共建产业园区", "2016-12-31", *PARK)),
        Fetch("http://fengtai.example/tq.html", article("丰台区天气预报", "2017-03-01", *WEATHER)),
        Fetch("http://elsewhere.example/1.html", article("别处的新闻", "2017-03-01", *WEATHER)),
        Fetch("http://langfang.example/missing.html", b"<html>404</html>", status="404 Not Found"),
    ]


def write_warc(path: Path, responses: Iterable[Fetch], zipped: bool = True) -> list[int]:
    """Archive responses; returns the offset of each record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    offsets = []
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=zipped, warc_version="WARC/1.1")
        for response in responses:
            offsets.append(file.tell())
            headers = StatusAndHeaders(response.status, [("Content-Type", response.content_type)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                response.url,
                "response",
                payload=BytesIO(response.body),
                http_headers=headers,
                warc_headers_dict={
                    "WARC-Date": response.date,
                    "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, response.url + response.date)}>",
                },
            )
            writer.write_record(record)
    return offsets


def write_log(archive: Path, run_id: str, warc_files: Sequence[str], any_host: bool = False) -> None:
    """The log of a crawl that wrote these files."""
    row = {
        "run_id": run_id,
        "kind": "crawl",
        "started_at": "2026-11-01T02:00:00Z",
        "finished_at": "2026-11-01T03:00:00Z",
        "any_host": any_host,
        "warc_files": list(warc_files),
        "portals": [
            {"portal_id": "131000", "pages": 2, "new_pages": 2, "errors": 0, "failure_class": None, "state": "ok"},
            {"portal_id": "120114", "pages": 0, "new_pages": 0, "errors": 3, "failure_class": "dns", "state": "failed"},
        ],
    }
    archive.mkdir(parents=True, exist_ok=True)
    (archive / f"{run_id}.crawl.json").write_text(json.dumps(row), encoding="utf-8")


def write_rows(path: Path, rows: Iterable[dict[str, object]]) -> Path:
    """An import file of JSON lines, compressed when its name says so."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode(), mtime=0))
    else:
        path.write_text(text, encoding="utf-8")
    return path
