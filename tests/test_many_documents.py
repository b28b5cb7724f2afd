"""A data folder made of very many documents is what importing them all would have made."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

from config.loader import load_region
from pipelines import stages, state
from tests.many_documents import documents, fill, write


def test_numbered_documents_are_stored_as_if_they_were_imported(tmp_path: Path) -> None:
    region = load_region()
    rows = list(islice(documents(7), 7))
    rows[3]["date"], rows[4]["date"] = "2019-05", ""
    rows[5]["text"] += "\n来源:新华社\n责任编辑:某"
    fill(tmp_path / "filled", region, write(iter(rows), tmp_path / "rows.jsonl.gz"), 20)
    columns = "id, url, publisher, title, published_on, date_precision, text_sha256, body"
    with state.opened(tmp_path / "filled") as opened:
        made = opened.execute(f"SELECT {columns} FROM imported").fetchall()
        keys = opened.execute("SELECT id, row_key, doc_id FROM imported ORDER BY ALL").fetchall()
    assert len(made) == 20 == len({body for *_, body in made})
    again = [
        {"id": id, "url": url, "publisher": publisher, "title": title, "text": body,
         "date": "" if day is None else str(day)[: {"day": 10, "month": 7}[precision]]}
        for id, url, publisher, title, day, precision, _, body in made
    ]  # fmt: skip
    file = tmp_path / "again.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in again), encoding="utf-8")
    stages.import_documents(tmp_path / "imported", region, [file])
    with state.opened(tmp_path / "imported") as opened:
        assert sorted(opened.execute(f"SELECT {columns} FROM imported").fetchall(), key=str) == sorted(made, key=str)
        assert opened.execute("SELECT id, row_key, doc_id FROM imported ORDER BY ALL").fetchall() == keys
