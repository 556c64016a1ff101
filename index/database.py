"""The index file: one SQLite database, written whole, read only. The sole owner of sqlite-utils.

The index is derived: deleting it loses nothing. It is written to a temporary name beside its place,
checked, and moved into place in one step, so that a reader sees the old index or the new one and
never a half. A passage, its words and its vector share a row.
"""

import glob
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import sqlite_utils

from corpus import (
    Award,
    Corpus,
    Document,
    Meeting,
    Passage,
    Problem,
    Record,
    Score,
    Total,
    Unit,
    Validity,
)

SCHEMA = 2
_APPLICATION = 0x7468_6475  # "thdu": tells our files from any other SQLite database
_TABLES: dict[str, type[Record]] = {
    "documents": Document,
    "passages": Passage,
    "units": Unit,
    "scores": Score,
    "totals": Total,
    "awards": Award,
    "meetings": Meeting,
    "validities": Validity,
    "problems": Problem,
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}
_R = TypeVar("_R", bound=Record)


class IndexFileError(Exception):
    """The index file cannot be read or written. The message is Vietnamese and says the remedy."""


def write(
    path: Path,
    corpus: Corpus,
    searched: Sequence[str],
    vectors: np.ndarray,
    pairs: Mapping[tuple[str, str], int],
    facts: Mapping[str, str],
) -> None:
    """Write the whole index and move it into place.

    ``searched`` is the searched text of each passage and ``vectors`` has their rows, shape
    (passages, dimension), float32; ``pairs`` is the model of ``accents``; ``facts`` are strings such
    as the encoder's name. Raises IndexFileError; then the old file is untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        # Not mkstemp: its files are the owner's alone, and the bot may run as somebody else.
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.new")
        temporary.touch(exist_ok=False)
    except OSError as error:
        raise IndexFileError(
            f"Không ghi được kho tra cứu tại {path} ({error.strerror}). "
            "Hãy kiểm tra quyền ghi và dung lượng đĩa, hoặc chọn --index khác."
        ) from error
    try:
        _fill(temporary, corpus, searched, vectors, pairs, facts)
        _check(temporary, corpus)
        os.replace(temporary, path)
        _flush(path.parent)
    except (OSError, sqlite3.Error) as error:
        raise IndexFileError(
            f"Không ghi được kho tra cứu tại {path} ({error}). "
            "Kho cũ vẫn còn nguyên. Hãy kiểm tra dung lượng đĩa rồi chạy lại."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove what builds that were killed have left beside ``path``; a running one keeps its file."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.new*"):
        number = left.name.removeprefix(f".{path.name}.").split(".")[0]
        if not number.isdecimal() or not _is_running(int(number)):
            left.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # somebody else's
    return process != os.getpid()


def _fill(
    path: Path,
    corpus: Corpus,
    searched: Sequence[str],
    vectors: np.ndarray,
    pairs: Mapping[tuple[str, str], int],
    facts: Mapping[str, str],
) -> None:
    database = sqlite_utils.Database(sqlite3.connect(path))
    connection = database.conn
    try:
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.execute("PRAGMA foreign_keys = ON")
        # Nobody reads this file before _check has flushed it, so no commit needs a flush of its own.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        with connection:
            database.table("facts").insert_all(
                ({"name": n, "value": v} for n, v in facts.items()), pk="name"
            )
            database.table("documents").create(_columns(Document), pk="path")
            database.table("passages").create(
                {**_columns(Passage), "searched": str, "vector": bytes},
                pk=("document", "order"),
                foreign_keys=[("document", "documents", "path")],
            )
            for name in ("units", "scores", "totals", "awards", "validities", "problems"):
                database.table(name).create({"id": int, **_columns(_TABLES[name])}, pk="id")
            database.table("meetings").create(
                _columns(Meeting), pk="document", foreign_keys=[("document", "documents", "path")]
            )
            database.table("pairs").create({"first": str, "second": str, "count": int})
            for name in _TABLES:
                if name == "passages":
                    rows: Iterable[dict[str, Any]] = (
                        {**_row(p), "searched": text, "vector": vector.astype("<f4").tobytes()}
                        for p, text, vector in zip(corpus.passages, searched, vectors, strict=True)
                    )
                else:
                    rows = (_row(record) for record in getattr(corpus, name))
                database.table(name).insert_all(rows)
            database.table("pairs").insert_all(
                {"first": a, "second": b, "count": n} for (a, b), n in pairs.items()
            )
            for table, columns in (
                ("scores", ["year", "unit"]),
                ("totals", ["year", "unit"]),
                ("awards", ["year", "unit"]),
            ):
                database.table(table).create_index(columns)
    finally:
        database.close()


def _columns(record: type[Record]) -> dict[str, type]:
    """Nested values are JSON, dates ISO text, and Decimals text, so that nothing is rounded."""
    plain: dict[Any, type] = {int: int, bool: int, int | None: int}
    return {name: plain.get(field.annotation, str) for name, field in record.model_fields.items()}


def _row(record: Record) -> dict[str, Any]:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        for name, value in record.model_dump(mode="json").items()
    }


def _record(kind: type[_R], row: sqlite3.Row) -> _R:
    values = {
        name: json.loads(value)
        if isinstance(value, str) and value[:1] in "[{" and _nested(kind, name)
        else value
        for name, value in ((name, row[name]) for name in kind.model_fields)
    }
    return kind.model_validate(values)


def _nested(kind: type[Record], name: str) -> bool:
    annotation = kind.model_fields[name].annotation
    return getattr(annotation, "__origin__", None) is tuple or (
        isinstance(annotation, type) and issubclass(annotation, Record)
    )


def _check(path: Path, corpus: Corpus) -> None:
    """Read back what was written: a damaged file must never be moved into place."""
    connection = sqlite3.connect(path)
    try:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        for name in _TABLES:
            (count,) = connection.execute(f"SELECT count(*) FROM [{name}]").fetchone()
            if count != len(getattr(corpus, name)):
                raise sqlite3.DatabaseError(f"{name}: {count} rows of {len(getattr(corpus, name))}")
    finally:
        connection.close()
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush(folder: Path) -> None:
    """Make the rename itself survive a power cut (not every system lets a folder be opened)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _only_reading(action: int, *_: Any) -> int:
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


