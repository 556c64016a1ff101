"""A group that becomes a supergroup keeps its settings, its talks and what waits for an answer."""

import datetime
from pathlib import Path

import pytest
from telegram.error import ChatMigrated

from bot import notices
from bot.conversations import Conversations, Talk, remember
from bot.journal import Journal
from bot.moves import Moves
from bot.rooms import Rooms, Switch
from bot.telegram.pace import Pace
from fake_telegram import FakeTelegram
from test_telegram import AN, BINH, asked, bot, people

OLD, NEW, NEWER = -4100, -1004100, -1004200
NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def test_settings_and_talks_go_with_a_group(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    rooms, talks, moves = Rooms(journal), Conversations(journal), Moves(journal)
    rooms.turn(OLD, Switch.ADMINS)
    talk = Talk(chat=OLD, person=AN)
    with journal.write() as db:
        remember(db, talk, "câu một", NOON, 5, (6,))
        remember(db, Talk(chat=-7, person=AN), "của nhóm khác", NOON, 5, (6,))
    for _ in range(3):  # Telegram says it more than once
        moves.move(OLD, NEW)
    assert rooms.of(NEW).on == {Switch.ADMINS} and rooms.of(OLD).on == frozenset()
    assert talks.recent(talk.model_copy(update={"chat": NEW}), NOON) == ("câu một",)
    assert talks.recent(talk, NOON) == ()
    # What has these numbers in the new group is something else.
    assert talks.asked_by(NEW, 5) is talks.answered_by(NEW, 6) is talks.answered_by(OLD, 6) is None
    assert talks.asked_by(-7, 5) is not None
    moves.move(NEW, NEWER)
    again = Moves(journal)
    assert [again.now(chat) for chat in (OLD, NEW, NEWER, 7)] == [NEWER, NEWER, NEWER, 7]
    moves.move(NEWER, OLD)  # nonsense, and no endless walk
    assert {moves.now(chat) for chat in (OLD, NEW, NEWER)} == {OLD}
    journal.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("said", [True, False])
async def test_a_group_that_moves_is_answered_where_it_is_now(tmp_path: Path, said: bool) -> None:
    """Where Telegram ``said`` so, and where it only refuses what goes to the old number."""
    journal = Journal(tmp_path / "journal.db")
    Rooms(journal).turn(OLD, Switch.ADMINS)
    journal.close()
    async with FakeTelegram() as fake:
        people(fake).group(OLD, administrators=(AN,))
        async with bot(fake, tmp_path) as process:
            await process.up()
            await fake.say(OLD, "/hoi câu một", user=AN)
            assert asked((await fake.wait(1, chat_id=OLD))[0]) == "câu một"
            await fake.say(OLD, "/hoi câu hai, chờ 700 ms", user=AN)
            await fake.called("sendChatAction", 1)
            await fake.say(OLD, "/hoi câu ba", user=AN)
            await fake.upgrade(OLD, NEW, said=said)
            two, three = await fake.wait(2, chat_id=NEW)
            assert asked(two) == "câu hai, chờ 700 ms" and asked(three) == "câu ba"
            await fake.say(NEW, "/hoi câu bốn", user=AN)
            (four,) = await fake.wait(1, chat_id=NEW)
            assert "sau [câu một; câu hai, chờ 700 ms; câu ba]" in four.text
            await fake.say(NEW, "/hoi câu năm", user=BINH)
            (refusal,) = await fake.wait(1, chat_id=NEW)
            assert refusal.text == notices.only_group_administrators_ask().plain
            assert await process.end(15) == 0
        assert fake.faults == []
    journal = Journal(tmp_path / "journal.db")
    assert journal.failed() == journal.waiting() == ()
    journal.close()


@pytest.mark.asyncio
async def test_whatever_is_asked_of_telegram_goes_to_the_new_number(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    moves = Moves(journal)
    pace, went = Pace(moves), []

    async def request(endpoint: str) -> None:
        data = {"chat_id": OLD, "reply_parameters": "{}"}

        async def call(endpoint: str, data: dict[str, object]) -> None:
            went.append((endpoint, data["chat_id"], "reply_parameters" in data))
            if data["chat_id"] == OLD:
                raise ChatMigrated(NEW)

        await pace.process_request(call, (endpoint, data), {}, endpoint, data, None)

    await request("getChatMember")
    await request("sendMessage")
    journal.close()
    assert moves.now(OLD) == NEW
    assert went == [
        ("getChatMember", OLD, True), ("getChatMember", NEW, False), ("sendMessage", NEW, False)
    ]  # fmt: skip
