"""A small true state of the warehouse, to publish as it is or with one thing wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from warehouse.schema import TABLES, WAREHOUSE_VERSION

TEXT = "😀近日，廊坊市与武清区签署协议。"
QUOTE = "廊坊市与武清区签署协议"
PERIODS = ("早", "晚")
Row = tuple[object, ...]


def document(doc_id: str, title: str = "题", url: str = "http://lf.example/1", text: str = TEXT) -> dict[str, object]:
    return {
        "doc_id": doc_id,
        "url": url,
        "portal_id": "131000",
        "title": title,
        "published_on": date(2014, 2, 25),
        "issuers": ["甲", "乙"],
        "text": text,
        "content_sha256": "0",
        "first_seen": datetime(2026, 11, 1, 2, 3, 4),
        "imported": False,
        "publisher": "廊坊市人民政府",
        "sources": 1,
    }


def state(*documents: dict[str, object], version: int = WAREHOUSE_VERSION) -> dict[str, list[Row]]:
    """Rows of every table: two units that are a pair, a matrix of one city and one county, the documents given."""
    shown = documents or (document("d1"),)
    first = str(shown[0]["doc_id"])
    start = TEXT.index(QUOTE)
    tables: dict[str, list[dict[str, object]]] = {
        "units": [
            {"code": "131000", "name": "廊坊市", "level": "prefecture", "city_code": "131000"},
            {"code": "120114", "name": "武清区", "level": "county", "city_code": "120000", "unit202": ["120114"]},
        ],
        "portals": [
            {"portal_id": "131000", "unit_code": "131000", "name": "廊坊市人民政府", "base_url": "http://lf.example"}
        ],
        "documents": list(shown),
        "document_sources": [{"doc_id": one["doc_id"], "url": one["url"], "portal_id": "131000"} for one in shown],
        "policies": [
            {
                "doc_id": first,
                "rules_version": "r1",
                "industrial": True,
                "level": "county",
                "types": ["agreement"],
                "domains": [],
                "score": 0.5,
                "matched": [{"rule": "sign", "start": start, "end": start + 2, "text": TEXT[start : start + 2]}],
            }
        ],
        "pair_evidence": [
            {
                "evidence_id": "e1",
                "doc_id": first,
                "rules_version": "r1",
                "unit_a": "120114",
                "unit_b": "131000",
                "types": ["agreement"],
                "status": "actual",
                "year": 2014,
                "quote": QUOTE,
                "start": start,
                "end": start + len(QUOTE),
            }
        ],
        "city_pairs": [
            {
                "unit_a": "120114",
                "unit_b": "131000",
                "name_a": "武清区",
                "name_b": "廊坊市",
                "grain": "named",
                "first_year": 2014,
                "last_year": 2014,
                "documents": 1,
                "portals": 1,
                "types": ["agreement"],
                "domains": [],
                "doc_ids": [first],
                "evidence_ids": ["e1"],
            }
        ],
        "matrix_city": [
            {
                "unit_code": "131000",
                "name": "廊坊市",
                "period": period,
                "value": 0,
                "cumulative": 0,
                "documents": 0,
                "doc_ids": [],
            }
            for period in PERIODS
        ],
        "matrix_county": [
            {
                "unit_code": "120114",
                "name": "武清区",
                "city_code": "120000",
                "period": period,
                "value": 1,
                "cumulative": 1,
                "documents": 1,
                "doc_ids": [first],
            }
            for period in PERIODS
        ],
        "rules": [{"rules_version": "r1", "created_at": date(2026, 11, 21), "source": "{}"}],
        "runs": [{"run_id": "run", "kind": "publish", "rules_version": "r1"}],
        "periods": [
            {"number": number, "period": period, "title": period, "title_zh": period}
            for number, period in enumerate(PERIODS, 1)
        ],
        "warehouse_state": [
            {
                "schema_version": version,
                "rules_version": "r1",
                "region": "Region",
                "region_zh": "京津冀",
                "vintage": date(2015, 12, 31),
            }
        ],
    }
    return {
        table.name: [tuple(row.get(name) for name in table.column_names) for row in tables.get(table.name, ())]
        for table in TABLES
    }


def changed(rows: dict[str, list[Row]], table: str, column: str, value: object) -> dict[str, list[Row]]:
    """The same with one cell of the first row of a table changed."""
    names: Sequence[str] = next(one.column_names for one in TABLES if one.name == table)
    at = names.index(column)
    first, *others = rows[table]
    return {**rows, table: [(*first[:at], value, *first[at + 1 :]), *others]}
