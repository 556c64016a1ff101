"""A real bot process, driven over HTTP by the strict fake; only the assistant is a stub."""

import asyncio
import datetime
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import pytest_asyncio
import telegram
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot import notices
from bot.audit import Audit
from bot.journal import TRIES, Journal, JournalError
from bot.telegram.asked import cleaned
from bot.telegram.backlog import Pick, pick, remove
from bot.telegram.inbox import Inbox
from bot.telegram.outbox import Gate
from bot.telegram.pace import Pace, Window, broadcasting
from bot.telegram.turns import Turns
from fake_telegram import Call, FakeTelegram, Sent

ROOT = Path(__file__).resolve().parent.parent
AN, BINH, CHI, STRANGER, GROUP, FORUM, TOPIC = 11, 12, 13, 99, -100500, -100600, 7
MEMBERS = range(11, 60)
NOW = datetime.datetime.now(datetime.UTC)
SHARED = pytest.mark.asyncio(loop_scope="module")


class BotProcess:
    """One bot process; what it writes to its log is in `log`."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path, journal: Path) -> None:
        self.process, self._log, self.journal = process, log, journal

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    async def logged(self, words: str, timeout: float = 60.0) -> None:
        """Wait until the words stand in the log."""
        deadline = time.monotonic() + timeout
        while words not in self.log:
            assert time.monotonic() < deadline, self.log
            assert self.process.returncode is None, self.log
            await asyncio.sleep(0.02)

    async def up(self) -> None:
        """Wait until the bot answers people."""
        await self.logged("Answering as", 60)  # the first start on a busy machine

    async def end(self, number: int = signal.SIGKILL, timeout: float = 40.0) -> int:
        """Send a signal, wait for the end, give the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), timeout)


@asynccontextmanager
async def bot(
    fake: FakeTelegram,
    folder: Path,
    *,
    token: str = "",
    members: Iterable[int] = MEMBERS,
    program: str = "stub_bot.py",
    **settings: str,
) -> AsyncIterator[BotProcess]:
    """A bot process that polls the fake; it is killed at the end of the block."""
    known = {k: v for k, v in os.environ.items() if not k.startswith("THIDUA_")}
    log, journal = folder / f"bot-{time.monotonic_ns()}.log", folder / "journal.db"
    environment = known | {
        "PYTHONPATH": str(ROOT),
        "THIDUA_TOKEN": token or fake.token,
        "THIDUA_API_URL": fake.base_url,
        "THIDUA_JOURNAL": str(journal),
        "THIDUA_BACKUPS": str(folder / "backups"),
        "THIDUA_PER_PERSON": "1000",
        "THIDUA_PER_GROUP": "1000",
        "THIDUA_MEMBERS": ",".join(map(str, members)),
        **settings,
    }
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "tests" / program),
            env=environment,
            cwd=folder,
            stdout=out,
            stderr=out,
        )
        started = BotProcess(process, log, journal)
        try:
            yield started
        finally:
            await started.end()
            assert fake.token not in started.log


def people(fake: FakeTelegram) -> FakeTelegram:
    for number in MEMBERS:
        fake.user(number)
    fake.user(STRANGER, "Người lạ")
    fake.group(GROUP)
    fake.group(FORUM, topics=(TOPIC,))
    return fake


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[FakeTelegram, BotProcess]]:
    """One bot for the tests that leave it as they found it; each uses a chat of its own."""
    async with (
        FakeTelegram() as fake,
        bot(people(fake), tmp_path_factory.mktemp("bot")) as process,
    ):
        await process.up()
        yield fake, process


@pytest.fixture
def fake(running: tuple[FakeTelegram, BotProcess]) -> FakeTelegram:
    """The shared fake, with no more faults than it had before the test."""
    running[0].faults.clear()
    return running[0]


@pytest.fixture(scope="module")
def members() -> Iterator[int]:
    """Members who have not written yet: their messages are under no pace and know no past."""
    return iter(MEMBERS[10:])


@pytest.fixture
def an(members: Iterator[int]) -> int:
    return next(members)


@pytest.fixture
def binh(members: Iterator[int]) -> int:
    return next(members)


def asked(answer: Sent) -> str:
    """The question that the stub's answer repeats."""
    return answer.text.split("[", 1)[1].split("]", 1)[0]


def sends(fake: FakeTelegram) -> list[Call]:
    return [c for c in fake.calls if c.method == "sendMessage"]


async def silence(fake: FakeTelegram, chat: int, question: str = "xong chưa?") -> None:
    """Assert that nothing was sent to a chat before the answer to one more question."""
    await fake.say(
        chat, question if chat > 0 else f"/hoi {question}", user=chat if chat > 0 else AN
    )
    (answer,) = await fake.wait(1, chat_id=chat)
    assert asked(answer) == question


# --- a question and its answer ----------------------------------------------------------------


@SHARED
async def test_a_question_is_answered_with_typing_shown_at_once(
    fake: FakeTelegram, an: int
) -> None:
    before = len(fake.calls)
    began = time.monotonic()
    await fake.say(an, "Chờ chút nhé, chờ 400 ms & <rồi> trả lời")
    (answer,) = await fake.wait(1, chat_id=an)
    actions = [c for c in fake.calls[before:] if c.method == "sendChatAction"]
    assert actions and actions[0].payload == {"chat_id": an, "action": "typing"}
    assert actions[0].time - began < 0.3 < answer.time - began
    assert asked(answer) == "Chờ chút nhé, chờ 400 ms & <rồi> trả lời"
    assert {e["type"] for e in answer.entities} == {"bold", "blockquote"}
    assert "reply_parameters" not in answer.payload  # in private it is plain what is answered
    assert fake.faults == []


