"""What must never be lost: inbox, conversations, feedback, gaps, audit, in one SQLite file.

The index can be built again from the documents; the journal cannot. Every write is one
transaction that is on the disk when the method returns. Times are aware datetimes.
"""

import datetime
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

Transaction = sqlite3.Connection  # what ``Journal.write`` gives
Also = Callable[[Transaction], object]

TRIES = 5  # how often an update is begun before it is set aside

# One entry per version of the schema: statements only ever get appended.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE inbox (
            place INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order in which updates came
            number INTEGER NOT NULL UNIQUE,           -- Telegram's update_id
            raw TEXT NOT NULL,
            taken_at TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'answered', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0,
            error TEXT NOT NULL DEFAULT ''
        ) STRICT""",
        "CREATE INDEX inbox_state ON inbox (state, place)",
        """CREATE TABLE conversation (
            place INTEGER PRIMARY KEY AUTOINCREMENT,
            chat INTEGER NOT NULL,
            question TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX conversation_chat ON conversation (chat, place)",
        """CREATE TABLE feedback (
            chat INTEGER NOT NULL,
            message INTEGER NOT NULL,
            voter INTEGER NOT NULL,
            vote TEXT NOT NULL CHECK (vote IN ('up', 'down')),
            text TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (chat, message, voter)
        ) STRICT""",
        """CREATE TABLE gap (
            place INTEGER PRIMARY KEY AUTOINCREMENT,
            question TEXT NOT NULL,
            kind TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT""",
    ),
    ("ALTER TABLE gap ADD COLUMN missing TEXT NOT NULL DEFAULT ''",),
    (  # bot/audit.py
        """CREATE TABLE audit (
            place INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            sources TEXT NOT NULL,    -- JSON
            edition TEXT NOT NULL,    -- fingerprint of the documents that were indexed
            milliseconds INTEGER NOT NULL,
            sealed TEXT NOT NULL,     -- what the five columns that may be erased were
            chain TEXT NOT NULL,      -- what the row and all before it were
            asker INTEGER, chat INTEGER, question TEXT, shown TEXT, salt TEXT
        ) STRICT""",
        "CREATE INDEX audit_at ON audit (at)",
        "CREATE INDEX audit_asker ON audit (asker, place)",
        # Where the chain begins since older rows were trimmed.
        "CREATE TABLE audit_start (place INTEGER NOT NULL, chain TEXT NOT NULL) STRICT",
        "INSERT INTO audit_start VALUES (0, '')",
    ),
    (
        # What Telegram has taken of an answer that is not finished, with what it said to it.
        """CREATE TABLE outbox (
            number INTEGER NOT NULL,  -- Telegram's update_id
            part TEXT NOT NULL,
            result TEXT NOT NULL,     -- JSON
            PRIMARY KEY (number, part)
        ) STRICT""",
        "DROP INDEX conversation_chat",
        "CREATE INDEX conversation_chat ON conversation (chat, at, place)",
        "ALTER TABLE gap ADD COLUMN asker INTEGER",
    ),
    (  # bot/members.py
        """CREATE TABLE member (
            user INTEGER PRIMARY KEY,  -- Telegram's number of the person
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            unit TEXT NOT NULL DEFAULT '',
            state TEXT NOT NULL CHECK (state IN ('asking', 'member', 'suspended')),
            at TEXT NOT NULL,
            by INTEGER                 -- the administrator who let them in
        ) STRICT""",
        """CREATE TABLE invitation (
            token TEXT PRIMARY KEY,    -- SHA-256 of what the link holds
            role TEXT NOT NULL,
            unit TEXT NOT NULL,
            by INTEGER NOT NULL,
            expires TEXT NOT NULL,
            used_by INTEGER
        ) STRICT""",
    ),
    (  # bot/reminders.py
        """CREATE TABLE deadline (
            place INTEGER PRIMARY KEY AUTOINCREMENT,
            body TEXT NOT NULL,        -- JSON of a corpus.Deadline
            state TEXT NOT NULL CHECK (state IN ('offered', 'kept')),
            by INTEGER NOT NULL,
            at TEXT NOT NULL
        ) STRICT""",
        "CREATE TABLE subscription (user INTEGER PRIMARY KEY, at TEXT NOT NULL) STRICT",
        """CREATE TABLE reminder (
            mark TEXT NOT NULL,        -- which deadline, and how many days before
            user INTEGER NOT NULL,
            at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'refused')),
            PRIMARY KEY (mark, user)
        ) STRICT""",
    ),
    (  # bot/uploads.py
        """CREATE TABLE upload (
            place INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,        -- as it was sent, made safe
            target TEXT NOT NULL DEFAULT '',    -- its path in the documents folder
            replaces TEXT NOT NULL DEFAULT '',  -- the path of the file that it stands in for
            state TEXT NOT NULL,
            by INTEGER NOT NULL,
            at TEXT NOT NULL
        ) STRICT""",
    ),
    (  # bot/conversations.py, bot/rooms.py
        "ALTER TABLE conversation ADD COLUMN topic INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE conversation ADD COLUMN person INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE conversation ADD COLUMN message INTEGER NOT NULL DEFAULT 0",
        "UPDATE conversation SET person = chat WHERE chat > 0",
        "CREATE INDEX conversation_message ON conversation (chat, message)",
        """CREATE TABLE shown (
            chat INTEGER NOT NULL,
            message INTEGER NOT NULL,  -- of ours
            question INTEGER NOT NULL REFERENCES conversation (place) ON DELETE CASCADE,
            PRIMARY KEY (chat, message)
        ) STRICT""",
        "CREATE INDEX shown_question ON shown (question)",
        """CREATE TABLE room (
            chat INTEGER NOT NULL,
            switch TEXT NOT NULL,
            PRIMARY KEY (chat, switch)
        ) STRICT""",
    ),
    (  # bot/moves.py
        "CREATE TABLE moved (old INTEGER PRIMARY KEY, new INTEGER NOT NULL) STRICT",
    ),
)


