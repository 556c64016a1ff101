"""Copies of the journal: whole while it is written to, verified, rotated, and put back safely."""

import datetime
import os
import sqlite3
import threading
from pathlib import Path

import pytest

from bot import upkeep
from bot.audit import Audit, Entry
from bot.backup import BackupError, back_up, backups, restore
from bot.cli import main
from bot.conversations import Talk, remember
from bot.erasure import erase_person
from bot.journal import MIGRATIONS, Gap, Journal, JournalError, Vote, is_held, miss
from bot.members import Members
from bot.settings import Settings, read_settings

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def entry(n: int, asker: int = 1) -> Entry:
    return Entry(at=NOON + n * DAY, asker=asker, chat=asker, question=f"câu {n}", shown="lời",
                 kind="answer")  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with three answers and an update that waits."""
    path = tmp_path / "journal.db"
    journal = Journal(path)
    for n in range(3):
        Audit(journal).add(entry(n))
    journal.take([(1, '{"update_id": 1}')], NOON)
    journal.close()
    return path


def test_a_copy_taken_while_others_write_is_whole(path: Path, tmp_path: Path) -> None:
    """What is in the copy is what was there at one moment: the chain holds and has no hole."""
    journal, stop = Journal(path), threading.Event()

    def write() -> None:
        n = 3
        while not stop.is_set():
            Audit(journal).add(entry(n))
            n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [back_up(path, tmp_path / "b", 9, NOON + n * DAY) for n in range(4)]
    finally:
        stop.set()
        writer.join(20)
    written = Audit(journal).verify().entries
    journal.close()
    kept = []
    for copy in copies:
        opened = Journal(copy)
        opened.check()
        kept.append(Audit(opened).verify())
        opened.close()
    assert all(v.holds for v in kept)
    assert 3 <= kept[0].entries <= kept[-1].entries <= written
    assert copies[0].stat().st_mode & 0o077 == 0  # nobody else's to read


def test_the_newest_are_kept(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    made = [back_up(path, folder, 3, NOON + n * DAY) for n in range(5)]
    (folder / "another.db").write_text("not ours")
    assert backups(folder) == made[:1:-1]
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        ["another.db", *(p.name for p in made[2:])]
    )


def test_a_copy_that_cannot_be_made_is_said_and_the_old_ones_stay(
    path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "b"
    old = back_up(path, folder, 1, NOON)
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE audit SET question = 'sửa' WHERE place = 2")
    raw.close()
    with pytest.raises(BackupError, match=r"sai từ dòng 2.*Các bản sao cũ vẫn còn"):
        back_up(path, folder, 1, NOON + DAY)
    assert list(folder.iterdir()) == [old]
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BackupError, match="THIDUA_BACKUPS"):
        back_up(path, tmp_path / "file" / "b", 1, NOON)


def test_a_copy_is_put_back_and_the_former_journal_is_kept(path: Path, tmp_path: Path) -> None:
    copy = back_up(path, tmp_path / "b", 3, NOON)
    journal = Journal(path)
    Audit(journal).add(entry(3))
    journal.close()
    done = restore(copy, path, NOON + DAY)
    assert (done.audited, done.waiting) == (3, 1)
    journal = Journal(path)
    assert Audit(journal).verify().entries == 3
    assert [t.number for t in journal.waiting()] == [1]
    journal.close()
    assert done.former is not None
    former = Journal(done.former)
    assert Audit(former).verify().entries == 4
    former.close()


def test_a_damaged_journal_is_replaced_too(path: Path, tmp_path: Path) -> None:
    copy = back_up(path, tmp_path / "b", 3, NOON)
    path.write_bytes(b"torn " * 1000)
    done = restore(copy, path, NOON)
    assert done.former is not None and done.former.read_bytes().startswith(b"torn")
    Journal(path).close()


@pytest.mark.parametrize("wrong", ["newer", "torn", "missing", "changed", "another"])
def test_what_cannot_be_trusted_is_not_put_back(path: Path, tmp_path: Path, wrong: str) -> None:
    copy = back_up(path, tmp_path / "b", 3, NOON)
    if wrong == "torn":
        content = copy.read_bytes()
        copy.write_bytes(content[:8192] + os.urandom(len(content) - 8192))
    elif wrong == "missing":
        copy.unlink()
    elif wrong == "another":
        copy.write_bytes(b"")
        with sqlite3.connect(copy) as raw:
            raw.execute("CREATE TABLE passage (text)")
        raw.close()
    else:
        with sqlite3.connect(copy) as raw:
            raw.execute(
                "PRAGMA user_version = 99" if wrong == "newer"
                else "UPDATE audit SET shown = 'khác' WHERE place = 1"
            )  # fmt: skip
        raw.close()
    before = path.read_bytes()
    remedy = {"newer": "cập nhật chương trình", "missing": "thidua status"}.get(wrong, "vẫn như cũ")
    with pytest.raises(BackupError, match=remedy):
        restore(copy, path, NOON)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.restoring*")) and not list(tmp_path.glob("*.truoc-*"))


def test_an_older_copy_is_brought_up_to_date(tmp_path: Path) -> None:
    copy, path = tmp_path / "old.db", tmp_path / "journal.db"
    old = Journal(copy, migrations=MIGRATIONS[:1])
    old.take([(7, "{}")], NOON)
    old.close()
    assert restore(copy, path, NOON).waiting == 1
    Journal(path).close()


def test_a_journal_in_use_is_held_by_one(path: Path, tmp_path: Path) -> None:
    copy = back_up(path, tmp_path / "b", 3, NOON)
    one, other = Journal(path), Journal(path)
    one.hold()
    assert is_held(path)
    with pytest.raises(JournalError, match="Một bot khác đang chạy"):
        other.hold()
    with pytest.raises(BackupError, match="Hãy tắt bot"):
        restore(copy, path, NOON)
    one.close()
    assert not is_held(path)
    other.hold()
    other.close()


def test_damage_anywhere_is_found(path: Path) -> None:
    journal = Journal(path)
    journal.check()
    journal.take([(n, "x" * 500) for n in range(10, 200)], NOON)
    journal.close()
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[half : half + 8192] = b"\xff" * 8192
    path.write_bytes(content)
    journal = Journal(path)
    with pytest.raises(JournalError, match=r"bị hỏng.*thidua restore newest"):
        journal.check()
    journal.close()


# --- once a day ---------------------------------------------------------------------------------


def test_upkeep_trims_by_age_and_copies(path: Path, tmp_path: Path) -> None:
    settings = Settings(backups=tmp_path / "b", backups_kept=2, questions_kept=10, audit_kept=20)
    journal = Journal(path)
    journal.begin(1)
    journal.answered(1)
    upkeep.keep_up(journal, settings, NOON + 11 * DAY)
    assert journal.read("SELECT count(*) FROM inbox") == [(0,)]
    assert Audit(journal).verify().entries == 3
    upkeep.keep_up(journal, settings, NOON + 21 * DAY + DAY / 2)
    assert Audit(journal).verify().entries == 1 and Audit(journal).verify().holds
    assert len(backups(settings.backups)) == 2
    (tmp_path / "c").write_text("no folder")
    upkeep.keep_up(
        journal, settings.model_copy(update={"backups": tmp_path / "c"}), NOON + 30 * DAY
    )
    assert Audit(journal).verify().entries == 0  # trimmed though it could not be copied
    journal.close()


# --- erasing ------------------------------------------------------------------------------------


def test_what_a_person_wrote_is_erased_to_the_last_byte(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path)
    number = 0
    for person, word in ((1, "BIMATMOT"), (2, "BIMATHAI")):
        for kind in ("message", "edited_message", "callback_query"):
            number += 1
            update = {
                "update_id": number,
                kind: {"from": {"id": person}, "text": f"{word} {'x' * 3000}"},
            }
            journal.take([(number, str(update).replace("'", '"'))], NOON)
            journal.begin(number)
            if kind == "message":
                journal.answered(number)
            else:
                journal.set_aside(number, f"hỏng ở {word}")
        journal.vote(Vote(chat=person, message=1, voter=person, up=True, text=word, at=NOON))
        with journal.write() as db:
            remember(db, Talk(chat=-9, person=person), f"nhớ {word}", NOON, shown=(person,))
            miss(db, Gap(f"thiếu {word}", "not_found", NOON), person)
        Audit(journal).add(entry(0, person).model_copy(update={"question": word, "shown": word}))
    waiting = {"update_id": 90, "message": {"from": {"id": 1}, "text": "/quen"}}
    journal.take([(90, str(waiting).replace("'", '"'))], NOON)

    assert erase_person(journal, 1) == 3 + 1 + 1 + 1 + 1
    files = [p.read_bytes() for p in tmp_path.iterdir()]
    assert not any(b"BIMATMOT" in content for content in files)
    assert any(b"BIMATHAI" in content for content in files)
    assert journal.take([(1, "again")], NOON) == frozenset()  # known still, by its number
    assert [t.number for t in journal.waiting()] == [90]
    assert Audit(journal).verify().holds and len(journal.gaps()) == len(journal.votes()) == 1
    journal.close()


def test_an_administrator_s_removal_erases_what_the_member_wrote(path: Path) -> None:
    journal = Journal(path)
    Audit(journal).add(entry(4, asker=2))
    members = Members(journal, Settings())
    members.request(1, "An", NOON)
    assert members.remove(1)
    assert [e.asker for e in Audit(journal).entries()] == [2, None, None, None]
    assert Audit(journal).verify().holds
    journal.close()


# --- the commands -------------------------------------------------------------------------------


def test_backup_restore_and_status(no_settings, capsys) -> None:
    def thidua(*arguments: object) -> tuple[int, str, str]:
        return main([str(a) for a in arguments]), *capsys.readouterr()

    status, _, err = thidua("backup")
    assert status == 1 and "Chưa có nhật ký" in err
    status, _, err = thidua("restore", "newest")
    assert status == 1 and "chưa có bản sao lưu" in err
    settings = read_settings()
    journal = Journal(settings.journal)
    Audit(journal).add(entry(0))
    journal.close()
    status, out, _ = thidua("status")
    assert status == 1 and "Chưa có bản sao lưu mới" in out and "thidua build" in out
    status, out, _ = thidua("backup")
    assert status == 0 and str(settings.backups) in out
    status, out, _ = thidua("backup", "--to", settings.backups / "khác")
    assert status == 0 and "khác" in out
    journal = Journal(settings.journal)
    Audit(journal).add(entry(1))
    journal.hold()
    status, _, err = thidua("restore", "newest")
    assert status == 1 and "Hãy tắt bot" in err
    settings.index.write_bytes(b"an index")
    status, out, _ = thidua("status", "--json")
    assert status == 0 and '"well": true' in out and '"answers": 2' in out
    journal.close()
    status, out, _ = thidua("restore", "newest")
    assert status == 0 and "1 câu trả lời" in out and "truoc-" in out
