"""The trail of answers: what is kept, how a change shows, and what may be erased or trimmed."""

import datetime
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.audit import Audit, Change, Entry, Used, entry_of, erase, outdated
from bot.cli import main
from bot.journal import Journal
from bot.settings import read_settings
from hashing import HashEncoder
from small import document

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
LAW = Used(file="regulations/a.txt", place="Điều 5", document="5/2020/NĐ-CP", fingerprint="cũ")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db")
    yield journal
    journal.close()


@pytest.fixture
def audit(journal: Journal) -> Audit:
    """Five answers, a day apart, to askers 1, 2, 1, 2, 1."""
    audit = Audit(journal)
    for n in range(5):
        audit.add(entry(n))
    return audit


def entry(n: int, **more: object) -> Entry:
    values = {
        "at": NOON + n * DAY, "asker": 1 + n % 2, "chat": 1 + n % 2, "question": f"câu {n}",
        "shown": f"lời {n}", "kind": "answer", "sources": (LAW,), "edition": "e1",
        "milliseconds": 10 * n,
    }  # fmt: skip
    return Entry(**(values | more))


def change(audit: Audit, statement: str) -> None:
    with audit._journal.write() as db:
        db.execute(statement)


def test_what_was_kept_comes_back_newest_first(audit: Audit) -> None:
    assert audit.entries() == tuple(entry(n, place=n + 1) for n in reversed(range(5)))
    assert [e.question for e in audit.entries(2)] == ["câu 4", "câu 3"]
    assert [e.question for e in audit.entries(asker=2)] == ["câu 3", "câu 1"]
    figures = audit.figures(NOON + DAY)
    assert (figures.questions, figures.people, figures.kinds) == (4, 2, (("answer", 4),))
    assert (figures.median, figures.p95) == (30, 40)


def test_the_chain_holds_and_goes_on_after_the_file_was_closed(audit: Audit) -> None:
    before = audit.verify()
    assert before.holds and before.entries == 5
    again = Audit(Journal(audit._journal._path))
    again.add(entry(5))
    after = again.verify()
    assert after.holds and after.entries == 6 and after.head != before.head
    assert again.holds(before.head) and again.holds(after.head) and not again.holds("0" * 64)
    again._journal.close()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET question = 'câu khác' WHERE place = 3", 3),
        ("UPDATE audit SET shown = 'lời khác' WHERE place = 3", 3),
        ("UPDATE audit SET asker = 9 WHERE place = 1", 1),
        ("UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE place = 2", 2),
        ("UPDATE audit SET sources = '[]' WHERE place = 4", 4),
        ("UPDATE audit SET edition = 'e2' WHERE place = 5", 5),
        ("UPDATE audit SET kind = 'partial' WHERE place = 5", 5),
        ("UPDATE audit SET sealed = '' WHERE place = 2", 2),
        ("UPDATE audit SET question = 'câu khác', salt = NULL WHERE place = 2", 2),
        ("DELETE FROM audit WHERE place = 1", 2),
        ("DELETE FROM audit WHERE place = 3", 4),
        ("DELETE FROM audit WHERE place = 5", 5),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET place = 6 WHERE place = 5", 6),
    ],
)
def test_a_change_by_other_hands_shows(audit: Audit, statement: str, broken: int) -> None:
    change(audit, statement)
    assert audit.verify().broken == broken


def test_a_person_s_words_are_erased_and_the_chain_still_holds(audit: Audit) -> None:
    with audit._journal.write() as db:
        assert erase(db, 1) == 3
    verdict = audit.verify()
    assert verdict.holds and verdict.erased == 3
    assert {e.asker for e in audit.entries()} == {None, 2}
    gone = audit.entries()[0]
    assert (gone.question, gone.shown, gone.chat) == (None, None, None) and gone.sources == (LAW,)
    held = "\n".join(audit._journal._connection.iterdump())
    assert "câu 4" not in held and "lời 4" not in held and "câu 3" in held
    change(audit, "UPDATE audit SET kind = 'partial' WHERE place = 5")
    assert audit.verify().broken == 5  # what is left of it is still sealed


def test_old_entries_are_trimmed_and_the_chain_begins_after_them(audit: Audit) -> None:
    assert audit.trim(NOON + 2 * DAY) == 2
    assert audit.trim(NOON + 2 * DAY) == 0
    assert audit.verify().holds and audit.verify().entries == 3
    assert audit.trim(NOON + 9 * DAY) == 3
    assert audit.verify().holds
    audit.add(entry(6))
    assert audit.verify().holds and audit.verify().entries == 1
    change(audit, "UPDATE audit_start SET chain = ''")
    assert audit.verify().broken == 6


