"""Answers what people ask."""

import asyncio
import contextlib
import datetime
import logging
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from telegram import Bot, CallbackQuery, Message, Update, User
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import notices, reply
from bot.access import Role, Viewer
from bot.answer import Answer
from bot.audit import append, entry_of
from bot.bot import Assistant
from bot.chart import draw
from bot.gaps import gap_of
from bot.journal import Journal, Vote, miss, remember
from bot.members import Members
from bot.picture import illustrated
from bot.settings import Settings
from bot.telegram.admission import Admission, show_commands
from bot.telegram.asked import Asked, addressed
from bot.telegram.counter import Counter, Request, is_private
from bot.telegram.inbox import Serving, served
from bot.telegram.intray import BUILD, Intray
from bot.telegram.post import Spot, send, show, spot_of, typing
from bot.uploads import Uploads

QUESTION_LIMIT = 2000  # characters
FOLLOW_UP = datetime.timedelta(minutes=30)  # how long a question counts as the one before
FOLLOW_UPS = 3  # questions before this one that the assistant is told

_log = logging.getLogger(__name__)


class Desk:
    """Answers what people ask."""

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        journal: Journal,
        build: Sequence[str] = BUILD,
    ):
        self._assistant, self._settings, self._journal = assistant, settings, journal
        self._members = Members(journal, settings)
        self._admission = Admission(self._members, assistant)
        aside = settings.journal.with_name("uploads")
        uploads = Uploads(journal, aside, settings.documents)
        self.intray = Intray(uploads, assistant, settings.documents, build)
        self._counters: tuple[Counter, ...] = (self._admission, self.intray)
        self._commands = {name: serve for c in self._counters for name, serve in c.commands.items()}
        # As many as there are cores: more would only make each other wait.
        self._thinkers = ThreadPoolExecutor(max(2, os.cpu_count() or 2), "thinking")

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
        administers = viewer.role is Role.ADMINISTRATOR
        if (
            update.message
            and message.document
            and user
            and is_private(message)
            and (administers or not asked.text)
        ):
            request = Request(bot, spot, user, viewer, asked.text, message)
            await self.intray.came(request, message.document)
        elif asked.command == "start":
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
        serving = served.get() or Serving()
        at = serving.at or _now()
        began = time.monotonic()
        async with typing(bot, spot):
            recent = await asyncio.to_thread(
                self._journal.recent, spot.chat, FOLLOW_UPS, at - FOLLOW_UP, at
            )
            previous = (*recent, *serving.before)[-FOLLOW_UPS:]
            answer, messages, drawn = await asyncio.get_running_loop().run_in_executor(
                self._thinkers, self._think, question, previous, viewer
            )
        milliseconds = round(1000 * (time.monotonic() - began))
        for message in messages:
            await send(bot, spot, message)
        if drawn:
            await show(bot, spot, *drawn)
        asker = user.id if user else None
        entry = entry_of(
            answer,
            self._assistant.documents,
            at=_now(),
            asker=asker,
            chat=spot.chat,
            question=question,
            shown="\n\n".join(message.plain for message in messages),
            edition=self._assistant.edition,
            milliseconds=milliseconds,
        )
        serving.also.append(lambda db: append(db, entry))
        serving.also.append(lambda db: remember(db, spot.chat, question, at))
        if gap := gap_of(answer, _now()):
            serving.also.append(lambda db: miss(db, gap, asker))

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