@SHARED
async def test_one_chat_keeps_its_order_and_another_does_not_wait(
    fake: FakeTelegram, an: int, binh: int
) -> None:
    questions = ["một, chờ 900 ms", "hai", "ba"]
    for question in questions:
        await fake.say(an, question)
    await fake.say(binh, "không phải đợi ai")
    (other,) = await fake.wait(1, chat_id=binh)
    answers = await fake.wait(3, chat_id=an)
    assert [asked(a) for a in answers] == questions
    assert other.time < answers[0].time
    assert "sau [một, chờ 900 ms; hai]" in answers[2].text


@SHARED
async def test_follow_ups_know_what_was_asked_until_it_is_forgotten(
    fake: FakeTelegram, an: int
) -> None:
    await fake.say(an, "câu trước")
    await fake.say(an, "câu sau")
    await fake.say(an, "/quen")
    await fake.say(an, "câu mới")
    answers = await fake.wait(4, chat_id=an)
    assert "[câu sau] sau [câu trước]" in answers[1].text
    assert answers[2].text == notices.forgotten().plain
    assert "[câu mới] sau []" in answers[3].text


@SHARED
async def test_a_long_answer_comes_in_two_messages_with_buttons_under_the_last(
    fake: FakeTelegram,
    an: int,
) -> None:
    await fake.say(an, "hỏi dài")
    first, second = await fake.wait(2, chat_id=an)
    assert not first.buttons and second.buttons
    assert fake.faults == []


# --- what is no question ------------------------------------------------------------------------


@SHARED
async def test_commands(fake: FakeTelegram, an: int) -> None:
    for text in ("/START", "/help", "/khong_co", "/hoi", "/hoi Điều 24"):
        await fake.say(an, text)
    start, help_, unknown, empty, question = await fake.wait(5, chat_id=an)
    assert start.text == notices.start("An", ("Câu hỏi mẫu?",)).plain
    assert start.buttons == (("Câu hỏi mẫu?", "q:0"),)
    assert help_.text == unknown.text == notices.help().plain
    assert empty.text == notices.empty_question().plain
    assert asked(question) == "Điều 24"
    (call,) = await fake.called("setMyCommands")
    assert [(c["command"], c["description"]) for c in call.payload["commands"]] == list(
        notices.commands()
    )


@SHARED
async def test_messages_without_words_are_asked_for_words(fake: FakeTelegram, an: int) -> None:
    sticker = {
        "file_id": "s",
        "file_unique_id": "u",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    }
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]
    await fake.say(an, "👍🏽 ❤️?")
    await fake.say(an, sticker=sticker)
    await fake.say(an, photo=photo)
    answers = await fake.wait(3, chat_id=an)
    assert [a.text for a in answers] == [notices.empty_question().plain] * 3
    await fake.say(an, photo=photo, caption="ảnh này là gì")
    (answer,) = await fake.wait(1, chat_id=an)
    assert asked(answer) == "ảnh này là gì"


@SHARED
async def test_a_question_may_have_2000_characters(fake: FakeTelegram, binh: int) -> None:
    await fake.say(binh, "ă" * 2000)
    await fake.say(binh, "ă" * 2001)
    within, over = await fake.wait(2, chat_id=binh)
    assert asked(within) == "ă" * 2000
    assert over.text == notices.too_long(2000).plain


def test_invisible_characters_are_removed() -> None:
    assert cleaned("\u200bĐiều\x00 24\u202e\nkhoản 1\ufeff ") == "Điều  24\nkhoản 1"


# --- who may ask, and where ---------------------------------------------------------------------


@SHARED
async def test_a_stranger_gets_one_line_and_nothing_else(fake: FakeTelegram) -> None:
    before = len(fake.calls)
    await fake.say(STRANGER, "Điều 24?")
    await fake.say(GROUP, "/hoi Điều 24?", user=STRANGER)
    (private,) = await fake.wait(1, chat_id=STRANGER)
    (grouped,) = await fake.wait(1, chat_id=GROUP)
    assert private.text == grouped.text == notices.not_member(STRANGER).plain
    assert {c.method for c in fake.calls[before:]} == {"sendMessage"}  # not even "typing"
    await silence(fake, GROUP)


@SHARED
async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(
    fake: FakeTelegram, an: int, binh: int
) -> None:
    name = fake.bot["username"]
    await fake.say(GROUP, "họp lúc mấy giờ?", user=an)
    await fake.say(GROUP, "@somebody_else Điều 24?", user=an)
    await fake.say(GROUP, "/start@other_bot", user=an)
    await fake.say(GROUP, "/khong_co", user=an)
    for text, expected in (
        ("/hoi Điều 24", "Điều 24"),
        (f"/hoi@{name} Điều 25", "Điều 25"),
        (f"@{name}: Điều 26?", "Điều 26?"),
        (f"này @{name.upper()}, Điều 27?", "này, Điều 27?"),
    ):
        message = await fake.say(GROUP, text, user=an)
        (answer,) = await fake.wait(1, chat_id=GROUP)
        assert asked(answer) == expected
        assert answer.message["reply_to_message"]["message_id"] == message["message_id"]
    await fake.say(GROUP, "còn khoản 2?", user=binh, reply_to=answer)
    (answer,) = await fake.wait(1, chat_id=GROUP)
    assert asked(answer) == "còn khoản 2?"
    await fake.say(GROUP, "tôi trả lời An", user=binh, reply_to=message)
    await silence(fake, GROUP)


