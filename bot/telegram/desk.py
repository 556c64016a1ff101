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
from bot.answer import Answer
from bot.audit import append, entry_of
from bot.bot import Assistant
from bot.chart import draw
from bot.erasure import erase_person
from bot.gaps import gap_of
from bot.journal import Journal, Transaction, Vote, miss, remember
from bot.picture import illustrated
from bot.settings import Settings
from bot.telegram.asked import addressed
from bot.telegram.inbox import Serving, served
from bot.telegram.limits import Limits
from bot.telegram.post import Spot, send, show, spot_of, typing
from bot.vitals import Vitals

QUESTION_LIMIT = 2000  # characters
FOLLOW_UP = datetime.timedelta(minutes=30)  # how long a question counts as the one before
FOLLOW_UPS = 3  # questions before this one that the assistant is told

_log = logging.getLogger(__name__)


class Desk:
    """Answers what people ask."""

    def __init__(self, assistant: Assistant, settings: Settings, journal: Journal, vitals: Vitals):
        self._assistant, self._settings, self._journal = assistant, settings, journal
        self._vitals = vitals
        self._limits = Limits(settings.per_person, settings.per_group)
        # As many as there are cores: more would only make each other wait.
        self._thinkers = ThreadPoolExecutor(max(2, os.cpu_count() or 2), "thinking")

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message or an edited one: a command, a question, or nothing for us."""
        message, spot, bot = update.effective_message, spot_of(update), context.bot
        assert message is not None and spot is not None
        asked = addressed(message, bot)
        if asked is None:
            return
        user = update.effective_user
        if not self._may_ask(user):
            await send(bot, spot, notices.not_member(user.id if user else 0))
            return
        if asked.command == "start":
            name = user.first_name if user else ""
            examples = await asyncio.to_thread(self._assistant.examples)
            await send(bot, spot, notices.start(name, examples))
        elif asked.command == "help":
            await send(bot, spot, notices.help())
        elif asked.command == "quen":
            await asyncio.to_thread(self._journal.forget, spot.chat)
            if user:
                await asyncio.to_thread(erase_person, self._journal, user.id)
            await send(bot, spot, notices.forgotten())
        elif not any(map(str.isalnum, asked.text)):
            await send(bot, spot, notices.empty_question())
        elif len(asked.text) > QUESTION_LIMIT:
            await send(bot, spot, notices.too_long(QUESTION_LIMIT))
        else:
            await self._answer(bot, spot, asked.text, user)

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button: a question to ask by its label, or a vote."""
        query, spot, bot = update.callback_query, spot_of(update), context.bot
        assert query is not None
        data = query.data or ""
        is_vote = data in ("vote:up", "vote:down")
        welcome = self._may_ask(query.from_user)
        # First of all, or the button spins; after a restart it may be too late, which is no harm.
        with contextlib.suppress(TelegramError):
            await query.answer(notices.thanks().plain if is_vote and welcome else None)
        if spot is None:
            return
        if not welcome:
            await send(bot, spot, notices.not_member(query.from_user.id))
            return
        if is_vote:
            await self._vote(query, up=data == "vote:up")
        elif data.startswith("q:"):
            question = _label(query)
            if question:
                await self._answer(bot, spot, question, query.from_user)
            else:  # so old that Telegram no longer shows us the message
                await send(bot, spot, notices.help())

    def wants(self, update: Update) -> bool:
        """Whether somebody who may ask waits for an answer to an update."""
        message = update.message
        if not isinstance(message, Message) or not self._may_ask(update.effective_user):
            return False
        return addressed(message, update.get_bot()) is not None

    def _may_ask(self, user: User | None) -> bool:
        members = self._settings.members
        if members is None:
            return True
        return user is not None and user.id in members | self._settings.administrators

    async def _answer(self, bot: Bot, spot: Spot, question: str, user: User | None) -> None:
        """Ask the assistant and send what it says."""
        serving = served.get() or Serving()
        at = serving.at or _now()
        asker = user.id if user else None
        if limit := self._limits.refuses(asker or 0, spot.chat, at):
            self._vitals.refused()
            if self._limits.tells(spot.chat, at):
                await send(bot, spot, notices.too_many(limit))
            return
        began = time.monotonic()
        async with typing(bot, spot):
            recent = await asyncio.to_thread(
                self._journal.recent, spot.chat, FOLLOW_UPS, at - FOLLOW_UP, at
            )
            previous = (*recent, *serving.before)[-FOLLOW_UPS:]
            answer, messages, drawn = await asyncio.get_running_loop().run_in_executor(
                self._thinkers, self._think, question, previous
            )
        milliseconds = round(1000 * (time.monotonic() - began))
        for message in messages:
            await send(bot, spot, message)
        if drawn:
            await show(bot, spot, *drawn)
        self._vitals.answered(answer.kind.value, milliseconds)
        now, edition, documents = _now(), self._assistant.edition, self._assistant.documents

        def keep(db: Transaction) -> None:
            entry = entry_of(
                answer,
                documents,
                at=now,
                asker=asker,
                chat=spot.chat,
                question=question,
                shown="\n\n".join(message.plain for message in messages),
                edition=edition,
                milliseconds=milliseconds,
            )
            append(db, entry)
            remember(db, spot.chat, question, at)
            if gap := gap_of(answer, now):
                miss(db, gap, asker)

        serving.also.append(keep)  # in a thread, in the transaction that ends the update

    def _think(
        self, question: str, previous: Sequence[str]
    ) -> tuple[Answer, tuple[reply.Message, ...], tuple[bytes, str] | None]:
        """Everything that blocks, in a thread of its own."""
        try:
            self._assistant.refresh()
        except Exception:
            # A new index that cannot be read is the administrator's to see; the old one serves on.
            _log.exception("The new index was not opened")
        answer = self._assistant.ask(question, previous=previous)
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