class JournalError(Exception):
    """The journal cannot be opened, read or written. The message is Vietnamese: what to do."""


class State(StrEnum):
    """Where an update stands. FAILED ones are kept, with their raw text, to be looked at."""

    WAITING = "waiting"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Taken:
    """One Telegram update: its update_id, its JSON as it came, how often it was begun."""

    number: int
    raw: str
    taken_at: datetime.datetime
    state: State
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person thought of one answer; ``up`` is praise."""

    chat: int
    message: int
    voter: int
    up: bool
    text: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that could not be answered, the kind of answer it got, and what would fill it."""

    question: str
    kind: str
    at: datetime.datetime
    missing: str = ""


class Journal:
    """The journal at ``path``, made if it is not there. Safe to use from several threads."""

    def __init__(
        self,
        path: Path,
        *,
        patience: float = 5.0,
        migrations: Sequence[Sequence[str]] = MIGRATIONS,
    ):
        """Open the file and bring its schema up to date.

        ``patience`` is how many seconds to wait for another process, such as a backup. Raises
        JournalError when the folder cannot be written to, the file is no journal or is damaged, or
        a newer program made it.
        """
        self._path = path
        self._lock = threading.Lock()
        self._held: int | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from error
        with self._named():
            self._connection = sqlite3.connect(
                path, timeout=patience, isolation_level=None, check_same_thread=False
            )
        try:
            with self._named():
                self._use_wal(patience)
                self._prepare(migrations)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file. Further calls raise JournalError."""
        with self._lock:
            self._connection.close()
            if self._held is not None:
                os.close(self._held)
                self._held = None

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    # --- the file as a whole

    def hold(self) -> None:
        """Keep other bots from this journal until this one is closed or its process dies: two would
        answer everything twice. Raises JournalError when one holds it."""
        try:
            self._held = _lock(self._path)
        except OSError as error:
            raise self._unusable(error) from error
        if self._held is None:
            raise JournalError(
                f"Một bot khác đang chạy với nhật ký {self._path}. Hãy tắt bot đó trước, hoặc đặt"
                " THIDUA_JOURNAL sang tệp khác."
            )

    def check(self) -> None:
        """Read the whole file. Raises JournalError when anything in it is damaged."""
        with self.snapshot() as db:
            verdict = [row[0] for row in db.execute("PRAGMA integrity_check")]
            orphans = db.execute("PRAGMA foreign_key_check").fetchall()
        if verdict != ["ok"] or orphans:
            raise self._unusable(sqlite3.DatabaseError("database disk image is malformed"))

    def copy_to(self, path: Path) -> None:
        """Write a whole copy to a new file, while others go on reading and writing this one."""
        with self._lock, self._named():
            self._connection.execute("VACUUM INTO ?", (str(path),))
            flush(path)

    def checkpoint(self) -> None:
        """Leave nothing in the write-ahead log: what was erased stands in it too."""
        with self._lock, self._named():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # --- the inbox --------------------------------------------------------------------------------

    def take(self, updates: Iterable[tuple[int, str]], at: datetime.datetime) -> frozenset[int]:
        """Keep updates, (update_id, JSON) each, in one transaction; only then may Telegram forget
        them. Returns the numbers that are new: Telegram repeats what was not confirmed to it."""
        with self.write() as db:
            return frozenset(
                number
                for number, raw in updates
                if db.execute(
                    "INSERT INTO inbox (number, raw, taken_at) VALUES (?, ?, ?)"
                    " ON CONFLICT (number) DO NOTHING",
                    (number, raw, stamp(at)),
                ).rowcount
            )

    def waiting(self) -> tuple[Taken, ...]:
        """The updates that nobody has answered, in the order in which they came."""
        return self._taken("WHERE state = 'waiting' ORDER BY place")

    def failed(self) -> tuple[Taken, ...]:
        """The updates that were set aside, in the order in which they came."""
        return self._taken("WHERE state = 'failed' ORDER BY place")

    def begin(self, number: int) -> bool:
        """Count an attempt, before the work. False, and set aside, after ``TRIES`` attempts: an
        update that kills the process or can never be answered must not come back for ever."""
        with self.write(power_cut=False) as db:
            begun = db.execute(
                "UPDATE inbox SET attempts = attempts + 1"
                " WHERE number = ? AND state = 'waiting' AND attempts < ?",
                (number, TRIES),
            ).rowcount
            if not begun:
                db.execute(
                    "UPDATE inbox SET state = 'failed', error = ?"
                    " WHERE number = ? AND state = 'waiting'",
                    (f"begun {TRIES} times, never answered", number),
                )
            return bool(begun)

    def state(self, number: int) -> State | None:
        """Where an update stands; None for one that never came."""
        rows = self.read("SELECT state FROM inbox WHERE number = ?", (number,))
        return State(rows[0][0]) if rows else None

    def spare(self, number: int) -> None:
        """What stood in the way was not the update's fault: its attempts are counted anew."""
        with self.write(power_cut=False) as db:
            db.execute("UPDATE inbox SET attempts = 0 WHERE number = ?", (number,))

    def sent(self, number: int, part: str, result: str) -> None:
        """Telegram took this part of an update's answer, and said this to it."""
        with self.write(power_cut=False) as db:
            db.execute(
                "INSERT INTO outbox VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (number, part, result)
            )

    def parts(self, number: int) -> dict[str, str]:
        """The parts of an update's answer that Telegram has, and what it said to each."""
        return dict(self.read("SELECT part, result FROM outbox WHERE number = ?", (number,)))

    def answered(self, number: int, *others: int, also: Sequence[Also] = ()) -> None:
        """These updates were dealt with; ``also`` is written in the same transaction. One that was
        set aside stays so."""
        with self.write() as db:
            for one in (number, *others):
                db.execute(
                    "UPDATE inbox SET state = 'answered' WHERE number = ? AND state = 'waiting'",
                    (one,),
                )
                db.execute("DELETE FROM outbox WHERE number = ?", (one,))
            for write in also:
                write(db)

    def set_aside(self, number: int, error: str) -> None:
        """The update failed for good, for this reason."""
        with self.write() as db:
            db.execute(
                "UPDATE inbox SET state = 'failed', error = ?"
                " WHERE number = ? AND state = 'waiting'",
                (error, number),
            )
            db.execute("DELETE FROM outbox WHERE number = ?", (number,))

    def prune(self, before: datetime.datetime) -> int:
        """Forget updates that are done with, conversations, votes and gaps older than ``before``:
        people's words are kept no longer than they serve. Returns how many updates went."""
        with self.write() as db:
            for table in ("conversation", "feedback", "gap"):
                db.execute(f"DELETE FROM {table} WHERE at < ?", (stamp(before),))
            return db.execute(
                "DELETE FROM inbox WHERE state <> 'waiting' AND taken_at < ?", (stamp(before),)
            ).rowcount

    # --- what people thought, and what was missing ------------------------------------------------

    def vote(self, vote: Vote) -> None:
        """Keep what a person thought of an answer; a second vote replaces the first."""
        with self.write() as db:
            db.execute(
                "INSERT INTO feedback (chat, message, voter, vote, text, at)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (chat, message, voter)"
                " DO UPDATE SET vote = excluded.vote, at = excluded.at",
                (
                    vote.chat,
                    vote.message,
                    vote.voter,
                    "up" if vote.up else "down",
                    vote.text,
                    stamp(vote.at),
                ),
            )

    def votes(self) -> tuple[Vote, ...]:
        """Every vote, oldest first."""
        rows = self.read(
            "SELECT chat, message, voter, vote = 'up', text, at FROM feedback ORDER BY at, rowid",
            (),
        )
        return tuple(Vote(c, m, v, bool(up), text, moment(at)) for c, m, v, up, text, at in rows)

    def miss(self, gap: Gap) -> None:
        """Keep a question that could not be answered: the list of what the library lacks."""
        with self.write() as db:
            miss(db, gap)

    def gaps(self) -> tuple[Gap, ...]:
        """Every question that could not be answered, oldest first."""
        rows = self.read("SELECT question, kind, at, missing FROM gap ORDER BY place", ())
        return tuple(
            Gap(question, kind, moment(at), missing) for question, kind, at, missing in rows
        )

    # --- SQLite -----------------------------------------------------------------------------------

    def _use_wal(self, patience: float) -> None:
        """Let readers and the one writer not wait for each other. SQLite does not wait for other
        processes at this one statement, so two that open a new file at once are made to here."""
        deadline = time.monotonic() + patience
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(0.01)

    def _prepare(self, migrations: Sequence[Sequence[str]]) -> None:
        """Set the connection up and bring the schema to this program's version."""
        db = self._connection
        # FULL: a commit is on the disk when it returns, so a power cut loses no question.
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == len(migrations):
            return  # nothing to write, so nobody who writes is waited for
        with self.write():
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(migrations):
                raise JournalError(
                    f"Nhật ký {self._path} do phiên bản mới hơn tạo ra (bản {version}, chương trình"
                    f" này đọc đến bản {len(migrations)}). Hãy cập nhật chương trình, hoặc đặt"
                    " THIDUA_JOURNAL sang tệp khác."
                )
            if version == 0 and db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone():
                raise JournalError(
                    f"{self._path} là cơ sở dữ liệu của chương trình khác, không phải nhật ký."
                    " Hãy đặt THIDUA_JOURNAL sang tệp khác."
                )
            for statements in migrations[version:]:
                for statement in statements:
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {len(migrations)}")

    @contextmanager
    def write(self, *, power_cut: bool = True) -> Iterator[Transaction]:
        """One transaction, on the disk when the block ends. IMMEDIATE, since a lock taken at the
        first write fails at once. With ``power_cut`` false it outlives the process at once but a cut
        of power only after the next whole one: tenfold as fast, for what may be done again."""
        with self._lock, self._named():
            db = self._connection
            if not power_cut:
                db.execute("PRAGMA synchronous = NORMAL")
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            finally:
                if not power_cut:
                    db.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """For several SELECTs that must see one and the same state."""
        with self._lock, self._named():
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def read(self, query: str, values: tuple[object, ...] = ()) -> list[tuple]:
        """The rows of one SELECT, its values bound."""
        with self._lock, self._named():
            return self._connection.execute(query, values).fetchall()

    def _taken(self, condition: str) -> tuple[Taken, ...]:
        rows = self.read(
            f"SELECT number, raw, taken_at, state, attempts, error FROM inbox {condition}", ()
        )
        return tuple(
            Taken(number, raw, moment(at), State(state), attempts, error)
            for number, raw, at, state, attempts, error in rows
        )

    @contextmanager
    def _named(self) -> Iterator[None]:
        """SQLite's errors as ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> JournalError:
        """What happened to the file, and the remedy."""
        said = str(error).lower()
        if "not a database" in said or "malformed" in said:
            return JournalError(
                f"Tệp nhật ký {self._path} bị hỏng. Hãy khôi phục bản sao lưu gần nhất: thidua"
                " restore newest; nếu không có, đổi tên tệp hỏng rồi chạy lại để tạo nhật ký mới."
            )
        if "locked" in said or "busy" in said:
            return JournalError(
                f"Chương trình khác đang giữ nhật ký {self._path}. Hãy tắt bản bot đang chạy"
                " song song rồi thử lại."
            )
        if "full" in said:
            return JournalError(
                f"Ổ đĩa chứa nhật ký {self._path} đã đầy. Hãy dọn bớt rồi chạy lại."
            )
        if isinstance(error, OSError) or "unable to open" in said or "readonly" in said:
            return JournalError(
                f"Không ghi được nhật ký {self._path}. Hãy kiểm tra thư mục"
                f" {self._path.parent} có tồn tại và cho phép ghi, hoặc đặt THIDUA_JOURNAL sang"
                " chỗ khác."
            )
        return JournalError(f"Nhật ký {self._path} gặp lỗi: {error}. Hãy thử chạy lại.")


def miss(db: Transaction, gap: Gap, asker: int | None = None) -> None:
    """``Journal.miss`` inside a transaction; with who asked, so that it can be erased."""
    db.execute(
        "INSERT INTO gap (question, kind, at, missing, asker) VALUES (?, ?, ?, ?, ?)",
        (gap.question, gap.kind, stamp(gap.at), gap.missing, asker),
    )


def forget_person(db: Transaction, person: int) -> int:
    """Erase what somebody wrote, inside a transaction; their updates stay known by number alone, so
    that none is taken twice. Returns how many records went. The audit has its own ``erase``."""
    senders = ", ".join(f"json_extract(raw, '$.{kind}.from.id')" for kind in _KINDS)
    return sum(
        db.execute(statement, (person,)).rowcount
        for statement in (
            "UPDATE inbox SET raw = '', error = '' WHERE state <> 'waiting' AND json_valid(raw)"
            f" AND coalesce({senders}) = ?",
            "DELETE FROM conversation WHERE ? IN (chat, person)",
            "DELETE FROM feedback WHERE voter = ?",
            "DELETE FROM gap WHERE asker = ?",
        )
    )


_KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")


def flush(path: Path) -> None:
    """Have a file on the disk itself when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_held(path: Path) -> bool:
    """Whether a bot runs with the journal at ``path``."""
    handle = _lock(path) if path.is_file() else None
    if handle is not None:
        os.close(handle)
    return handle is None and path.is_file()


def _lock(path: Path) -> int | None:
    """Lock the file beside a journal; None when another process has it. It ends with the process."""
    handle = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def stamp(at: datetime.datetime) -> str:
    """A time as text that sorts as time does: how the journal keeps it."""
    return at.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime.datetime:
    """The time that ``stamp`` wrote."""
    return datetime.datetime.fromisoformat(text)