@SHARED
async def test_an_answer_stays_in_its_topic(fake: FakeTelegram, an: int) -> None:
    await fake.say(FORUM, "/hoi Điều 24", user=an, thread=TOPIC)
    await fake.say(FORUM, "/hoi Điều 25", user=an)
    in_topic, general = await fake.wait(2, chat_id=FORUM)
    assert in_topic.message["message_thread_id"] == TOPIC
    assert "message_thread_id" not in general.message


# --- buttons ------------------------------------------------------------------------------------


@SHARED
async def test_buttons_ask_their_label_and_keep_votes(
    running: tuple[FakeTelegram, BotProcess], fake: FakeTelegram, binh: int
) -> None:
    await fake.say(binh, "/start")
    (start,) = await fake.wait(1, chat_id=binh)
    await fake.press(start, "q:0")
    (answer,) = await fake.wait(1, chat_id=binh)
    assert asked(answer) == "Câu hỏi mẫu?"
    for data in ("vote:up", "vote:down"):
        await fake.press(answer, data)
    await fake.called("answerCallbackQuery", 3)
    await silence(fake, binh)  # its answer comes after the votes were kept
    journal = Journal(running[1].journal)
    (vote,) = [v for v in journal.votes() if v.message == answer.message_id]
    journal.close()
    assert (vote.chat, vote.voter, vote.up, vote.text) == (binh, binh, False, answer.text)
    assert fake.notices[-2:] == [notices.thanks().plain] * 2
    assert fake.faults == []


@SHARED
async def test_a_doubt_is_settled_by_a_button(fake: FakeTelegram, an: int) -> None:
    await fake.say(an, "Điểm của hai tên?")
    (answer,) = await fake.wait(1, chat_id=an)
    assert [label for label, data in answer.buttons if data.startswith("q:")] == [
        "Hội Một",
        "Hội Hai",
    ]
    assert "1. Hội Một" in answer.text and "2. Hội Hai" in answer.text
    await fake.press(answer, "q:1")
    (following,) = await fake.wait(1, chat_id=an)
    assert asked(following) == "Hội Hai"
    assert fake.faults == []


@SHARED
async def test_what_is_worth_a_look_is_sent_as_a_picture_too(fake: FakeTelegram, an: int) -> None:
    await fake.say(an, "xếp hạng năm 2023")
    words, shown = await fake.wait(2, chat_id=an, timeout=30)
    assert "1. Hội 1 <&>: 99" in words.text
    assert shown.method == "sendPhoto"
    assert shown.text == "Biểu đồ: Khối mẫu năm 2023: Hội đồng thẩm định"
    assert shown.message["photo"][0]["width"] > 800
    assert fake.faults == []


@SHARED
async def test_words_go_out_when_the_picture_cannot(
    running: tuple[FakeTelegram, BotProcess], fake: FakeTelegram, an: int
) -> None:
    fake.trouble("sendPhoto", times=1, status=400, description="Bad Request: PHOTO_INVALID")
    await fake.say(an, "xếp hạng năm 2023")
    (words,) = await fake.wait(1, chat_id=an, timeout=30)
    assert "1. Hội 1 <&>: 99" in words.text
    await running[1].logged("A picture did not go out")
    await silence(fake, an)


@SHARED
async def test_a_stranger_cannot_press(
    running: tuple[FakeTelegram, BotProcess], fake: FakeTelegram, an: int
) -> None:
    await fake.say(GROUP, "/hoi Điều 24", user=an)
    (answer,) = await fake.wait(1, chat_id=GROUP)
    await fake.press(answer, "vote:up", user=STRANGER)
    (told,) = await fake.wait(1, chat_id=GROUP)
    assert told.text == notices.not_member(STRANGER).plain
    journal = Journal(running[1].journal)
    assert STRANGER not in {v.voter for v in journal.votes()}
    journal.close()


@SHARED
async def test_what_could_not_be_answered_is_kept(
    running: tuple[FakeTelegram, BotProcess], fake: FakeTelegram, an: int
) -> None:
    await fake.say(an, "điều không biết")
    await fake.wait(1, chat_id=an)
    for _ in range(2):  # what is written after one answer is there by the next
        await silence(fake, an)
    journal = Journal(running[1].journal)
    assert [(g.question, g.kind) for g in journal.gaps()] == [("điều không biết", "not_found")]
    journal.close()


@SHARED
async def test_every_answer_leaves_a_line_in_the_trail(
    running: tuple[FakeTelegram, BotProcess], fake: FakeTelegram, an: int
) -> None:
    await fake.say(an, "ghi sổ nhé")
    (answer,) = await fake.wait(1, chat_id=an)
    await silence(fake, an)
    await fake.say(GROUP, "/hoi trong nhóm", user=an)
    await fake.wait(1, chat_id=GROUP)
    await silence(fake, GROUP)
    journal = Journal(running[1].journal)
    kept = {e.question: e for e in Audit(journal).entries(asker=an)}
    assert Audit(journal).verify().holds
    journal.close()
    private = kept["ghi sổ nhé"]
    assert private.chat == an and private.kind == "answer" and private.shown == answer.text
    assert [(u.place, u.document, u.fingerprint) for u in private.sources] == [
        ("Điều 24 khoản 1", "06/2022/QH15", "bytes of the law"),
        ("Điều 25 khoản 2", "06/2022/QH15", "bytes of the law"),
    ]
    assert private.edition == "the stub's edition" and private.at.tzinfo is not None
    assert kept["trong nhóm"].chat == GROUP


