"""The journal keeps what it was given, through crashes, repeats and other processes."""

import datetime
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conversations import Conversations, Talk, remember
from bot.journal import MIGRATIONS, TRIES, Gap, Journal, JournalError, State, Vote, miss

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path)
    yield journal
    journal.close()


# --- the inbox ----------------------------------------------------------------------------------


def test_updates_wait_in_the_order_they_came(journal: Journal) -> None:
    assert journal.take([(9, "chín"), (3, "ba")], NOON) == {9, 3}
    assert journal.take([(5, "năm"), (9, "chín lần nữa")], NOON + MINUTE) == {5}
    assert [(t.number, t.raw) for t in journal.waiting()] == [(9, "chín"), (3, "ba"), (5, "năm")]
    assert journal.waiting()[2].taken_at == NOON + MINUTE
    assert journal.take([], NOON) == frozenset()


def test_an_answered_update_neither_waits_nor_comes_back(journal: Journal) -> None:
    journal.take([(1, "a"), (2, "b")], NOON)
    assert journal.begin(1)
    journal.answered(1)
    assert [t.number for t in journal.waiting()] == [2]
    assert journal.take([(1, "a")], NOON) == frozenset()
    assert not journal.begin(1)
    assert [t.number for t in journal.waiting()] == [2] and journal.failed() == ()


def test_an_update_begun_too_often_is_set_aside_with_its_text(journal: Journal) -> None:
    journal.take([(1, '{"độc": true}')], NOON)
    assert [journal.begin(1) for _ in range(TRIES)] == [True] * TRIES
    (waiting,) = journal.waiting()
    assert waiting.attempts == TRIES
    assert not journal.begin(1)
    assert journal.waiting() == ()
    (failed,) = journal.failed()
    assert (failed.state, failed.raw) == (State.FAILED, '{"độc": true}')
    assert failed.error == f"begun {TRIES} times, never answered"


def test_a_failed_update_stays_failed(journal: Journal) -> None:
    journal.take([(1, "a")], NOON)
    journal.begin(1)
    journal.set_aside(1, "vì sao")
    journal.answered(1)
    journal.set_aside(1, "vì khác")
    assert journal.waiting() == () and not journal.begin(1)
    assert [(f.number, f.error) for f in journal.failed()] == [(1, "vì sao")]


def test_taking_is_all_or_nothing(journal: Journal) -> None:
    def updates() -> Iterator[tuple[int, str]]:
        yield 1, "a"
        raise RuntimeError("no second one")

    with pytest.raises(RuntimeError):
        journal.take(updates(), NOON)
    assert journal.waiting() == ()
    assert journal.take([(1, "a")], NOON) == {1}


def test_only_what_is_old_and_done_with_is_pruned(journal: Journal) -> None:
    journal.take([(1, "answered"), (2, "waiting"), (3, "failed")], NOON)
    journal.take([(4, "answered later")], NOON + MINUTE)
    for number in (1, 3, 4):
        journal.begin(number)
    journal.answered(1)
    journal.answered(4)
    journal.set_aside(3, "vì sao")
    talks, talk = Conversations(journal), Talk(chat=7, person=7)
    with journal.write() as db:
        remember(db, talk, "cũ", NOON, shown=(1,))
        remember(db, talk, "mới", NOON + MINUTE, shown=(2,))
        miss(db, Gap("cũ?", "not_found", NOON))
    journal.vote(Vote(chat=7, message=1, voter=5, up=True, text="cũ", at=NOON))
    assert journal.prune(NOON + MINUTE) == 2
    assert journal.take([(1, ""), (2, ""), (3, ""), (4, "")], NOON) == {1, 3}
    assert journal.gaps() == journal.votes() == ()
    assert talks.recent(talk, NOON + 2 * MINUTE) == ("mới",)
    assert talks.answered_by(7, 1) is None and talks.answered_by(7, 2) is not None


def test_what_was_taken_survives_a_killed_process(path: Path) -> None:
    code = (
        "import os, datetime, pathlib, sys; from bot.journal import Journal\n"
        "journal = Journal(pathlib.Path(sys.argv[1]))\n"
        "now = datetime.datetime.now(datetime.UTC)\n"
        "journal.take([(1, 'a'), (2, 'b')], now); journal.begin(1)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, timeout=20)
    assert done.returncode == -9
    journal = Journal(path)
    assert [(t.number, t.attempts) for t in journal.waiting()] == [(1, 1), (2, 0)]
    journal.close()


def test_threads_and_a_second_connection_do_not_collide(journal: Journal, path: Path) -> None:
    other = Journal(path)
    errors: list[Exception] = []

    def work(mine: Journal, first: int) -> None:
        try:
            for number in range(first, first + 25):
                mine.take([(number, str(number))], NOON)
                mine.begin(number)
                mine.answered(number)
                mine.waiting()
        except Exception as error:
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=(where, first))
        for where, first in ((journal, 0), (journal, 100), (other, 200), (other, 300))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == [] and journal.waiting() == ()
    taken = journal.take([(n, "") for n in range(400)], NOON)
    assert len(taken) == 300  # the hundred above were all there
    other.close()


