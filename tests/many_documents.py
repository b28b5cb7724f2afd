"""Any number of documents, each another one, to measure time and memory: `python -m tests.many_documents N FILE`.

Short ones are put together from the labelled passages of `tests/gold`, with numbers of their own, so that about as many
of them tell of collaboration as among those passages. A data folder of very many is made of fewer by numbering them.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import duckdb

from config.loader import Region
from pipelines import identity, stages, state

GOLD = Path(__file__).resolve().parent / "gold"
_PLAIN = (
    "会议强调，要抓好安全生产。", "全市气温回升，空气质量良好。", "活动吸引{}人参加。", "项目总投资{}万元。",
    "记者{}日获悉。",
)  # fmt: skip


def documents(count: int, seed: int = 1, telling: int = 2) -> Iterator[dict[str, str]]:
    """`count` rows of an import file, the same for the same seed; all but every `telling`th tell of the weather."""
    chance = Random(seed)
    passages = [json.loads(line) for path in sorted(GOLD.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    for number in range(count):
        row = chance.choice(passages)
        sentences = [chance.choice(_PLAIN).format(chance.randrange(10_000)) for _ in range(chance.randint(2, 8))]
        if number % telling == 1:
            sentences.insert(chance.randrange(len(sentences)), row["text"])
        yield {
            "id": str(number),
            "publisher": row["publisher"] or "",
            "title": f"{row['title'] or '要闻'}（{number}）",
            "date": f"{chance.randint(2000, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "text": f"第{number}号 " + "".join(sentences),
        }


def write(rows: Iterator[dict[str, str]], file: Path) -> Path:
    """The rows as an import file."""
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=1) as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    return file


def fill(data: Path, region: Region, file: Path, count: int) -> None:
    """Import `file` into an empty data folder, and put `count` documents in the place of its rows.

    They are the rows again and again, each under a line with its number, as importing a file of them all would store
    them; importing a million takes very much longer.
    """
    stages.import_documents(data, region, [file])
    with state.opened(data) as opened:
        rows = opened.execute("SELECT row_key, body FROM imported WHERE doc_id IS NOT NULL").fetchall()
        cores = [(key, identity.normalised(body)) for key, body in rows]
        opened.execute("CREATE TEMP TABLE cores (row_key VARCHAR, core VARCHAR)")
        _append(opened, cores)
        opened.execute(
            """CREATE TEMP TABLE numbered AS
                SELECT imported.*, core, row_number() OVER (ORDER BY row_key) - 1 AS place
                FROM imported JOIN cores USING (row_key)"""
        )
        opened.execute("DELETE FROM imported")
        opened.execute(
            """INSERT INTO imported
               SELECT left(sha256(concat_ws(chr(0), number, url, publisher, title,
                                            coalesce(published_on::VARCHAR, 'None'), coalesce(date_precision, 'None'),
                                            text)), 16),
                      number, url, publisher, title, published_on, date_precision,
                      left(sha256('第' || number || '号' || core), 16), sha256(text), text
               FROM (SELECT *, '第' || number || '号' || chr(10) || body AS text
                     FROM (SELECT range::VARCHAR AS number, range % (SELECT count(*) FROM numbered) AS place
                           FROM range(?)) JOIN numbered USING (place))""",
            [count],
        )


def _append(opened: duckdb.DuckDBPyConnection, cores: list[tuple[str, str]]) -> None:
    for start in range(0, len(cores), 1000):
        keys, texts = zip(*cores[start : start + 1000], strict=True)
        opened.execute("INSERT INTO cores SELECT unnest(?), unnest(?)", [list(keys), list(texts)])


def main() -> None:
    write(documents(int(sys.argv[1])), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
