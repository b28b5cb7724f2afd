"""The index of full-text search: every pair of neighbouring characters with the documents it stands in.

It lies beside the warehouse in a file of its own, because a text never changes under its `doc_id`: publishing again
costs nothing, and only documents that are new are read. Characters are folded (width, case) and blanks left out, so
that a word broken over two lines is still one.
"""

from __future__ import annotations

import os
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from shutil import copyfile

import duckdb
import numpy as np
import numpy.typing as npt

from warehouse.reading import connect
from warehouse.tables import literal

INDEX_FILE = "search.duckdb"
INDEX_VERSION = 1

Codes = npt.NDArray[np.uint32]

_BREAK, _BLANK = 0, 1
_PLANE = 0x10000
_MOST_TIMES = 7
_TITLE_COUNTS = 3
# A document's place in its block takes the lower 13 bits of a sort key.
_DOCUMENTS_A_BLOCK = 8192
_CHARACTERS_A_BLOCK = 12_000_000
_DOCUMENTS_A_READ = 1024
_WASTE = 0.3

_TABLES = f"""
CREATE TABLE index_state AS SELECT {INDEX_VERSION} AS version, '' AS warehouse, 0 AS ever;
CREATE TABLE indexed (doc UINTEGER, doc_id VARCHAR, title UBIGINT, length UINTEGER);
CREATE TABLE postings (pair UINTEGER, doc UINTEGER, times UTINYINT);
"""
_WANTED = "SELECT doc_id, md5_number_lower(coalesce(title, '')) AS title FROM w.documents"


