"""Telegram, by long polling or by webhook, and what goes on beside it while the bot runs.

Telegram is told that an update was taken only after the journal has it on disk, and an update
leaves the journal's waiting list only after its answer went out. A crash between those two repeats
an answer; nothing loses one. python-telegram-bot's own Updater confirms first, and stops polling
for good on a 401 or 404, so the few lines of polling are ours.
"""

import asyncio
import datetime
import json
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from telegram import Bot, Update
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
from bot.listener import Heard, Listener, Said
from bot.settings import Settings
from bot.telegram.desk import Desk
from bot.telegram.inbox import Inbox, number_of
from bot.telegram.intray import BUILD
from bot.telegram.pace import Pace, seconds_left_alone
from bot.telegram.turns import CONCURRENCY
from bot.telegram.webhook import Webhook
from bot.upkeep import EVERY, keep_up
from bot.vitals import Vitals
from bot.watchdog import Watchdog

ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
)
POLL = 30  # seconds that Telegram holds a request for updates
STOP = 30.0  # seconds given to the answers under way when the process is told to stop
STUCK_STOP = 2.0  # … where most of them will never end

_log = logging.getLogger(__name__)


class TelegramSetupError(Exception):
    """Telegram does not take this bot's token. The message is Vietnamese: what to do."""


