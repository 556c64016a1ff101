"""A limit of time for one question: who asked is told, nobody else waits, and a restart mends the rest."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import notices
from bot.journal import Journal
from bot.telegram.thinkers import Thinkers, TookTooLong
from bot.vitals import Vitals
from fake_telegram import FakeTelegram
from test_telegram import AN, MEMBERS, _free_port, _http, asked, bot, people


@pytest.fixture
def vitals(tmp_path: Path) -> Vitals:
    Journal(tmp_path / "journal.db").close()
    return Vitals(tmp_path / "journal.db", lambda: 0, lambda: 0.0)


async def until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not there():
            await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_a_thought_that_takes_too_long_is_given_up_and_its_place_goes_to_another(
    vitals: Vitals, caplog: pytest.LogCaptureFixture
) -> None:
    thinkers, end = Thinkers(1, 0.2, vitals), threading.Event()

    def stand_here() -> None:
        end.wait(60)

    with pytest.raises(TookTooLong):
        await thinkers.think(stand_here)
    assert await thinkers.think(lambda: "the next") == "the next"
    assert "1 of 2 threads are stuck" in caplog.text and "stand_here" in caplog.text
    metrics = vitals.metrics().decode()
    assert "thidua_given_up_total 1.0" in metrics and "thidua_stuck_threads 1.0" in metrics
    assert any("bị kẹt" in ill for ill in vitals.ills())  # no other could be replaced
    end.set()
    await until(lambda: vitals.ills() == [])
    with pytest.raises(ValueError, match="said"):
        await thinkers.think(int, "said")


@pytest.mark.asyncio
async def test_threads_are_so_many_and_when_all_are_stuck_that_is_known(vitals: Vitals) -> None:
    thinkers, end, begun = Thinkers(2, 0.05, vitals), threading.Event(), []
    before = threading.active_count()

    def stand() -> None:
        begun.append(1)
        end.wait(60)

    thoughts = [asyncio.create_task(thinkers.think(stand)) for _ in range(6)]
    await asyncio.wait_for(thinkers.exhausted.wait(), 30)
    assert len(begun) == threading.active_count() - before == 4
    assert [isinstance(one.exception(), TookTooLong) for one in thoughts if one.done()] == [
        True
    ] * 4
    end.set()  # the two that waited are not lost
    await asyncio.wait(thoughts, timeout=30)
    assert len(begun) == 6 and thoughts[-1].exception() is None


@pytest.mark.asyncio
async def test_who_asked_is_told_and_the_chat_goes_on(tmp_path: Path) -> None:
    port = _free_port()
    watch = {"THIDUA_WATCH": f"127.0.0.1:{port}", "THIDUA_ANSWER_SECONDS": "1"}
    async with FakeTelegram() as fake, bot(people(fake), tmp_path, **watch) as process:
        await process.up()
        await fake.say(AN, "chờ 60000 ms")
        await fake.say(AN, "câu sau")
        sorry, answer = await fake.wait(2, chat_id=AN)
        assert sorry.text == notices.too_slow(1).plain
        # What could not be answered is nothing for the next question to lean on.
        assert asked(answer) == "câu sau" and "chờ" not in answer.text
        _, metrics = await asyncio.to_thread(_http, f"http://127.0.0.1:{port}/metrics")
        assert b"thidua_given_up_total 1.0" in metrics
        assert "took longer than 1 s" in process.log and "stub_bot.py" in process.log
        assert await process.end(15) == 0  # the thread that is stuck keeps nothing from ending


@pytest.mark.asyncio
async def test_a_bot_whose_threads_are_all_stuck_ends_and_keeps_what_waits(tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        async with bot(people(fake), tmp_path, THIDUA_ANSWER_SECONDS="1") as process:
            await process.up()
            said = 0
            while process.process.returncode is None and said < 2000:
                for member in MEMBERS[:8]:
                    said += 1
                    await fake.say(member, f"câu {said}, chờ 600000 ms")
                await asyncio.sleep(0.5)
            assert await asyncio.wait_for(process.process.wait(), 60) == 1
            assert "Mọi luồng xử lý câu hỏi đều bị kẹt" in process.log
        journal = Journal(tmp_path / "journal.db")
        waiting = len(journal.waiting())
        assert journal.failed() == ()
        journal.close()
        given_up = sum(sent.text == notices.too_slow(1).plain for sent in fake.sent)
        assert given_up and waiting and given_up + waiting + fake.waiting >= said