# --- conversations, feedback, gaps --------------------------------------------------------------


def test_a_second_vote_replaces_the_first(journal: Journal) -> None:
    up = Vote(chat=7, message=1, voter=5, up=True, text="trả lời", at=NOON)
    down = Vote(chat=7, message=1, voter=5, up=False, text="trả lời", at=NOON + MINUTE)
    other = Vote(chat=7, message=1, voter=6, up=True, text="trả lời", at=NOON + 2 * MINUTE)
    for vote in (up, down, other):
        journal.vote(vote)
    assert journal.votes() == (down, other)


def test_gaps_are_kept_as_they_came(journal: Journal) -> None:
    gaps = (Gap("Điều 900?", "not_found", NOON), Gap("điểm?", "partial", NOON + MINUTE))
    for gap in gaps:
        journal.miss(gap)
    assert journal.gaps() == gaps


# --- the file -----------------------------------------------------------------------------------


def test_the_file_is_set_up_to_keep(journal: Journal, path: Path) -> None:
    def pragma(name: str) -> object:
        return journal._connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("foreign_keys") == 1
    assert pragma("synchronous") == 2  # FULL
    assert pragma("busy_timeout") == 5000
    assert pragma("user_version") == len(MIGRATIONS)
    again = Journal(path)  # opening it a second time changes nothing
    assert again.waiting() == ()
    again.close()


def test_a_failed_migration_leaves_no_half_made_file(path: Path) -> None:
    Journal(path).close()
    steps = (("CREATE TABLE one (a)",), ("CREATE TABLE two (a)", "CREATE TABEL three (a)"))
    with pytest.raises(JournalError):
        Journal(path, migrations=(*MIGRATIONS, *steps))
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        names = {name for (name,) in raw.execute("SELECT name FROM sqlite_schema")}
    assert "inbox" in names and not {"one", "two"} & names
    raw.close()


def test_a_new_file_may_be_opened_by_several_at_once(path: Path) -> None:
    for attempt in range(5):
        start, errors = threading.Barrier(6), []
        new = path.with_name(f"{attempt}.db")

        def work(start: threading.Barrier, new: Path, errors: list[Exception]) -> None:
            start.wait(10)
            try:
                Journal(new).close()
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(start, new, errors)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert errors == []


def test_the_file_of_a_newer_program_is_left_alone(path: Path) -> None:
    Journal(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(JournalError, match=r"phiên bản mới hơn.*bản 99.*cập nhật chương trình"):
        Journal(path)


def test_another_program_s_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE passage (text)")
    raw.close()
    with pytest.raises(JournalError, match="chương trình khác"):
        Journal(path)
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT name FROM sqlite_schema").fetchall() == [("passage",)]
    raw.close()


def test_a_damaged_file_is_said_with_the_remedy(tmp_path: Path) -> None:
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"no database at all, " * 500)
    with pytest.raises(JournalError, match=r"bị hỏng.*bản sao lưu"):
        Journal(noise)
    torn = tmp_path / "torn.db"
    journal = Journal(torn)
    journal.take([(n, "x" * 500) for n in range(200)], NOON)
    journal.close()
    content = torn.read_bytes()
    half = len(content) // 2  # the schema stands at the beginning
    torn.write_bytes(content[:half] + b"\xff" * half)
    journal = Journal(torn)
    with pytest.raises(JournalError, match="bị hỏng"):
        journal.waiting()
    journal.close()


@pytest.mark.parametrize("where", ["file/journal.db", "file/deeper/journal.db", "folder"])
def test_a_place_that_cannot_be_written_is_said_with_the_remedy(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "folder").mkdir()
    with pytest.raises(JournalError, match=r"Không ghi được nhật ký.*THIDUA_JOURNAL"):
        Journal(tmp_path / where)


def test_a_migration_keeps_what_is_there(path: Path) -> None:
    old = Journal(path)
    old.take([(1, "a")], NOON)
    old.close()
    new = Journal(path, migrations=(*MIGRATIONS, ("ALTER TABLE gap ADD COLUMN chat INTEGER",)))
    assert [t.number for t in new.waiting()] == [1]
    new.close()
    with pytest.raises(JournalError, match="phiên bản mới hơn"):
        Journal(path)


def test_a_full_disk_is_a_named_error_and_loses_nothing(journal: Journal) -> None:
    journal.take([(1, "a")], NOON)
    (pages,) = journal._connection.execute("PRAGMA page_count").fetchone()
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError, match="đã đầy"):
        journal.take([(2, "x" * 100_000)], NOON)
    assert [t.number for t in journal.waiting()] == [1]
    journal.answered(1)  # what needs no room goes on


def test_a_held_file_and_a_closed_one_are_named_errors(journal: Journal, path: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    other = Journal(path, patience=0.05)
    with pytest.raises(JournalError, match="đang giữ nhật ký"):
        other.take([(1, "a")], NOON)
    other.close()
    holder.execute("ROLLBACK")
    holder.close()
    journal.close()
    with pytest.raises(JournalError):
        journal.waiting()
