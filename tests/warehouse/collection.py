"""A small collection whose answers can be counted by hand: five documents, two cities, three counties, two periods.

廊坊 tells of 武清 in 2010 (planned); 武清's 天津 answers in 2016. 廊坊 tells of Beijing in 2015, citing two national
policies; Beijing posts it again three days later. 固安 tells of Beijing in 2016. The state's own policy is from 2014.
"""

from __future__ import annotations

from datetime import date

from warehouse.schema import TABLES, WAREHOUSE_VERSION

Row = tuple[object, ...]
PERIODS = ("早", "晚")
PLAN = "《京津冀协同发展规划纲要》"
ORDER = "国发〔2014〕12号"
TEXTS = {
    "d1": "廊坊市将与武清区签署产业合作协议。",
    "d2": "国发〔2014〕12号\n支持产业有序转移。",
    "d3": f"北京市企业落户廊坊市。根据{PLAN}和{ORDER}，承接产业。",
    "d4": "武清区与廊坊市签署产业协议。",
    "d5": "固安县与北京市共建产业园。首钢搬迁。",
}
_ABOUT = {
    "d1": ("廊坊市与武清区合作", date(2010, 5, 1), "131000", "131000"),
    "d2": ("国务院关于产业转移的意见", date(2014, 3, 1), "state", None),
    "d3": ("廊坊市承接产业转移的意见", date(2015, 9, 1), "131000", "131000"),
    "d4": ("天津市与廊坊市合作", date(2016, 1, 1), "120000", "120000"),
    "d5": ("固安县产业园", date(2016, 5, 5), "131022", "131022"),
}
_NAMES = {
    "110000": "北京市",
    "120000": "天津市",
    "120114": "武清区",
    "131000": "廊坊市",
    "131022": "固安县",
    "131023": "永清县",
    "131099": "临空区",
    "state": "国务院",
}
_STATEMENTS = (
    ("e1", "d1", "120114", "131000", "agreement", "planned", None, 2010),
    ("e3", "d3", "110000", "131000", "transfer", "actual", "a>b", 2015),
    ("e4", "d4", "120114", "131000", "agreement", "actual", None, 2016),
    ("e5", "d5", "110000", "131022", "co_build", "actual", None, 2016),
)
_PAIRS = (
    ("110000", "131000", "named", 2015, 2015, ["d3"], ["e3"]),
    ("110000", "131022", "named", 2016, 2016, ["d5"], ["e5"]),
    ("120114", "131000", "named", 2010, 2016, ["d1", "d4"], ["e1", "e4"]),
    ("110000", "131000", "city13", 2015, 2016, ["d3", "d5"], ["e3", "e5"]),
    ("120000", "131000", "city13", 2010, 2016, ["d1", "d4"], ["e1", "e4"]),
)
_CELLS = {("131000", "早"): ["d1"], ("131000", "晚"): ["d3"], ("120000", "晚"): ["d4"], ("131022", "晚"): ["d5"]}


def _unit(code: str, level: str, city: str, **more: object) -> dict[str, object]:
    return {"code": code, "name": _NAMES[code], "level": level, "city_code": city, **more}


def _words(doc_id: str) -> str:
    return TEXTS[doc_id].partition("。")[0]