def test_answers_from_texts_that_changed_are_found() -> None:
    today = datetime.date(2026, 12, 1)
    same = document("regulations/a.txt", "5/2020/NĐ-CP", fingerprint="cũ")

    def found(*documents) -> list[Change]:
        return [c for o in outdated([entry(0)], {d.path: d for d in documents}, today)
                for _, c in o.changes]  # fmt: skip

    assert found(same) == []
    assert found() == [Change.GONE]
    assert found(same.model_copy(update={"path": "regulations/b.txt"})) == []
    assert found(same.model_copy(update={"fingerprint": "mới"})) == [Change.REWRITTEN]
    for day, expected in ((23, []), (24, [Change.ENDED])):  # it had ended when it was shown, or not
        expires = datetime.date(2026, 11, day)
        assert found(same.model_copy(update={"expires": expires})) == expected
    assert found(same.model_copy(update={"expires": datetime.date(2026, 12, 2)})) == []
    unknown = entry(0, sources=(Used(file="register.csv"),))
    assert list(outdated([unknown], {}, today)) == []


def test_an_answer_s_sources_are_kept_with_the_files_they_were_in(assistant) -> None:
    def kept(question: str) -> Entry:
        return entry_of(
            assistant.ask(question), assistant.documents, at=NOON, asker=7, chat=7,
            question=question, shown="", edition=assistant.edition, milliseconds=1,
        )  # fmt: skip

    points = kept("Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm?")
    assert points.kind == "answer" and len(points.edition) == 64
    assert {s.file for s in points.sources} == {"scores/diem-thi-dua-2021-2024.xlsx"}
    assert all("!" in s.place and len(s.fingerprint) == 64 for s in points.sources)
    law = kept("Tiêu chuẩn Chiến sĩ thi đua cơ sở là gì?")
    assert (law.sources[0].place, law.sources[0].document) == ("Điều 23", "06/2022/QH15")
    assert kept("Giá vàng hôm nay bao nhiêu?").sources == ()


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def thidua(no_settings, capsys):
    def run(*arguments: object) -> tuple[int, str]:
        status = main(["audit", *map(str, arguments)], HashEncoder())
        return status, capsys.readouterr().out

    journal = Journal(read_settings().journal)
    audit = Audit(journal)
    for n in range(3):
        audit.add(entry(n, question=f"câu [{n}]"))
    with journal.write() as db:
        erase(db, 2)
    journal.close()
    return run


def test_the_trail_is_printed(thidua) -> None:
    status, out = thidua("--limit", 2)
    assert status == 0
    assert "câu [2]" in out and "đã xóa" in out and "Điều 5, 5/2020/NĐ-CP" in out
    assert "câu [0]" not in out
    shown = json.loads(thidua("--json")[1])
    assert [e["question"] for e in shown] == ["câu [2]", None, "câu [0]"]
    assert shown[0]["sources"][0]["file"] == "regulations/a.txt"


def test_the_trail_is_verified_also_against_a_head_noted_elsewhere(thidua) -> None:
    status, out = thidua("--verify")
    assert status == 0 and "còn nguyên vẹn: 3 câu trả lời, 1 đã xóa" in out
    head = json.loads(thidua("--verify", "--json")[1])["head"]
    assert head in out
    assert thidua("--verify", "--head", head)[0] == 0
    status, out = thidua("--verify", "--head", "0" * 64)
    assert status == 1 and "sổ đã bị thay" in out
    with sqlite3.connect(read_settings().journal) as raw:
        raw.execute("UPDATE audit SET question = 'khác' WHERE place = 3")
    raw.close()
    status, out = thidua("--verify")
    assert status == 1 and "KHÔNG còn nguyên vẹn, sai từ dòng 3" in out
    assert json.loads(thidua("--verify", "--json")[1])["holds"] is False


def test_answers_from_replaced_texts_are_listed(thidua, sample_index) -> None:
    status, out = thidua("--replaced", "--index", sample_index)
    assert status == 0 and "câu [2]" in out and "tệp không còn trong kho" in out
    assert len(json.loads(thidua("--replaced", "--json", "--index", sample_index)[1])) == 3