# --- when things go wrong -----------------------------------------------------------------------


@SHARED
async def test_an_error_is_apologised_for_and_the_next_question_answered(
    running: tuple[FakeTelegram, BotProcess], fake: FakeTelegram, an: int
) -> None:
    await fake.say(an, "câu hỏng")
    await fake.say(an, "câu lành")
    sorry, answer = await fake.wait(2, chat_id=an)
    assert sorry.text == notices.fault().plain
    assert asked(answer) == "câu lành"
    journal = Journal(running[1].journal)
    (failed,) = [f for f in journal.failed() if json.loads(f.raw)["message"]["chat"]["id"] == an]
    journal.close()
    assert "the stub was told to fail" in failed.error


@SHARED
async def test_refused_markup_goes_out_as_plain_text(fake: FakeTelegram, an: int) -> None:
    why = 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3'
    fake.trouble("sendMessage", chat_id=an, status=400, description=why)
    await fake.say(an, "Điều 24")
    (answer,) = await fake.wait(1, chat_id=an)
    assert asked(answer) == "Điều 24" and "<" not in answer.text and answer.entities == ()
    assert "parse_mode" not in answer.payload and answer.buttons


@SHARED
async def test_another_refusal_is_not_sent_twice(fake: FakeTelegram, an: int) -> None:
    fake.trouble("sendMessage", chat_id=an, status=400, description="Bad Request: no rights")
    await fake.say(an, "Điều 24")
    (sorry,) = await fake.wait(1, chat_id=an)
    assert sorry.text == notices.fault().plain


@SHARED
async def test_a_flooded_chat_is_left_alone_and_the_others_are_not(
    fake: FakeTelegram, an: int, binh: int
) -> None:
    fake.flood(1.5, chat_id=an)
    began = time.monotonic()
    await fake.say(an, "câu một")
    await fake.say(an, "câu hai")
    await asyncio.sleep(0.3)
    await fake.say(binh, "câu khác")
    (other,) = await fake.wait(1, chat_id=binh)
    answers = await fake.wait(2, chat_id=an)
    assert other.time - began < 1.5 <= answers[0].time - began
    assert [asked(a) for a in answers] == ["câu một", "câu hai"]
    assert fake.faults == []  # the fake notes every message that comes before the flood is over


@SHARED
async def test_server_errors_and_broken_connections_are_tried_again(
    fake: FakeTelegram, an: int
) -> None:
    fake.trouble("sendMessage", chat_id=an, status=500)
    fake.trouble("sendMessage", chat_id=an, drop="before")
    await fake.say(an, "bền bỉ")
    (answer,) = await fake.wait(1, chat_id=an)
    assert asked(answer) == "bền bỉ"
    await silence(fake, an)


@SHARED
async def test_who_blocked_the_bot_stops_nobody(
    running: tuple[FakeTelegram, BotProcess], fake: FakeTelegram, an: int, binh: int
) -> None:
    fake.block(an)
    await fake.say(an, "có ai không")
    await fake.until(
        lambda: any(c.status == 403 and c.payload["chat_id"] == an for c in sends(fake))
    )
    await silence(fake, binh)
    fake.block(an, False)
    await silence(fake, an)
    journal = Journal(running[1].journal)
    (failed,) = [f for f in journal.failed() if json.loads(f.raw)["message"]["chat"]["id"] == an]
    assert failed.error == "Forbidden: bot was blocked by the user"
    journal.close()


# --- processes that die -------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_kill_9_loses_no_question(tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        people(fake)

        def got(chat: int) -> list[str]:
            return [asked(s) for s in fake.sent if s.chat_id == chat]

        expected: dict[int, list[str]] = {AN: [], BINH: []}
        async with bot(fake, tmp_path) as first:
            await first.up()
            for n in range(10):
                chat = (AN, BINH)[n % 2]
                expected[chat].append(f"câu {n}, chờ 200 ms")
                await fake.say(chat, expected[chat][-1])
            await fake.drained()
            await fake.wait(2)
            await first.end(signal.SIGKILL)
        assert 2 <= len(fake.sent) < 10
        async with bot(fake, tmp_path):
            await fake.until(lambda: all(set(got(c)) == set(q) for c, q in expected.items()))
            await fake.say(CHI, "xong chưa?")
            await fake.wait(1, chat_id=CHI)
        for chat, questions in expected.items():
            assert list(dict.fromkeys(got(chat))) == questions  # all of them, in order
            assert len(got(chat)) <= len(questions) + 1  # the one under way may come twice


