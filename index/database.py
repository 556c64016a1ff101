"""The index file: one SQLite database, written whole, read only. The sole owner of sqlite-utils.

The index is derived: deleting it loses nothing. It is written to a temporary name beside its place,
checked, and moved into place in one step, so that a reader sees the old index or the new one and
never a half. What a search needs of all passages at once is kept in arrays, so that opening takes
what reading the file takes; a passage's own row is read when the passage is asked for. The row of a
passage in ``vectors`` has the number that it has in the arrays, one less than its rowid.
"""

import glob
import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import sqlite_utils

from corpus import (
    Award,
    Corpus,
    Document,
    Meeting,
    Passage,
    Problem,
    Reading,
    Record,
    Relation,
    Score,
    Total,
    Unit,
    Validity,
)

SCHEMA = 7
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
    "relations": Relation,
    "problems": Problem,
    "readings": Reading,
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}
_PART = 1 << 26  # bytes; SQLite takes no more than a billion in one row
_R = TypeVar("_R", bound=Record)

Arrays = Mapping[str, np.ndarray]


class IndexFileError(Exception):
    """The index file cannot be read or written. The message is Vietnamese and says the remedy."""


class Derived(NamedTuple):
    """What an index holds beside the records: made from them, and never the other way about."""

    facts: Mapping[str, str]  # strings such as the encoder's name
    searched: Sequence[str]  # the searched text of each passage
    vectors: np.ndarray  # their rows: shape (passages, dimension), float32
    pairs: Mapping[tuple[str, str], int]  # the model of ``accents``
    names: Iterable[str]  # proper names of the reports, folded
    arrays: Mapping[str, Arrays]  # by what they serve, then by name