def _matrix(codes: dict[str, str | None]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for code, city in codes.items():
        so_far = 0
        for period in PERIODS:
            doc_ids = _CELLS.get((code, period), [])
            so_far |= int(bool(doc_ids))
            row = {"unit_code": code, "name": _NAMES[code], "period": period, "value": int(bool(doc_ids))}
            rows.append(row | {"cumulative": so_far, "documents": len(doc_ids), "doc_ids": doc_ids, "city_code": city})
    return rows


def collection() -> dict[str, list[Row]]:
    """The rows of every table."""
    plan, order = TEXTS["d3"].index(PLAN), TEXTS["d3"].index(ORDER)
    tables: dict[str, list[dict[str, object]]] = {
        "units": [
            _unit("110000", "province", "110000"),
            _unit("120000", "province", "120000"),
            _unit("120114", "county", "120000", unit202=["120114"]),
            _unit("131000", "prefecture", "131000"),
            _unit("131022", "county", "131000", unit202=["131022"]),
            _unit("131023", "county", "131000", unit202=["131023"], valid_to=date(2019, 1, 1)),
            _unit("131099", "county", "131000", unit202=["131022", "131023"], valid_from=date(2019, 1, 1)),
        ],
        "portals": [
            {"portal_id": code, "unit_code": None if code == "state" else code, "name": _NAMES[code]}
            for code in ("110000", "120000", "131000", "131022", "state")
        ],
        "documents": [
            {
                "doc_id": doc_id,
                "url": f"http://{portal}.example/{doc_id}",
                "portal_id": portal,
                "title": title,
                "published_on": day,
                "text": TEXTS[doc_id],
                "publisher": _NAMES[portal],
                "publisher_unit": unit,
                "imported": False,
                "sources": 2 if doc_id == "d3" else 1,
            }
            for doc_id, (title, day, portal, unit) in _ABOUT.items()
        ],
        "document_sources": [
            {
                "doc_id": doc_id,
                "url": f"http://{portal}.example/{doc_id}",
                "portal_id": portal,
                "published_on": day,
                "unit_code": unit,
                "own": unit is not None,
                "publisher": _NAMES[portal],
            }
            for doc_id, portal, day, unit in (
                *((doc_id, portal, day, unit) for doc_id, (_, day, portal, unit) in _ABOUT.items()),
                ("d3", "110000", date(2015, 9, 4), "110000"),
            )
        ],
        "policies": [
            {
                "doc_id": doc_id,
                "rules_version": "r1",
                "industrial": True,
                "level": "region" if doc_id == "d2" else "county",
                "types": [one[4] for one in _STATEMENTS if one[1] == doc_id],
                "published_on": day,
                "sources": 2 if doc_id == "d3" else 1,
            }
            for doc_id, (_, day, _, _) in _ABOUT.items()
        ],
        "pair_evidence": [
            {
                "evidence_id": evidence_id,
                "doc_id": doc_id,
                "rules_version": "r1",
                "unit_a": a,
                "unit_b": b,
                "types": [kind],
                "status": status,
                "direction": direction,
                "year": year,
                "quote": _words(doc_id),
                "start": 0,
                "end": len(_words(doc_id)),
                "rule": kind,
            }
            for evidence_id, doc_id, a, b, kind, status, direction, year in _STATEMENTS
        ],
        "citations": [
            {"doc_id": "d3", "title": PLAN[1:-1], "kind": "national", "start": plan, "end": plan + len(PLAN)},
            {
                "doc_id": "d3",
                "number": ORDER,
                "cited_doc_id": "d2",
                "kind": "national",
                "start": order,
                "end": order + len(ORDER),
            },
        ],
        "city_pairs": [
            {
                "unit_a": a,
                "unit_b": b,
                "name_a": _NAMES[a],
                "name_b": _NAMES[b],
                "grain": grain,
                "first_year": first,
                "last_year": last,
                "documents": len(doc_ids),
                "portals": len(doc_ids),
                "types": sorted({one[4] for one in _STATEMENTS if one[0] in evidence_ids}),
                "domains": ["industry"],
                "doc_ids": doc_ids,
                "evidence_ids": evidence_ids,
            }
            for a, b, grain, first, last, doc_ids, evidence_ids in _PAIRS
        ],
        "city_pair_years": [
            {"unit_a": a, "unit_b": b, "grain": grain, "year": year, "documents": 1}
            for a, b, grain, *_, evidence_ids in _PAIRS
            for year in sorted(one[7] for one in _STATEMENTS if one[0] in evidence_ids)
        ],
        "matrix_city": _matrix({"110000": None, "120000": None, "131000": None}),
        "matrix_county": _matrix({"120114": "120000", "131022": "131000", "131023": "131000"}),
        "region_events": [
            {"date": date(2014, 3, 1), "year": 2014, "title": _ABOUT["d2"][0], "issuers": ["国务院"], "doc_id": "d2"}
        ],
        "rules": [{"rules_version": "r1", "created_at": date(2026, 11, 21), "source": "{}"}],
        "runs": [{"run_id": "run", "kind": "crawl", "rules_version": "r1"}],
        "portal_health": [
            {"run_id": "run", "portal_id": "131000", "pages": 2, "errors": 0, "state": "ok"},
            {
                "run_id": "run",
                "portal_id": "110000",
                "pages": 0,
                "errors": 3,
                "state": "failed",
                "failure_class": "dns",
            },
        ],
        "periods": [
            {"number": 1, "period": "早", "until": date(2014, 2, 25), "title": "early", "title_zh": "早"},
            {"number": 2, "period": "晚", "since": date(2014, 2, 26), "title": "late", "title_zh": "晚"},
        ],
        "warehouse_state": [
            {"schema_version": WAREHOUSE_VERSION, "rules_version": "r1", "vintage": date(2015, 12, 31)}
        ],
    }
    return {
        table.name: [tuple(row.get(name) for name in table.column_names) for row in tables.get(table.name, ())]
        for table in TABLES
    }
