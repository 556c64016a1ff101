"""Telegram by long polling.

Telegram is told that an update was taken only after the journal has it on disk, and an update
leaves the journal's waiting list only after its answer went out. A crash between those two repeats
an answer; nothing loses one. python-telegram-bot's own Updater confirms first, and stops polling
for good on a 401 or 404, so the few lines of polling are ours.
"""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from telegram import Update
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.bot import Assistant
from bot.journal import Journal, JournalError
from bot.settings import Settings
from bot.telegram.desk import Desk
from bot.telegram.inbox import Inbox, number_of
from bot.telegram.intray import BUILD
from bot.telegram.pace import Pace, seconds_left_alone
from bot.telegram.turns import CONCURRENCY

ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
)
POLL = 30  # seconds that Telegram holds a request for updates
STOP = 30.0  # seconds given to the answers under way when the process is told to stop

_log = logging.getLogger(__name__)


class TelegramSetupError(Exception):
    """Telegram does not take this bot's token. The message is Vietnamese: what to do."""


_TOKEN_REFUSED = (
    "Telegram không nhận mã bot (token). Hãy lấy lại mã ở @BotFather (lệnh /token) rồi đặt vào"
    " THIDUA_TOKEN; nếu dùng máy chủ Bot API riêng, hãy kiểm tra cả THIDUA_API_URL."
)


def run(
    assistant: Assistant, settings: Settings, journal: Journal, build: Sequence[str] = BUILD
) -> None:
    """Answer people on Telegram until SIGINT or SIGTERM, finishing the answers under way.
    ``build`` is the command that makes an index of the documents folder.

    While Telegram is out of reach it keeps trying, with a line in the log. Raises
    TelegramSetupError when Telegram refuses the token.
    """
    for name in ("httpx", "httpcore"):  # their lines hold URLs, and those hold the token
        logging.getLogger(name).setLevel(logging.WARNING)
    asyncio.run(_serve(assistant, settings, journal, build))


async def _serve(
    assistant: Assistant, settings: Settings, journal: Journal, build: Sequence[str]
) -> None:
    loop = asyncio.get_running_loop()
    # The default pool has six threads on two cores; a question must not wait for a thread.
    loop.set_default_executor(ThreadPoolExecutor(2 * CONCURRENCY))
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told_to_stop.set)

    desk = Desk(assistant, settings, journal, build)
    application = _application(desk, settings)
    inbox = Inbox(journal, application.process_update)
    application.add_error_handler(inbox.failed)
    working = asyncio.create_task(_work(application, desk, inbox))
    stopping = asyncio.create_task(told_to_stop.wait())
    await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)

    stopping.cancel()
    working.cancel()
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await working
    finally:
        _log.info("Stopping: the answers under way are finished first")
        await desk.end()
        if not await inbox.turns.finish(STOP):
            _log.warning("Some answers took longer than %s s; they wait for the next start", STOP)
        if application.running:
            await application.stop()
        await application.shutdown()


def _application(desk: Desk, settings: Settings) -> Application:
    builder = (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .updater(None)
        .job_queue(None)
        .rate_limiter(Pace())
        .connect_timeout(10)
        .read_timeout(20)
        .write_timeout(20)
        .pool_timeout(20)
    )
    if settings.proxy:
        builder = builder.proxy(settings.proxy).get_updates_proxy(settings.proxy)
    application = builder.build()
    application.add_handler(
        MessageHandler(filters.UpdateType.MESSAGES & ~filters.StatusUpdate.ALL, desk.message)
    )
    application.add_handler(CallbackQueryHandler(desk.pressed))
    application.add_handler(InlineQueryHandler(desk.inline))
    return application


async def _work(application: Application, desk: Desk, inbox: Inbox) -> None:
    """Reach Telegram, answer what was left waiting, then poll for ever."""
    bot = application.bot
    await _insisting(application.initialize)
    await _insisting(bot.delete_webhook)  # one that somebody set would make each poll a conflict
    await desk.introduce(bot)
    await application.start()
    await desk.begin(bot)
    await inbox.replay(bot)
    _log.info("Answering as @%s", bot.username)

    offset: int | None = None

    async def poll() -> None:
        nonlocal offset
        # Asked for as JSON: one update that the library cannot read must not hide the others.
        wanted = {"timeout": POLL, "allowed_updates": list(ALLOWED_UPDATES)}
        if offset is not None:
            wanted["offset"] = offset
        raw = await bot.do_api_request(
            "GetUpdates",
            api_kwargs=wanted,
            read_timeout=POLL + 10,  # its name warns of get_updates
        )
        await inbox.take(raw, bot)
        numbers = [number for update in raw if (number := number_of(update)) is not None]
        if numbers:
            offset = max(numbers) + 1  # the next request tells Telegram that we have them
        elif raw:
            await asyncio.sleep(1)  # nothing that could be confirmed: it will come again at once

    while True:
        await _insisting(poll)


async def _insisting(action: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Do it until it succeeds: Telegram or the disk may be away for hours."""
    pause = 0.0
    while True:
        try:
            await action()
        except (InvalidToken, EndPointNotFound):
            raise TelegramSetupError(_TOKEN_REFUSED) from None  # the cause's text holds the token
        except (TelegramError, JournalError) as error:
            if not pause:
                _log.warning("%s; trying again until it works", _cause(error))
            pause = (
                seconds_left_alone(error)
                if isinstance(error, RetryAfter)
                else min(2 * pause + 1, 30)
            )
            await asyncio.sleep(pause)
        else:
            if pause:
                _log.warning("It works again")
            return


def _cause(error: Exception) -> str:
    if isinstance(error, Conflict):
        return f"Another process polls with the same token ({error})"
    if isinstance(error, JournalError):
        return f"The journal cannot be written, so nothing is taken from Telegram ({error})"
    return f"Telegram is out of reach ({type(error).__name__}: {error})"
