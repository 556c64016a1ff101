"""Deadlines called to mind: a real bot process over HTTP, killed in the middle; and the days alone."""

import asyncio
import datetime
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import memos, notices
from bot.ics import calendar_of
from bot.journal import Journal
from bot.reminders import Reminders, State, mark_of, typed_deadline
from bot.settings import SAMPLE, Settings
from corpus import Deadline, Source, read_deadlines
from fake_telegram import Call, FakeTelegram
from test_members import presses, says
from test_telegram import bot

CHIEF, AN, BINH, CHI, DUNG = 1, 2, 3, 4, 5
ZONE = "Asia/Ho_Chi_Minh"
HEAD = "Nội dung,Ngày,Giờ,Địa điểm,Khối,Nhắc trước\n"
TODAY = Settings(_env_file=None).today()


def handed(fake: FakeTelegram, person: int) -> list[Call]:
    calls = [c for c in fake.calls if c.method == "sendDocument" and c.status == 200]
    return [c for c in calls if c.payload["chat_id"] == person]


async def subscribes(fake: FakeTelegram, person: int) -> None:
    offer = await says(fake, person, "/nhac")
    assert "đang tắt" in offer.text
    assert "đang bật" in (await presses(fake, offer, "Bật nhắc việc")).text


@pytest.mark.asyncio
async def test_a_reminder_comes_once_whatever_happens(tmp_path: Path) -> None:
    day = TODAY + datetime.timedelta(days=3)
    (tmp_path / "deadlines.csv").write_text(
        f"{HEAD}Họp <tổng kết> & ký,{day:%d/%m/%Y},8h30,Hội trường A,,7\n"
        f"Việc của khối khác,{day:%d/%m/%Y},,,Khối 9,7\n",
        encoding="utf-8",
    )
    settings = {"THIDUA_DOCUMENTS": str(tmp_path), "THIDUA_ADMINISTRATORS": str(CHIEF)}
    async with FakeTelegram() as fake:
        for person in (CHIEF, AN, BINH, CHI, DUNG):
            fake.user(person)
        async with bot(fake, tmp_path, members=[AN, BINH, CHI, DUNG], **settings) as process:
            await process.up()
            await subscribes(fake, AN)
            (told,) = await fake.wait(1, chat_id=AN)
            for words in ("Còn 3 ngày: Họp <tổng kết> & ký", f"{day:%d/%m/%Y}, 08:30", "Hội trường A",
                          "Nguồn: deadlines.csv, B2"):  # fmt: skip
                assert words in told.text
            (call,) = handed(fake, AN)
            file = call.payload["document"]
            assert file.name == f"lich-{day}.ics" and b"SUMMARY:H\xe1\xbb\x8dp" in file.data
            # Killed while Telegram has not taken it yet.
            fake.trouble("sendDocument", chat_id=BINH, delay=30)
            await subscribes(fake, BINH)
            for _ in range(200):
                if fake.troubled:
                    break
                await asyncio.sleep(0.05)
            assert fake.troubled  # the message is on its way
            await process.end(signal.SIGKILL)
        async with bot(fake, tmp_path, members=[AN, BINH, CHI, DUNG], **settings) as process:
            await process.up()
            await fake.until(lambda: bool(handed(fake, BINH)), 20)
            await says(fake, DUNG, "còn sống không?")
            await process.end(signal.SIGKILL)
        assert len(handed(fake, AN)) == len(handed(fake, BINH)) == 1
        # Who blocked the bot is left alone, and the others are told all the same.
        async with bot(fake, tmp_path, members=[AN, BINH, CHI, DUNG], **settings) as process:
            await process.up()
            await subscribes(fake, CHI)
            await fake.until(lambda: bool(handed(fake, CHI)), 20)
            listed = (await says(fake, CHI, "/lich")).text
            assert "Họp <tổng kết>" in listed and "khối khác" not in listed
            assert "khối khác" in (await says(fake, CHIEF, "/lich")).text
            offer = await says(fake, AN, "/nhac")
            await presses(fake, offer, "Tắt nhắc việc")
            fake.block(CHI)
            words = f"/nhacviec Nộp báo cáo; {day:%d/%m/%Y}; 17:00"
            assert (await says(fake, AN, words)).text == notices.only_administrators().plain
            unclear = await says(fake, CHIEF, "/nhacviec Nộp báo cáo; hôm nào đó")
            assert unclear.text == memos.deadline_unclear().plain
            card = await says(fake, CHIEF, words)
            assert "Nộp báo cáo" in card.text and len(handed(fake, BINH)) == 1
            await presses(fake, card, "Xác nhận")
            await fake.until(lambda: len(handed(fake, BINH)) == 2, 20)
            assert "quản trị viên thêm ngày" in handed(fake, BINH)[1].payload["caption"]
            assert len(handed(fake, AN)) == len(handed(fake, CHI)) == 1
            await fake.forge(card, card.buttons[0][1])  # confirmed a second time
            (stale,) = await fake.wait(1, chat_id=CHIEF)
            assert stale.text == notices.stale_button().plain
        with sqlite3.connect(tmp_path / "journal.db") as db:
            states = db.execute("SELECT user, state FROM reminder ORDER BY user, state").fetchall()
        assert states == [
            (AN, "sent"),
            (BINH, "sent"),
            (BINH, "sent"),
            (CHI, "refused"),
            (CHI, "sent"),
        ]
        assert fake.faults == []


