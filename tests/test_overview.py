"""What administrators are told of the bot: gaps, figures, who asked what; over HTTP."""

import datetime
import sqlite3
from pathlib import Path

import pytest

from bot import memos, notices
from bot.audit import Audit, Entry
from bot.gaps import Lacking
from bot.journal import Journal, Vote
from bot.settings import Settings
from bot.usage import usage
from fake_telegram import FakeTelegram, parse_html, units
from test_members import says
from test_telegram import bot

CHIEF, CADRE = 1, 2
NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.mark.asyncio
async def test_gaps_figures_and_the_trail(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as fake,
        bot(fake, tmp_path, members=[CADRE], THIDUA_ADMINISTRATORS=str(CHIEF)) as process,
    ):
        for person in (CHIEF, CADRE):
            fake.user(person)
        await process.up()
        assert (await says(fake, CADRE, "/gaps")).text == notices.only_administrators().plain
        for question in ("không biết <1>", "không biết <1>", "hai tên", "Điều 24"):
            answer = await says(fake, CADRE, question)
        await fake.press(answer, "vote:up")
        await says(fake, CADRE, "xong rồi")
        told = (await says(fake, CHIEF, "/gaps")).text
        assert "2 lần: không biết <1>" in told and "Điều 24" not in told
        stats = (await says(fake, CHIEF, "/stats")).text
        for words in (
            "5 câu hỏi, 1 người hỏi",
            "trả lời đủ: 2",
            "từ chối: 2",
            "hỏi lại: 1",
            "👍 1",
        ):
            assert words in stats
        (picture,) = await fake.wait(1, chat_id=CHIEF)
        assert (
            picture.method == "sendPhoto"
            and f"{Settings(_env_file=None).today():%d/%m} 5" in picture.text
        )
        trail = (await says(fake, CHIEF, "/audit")).text
        assert "còn nguyên vẹn" in trail and f"mã {CADRE}: Điều 24 (trả lời đủ)" in trail
        assert "06/2022/QH15" in trail
        with sqlite3.connect(process.journal) as db:
            db.execute("UPDATE audit SET question = 'khác' WHERE question = 'Điều 24'")
        assert "Sổ đã bị thay đổi" in (await says(fake, CHIEF, f"/audit {CADRE}")).text
        assert "Chưa có câu nào" in (await says(fake, CHIEF, "/audit 77")).text
        assert fake.faults == []


def test_a_day_is_the_office_s_day(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db")
    for hours, kind in ((0, "answer"), (4.9, "answer"), (5.1, "not_found"), (30, "answer")):
        at = NOON + datetime.timedelta(hours=hours)
        Audit(journal).add(Entry(at=at, asker=1, chat=1, question="x", shown="y", kind=kind,
                                 milliseconds=100))  # fmt: skip
    journal.vote(Vote(1, 1, 1, False, "", NOON))
    first, last = NOON.date(), NOON.date() + 3 * DAY
    found = usage(journal, first, last, "Asia/Ho_Chi_Minh")  # seven hours ahead
    assert [count for _, count in found.days] == [2, 1, 1, 0]
    assert dict(found.kinds) == {"answer": 3, "not_found": 1}
    assert (found.questions, found.people, found.p95, found.praised, found.criticised) == (
        4, 1, 100, 0, 1,
    )  # fmt: skip
    assert usage(journal, last, last, "Asia/Ho_Chi_Minh").questions == 0


def test_a_memo_fits_one_message() -> None:
    long = "tiêu chuẩn " * 60
    gaps = [Lacking(question=f"{n} {long}", missing=long, times=n, last=NOON) for n in range(40)]
    text, _, dropped = parse_html(memos.gaps(gaps).html)
    assert units(text) <= 4096 and dropped == [] and "và 25 câu khác" in text