def write(path: Path, corpus: Corpus, derived: Derived, part: int = _PART) -> None:
    """Write the whole index and move it into place; an array has at most ``part`` bytes in a row.

    Raises IndexFileError; then the old file is untouched.
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
        _fill(temporary, corpus, derived, part)
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


def _fill(path: Path, corpus: Corpus, derived: Derived, part: int) -> None:
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
            _fill_records(database, corpus)
            _fill_derived(database, derived, part)
    finally:
        database.close()


def _fill_records(database: sqlite_utils.Database, corpus: Corpus) -> None:
    database.table("documents").create(_columns(Document), pk="path")
    database.table("passages").create(
        _columns(Passage),
        pk=("document", "order"),
        foreign_keys=[("document", "documents", "path")],
    )
    for name in (
        "units",
        "scores",
        "totals",
        "awards",
        "validities",
        "relations",
        "problems",
        "readings",
    ):
        database.table(name).create({"id": int, **_columns(_TABLES[name])}, pk="id")
    database.table("meetings").create(
        _columns(Meeting), pk="document", foreign_keys=[("document", "documents", "path")]
    )
    for name in _TABLES:
        database.table(name).insert_all(_row(record) for record in getattr(corpus, name))
    for table, columns in (
        ("scores", ["year", "unit"]),
        ("scores", ["year", "scorer", "period", "block"]),
        ("totals", ["year", "unit"]),
        ("awards", ["year", "unit"]),
    ):
        database.table(table).create_index(columns)


def _fill_derived(database: sqlite_utils.Database, derived: Derived, part: int) -> None:
    rows: dict[str, Iterable[dict[str, Any]]] = {
        "facts": ({"name": n, "value": v} for n, v in derived.facts.items()),
        "pairs": ({"first": a, "second": b, "count": n} for (a, b), n in derived.pairs.items()),
        "names": ({"name": name} for name in sorted(derived.names)),
        "vectors": (
            {"number": number, "vector": vector.astype("<f4").tobytes(), "searched": text}
            for number, (text, vector) in enumerate(
                zip(derived.searched, derived.vectors, strict=True)
            )
        ),
        "arrays": (
            {"serves": serves, "name": name, "start": start, "type": kept.dtype.str,
             "data": kept[start : start + part // kept.itemsize].tobytes()}
            for serves, arrays in derived.arrays.items()
            for name, kept in arrays.items()
            for start in range(0, len(kept) or 1, part // kept.itemsize)
        ),
    }  # fmt: skip
    database.table("facts").create({"name": str, "value": str}, pk="name")
    database.table("pairs").create({"first": str, "second": str, "count": int})
    database.table("names").create({"name": str}, pk="name")
    database.table("vectors").create({"number": int, "vector": bytes, "searched": str}, pk="number")
    database.table("arrays").create(
        {"serves": str, "name": str, "start": int, "type": str, "data": bytes},
        pk=("serves", "name", "start"),
    )
    for table, held in rows.items():
        database.table(table).insert_all(held)


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
        self._lock = threading.RLock()
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
        return list(self._stream(statement, values))

    def _stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[sqlite3.Row]:
        # One thread at a time: another inside SQLite waits for the interpreter to ask the authorizer
        # while the one that has the interpreter waits for SQLite, and neither ever goes on.
        try:
            with self._lock:
                yield from self._connection.execute(statement, values)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in _DAMAGED:
                raise IndexFileError(
                    f"Kho tra cứu bị hỏng ({error}). Hãy xóa tệp kho rồi chạy lại thidua build."
                ) from error
            raise

    def count(self, kind: type[Record]) -> int:
        """How many records one table holds."""
        return int(self.rows(f"SELECT count(*) AS n FROM [{_table(kind)}]")[0]["n"])

    def records(
        self, kind: type[_R], where: str = "", values: Sequence[Any] = (), order: str = "rowid"
    ) -> list[_R]:
        """The records of one table, optionally by a condition of this room's, with values bound."""
        condition = f" WHERE {where}" if where else ""
        statement = f"SELECT * FROM [{_table(kind)}]{condition} ORDER BY {order}"
        return [_record(kind, row) for row in self._stream(statement, values)]

    def arrays(self, serves: str) -> dict[str, np.ndarray]:
        """The arrays that serve one thing, by name."""
        size = "SELECT name, type, sum(length(data)) AS size FROM arrays WHERE serves = ? GROUP BY name"
        found = {
            row["name"]: np.empty(row["size"] // np.dtype(row["type"]).itemsize, row["type"])
            for row in self.rows(size, [serves])
        }
        # Part by part, so that nothing stands in memory twice.
        for row in self._stream("SELECT name, start, data FROM arrays WHERE serves = ?", [serves]):
            kept = found[row["name"]]
            part = np.frombuffer(row["data"], kept.dtype)
            kept[row["start"] : row["start"] + len(part)] = part
        return found

    def names(self) -> frozenset[str]:
        """Proper names of the reports, folded."""
        return frozenset(row["name"] for row in self.rows("SELECT name FROM names"))

    def pairs(self) -> dict[tuple[str, str], int]:
        """The model of ``accents``."""
        rows = self._stream("SELECT first, second, count FROM pairs")
        return {(first, second): count for first, second, count in rows}

    def searched(self) -> Iterator[tuple[str, bytes]]:
        """Searched text and vector bytes, so that a rebuild encodes only what is new."""
        for row in self._stream("SELECT searched, vector FROM vectors"):
            yield row["searched"], row["vector"]


class VectorRows:
    """The vectors of an index file, read when they are asked for."""

    def __init__(self, database: Database):
        self._database = database
        (row,) = database.rows("SELECT count(*) AS n FROM vectors")
        self.shape = (int(row["n"]), int(database.facts()["dimension"]))

    def __getitem__(self, numbers: np.ndarray) -> np.ndarray:
        """The vectors of these numbers, each named once: (len(numbers), dimension) float32."""
        places = ", ".join("?" * len(numbers))
        wanted = f"SELECT vector FROM vectors WHERE number IN ({places}) ORDER BY number"
        held = b"".join(row["vector"] for row in self._database.rows(wanted, numbers.tolist()))
        vectors = np.empty((len(numbers), self.shape[1]), dtype=np.float32)
        vectors[np.argsort(numbers)] = np.frombuffer(held, dtype="<f4").reshape(vectors.shape)
        return vectors


def _table(kind: type[Record]) -> str:
    return next(name for name, held in _TABLES.items() if held is kind)
