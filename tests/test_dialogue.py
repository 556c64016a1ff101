"""A talk with a real bot process: reading on, follow-ups, edited questions, groups, inline mode."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import notices
from bot.reference import code
from corpus import Place
from fake_telegram import FakeTelegram, Json, Sent
from stub_bot import LAW
from test_telegram import BotProcess, asked, bot, silence

CHIEF, SHY, STRANGER, FORUM, TOPIC = 70, 71, 99, -100600, 7
MEMBERS = range(11, 60)
SHARED = pytest.mark.asyncio(loop_scope="module")
ADMINISTRATORS = {"THIDUA_ADMINISTRATORS": f"{CHIEF},{SHY}"}


def people(fake: FakeTelegram) -> FakeTelegram:
    for number in (*MEMBERS, CHIEF):
        fake.user(number)
    fake.user(SHY, "Ẩn", started=False)
    fake.user(STRANGER, "Người lạ")
    for number in range(1, 9):
        fake.group(-number, administrators=(CHIEF, 11))
    fake.group(FORUM, topics=(TOPIC,))
    return fake


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[FakeTelegram, BotProcess]]:
    folder = tmp_path_factory.mktemp("bot")
    async with (
        FakeTelegram() as fake,
        bot(people(fake), folder, members=MEMBERS, **ADMINISTRATORS) as process,
    ):
        await process.up()
        yield fake, process


@pytest.fixture
def fake(running: tuple[FakeTelegram, BotProcess]) -> Iterator[FakeTelegram]:
    running[0].faults.clear()
    yield running[0]
    assert running[0].faults == []


_members, _groups = iter(MEMBERS[1:]), iter(range(-1, -9, -1))


@pytest.fixture
def an() -> int:
    return next(_members)


@pytest.fixture
def binh() -> int:
    return next(_members)


@pytest.fixture
def group() -> int:
    return next(_groups)


async def ask(fake: FakeTelegram, chat: int, text: str = "", **about: Any) -> Sent:
    await fake.say(chat, text, **about)
    (answer,) = await fake.wait(1, chat_id=chat)
    return answer


def data_of(message: Sent, label: str) -> str:
    """The data of the button whose label begins so."""
    (found,) = [data for words, data in message.buttons if words.startswith(label)]
    return found


def raw_buttons(message: Sent) -> list[Json]:
    return [b for row in message.reply_markup["inline_keyboard"] for b in row]


async def pressed(fake: FakeTelegram, message: Sent, label: str, **about: Any) -> Sent:
    await fake.press(message, data_of(message, label), **about)
    (answer,) = await fake.wait(1, chat_id=message.chat_id)
    return answer


# --- reading on -----------------------------------------------------------------------------------


@SHARED
async def test_an_answer_opens_its_article_and_a_page_is_turned_in_place(
    fake: FakeTelegram, an: int
) -> None:
    answer = await ask(fake, an, "Điều nào?")
    whole = await pressed(fake, answer, "📖 Cả Điều 24")
    assert whole.method == "sendMessage" and "Toàn văn Điều 24 <&>" in whole.text
    page = await pressed(fake, answer, "khoản 2")
    assert page.method == "sendMessage" and "Toàn văn Điều 24 khoản 2 <&>" in page.text
    await fake.press(page, data_of(page, "khoản 3"))
    first, last = await fake.wait(2, chat_id=an)  # it does not fit into one message
    assert first.method == last.method == "sendMessage" and last.buttons and not first.buttons
    turned = await pressed(fake, page, "📖 Cả Điều 24")
    assert turned.method == "editMessageText" and turned.message_id == page.message_id
    assert {b["copy_text"]["text"] for b in raw_buttons(answer) if "copy_text" in b} == {
        "Điều 24 khoản 1 Luật Thi đua, khen thưởng (số 06/2022/QH15)"
    }


@SHARED
async def test_what_else_came_near_is_shown_on_demand(fake: FakeTelegram, an: int) -> None:
    answer = await ask(fake, an, "Điều nào?")
    others = await pressed(fake, answer, "📚 Nguồn khác (1)")
    assert "Điều khác." in others.text and others.buttons[0][0].startswith("📖 Điều 25 khoản 2")
    gone = await pressed(fake, others, "📖 Điều 25")
    assert gone.text == notices.source_gone().plain  # the stub has pages of Điều 24 only
    await ask(fake, an, "/quen")
    forgotten = await pressed(fake, answer, "📚 Nguồn khác (1)")
    assert forgotten.text == notices.ask_again().plain


@SHARED
async def test_a_link_opens_a_source(fake: FakeTelegram, an: int) -> None:
    place = code(LAW, Place(article="24", clause="1"))
    assert "Toàn văn Điều 24 khoản 1" in (await ask(fake, an, f"/start src_{place}")).text
    for wrong in ("src_", "src_x", "src_00000000-24----"):
        assert (await ask(fake, an, f"/start {wrong}")).text == notices.source_gone().plain


# --- follow-ups -----------------------------------------------------------------------------------


@SHARED
async def test_a_reply_leans_on_the_answer_that_it_replies_to(fake: FakeTelegram, an: int) -> None:
    first = await ask(fake, an, "điểm năm 2022")
    await ask(fake, an, "Điều 24")
    answer = await ask(fake, an, "còn năm 2023?", reply_to=first)
    assert "[còn năm 2023?] sau [điểm năm 2022]" in answer.text


@SHARED
async def test_an_edited_question_changes_its_answer_when_that_is_the_last(
    fake: FakeTelegram, an: int
) -> None:
    await ask(fake, an, "trước đó")
    message = await fake.say(an, "điểm năm 2022")
    (before,) = await fake.wait(1, chat_id=an)
    message = await fake.edited(message, "điểm năm 2023")
    (after,) = await fake.wait(1, chat_id=an)
    assert (after.method, after.message_id) == ("editMessageText", before.message_id)
    assert "[điểm năm 2023] sau [trước đó]" in after.text and after.buttons == before.buttons
    following = await ask(fake, an, "còn năm kia?")
    assert "sau [trước đó; điểm năm 2023]" in following.text
    await fake.edited(message, "điểm năm 2024")  # the answer is no longer the last: written anew
    (anew,) = await fake.wait(1, chat_id=an)
    assert anew.method == "sendMessage" and "[điểm năm 2024] sau [trước đó]" in anew.text
    assert anew.message["reply_to_message"]["message_id"] == message["message_id"]
    await fake.edited(message, "điểm năm 2024")  # no word of it changed
    await silence(fake, an)


# --- groups ---------------------------------------------------------------------------------------


@SHARED
async def test_people_of_a_group_have_talks_of_their_own_and_topics_too(
    fake: FakeTelegram, an: int, binh: int
) -> None:
    in_topic = await ask(fake, FORUM, "/hoi một", user=an, thread=TOPIC)
    assert in_topic.message["message_thread_id"] == TOPIC
    assert "[hai] sau []" in (await ask(fake, FORUM, "/hoi hai", user=binh, thread=TOPIC)).text
    assert "[ba] sau []" in (await ask(fake, FORUM, "/hoi ba", user=an)).text
    last = await ask(fake, FORUM, "/hoi bốn", user=an, thread=TOPIC)
    assert "[bốn] sau [một]" in last.text
    answer = await ask(fake, FORUM, "còn năm 2023?", user=binh, thread=TOPIC, reply_to=last)
    assert "[còn năm 2023?] sau [một; bốn]" in answer.text
    assert answer.message["message_thread_id"] == TOPIC


@SHARED
async def test_a_group_is_kept_quiet_sources_open_in_private(
    fake: FakeTelegram, group: int, an: int
) -> None:
    answer = await ask(fake, group, "/hoi Điều nào?", user=an)
    link, *votes = raw_buttons(answer)
    place = code(LAW, Place(article="24"))
    assert link["url"] == f"https://t.me/{fake.bot['username']}?start=src_{place}"
    assert [b["callback_data"] for b in votes] == ["vote:up", "vote:down"]


@SHARED
async def test_what_only_the_asker_may_see_goes_to_the_private_chat(
    fake: FakeTelegram, group: int, an: int
) -> None:
    await fake.say(group, "/hoi điểm mật", user=CHIEF)
    (own,) = await fake.wait(1, chat_id=CHIEF)
    (told,) = await fake.wait(1, chat_id=group)
    assert asked(own) == "điểm mật"
    assert told.text == notices.answered_privately("").plain and "mật" not in told.text
    assert "[còn nữa?] sau [điểm mật]" in (await ask(fake, CHIEF, "còn nữa?")).text
    refused = await ask(fake, group, "/hoi điểm mật", user=an)  # nothing to send in private
    assert "Hội Một" in refused.text and refused.chat_id == group
    shy = await ask(fake, group, "/hoi điểm mật", user=SHY)
    assert shy.text == notices.open_private("").plain
    assert raw_buttons(shy)[0]["url"].startswith("https://t.me/")
    settings = await ask(fake, group, "/caidat", user=CHIEF)
    await pressed(fake, settings, "Điểm chỉ gửi riêng", user=CHIEF)
    assert asked(await ask(fake, group, "/hoi điểm mật", user=CHIEF)) == "điểm mật"
    await silence(fake, an)


@SHARED
async def test_administrators_of_a_group_set_it(fake: FakeTelegram, group: int, an: int) -> None:
    denied = await ask(fake, group, "/caidat", user=an)
    assert denied.text == notices.only_group_administrators().plain
    assert (await ask(fake, an, "/caidat")).text == notices.only_in_groups().plain
    settings = await ask(fake, group, "/caidat", user=CHIEF)
    denied = await pressed(fake, settings, "Ai cũng hỏi được", user=an)
    assert denied.text == notices.only_group_administrators().plain
    changed = await pressed(fake, settings, "Ai cũng hỏi được", user=CHIEF)
    assert (changed.method, changed.message_id) == ("editMessageText", settings.message_id)
    assert data_of(changed, "Chỉ quản trị nhóm được hỏi") == "g:admins"
    denied = await ask(fake, group, "/hoi câu", user=an)
    assert denied.text == notices.only_group_administrators_ask().plain
    assert asked(await ask(fake, group, "/hoi câu", user=CHIEF)) == "câu"
    short = await pressed(fake, changed, "Trả lời đầy đủ", user=CHIEF)
    answer = await ask(fake, group, "/hoi dài", user=CHIEF)
    assert data_of(short, "Trả lời ngắn") == "g:short" and len(answer.text) < 800
    await fake.forge(short, "g:other", user=CHIEF)
    await fake.forge(short, "g:short", user=STRANGER)
    (stranger,) = await fake.wait(1, chat_id=group)
    assert stranger.text.startswith("Xin lỗi, bot này chỉ phục vụ")


# --- other ways to ask ----------------------------------------------------------------------------


@SHARED
async def test_a_voice_message_gets_a_polite_line(fake: FakeTelegram, group: int, an: int) -> None:
    voice = {"file_id": "v", "file_unique_id": "u", "duration": 2}
    assert (await ask(fake, an, voice=voice)).text == notices.no_voice().plain
    await fake.say(group, user=an, voice=voice)  # said to the others
    ours = await ask(fake, group, "/hoi câu", user=an)
    reply = await ask(fake, group, user=an, voice=voice, reply_to=ours)
    assert reply.text == notices.no_voice().plain


@SHARED
async def test_inline_offers_clauses_to_members_only(fake: FakeTelegram, an: int) -> None:
    await fake.ask_inline(an, "tiêu chuẩn")
    offered = (await fake.called("answerInlineQuery"))[-1]
    first, second = offered.payload["results"]
    assert first["title"] == "Điều 24 khoản 1, 06/2022/QH15"
    assert "[tiêu chuẩn] sau []" in first["input_message_content"]["message_text"]
    assert "Điều khác." in second["description"]
    (button,) = first["reply_markup"]["inline_keyboard"][0]
    assert button["url"].endswith(f"?start=src_{code(LAW, Place(article='24'))}")
    assert offered.payload["is_personal"] is True
    for number, (user, text) in enumerate(((an, "ti"), (STRANGER, "tiêu chuẩn")), start=2):
        await fake.ask_inline(user, text)
        answer = (await fake.called("answerInlineQuery", number))[-1]
        assert answer.payload["results"] == []
        assert ("button" in answer.payload) is (user == STRANGER)


@SHARED
async def test_of_what_is_typed_inline_the_newest_counts(fake: FakeTelegram, an: int) -> None:
    before = len([c for c in fake.calls if c.method == "answerInlineQuery"])
    numbers = [await fake.ask_inline(an, f"tiêu chuẩn {n}, chờ 200 ms") for n in range(6)]
    await fake.until(lambda: any(
        c.payload.get("inline_query_id") == numbers[-1] for c in fake.calls
    ))  # fmt: skip
    assert len([c for c in fake.calls if c.method == "answerInlineQuery"]) - before < 4


@pytest.mark.asyncio
async def test_who_asks_too_much_inline_gets_an_empty_list(tmp_path: Path) -> None:
    few = {"THIDUA_INLINE_PER_PERSON": "2", "THIDUA_ANSWER_SECONDS": "1"}
    async with FakeTelegram() as fake, bot(people(fake), tmp_path, **few) as process:
        await process.up()

        async def typed(user: int, text: str) -> tuple[int, str | None]:
            count = len([c for c in fake.calls if c.method == "answerInlineQuery"])
            await fake.ask_inline(user, text)
            payload = (await fake.called("answerInlineQuery", count + 1))[-1].payload
            return len(payload["results"]), payload.get("button", {}).get("text")

        one, two = MEMBERS[:2]
        assert await typed(one, "ti") == (0, None)  # too short to be looked up: it does not count
        assert [await typed(one, "tiêu chuẩn") for _ in range(3)] == [
            (2, None), (2, None), (0, notices.inline_too_many()),
        ]  # fmt: skip
        assert await typed(two, "tiêu chuẩn") == (2, None)
        assert await typed(two, "chờ 60000 ms") == (0, notices.inline_too_slow())
        assert asked(await ask(fake, one, "câu")) == "câu"  # questions are counted by themselves


# --- a new process --------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_buttons_and_talks_outlive_the_process(tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        people(fake)
        async with bot(fake, tmp_path, members=MEMBERS, **ADMINISTRATORS) as first:
            await first.up()
            answer = await ask(fake, 20, "Điều nào?")
            unclear = await ask(fake, 20, "Điểm của hai tên?")
            message = await fake.say(21, "câu cũ")
            (old,) = await fake.wait(1, chat_id=21)
            settings = await ask(fake, -1, "/caidat", user=CHIEF)
            await pressed(fake, settings, "Ai cũng hỏi được", user=CHIEF)
            await asyncio.sleep(0.1)
            await first.end(signal.SIGKILL)
        async with bot(fake, tmp_path, members=MEMBERS, **ADMINISTRATORS) as second:
            await second.up()
            assert "Toàn văn Điều 24" in (await pressed(fake, answer, "📖 Cả Điều 24")).text
            assert "Điều khác." in (await pressed(fake, answer, "📚 Nguồn khác")).text
            chosen = await pressed(fake, unclear, "Hội Hai")
            assert "[Hội Hai] sau [Điều nào?; Điểm của hai tên?]" in chosen.text
            await fake.edited(message, "câu mới")
            (changed,) = await fake.wait(1, chat_id=21)
            assert changed.message_id == old.message_id and asked(changed) == "câu mới"
            denied = await ask(fake, -1, "/hoi câu", user=20)
            assert denied.text == notices.only_group_administrators_ask().plain
        assert fake.faults == []