class Database:
    """A read-only connection to one index file.

    ``mode=ro`` alone would still let ATTACH create and write another file, so an authorizer allows
    nothing but SELECT, and every statement is written here or in lookup.py with its values bound.
    """

    def __init__(self, path: Path):
        if not path.is_file():
            raise IndexFileError(
                f"Chưa có kho tra cứu tại {path}. Hãy chạy: thidua build THƯ_MỤC --index {path}"
            )
        try:
            self._connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
            )
            self._connection.row_factory = sqlite3.Row
            (application,) = self._connection.execute("PRAGMA application_id").fetchone()
            (schema,) = self._connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise IndexFileError(
                f"Tệp {path} không đọc được ({error}). Hãy chạy lại thidua build."
            ) from error
        if application != _APPLICATION or schema != SCHEMA:
            self._connection.close()
            raise IndexFileError(
                f"Tệp {path} không phải kho tra cứu của phiên bản này. Hãy chạy lại thidua build."
            )
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.set_authorizer(_only_reading)

    def close(self) -> None:
        self._connection.close()

    def facts(self) -> dict[str, str]:
        """What the index says of itself: encoder, dimension, fingerprint, built."""
        return {row["name"]: row["value"] for row in self.rows("SELECT name, value FROM facts")}

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """The rows of one SELECT of this room's, with its values bound."""
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in _DAMAGED:
                raise IndexFileError(
                    f"Kho tra cứu bị hỏng ({error}). Hãy xóa tệp kho rồi chạy lại thidua build."
                ) from error
            raise

    def records(
        self, kind: type[_R], where: str = "", values: Sequence[Any] = (), order: str = "rowid"
    ) -> list[_R]:
        """The records of one table, optionally by a condition of this room's, with values bound."""
        table = next(name for name, held in _TABLES.items() if held is kind)
        condition = f" WHERE {where}" if where else ""
        return [
            _record(kind, row)
            for row in self.rows(f"SELECT * FROM [{table}]{condition} ORDER BY {order}", values)
        ]

    def passages(self) -> tuple[list[Passage], list[str], np.ndarray]:
        """All passages, their searched texts, and their vectors (passages, dimension) float32."""
        rows = self.rows("SELECT * FROM passages ORDER BY rowid")
        dimension = int(self.facts()["dimension"])
        vectors = np.frombuffer(b"".join(row["vector"] for row in rows), dtype="<f4")
        return (
            [_record(Passage, row) for row in rows],
            [row["searched"] for row in rows],
            vectors.reshape(len(rows), dimension),
        )

    def pairs(self) -> dict[tuple[str, str], int]:
        """The model of ``accents``."""
        rows = self.rows("SELECT first, second, count FROM pairs")
        return {(row["first"], row["second"]): row["count"] for row in rows}

    def vectors(self) -> dict[str, bytes]:
        """Searched text → vector bytes, so that a rebuild encodes only what is new."""
        rows = self.rows("SELECT searched, vector FROM passages")
        return {row["searched"]: row["vector"] for row in rows}
