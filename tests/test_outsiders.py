"""Other people's library judges the fake: a grammY bot runs against it. It comes by `make outsiders`;
without it this is skipped. That aiogram's models read all that the tests sent: see conftest.py."""

import asyncio
import base64
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from fake_telegram import FakeTelegram, Sent
from test_fake_telegram import PNG

HERE = Path(__file__).resolve().parent / "outsiders"
OUTSIDERS = HERE.parents[1] / ".outsiders"
GRAMMY = OUTSIDERS / "node_modules" / "grammy"
AN, GROUP, TOPIC = 7, -100200, 5


@pytest.mark.asyncio
@pytest.mark.skipif(
    not GRAMMY.exists() or not shutil.which("node"), reason="grammY is not here: make outsiders"
)
async def test_a_grammy_bot_lives_with_the_fake() -> None:
    async with FakeTelegram() as fake, grammy(fake):
        fake.user(AN, "An")
        fake.group(GROUP, topics=(TOPIC,), administrators=(AN,))
        await fake.polled(timeout=30)

        async def answer(text: str = "", chat: int = AN, **about: object) -> Sent:
            await fake.say(chat, text, user=AN, **about)
            (sent,) = await fake.wait(1, chat_id=chat)
            return sent

        start = await answer("/start invite_1")
        assert (start.text, start.entities[0]["type"]) == ("Chào An: invite_1", "bold")
        await fake.press(start, "q:0")
        (changed,) = await fake.wait(1, chat_id=AN)
        assert (changed.message_id, changed.text) == (start.message_id, "đã đổi")
        assert changed.buttons == (("Hai", "q:1"),) and fake.notices == ["cảm ơn"]
        assert (await answer("/anh")).message["photo"][0]["height"] == 3
        refused = await answer("/hong")
        assert refused.text.startswith("400 Bad Request: can't parse entities: Can't find end tag")
        assert (await answer("tiếp", reply_to=refused)).text == f"tiếp ({refused.text})"
        voice = {"file_id": "v", "file_unique_id": "u", "duration": 2}
        assert (await answer(voice=voice)).text == "nghe 2 giây"
        message = await fake.say(AN, "câu")
        await fake.edited(message, "câu khác")
        said, edited = await fake.wait(2, chat_id=AN)
        assert (said.text, edited.text) == ("câu (không trả lời ai)", "sửa: câu khác")
        status = await answer("/ai", GROUP, thread=TOPIC)
        assert status.text == "administrator" and status.message["message_thread_id"] == TOPIC
        await fake.ask_inline(AN, "điều 24")
        (inline,) = await fake.called("answerInlineQuery")
        assert inline.payload["results"][0]["id"] == "24"
        assert fake.faults == []


@asynccontextmanager
async def grammy(fake: FakeTelegram) -> AsyncIterator[None]:
    """The bot of tests/grammy_bot.cjs for the length of the block."""
    process = await asyncio.create_subprocess_exec(
        "node",
        str(HERE / "grammy_bot.cjs"),
        env={
            "PATH": os.environ["PATH"],
            "GRAMMY": str(GRAMMY),
            "API_ROOT": fake.base_url,
            "TOKEN": fake.token,
            "PICTURE": base64.b64encode(PNG).decode(),
        },
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            _, errors = await asyncio.wait_for(process.communicate(), 20)
        except TimeoutError:
            process.kill()
            raise
    assert process.returncode == 0, errors.decode()