@pytest.mark.asyncio
async def test_sigterm_finishes_the_answer_under_way_and_leaves_the_rest(tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        people(fake)
        async with bot(fake, tmp_path) as first:
            await first.up()
            await fake.say(AN, "đang làm, chờ 700 ms")
            await fake.say(AN, "còn lại")
            await fake.called("sendChatAction")
            await fake.drained()
            assert await first.end(signal.SIGTERM) == 0
        (answer,) = fake.sent
        assert asked(answer) == "đang làm, chờ 700 ms"
        async with bot(fake, tmp_path):
            _, answer = await fake.wait(2)
            assert asked(answer) == "còn lại"


@pytest.mark.asyncio
async def test_an_update_that_was_begun_too_often_is_set_aside(tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        people(fake)
        update = {"update_id": 5, "message": await fake.say(AN, "câu độc")}
        fake._queue.clear()
        journal = Journal(tmp_path / "journal.db")
        journal.take([(5, json.dumps(update))], datetime.datetime.now(datetime.UTC))
        assert all(journal.begin(5) for _ in range(TRIES))
        async with bot(fake, tmp_path):
            (sorry,) = await fake.wait(1, chat_id=AN)
            assert sorry.text == notices.fault().plain
            await silence(fake, AN)
        assert [f.number for f in journal.failed()] == [5]
        journal.close()


@pytest.mark.asyncio
async def test_a_refused_token_is_said_plainly_and_never_shown(tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        secret = "424242:AAwrong-secret"
        async with bot(fake, tmp_path, token=secret) as process:
            assert await asyncio.wait_for(process.process.wait(), 40) == 1
            assert "TelegramSetupError" in process.log and "@BotFather" in process.log
            assert "secret" not in process.log


@pytest.mark.asyncio
async def test_it_waits_for_telegram_to_come_back_and_can_be_stopped_meanwhile(
    tmp_path: Path,
) -> None:
    async with FakeTelegram() as fake:
        people(fake)
        await fake.stop()
        async with bot(fake, tmp_path) as process:
            await process.logged("Telegram is out of reach")
            assert process.process.returncode is None
            await fake.start()
            await silence(fake, AN)
            await fake.stop()
            deadline = time.monotonic() + 40
            while process.log.count("Telegram is out of reach") < 2:
                assert time.monotonic() < deadline, process.log
                await asyncio.sleep(0.05)
            assert await process.end(signal.SIGTERM) == 0
            assert process.log.count("It works again") == 1


@pytest.mark.asyncio
async def test_polling_outlives_server_errors_but_not_a_revoked_token(tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        people(fake)
        fake.trouble("getUpdates", status=502)
        fake.trouble("deleteWebhook", status=500)
        fake.trouble("setMyCommands", status=400)
        async with bot(fake, tmp_path) as process:
            await fake.say(AN, "vẫn chạy")
            (answer,) = await fake.wait(1)
            assert asked(answer) == "vẫn chạy"
            assert "What Telegram shows of the bot was not set" in process.log
            fake.token = "424242:another"
            await fake.say(AN, "ai đó")  # ends the poll under way
            assert await asyncio.wait_for(process.process.wait(), 40) == 1
            assert "TelegramSetupError" in process.log


@pytest.mark.asyncio
async def test_it_can_be_stopped_before_it_ever_reached_telegram(tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        await fake.stop()
        async with bot(fake, tmp_path) as process:
            await process.logged("Telegram is out of reach")
            assert await process.end(signal.SIGINT) == 0
            assert "Traceback" not in process.log


# --- load, erasing, watching, webhook -----------------------------------------------------------


@pytest.mark.asyncio
async def test_past_a_full_line_people_are_told_and_still_answered(tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        people(fake)
        questions = [f"câu {n}, chờ 150 ms" for n in range(4)]
        for question in questions:
            await fake.say(AN, question)
        await fake.say(BINH, "câu của Bình")
        await fake.say(STRANGER, "tôi hỏi với")
        async with bot(fake, tmp_path, THIDUA_BUSY="3", THIDUA_PER_PERSON="3") as process:
            sent = await fake.wait(8, timeout=30)
        busy = [s for s in sent if "Đang có nhiều câu hỏi" in s.text]
        assert sorted(s.chat_id for s in busy) == [AN, BINH]  # once each, and no stranger
        refused = [s.text for s in sent if s.chat_id == AN and "Mỗi phút" in s.text]
        assert refused == [notices.too_many(3).plain]
        assert [asked(s) for s in sent if s.chat_id == AN and "[" in s.text] == questions[:3]
        assert fake.faults == [] and "Traceback" not in process.log


@pytest.mark.asyncio
async def test_a_backlog_after_an_outage_is_answered_newest_first_with_a_note(
    tmp_path: Path,
) -> None:
    async with FakeTelegram() as fake:
        people(fake)
        now = int(time.time())
        for n, hours in enumerate((50, 3, 2, 1)):
            await fake.say(AN, f"câu {n}", date=now - 3600 * hours)
        await fake.say(AN, "câu mới")
        async with bot(fake, tmp_path):
            texts = [s.text for s in await fake.wait(6, timeout=30)]
        assert texts[0] == notices.dropped(1).plain
        assert texts[1] == notices.late(3).plain
        assert ["[" + t.split("[", 1)[1].split("\n")[0] for t in texts[2:]] == [
            "[câu 3] sau [câu 1; câu 2]", "[câu 2] sau [câu 1]", "[câu 1] sau []", "[câu mới] sau []",
        ]  # fmt: skip
        replies = [s.message.get("reply_to_message", {}).get("text") for s in fake.sent]
        assert replies[2:] == ["câu 3", "câu 2", "câu 1", None]


@SHARED
async def test_quen_erases_what_its_sender_wrote(
    running: tuple[FakeTelegram, BotProcess], fake: FakeTelegram, an: int, binh: int
) -> None:
    for chat in (an, binh):
        await fake.say(chat, f"lời riêng của {chat}")
        await fake.wait(1, chat_id=chat)
    await fake.say(an, "/quen")
    (done,) = await fake.wait(1, chat_id=an)
    assert done.text == notices.forgotten().plain
    journal = Journal(running[1].journal)
    held = "\n".join(journal._connection.iterdump())
    audit = Audit(journal)
    assert f"của {an}" not in held and f"của {binh}" in held
    assert audit.verify().holds and audit.verify().erased >= 1 and audit.entries(asker=an) == ()
    journal.close()


def _http(
    url: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    request = urllib.request.Request(url, body, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.asyncio
async def test_a_webhook_takes_what_telegram_posts_and_nobody_else_s(tmp_path: Path) -> None:
    secret, port = "a-secret-of-the-webhook", _free_port()
    async with FakeTelegram() as fake:
        people(fake)
        settings = {
            "THIDUA_WEBHOOK": "https://office.example/tg/hook",
            "THIDUA_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            "THIDUA_WEBHOOK_SECRET": secret,
        }
        async with bot(fake, tmp_path, **settings) as process:
            await process.up()
            (call,) = await fake.called("setWebhook")
            assert call.payload["secret_token"] == secret
            update = {"update_id": 9, "message": await fake.say(AN, "qua webhook")}
            forged = {"update_id": 10, "message": await fake.say(AN, "giả mạo")}

            async def post(body: bytes, told: str | None, path: str = "/tg/hook") -> int:
                headers = {"Content-Type": "application/json"}
                if told is not None:
                    headers["X-Telegram-Bot-Api-Secret-Token"] = told
                url = f"http://127.0.0.1:{port}{path}"
                return (await asyncio.to_thread(_http, url, body, headers))[0]

            assert await post(json.dumps(forged).encode(), None) == 403
            assert await post(json.dumps(forged).encode(), secret + "x") == 403
            assert await post(json.dumps(forged).encode(), secret, "/tg") == 404
            for broken in (b"", b"{", b"[" * 100_000, b'{"update_id": "9"}', b"[1]", b"\xff"):
                assert await post(broken, secret) == 400
            assert await post(b"x" * (2**20 + 1), secret) == 413
            for _ in range(2):
                assert await post(json.dumps(update).encode(), secret) == 200
            (answer,) = await fake.wait(1, chat_id=AN)
            assert asked(answer) == "qua webhook"
            await asyncio.sleep(0.2)
            assert await process.end(signal.SIGTERM) == 0
        assert len(fake.sent) == 1 and secret not in process.log
        journal = Journal(tmp_path / "journal.db")
        assert journal.waiting() == () and journal.take([(10, "")], NOW) == {10}
        journal.close()


@pytest.mark.asyncio
async def test_a_running_bot_tells_how_it_is_and_lets_no_second_one_in(tmp_path: Path) -> None:
    port = _free_port()
    async with FakeTelegram() as fake:
        people(fake)
        async with bot(
            fake, tmp_path, THIDUA_WATCH=f"127.0.0.1:{port}", THIDUA_LOG_FORMAT="json"
        ) as process:
            await process.up()
            await fake.say(AN, "câu một")
            await fake.wait(1, chat_id=AN)
            url = f"http://127.0.0.1:{port}"
            status, body = await asyncio.to_thread(_http, f"{url}/health")
            assert status == 200 and json.loads(body)["well"] is True
            _, metrics = await asyncio.to_thread(_http, f"{url}/metrics")
            assert b"thidua_updates_total 1.0" in metrics and fake.token.encode() not in metrics
            assert str(AN).encode() not in body and "câu một".encode() not in metrics
            async with bot(fake, tmp_path) as second:
                assert await asyncio.wait_for(second.process.wait(), 30) == 1
                assert "Một bot khác đang chạy" in second.log
            assert [json.loads(line)["level"] for line in process.log.splitlines()]
            assert len(list((tmp_path / "backups").iterdir())) == 1  # made at the start


# --- turns --------------------------------------------------------------------------------------


def update_of(number: int, chat: int = 1, text: str = "câu", minutes: int = 0) -> telegram.Update:
    """A message that was written so many minutes ago."""
    at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes)
    message = telegram.Message(number, at, telegram.Chat(chat, "private"), text=text)
    return telegram.Update(number, message=message)


@pytest.mark.asyncio
async def test_eight_at_a_time_and_a_busy_chat_takes_one_place() -> None:
    now = most = 0
    served: list[int] = []

    async def serve(pick: Pick) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1
        served.append(pick.update.update_id)

    turns = Turns(serve)
    for number, chat in [(n, 1) for n in range(20)] + [(n, n) for n in range(100, 115)]:
        turns.add(update_of(number, chat))
    assert turns.waiting == 35 and turns.waits(1) and not turns.waits(2)
    while turns.waiting:
        await asyncio.sleep(0.01)
    assert most == 8
    assert [n for n in served if n < 100] == list(range(20))
    assert max(served.index(n) for n in range(100, 115)) < 20  # not behind the twenty
    assert not turns.waits(1)


@pytest.mark.asyncio
async def test_an_update_that_must_wait_holds_its_own_chat_only() -> None:
    served: list[int] = []

    async def serve(pick: Pick) -> float | None:
        served.append(pick.update.update_id)
        return 0.3 if served.count(1) == 1 and pick.update.update_id == 1 else None

    turns = Turns(serve)
    for number, chat in ((1, 7), (2, 7), (3, 8), (4, 8)):
        turns.add(update_of(number, chat))
    while turns.waiting:
        await asyncio.sleep(0.01)
    assert served == [1, 3, 4, 1, 2]
    assert await turns.finish(1)


def picks(*updates: telegram.Update) -> list[tuple[int, tuple[str, ...], int, int]]:
    """In which order a chat's updates are served: number, questions before, dropped, waited."""
    line, order = deque(updates), []
    while line:
        now = datetime.datetime.now(datetime.UTC)
        picked = pick(line, now, datetime.timedelta(hours=24))
        order.append((picked.update.update_id, picked.before, len(picked.dropped), picked.waited))
        remove(line, picked)
    return order


def test_a_backlog_is_answered_newest_first_up_to_a_command_and_then_in_order() -> None:
    late = [update_of(n, text=f"câu {n}", minutes=60 - n) for n in (1, 2)]
    after = [update_of(n, text=f"/hoi câu {n}", minutes=60 - n) for n in (4, 5)]
    fresh = [update_of(n, text=f"câu {n}") for n in (6, 7)]
    forget = update_of(3, text="/quen", minutes=57)
    assert picks(*late, forget, *after, *fresh) == [
        (2, ("câu 1",), 0, 2), (1, (), 0, 1), (3, (), 0, 0),
        (5, ("/hoi câu 4",), 0, 2), (4, (), 0, 1), (6, (), 0, 0), (7, (), 0, 0),
    ]  # fmt: skip


def test_what_is_too_old_is_dropped_together() -> None:
    old = [update_of(n, minutes=3000 - n) for n in (1, 2, 3)]
    late = [update_of(n, minutes=60) for n in (4, 5)]
    assert picks(*old, *late) == [(3, (), 3, 0), (5, ("câu",), 0, 2), (4, (), 0, 1)]


# --- the inbox ----------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    journal = Journal(tmp_path / "journal.db")
    yield journal
    journal.close()


async def idle(inbox: Inbox) -> None:
    """Wait until every line is empty."""
    deadline = time.monotonic() + 40
    while inbox.turns.waiting:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def raw_of(number: int, chat: int = 1) -> dict[str, Any]:
    return json.loads(update_of(number, chat).to_json())


@pytest.mark.asyncio
async def test_an_answer_that_could_not_be_sent_is_tried_again(journal: Journal) -> None:
    errors = [NetworkError("away"), TimedOut(), RetryAfter(datetime.timedelta(seconds=1))]
    errors += [NetworkError("still away")] * TRIES  # what is no fault of it never sets it aside
    tried: list[int] = []

    async def process(update: telegram.Update) -> None:
        tried.append(update.update_id)
        if update.update_id == 5 and errors:
            await inbox.failed(update, cast(Any, SimpleNamespace(error=errors.pop(0))))

    inbox = Inbox(journal, process, pause=0.01)
    bot = telegram.Bot("1:a")
    await inbox.take([raw_of(6), raw_of(5), "no update", {"update_id": True}, raw_of(6)], bot)
    await inbox.take([raw_of(5)], bot)  # Telegram repeats what was not confirmed
    await idle(inbox)
    assert tried == [5] * (4 + TRIES) + [6]
    assert journal.waiting() == journal.failed() == ()


@pytest.mark.asyncio
async def test_what_cannot_be_read_is_set_aside_with_its_text(journal: Journal) -> None:
    raw = [(1, '{"update_id": 1, "message": {}}'), (2, "no JSON"), (3, update_of(3).to_json())]
    journal.take(raw, datetime.datetime.now(datetime.UTC))
    served: list[int] = []

    async def process(update: telegram.Update) -> None:
        served.append(update.update_id)

    inbox = Inbox(journal, process)
    await inbox.replay(telegram.Bot("1:a"))
    broken = {"update_id": 4, "message": {"message_id": "x", "chat": [], "date": "hôm qua"}}
    await inbox.take([broken, raw_of(5)], telegram.Bot("1:a"))
    await idle(inbox)
    assert served == [3, 5]
    assert [(f.number, f.raw) for f in journal.failed()] == [*raw[:2], (4, json.dumps(broken))]


@pytest.mark.asyncio
async def test_what_may_have_killed_the_process_is_begun_one_at_a_time(journal: Journal) -> None:
    journal.take([(n, update_of(n, chat=n).to_json()) for n in range(1, 7)],
                 datetime.datetime.now(datetime.UTC))  # fmt: skip
    for n in (1, 2, 3, 4):
        journal.begin(n)
    now: set[int] = set()
    together: list[set[int]] = []

    async def process(update: telegram.Update) -> None:
        now.add(update.update_id)
        together.append(set(now))
        await asyncio.sleep(0.02)
        now.discard(update.update_id)

    inbox = Inbox(journal, process)
    await inbox.replay(telegram.Bot("1:a"))
    await idle(inbox)
    assert all(len(some & {1, 2, 3, 4}) <= 1 for some in together)
    assert any({5, 6} <= some for some in together)  # the innocent wait for nobody
    assert journal.waiting() == ()


@pytest.mark.asyncio
async def test_a_disk_that_takes_nothing_delays_and_loses_nothing(journal: Journal) -> None:
    served: list[int] = []

    async def process(update: telegram.Update) -> None:
        served.append(update.update_id)

    inbox = Inbox(journal, process, pause=0.02)
    bot = telegram.Bot("1:a")
    await inbox.take([raw_of(1)], bot)
    journal._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalError):
        await inbox.take([raw_of(2)], bot)
    await asyncio.sleep(0.1)
    assert served == [] and inbox.turns.waiting == 1
    journal._connection.execute("PRAGMA query_only = OFF")
    await inbox.take([raw_of(2)], bot)
    await idle(inbox)
    assert served == [1, 2] and journal.waiting() == ()


# --- the outbox ---------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_what_telegram_took_is_not_sent_again(journal: Journal) -> None:
    """A first process sends two of three messages and dies; a second sends the third."""
    journal.take([(1, update_of(1).to_json())], datetime.datetime.now(datetime.UTC))
    sent: list[str] = []
    pace = Pace()

    async def call(text: str) -> dict[str, Any]:
        if text == "ba" and not journal.begin(2):
            await asyncio.sleep(60)  # the process dies here
        sent.append(text)
        return {"message_id": len(sent)}

    async def process(update: telegram.Update) -> None:
        for text in ("một", "hai", "hai", "ba"):
            data = {"chat_id": 1, "text": text}
            said = await pace.process_request(call, (text,), {}, "sendMessage", data, None)
            assert (
                said == {"message_id": 1 + ["một", "hai", "x", "ba"].index(text)} or text == "hai"
            )

    for _ in range(2):
        inbox = Inbox(journal, process)
        await inbox.replay(telegram.Bot("1:a"))
        await asyncio.sleep(0.3)
        await inbox.turns.finish(0)
        journal.take([(2, update_of(2).to_json())], datetime.datetime.now(datetime.UTC))
    assert sent == ["một", "hai", "hai", "ba"]
    assert 1 not in {t.number for t in journal.waiting()}
    assert journal.parts(1) == {}  # kept no longer than it is needed


@pytest.mark.asyncio
async def test_one_message_goes_at_a_time_and_a_slow_one_does_not_stop_the_others() -> None:
    gate, under_way, most = Gate(patience=0.2), 0, 0

    async def go(seconds: float) -> None:
        nonlocal under_way, most
        async with gate.passing():
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(seconds)
            under_way -= 1

    await asyncio.gather(*(go(0.01) for _ in range(8)))
    assert most == 1
    slow = asyncio.create_task(go(30))
    await asyncio.sleep(0)
    await asyncio.wait_for(go(0.01), 5)
    slow.cancel()


# --- pace ---------------------------------------------------------------------------------------


def test_a_window_lets_so_many_through_in_any_stretch() -> None:
    window, clock, passed = Window(20, 60.0), 0.0, []
    for _ in range(60):
        clock += window.wait(clock)
        window.add(clock)
        passed.append(clock)
    assert passed[19] == 0 and passed[20] == 60.0 and passed[40] == 120.0
    assert all(sum(t <= u < t + 60 for u in passed) <= 20 for t in passed)


@pytest.mark.asyncio
async def test_pace_spaces_a_person_s_messages_but_not_other_calls() -> None:
    pace, times = Pace(), []

    async def call() -> bool:
        times.append(time.monotonic())
        return True

    async def request(endpoint: str, chat: int) -> None:
        assert await pace.process_request(call, (), {}, endpoint, {"chat_id": chat}, None)

    began = time.monotonic()
    await asyncio.gather(*(request("sendMessage", n) for n in range(1, 7) for _ in range(5)))
    assert time.monotonic() - began < 0.9  # thirty in the first second
    await request("sendChatAction", 1)
    await request("answerCallbackQuery", 1)
    assert time.monotonic() - began < 0.9
    late = asyncio.create_task(request("sendMessage", 7))
    await late
    assert 0.9 < times[-1] - began < 2.0  # the thirty-first in all
    assert pace._chats[1].wait(began + 1.5) > 3.0  # the sixth to one person


@pytest.mark.asyncio
async def test_broadcasts_leave_room_for_answers_and_let_them_go_first() -> None:
    pace, went = Pace(), []

    async def request(name: str, chat: int) -> None:
        async def call() -> bool:
            went.append((name, time.monotonic()))
            return True

        await pace.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, None)

    with broadcasting():
        notes = [asyncio.create_task(request("note", n)) for n in range(100, 125)]
    await asyncio.sleep(0)
    answers = [asyncio.create_task(request("answer", n)) for n in range(1, 36)]
    await asyncio.gather(*notes, *answers)
    names = [name for name, _ in went]
    # Twenty go beside the first ten notes; the others before any note that has waited meanwhile.
    assert names == ["note"] * 10 + ["answer"] * 35 + ["note"] * 15
    noted = [at for name, at in went if name == "note"]
    assert all(later - first > 0.9 for first, later in zip(noted, noted[10:], strict=False))


@pytest.mark.asyncio
async def test_an_answer_that_waits_for_its_own_chat_holds_no_broadcast() -> None:
    pace, went = Pace(), []

    async def request(name: str, chat: int) -> None:
        async def call() -> None:
            went.append(name)

        await pace.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, None)

    for _ in range(20):
        await request("before", -1)
    slow = asyncio.create_task(request("answer", -1))  # a minute
    await asyncio.sleep(0)
    with broadcasting():
        await asyncio.wait_for(request("note", 2), 10)
    slow.cancel()
    assert went[-1] == "note"


@pytest.mark.asyncio
async def test_a_long_flood_is_given_back_at_once() -> None:
    pace, calls = Pace(), []

    async def call() -> bool:
        calls.append(1)
        raise RetryAfter(datetime.timedelta(seconds=600))

    async def request(endpoint: str) -> object:
        return await pace.process_request(call, (), {}, endpoint, {"chat_id": 1}, None)

    for _ in range(2):
        with pytest.raises(RetryAfter):
            await asyncio.wait_for(request("sendMessage"), 1)
    assert len(calls) == 1  # nobody asks Telegram again before it is time
    assert await request("sendChatAction") and len(calls) == 1