# The days


def at(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    """A time of December 2026 where the office is."""
    return datetime.datetime(
        2026, 12, day, hour, minute, tzinfo=datetime.timezone(datetime.timedelta(hours=7))
    )


@pytest.fixture
def office(tmp_path: Path) -> Callable[..., Reminders]:
    def make(*rows: str) -> Reminders:
        (tmp_path / "deadlines.csv").write_text(HEAD + "\n".join(rows), encoding="utf-8")
        reminders = Reminders(Journal(tmp_path / "j.db"), tmp_path, ZONE)
        reminders.subscribe(AN, True, at(1, 0))
        return reminders

    return make


def test_a_reminder_is_due_from_eight_and_until_the_hour(office) -> None:
    reminders = office('Họp,15/12/2026,14:00,,,"7, 1"')

    def due(now: datetime.datetime) -> list[tuple[int, bool]]:
        found = reminders.due(now, lambda user, deadline: True)
        return [(r.days_left, r.again) for r in found]

    assert due(at(8, 7, 59)) == []
    assert due(at(8, 8)) == [(7, False)]
    (first,) = reminders.due(at(8, 8), lambda user, deadline: True)
    reminders.note(first, State.SENT, at(8, 8))
    assert due(at(13, 23)) == []
    assert due(at(14, 8)) == [(1, False)]
    (second,) = reminders.due(at(14, 8), lambda user, deadline: True)
    reminders.note(second, State.SENDING, at(14, 8))
    assert due(at(15, 13, 59)) == [(0, True)]  # begun by a process that died
    assert due(at(15, 14)) == []
    assert reminders.due(at(14, 8), lambda user, deadline: False) == ()


def test_what_was_missed_is_told_once_and_another_day_is_told_anew(office) -> None:
    reminders = office('Họp,15/12/2026,,,,"7, 3"', 'Họp,15/12/2026,,,,"7, 3"')
    (late,) = reminders.due(at(14, 9), lambda user, deadline: True)
    reminders.note(late, State.SENT, at(14, 9))
    assert reminders.due(at(15, 23), lambda user, deadline: True) == ()
    moved = office('Họp,16/12/2026,,,,"7, 3"')
    (again,) = moved.due(at(14, 9), lambda user, deadline: True)
    assert again.deadline.day.day == 16 and again.mark != late.mark


def test_a_bad_row_is_a_problem_and_no_deadline(tmp_path: Path) -> None:
    rows = [
        "Họp,32/12/2026,,,,",
        ",15/12/2026,,,,",
        "Họp,15/12/2026,25:00,,,",
        "Nộp,2026-12-15,,,,",
    ]
    (tmp_path / "deadlines.csv").write_text(HEAD + "\n".join(rows), encoding="utf-8")
    found, problems = read_deadlines(tmp_path)
    assert [d.what for d in found] == ["Nộp"] and found[0].before == (7, 1)
    assert [p.place for p in problems] == ["B2", "B3", "B4"] and all(p.remedy for p in problems)
    assert read_deadlines(tmp_path / "nowhere") == ((), ())


def test_the_sample_says_that_its_days_are_invented() -> None:
    found, problems = read_deadlines(SAMPLE)
    assert found and problems == ()
    assert all("tưởng tượng" in deadline.what for deadline in found)


@pytest.mark.parametrize(
    "text", ["", "Họp", "Họp; hôm qua", "Họp; 1/1/2020", "; 1/1/2030", "Họp; 1/1/2030; lúc nào"]
)
def test_what_is_unclear_is_no_deadline(text: str) -> None:
    assert typed_deadline(text, datetime.date(2026, 12, 1)) is None


def test_a_calendar_file_is_one() -> None:
    what = "Họp; ký, \\ " + "ế" * 60
    deadline = Deadline(what=what, day=datetime.date(2026, 12, 15), time=datetime.time(14, 30),
                        place="A\nB", before=(7,), source=Source(file="x"))  # fmt: skip
    text = calendar_of(deadline, mark_of(deadline), at(1, 0), ZONE).decode()
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines) and "\n" not in text.replace("\r\n", "")
    whole = text.replace("\r\n ", "")
    assert "DTSTART:20261215T073000Z\r\nDTEND:20261215T083000Z" in whole
    assert "SUMMARY:Họp\\; ký\\, \\\\ " + "ế" * 60 + "\r\n" in whole and "LOCATION:A\\nB" in whole
    assert "TRIGGER:-P7D" in whole
    day = calendar_of(deadline.model_copy(update={"time": None}), "x", at(1, 0), ZONE).decode()
    assert "DTSTART;VALUE=DATE:20261215\r\nDTEND;VALUE=DATE:20261216" in day
