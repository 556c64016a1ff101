"""Takes updates, answers them, and keeps the journal."""

import asyncio
import contextlib
import datetime
import json
import logging
import time
from collections.abc import Awaitable, Sequence
from typing import Any

from telegram import Bot, CallbackQuery, Message, Update, User
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ContextTypes

from bot import notices, reply
from bot.access import Viewer
from bot.answer import Answer
from bot.audit import Audit, entry_of
from bot.bot import Assistant
from bot.chart import draw
from bot.gaps import gap_of
from bot.journal import Journal, Vote
from bot.members import Members
from bot.picture import illustrated
from bot.settings import Settings
from bot.telegram.admission import Admission, show_commands
from bot.telegram.asked import Asked, addressed
from bot.telegram.counter import Counter, Request, is_private
from bot.telegram.post import Spot, send, show, spot_of, typing

QUESTION_LIMIT = 2000  # characters
FOLLOW_UP = datetime.timedelta(minutes=30)  # how long a question counts as the one before
FOLLOW_UPS = 3  # questions before this one that the assistant is told
KEPT = datetime.timedelta(days=90)  # how long answered updates and conversations are kept
POSTPONED = 30.0  # seconds until an answer that could not be sent is tried again

_log = logging.getLogger(__name__)


class Desk:
    """Takes updates, answers them, and keeps the journal."""

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        journal: Journal,
        *,
        pause: float = POSTPONED,
    ):
        self._assistant, self._settings, self._journal = assistant, settings, journal
        self._audit = Audit(journal)
        self._members = Members(journal, settings)
        self._admission = Admission(self._members, assistant)
        self._counters: tuple[Counter, ...] = (self._admission,)
        self._commands = {name: serve for c in self._counters for name, serve in c.commands.items()}
        self._pause = pause
        self._postponed: set[int] = set()
        self.queue: asyncio.Queue[object] = asyncio.Queue()
        self.stopping = False

    # --- in and out of the journal

    async def take(self, updates: Sequence[Update]) -> None:
        """Put updates on disk, then in the queue. Raises JournalError, and takes none then."""
        if not updates:
            return
        raw = [(update.update_id, update.to_json()) for update in updates]
        new = await asyncio.to_thread(self._journal.take, raw, _now())
        for update in updates:
            if update.update_id in new:
                self.queue.put_nowait(update)

    async def replay(self, bot: Bot) -> None:
        """Queue what an earlier process took and did not answer, in the order it came."""
        await asyncio.to_thread(self._journal.prune, _now() - KEPT)
        waiting = await asyncio.to_thread(self._journal.waiting)
        if waiting:
            _log.info("%d updates were left waiting; answering them first", len(waiting))
        for taken in waiting:
            try:
                update = Update.de_json(json.loads(taken.raw), bot)
            except Exception as error:  # an older program's JSON may lack anything
                await asyncio.to_thread(self._journal.set_aside, taken.number, repr(error))
            else:
                self.queue.put_nowait(update)

    async def introduce(self, bot: Bot) -> None:
        """Tell Telegram what to show of the bot: its commands, to whom which, and what it is."""
        try:
            await bot.set_my_commands(notices.commands())
            await bot.set_my_description(notices.description())
            await bot.set_my_short_description(notices.short_description())
        except TelegramError as error:
            _log.warning("What Telegram shows of the bot was not set: %s", error)
        for administrator in sorted(await asyncio.to_thread(self._members.administrators)):
            await show_commands(bot, administrator)

    async def serve(self, update: Update, handlers: Awaitable[Any]) -> None:
        """Run the handlers once and write down how it ended."""
        number = update.update_id
        if not await asyncio.to_thread(self._journal.begin, number):
            _log.error("Update %d was set aside: see the journal's failed updates", number)
            await self._apologise(update)
            return
        await handlers
        if number in self._postponed:
            self._postponed.discard(number)
            asyncio.get_running_loop().call_later(self._pause, self.queue.put_nowait, update)
        else:
            await asyncio.to_thread(self._journal.answered, number)

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The one error handler: logs, and says sorry where somebody waits for an answer."""
        error = context.error
        if not isinstance(update, Update) or error is None:
            _log.error("An error outside of any update", exc_info=error)
            return
        number = update.update_id
        if isinstance(error, RetryAfter) or (
            isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        ):
            _log.warning("Update %d could not be answered yet: %s", number, error)
            self._postponed.add(number)
            return
        if isinstance(error, Forbidden):  # blocked, or put out of the group: nobody to answer
            _log.info("Update %d: %s", number, error)
            await asyncio.to_thread(self._journal.set_aside, number, str(error))
            return
        _log.error("Update %d failed", number, exc_info=error)
        await asyncio.to_thread(self._journal.set_aside, number, repr(error))
        await self._apologise(update)

    async def _apologise(self, update: Update) -> None:
        spot = spot_of(update)
        if spot is None:
            return
        try:
            await send(update.get_bot(), spot, notices.fault())
        except TelegramError as error:
            _log.warning("Update %d: not even the apology went out: %s", update.update_id, error)

    # --- handlers

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message or an edited one: a command, a question, or nothing for us."""
        message, spot, bot = update.effective_message, spot_of(update), context.bot
        assert message is not None and spot is not None
        asked = addressed(message, bot)
        if asked is None:
            return
        user = update.effective_user
        viewer = await self._viewer(user, spot)
        if viewer is None and await self._admission.stranger(bot, spot, user, asked):
            viewer, asked = await self._viewer(user, spot), Asked("start", "")
        if viewer is None:
            return
        if asked.command == "start":
            if user and is_private(message):
                await self._admission.redeemed(bot, spot, user, asked.text)
            name = user.first_name if user else ""
            examples = await asyncio.to_thread(self._assistant.examples, viewer)
            await send(bot, spot, notices.start(name, examples))
        elif user and (serve := self._commands.get(asked.command)):
            await serve(Request(bot, spot, user, viewer, asked.text, message))
        elif asked.command == "help":
            await send(bot, spot, notices.help())
        elif asked.command == "quen":
            await asyncio.to_thread(self._journal.forget, spot.chat)
            await send(bot, spot, notices.forgotten())
        elif not any(map(str.isalnum, asked.text)):
            await send(bot, spot, notices.empty_question())
        elif len(asked.text) > QUESTION_LIMIT:
            await send(bot, spot, notices.too_long(QUESTION_LIMIT))
        else:
            await self._answer(bot, spot, asked.text, user, viewer)

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button: a question to ask by its label, or a vote."""
        query, spot, bot = update.callback_query, spot_of(update), context.bot
        assert query is not None
        data = query.data or ""
        is_vote = data in ("vote:up", "vote:down")
        viewer = await self._viewer(query.from_user, spot)
        # First of all, or the button spins; after a restart it may be too late, which is no harm.
        with contextlib.suppress(TelegramError):
            await query.answer(notices.thanks().plain if is_vote and viewer else None)
        if spot is None:
            return
        if viewer is None:
            await self._admission.stranger(bot, spot, query.from_user, None)
            return
        prefix, _, rest = data.partition(":")
        if is_vote:
            await self._vote(query, up=data == "vote:up")
        elif data.startswith("q:"):
            question = _label(query)
            if question:
                await self._answer(bot, spot, question, query.from_user, viewer)
            else:  # so old that Telegram no longer shows us the message
                await send(bot, spot, notices.help())
        elif counter := next((c for c in self._counters if c.prefix == prefix), None):
            under = query.message if isinstance(query.message, Message) else None
            await counter.pressed(Request(bot, spot, query.from_user, viewer, rest, under))

    async def _viewer(self, user: User | None, spot: Spot | None) -> Viewer | None:
        """What somebody may see here; None for who may not ask. Where others read along, nobody is
        told what only some may see."""
        viewer = await asyncio.to_thread(self._members.viewer, user.id if user else None)
        alone = user is not None and spot is not None and spot.chat == user.id
        return viewer if alone or viewer is None else viewer.among_others()

    async def _answer(
        self, bot: Bot, spot: Spot, question: str, user: User | None, viewer: Viewer
    ) -> None:
        """Ask the assistant and send what it says."""
        began = time.monotonic()
        async with typing(bot, spot):
            previous = await asyncio.to_thread(
                self._journal.recent, spot.chat, FOLLOW_UPS, _now() - FOLLOW_UP
            )
            answer, messages, drawn = await asyncio.to_thread(
                self._think, question, previous, viewer
            )
        milliseconds = round(1000 * (time.monotonic() - began))
        for message in messages:
            await send(bot, spot, message)
        if drawn:
            await show(bot, spot, *drawn)
        await asyncio.to_thread(self._journal.remember, spot.chat, question, _now())
        if gap := gap_of(answer, _now()):
            await asyncio.to_thread(self._journal.miss, gap)
        entry = entry_of(
            answer,
            self._assistant.documents,
            at=_now(),
            asker=user.id if user else None,
            chat=spot.chat,
            question=question,
            shown="\n\n".join(message.plain for message in messages),
            edition=self._assistant.edition,
            milliseconds=milliseconds,
        )
        await asyncio.to_thread(self._audit.add, entry)

    def _think(
        self, question: str, previous: Sequence[str], viewer: Viewer
    ) -> tuple[Answer, tuple[reply.Message, ...], tuple[bytes, str] | None]:
        """Everything that blocks, in a thread of its own."""
        try:
            self._assistant.refresh()
        except Exception:
            # A new index that cannot be read is the administrator's to see; the old one serves on.
            _log.exception("The new index was not opened")
        answer = self._assistant.ask(question, previous=previous, viewer=viewer)
        picture = illustrated(answer)
        drawn = (draw(picture), picture.alt) if picture else None
        return answer, reply.messages(answer), drawn

    async def _vote(self, query: CallbackQuery, *, up: bool) -> None:
        """Keep a vote with the text it is about."""
        message = query.message
        if message is None:
            return
        text = (message.text or "") if isinstance(message, Message) else ""
        vote = Vote(message.chat.id, message.message_id, query.from_user.id, up, text, _now())
        await asyncio.to_thread(self._journal.vote, vote)


def _label(query: CallbackQuery) -> str:
    """The words on the button that was pressed, "" if its message is gone."""
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return ""
    buttons = (button for row in message.reply_markup.inline_keyboard for button in row)
    return next((b.text for b in buttons if b.callback_data == query.data), "")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