def refresh(warehouse: Path, told: Callable[[int], None] | None = None) -> Path:
    """The index beside `warehouse`, brought up to what is published; a new one takes the old one's place in one step.

    `told` hears how many documents are to be read before a change begins. Raises `WarehouseError` without a warehouse.
    """
    path = warehouse.with_name(INDEX_FILE)
    with connect(warehouse) as connection:
        published = _digest_of_documents(connection)
    if _made_for(path) == published:
        return path
    missing, dead = _differences(warehouse, path)
    if told and missing:
        told(missing)
    fresh = path.with_name(f"{path.name}.new-{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        if path.exists() and dead <= _WASTE:
            copyfile(path, fresh)
        with closing(_attached(fresh, warehouse, writing=True)) as connection:
            if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'indexed'").fetchall():
                connection.execute(_TABLES)
            _update(connection, published)
        fresh.replace(path)
    finally:
        for left in path.parent.glob(f"{fresh.name}*"):
            left.unlink(missing_ok=True)
    return path


def reading(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection with the index as the main database and the warehouse as `w`."""
    return _attached(warehouse.with_name(INDEX_FILE), warehouse, writing=False)


def folded(text: str) -> tuple[str, npt.NDArray[np.int64]]:
    """`text` as it is searched – folded, without blanks, NUL where no word is – and where each character stands."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = np.where(raw < _PLANE, _folding()[raw & (_PLANE - 1)], raw).astype(np.uint32)
    places = np.flatnonzero(codes != _BLANK)
    return codes[places].tobytes().decode("utf-32-le", "surrogatepass"), places


def pairs_of(term: str) -> tuple[int, ...]:
    """The distinct pairs of a folded term of two characters or more."""
    codes = np.frombuffer(term.encode("utf-16-le", "surrogatepass"), dtype=np.uint16).astype(np.uint32)
    return tuple(dict.fromkeys(int(pair) for pair in codes[:-1] << np.uint32(16) | codes[1:]))


@cache
def _folding() -> npt.NDArray[np.uint16]:
    """What each code unit counts as: blanks are left out, marks break a word, wide and capital letters are plain."""
    table = np.zeros(_PLANE, dtype=np.uint16)
    for code in range(_PLANE):
        character = chr(code)
        if 0xD800 <= code < 0xE000:
            table[code] = code
        elif character.isspace() or unicodedata.category(character) == "Cf":
            table[code] = _BLANK
        elif character.isalnum():
            plain = unicodedata.normalize("NFKC", character).lower()
            table[code] = ord(plain) if len(plain) == 1 and ord(plain) < _PLANE else code
    return table


def _attached(index: Path, warehouse: Path, writing: bool) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(index, read_only=not writing)
    connection.execute(f"ATTACH {literal(str(warehouse))} AS w (READ_ONLY)")
    return connection


def _digest_of_documents(connection: duckdb.DuckDBPyConnection) -> str:
    """What stands for the published documents: the same ones published again need no other index."""
    row = connection.execute("SELECT count(*), bit_xor(hash(doc_id, coalesce(title, ''))) FROM documents").fetchone()
    return "-".join(map(str, row or ()))


def _made_for(path: Path) -> str | None:
    """The digest of the documents that the index at a path holds; None where there is no usable one."""
    if not path.exists():
        return None
    try:
        with closing(duckdb.connect(path, read_only=True)) as connection:
            row = connection.execute("SELECT warehouse FROM index_state WHERE version = ?", [INDEX_VERSION]).fetchone()
    except duckdb.Error:
        return None
    return str(row[0]) if row else None


def _differences(warehouse: Path, path: Path) -> tuple[int, float]:
    """How many documents are missing in the index, and the share of what it ever held that is of no use now."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"ATTACH {literal(str(warehouse))} AS w (READ_ONLY)")
        wanted = _number(connection, "SELECT count(*) FROM w.documents")
        if _made_for(path) is None:
            return wanted, 1.0
        connection.execute(f"ATTACH {literal(str(path))} AS i (READ_ONLY)")
        ever = _number(connection, "SELECT ever FROM i.index_state")
        both = _number(connection, f"SELECT count(*) FROM i.indexed SEMI JOIN ({_WANTED}) USING (doc_id, title)")
        return wanted - both, 1 - both / max(ever, 1)


def _update(connection: duckdb.DuckDBPyConnection, published: str) -> None:
    connection.execute(
        f"""DELETE FROM indexed WHERE NOT EXISTS (
                SELECT 1 FROM ({_WANTED}) AS one WHERE one.doc_id = indexed.doc_id AND one.title = indexed.title
            )"""
    )
    connection.execute(
        """CREATE TEMP TABLE missing AS
            SELECT row_number() OVER (ORDER BY place) - 1 AS number, place FROM (
                SELECT rowid AS place, doc_id, md5_number_lower(coalesce(title, '')) AS title FROM w.documents
            ) ANTI JOIN indexed USING (doc_id, title)"""
    )
    first = _number(connection, "SELECT ever FROM index_state")
    for block in _blocks(connection):
        pairs, docs, times, lengths = _postings([text for *_, text in block])
        made = {"pair": pairs, "doc": docs + np.uint32(first), "times": times}
        about = {
            "doc": np.arange(first, first + len(block), dtype=np.uint32),
            "doc_id": np.array([doc_id for doc_id, *_ in block], dtype=object),
            "title": np.array([title for _, title, _ in block], dtype=np.uint64),
            "length": lengths,
        }
        for table, columns in (("postings", made), ("indexed", about)):
            connection.register("block", columns)
            connection.execute(f"INSERT INTO {table} SELECT {', '.join(columns)} FROM block")
            connection.unregister("block")
        first += len(block)
    # Numbers are never given twice: postings of documents that are gone stay behind.
    connection.execute("UPDATE index_state SET warehouse = ?, ever = ?", [published, first])
    connection.execute("DROP TABLE missing")
    connection.execute("CHECKPOINT")


def _blocks(connection: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[str, int, str]]]:
    """(doc_id, mark of the title, title and text) of the missing documents, a bounded number at a time."""
    count = _number(connection, "SELECT count(*) FROM missing")
    block: list[tuple[str, int, str]] = []
    size = 0
    for at in range(0, count, _DOCUMENTS_A_READ):
        rows = connection.execute(
            """SELECT doc_id, md5_number_lower(coalesce(title, '')), coalesce(title, ''), coalesce("text", '')
               FROM missing JOIN w.documents ON documents.rowid = place
               WHERE number >= ? AND number < ? ORDER BY number""",
            [at, at + _DOCUMENTS_A_READ],
        ).fetchall()
        for doc_id, mark, title, text in rows:
            whole = f"{title}\0" * _TITLE_COUNTS + text
            block.append((doc_id, mark, whole))
            size += len(whole)
            if len(block) == _DOCUMENTS_A_BLOCK or size > _CHARACTERS_A_BLOCK:
                yield block
                block, size = [], 0
    if block:
        yield block


def _postings(
    texts: list[str],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Pair, document and times for each pair of each text, in order; and the texts' lengths without blanks.

    A character at the end of a word makes a pair with nothing, so that single characters are found everywhere.
    """
    encoded = [text.encode("utf-16-le", "surrogatepass") for text in texts]
    ends = np.cumsum([len(one) // 2 + 1 for one in encoded])
    raw = np.frombuffer(b"\0\0".join(encoded) + b"\0\0", dtype=np.uint16)
    codes = _folding()[raw]
    owner = np.repeat(np.arange(len(texts), dtype=np.uint16), np.diff(ends, prepend=0))
    kept = codes != _BLANK
    codes, owner = codes[kept], owner[kept]
    lengths = np.bincount(owner, minlength=len(texts)).astype(np.uint32)
    begins = np.flatnonzero(codes[:-1])
    keys = codes[begins].astype(np.uint64)
    keys <<= np.uint64(16)
    keys |= codes[begins + 1]
    keys <<= np.uint64(13)
    keys |= owner[begins]
    keys.sort()
    first = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    at = np.flatnonzero(first)
    times = np.minimum(np.diff(at, append=len(keys)), _MOST_TIMES).astype(np.uint8)
    distinct = keys[at]
    docs = (distinct & np.uint64(_DOCUMENTS_A_BLOCK - 1)).astype(np.uint32)
    return (distinct >> np.uint64(13)).astype(np.uint32), docs, times, lengths


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0] or 0) if row else 0