class StuckError(Exception):
    """No thread is left that could answer. The message is Vietnamese."""


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
    TelegramSetupError when Telegram refuses the token, StuckError when questions that never end have
    taken every thread (what waits is in the journal, for the next start), JournalError when the journal is damaged or
    another bot runs with it, ListenerError when an address of the settings is taken.
    """
    for name in ("httpx", "httpcore"):  # their lines hold URLs, and those hold the token
        logging.getLogger(name).setLevel(logging.WARNING)
    journal.hold()
    journal.check()
    # Threads that think give way to the loop after so many seconds, not five times as many.
    sys.setswitchinterval(0.001)
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

    watchdog = Watchdog()
    vitals = Vitals(journal.path, lambda: inbox.turns.waiting, lambda: watchdog.worst)
    desk = Desk(assistant, settings, journal, vitals, build)
    application = _application(desk, settings)
    inbox = Inbox(
        journal,
        application.process_update,
        dropped_after=datetime.timedelta(hours=settings.dropped_after),
        busy=settings.busy,
        wants=desk.wants,
        vitals=vitals,
    )
    application.add_error_handler(inbox.failed)
    watchdog.start()
    tasks = [
        asyncio.create_task(_work(application, desk, inbox, settings, vitals)),
        asyncio.create_task(_keep_up(journal, settings)),
        asyncio.create_task(_be_watched(settings, vitals)),
        asyncio.create_task(_outlast(desk)),
        asyncio.create_task(told_to_stop.wait()),
    ]
    ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    for task in tasks:
        task.cancel()
    try:
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in ended:
            task.result()  # raises what made it end
    finally:
        _log.info("Stopping: the answers under way are finished first")
        await desk.end()
        patience = STUCK_STOP if desk.is_stuck else STOP
        if not await inbox.turns.finish(patience):
            _log.warning(
                "Some answers took longer than %s s; they wait for the next start", patience
            )
        if application.running:
            await application.stop()
        await application.shutdown()
        watchdog.stop()


async def _keep_up(journal: Journal, settings: Settings) -> None:
    """Once at the start and once a day."""
    while True:
        try:
            now = datetime.datetime.now(datetime.UTC)
            await asyncio.to_thread(keep_up, journal, settings, now)
        except JournalError as error:
            _log.error("Upkeep: %s", error)
        await asyncio.sleep(EVERY.total_seconds())


async def _outlast(desk: Desk) -> None:
    """End with an error when nobody could be answered any more: whoever started the bot does so anew."""
    await desk.stuck()
    raise StuckError(
        "Mọi luồng xử lý câu hỏi đều bị kẹt nên bot dừng để được khởi động lại; câu hỏi đang chờ vẫn còn"
        " trong nhật ký. Nhật ký chạy (log) ghi chỗ bị kẹt."
    )


async def _be_watched(settings: Settings, vitals: Vitals) -> None:
    """Tell the probe and Prometheus how the bot is, where the settings name an address."""
    if not settings.watch:
        await asyncio.Event().wait()

    async def health(_: Heard) -> Said:
        told = vitals.health()
        body = json.dumps(told, ensure_ascii=False).encode()
        return Said(200 if told["well"] else 503, body, "application/json")

    async def metrics(_: Heard) -> Said:
        return Said(body=vitals.metrics())

    listener = Listener(settings.watch, [("GET", "/health", health), ("GET", "/metrics", metrics)])
    await listener.start()
    try:
        await asyncio.Event().wait()
    finally:
        await listener.stop()


def _application(desk: Desk, settings: Settings) -> Application:
    builder = (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .updater(None)
        .job_queue(None)
        .rate_limiter(Pace(desk.moves))
        .connection_pool_size(48)  # more than are ever under way, and an end to how many are open
        .connect_timeout(10)
        .read_timeout(20)
        .write_timeout(20)
        .pool_timeout(20)
    )
    if settings.proxy:
        builder = builder.proxy(settings.proxy).get_updates_proxy(settings.proxy)
    application = builder.build()
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, desk.moved))
    application.add_handler(
        MessageHandler(filters.UpdateType.MESSAGES & ~filters.StatusUpdate.ALL, desk.message)
    )
    application.add_handler(CallbackQueryHandler(desk.pressed))
    application.add_handler(InlineQueryHandler(desk.inline))
    return application


async def _work(
    application: Application, desk: Desk, inbox: Inbox, settings: Settings, vitals: Vitals
) -> None:
    """Reach Telegram, answer what was left waiting, then take updates for ever."""
    bot = application.bot
    await _insisting(application.initialize)
    await desk.introduce(bot)
    await application.start()
    await desk.begin(bot)
    await inbox.replay(bot)
    if settings.webhook:
        await _be_called(bot, inbox, settings, vitals)
    else:
        await _poll(bot, inbox, vitals)


async def _be_called(bot: Bot, inbox: Inbox, settings: Settings, vitals: Vitals) -> None:
    """Let Telegram call, at the address of the settings."""
    webhook = Webhook(inbox, bot, settings, vitals.heard)
    await webhook.listener.start()
    try:
        secret = settings.webhook_secret.get_secret_value()

        async def register() -> None:
            await bot.set_webhook(
                settings.webhook, secret_token=secret, allowed_updates=ALLOWED_UPDATES
            )
            vitals.heard()

        async def look() -> None:
            if (await bot.get_webhook_info()).url != settings.webhook:
                await register()
            vitals.heard()

        await _insisting(register)
        _log.info("Answering as @%s, called by Telegram", bot.username)
        while True:  # somebody else may take the webhook away, and silence is no proof of life
            await asyncio.sleep(2 * POLL)
            await _insisting(look)
    finally:
        await webhook.listener.stop()


async def _poll(bot: Bot, inbox: Inbox, vitals: Vitals) -> None:
    """Ask Telegram for updates."""
    await _insisting(bot.delete_webhook)  # one that somebody set would make each poll a conflict
    _log.info("Answering as @%s", bot.username)
    offset: int | None = None

    async def poll() -> None:
        nonlocal offset
        # Asked for as JSON: one update that the library cannot read must not hide the others.
        wanted = {"timeout": POLL, "allowed_updates": list(ALLOWED_UPDATES)}
        if offset is not None:
            wanted["offset"] = offset
        raw = await bot.do_api_request(
            "GetUpdates", api_kwargs=wanted, read_timeout=POLL + 10
        )  # written so, since the library warns of its own getUpdates
        vitals.heard()
        try:
            await inbox.take(raw, bot)
        except JournalError as error:
            vitals.trouble = str(error)
            raise
        vitals.trouble = ""
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
                else min(2 * pause + 0.5, 10)
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
