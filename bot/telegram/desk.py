"""Answers what people ask."""

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Sequence

from telegram import Bot, Message, Update, User
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import notices
from bot.access import Role, Viewer
from bot.bot import Assistant
from bot.erasure import erase_person
from bot.journal import Journal
from bot.members import Members
from bot.moves import Moves
from bot.reminders import Reminders
from bot.settings import Settings
from bot.telegram.admission import Admission, show_commands
from bot.telegram.asked import Asked, addressed
from bot.telegram.bell import Bell
from bot.telegram.counter import Counter, Request, is_private
from bot.telegram.dialogue import Asker, Dialogue
from bot.telegram.groups import Groups
from bot.telegram.inline import Inline
from bot.telegram.intray import BUILD, Intray
from bot.telegram.overview import Overview
from bot.telegram.post import Spot, send, spot_of
from bot.uploads import Uploads
from bot.vitals import Vitals

QUESTION_LIMIT = 2000  # characters
SOURCE = "src_"  # what the payload of a link to a source begins with

_log = logging.getLogger(__name__)


class Desk:
    """Answers what people ask."""

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        journal: Journal,
        vitals: Vitals,
        build: Sequence[str] = BUILD,
    ):
        self._assistant, self._settings, self._journal = assistant, settings, journal
        self.moves = Moves(journal)
        self._members = Members(journal, settings)
        self._admission = Admission(self._members, assistant)
        aside = settings.journal.with_name("uploads")
        uploads = Uploads(journal, aside, settings.documents)
        self._intray = Intray(uploads, assistant, settings.documents, build)
        reminders = Reminders(journal, settings.documents, settings.time_zone)
        self._bell = Bell(reminders, self._members, assistant, settings)
        self._ringing: asyncio.Task[None] | None = None
        self._dialogue = Dialogue(assistant, settings, journal, vitals)
        self._groups = Groups(self._dialogue.rooms)
        self._inline = Inline(assistant, settings, self._dialogue.thinkers, vitals)
        self._counters: tuple[Counter, ...] = (
            self._admission,
            self._groups,
            self._intray,
            Overview(journal, settings),
            self._bell,
        )
        self._commands = {name: serve for c in self._counters for name, serve in c.commands.items()}

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

    async def begin(self, bot: Bot) -> None:
        """Go on with what is done beside answering: builds that a crash broke off, reminders."""
        await self._intray.resume(bot)
        self._ringing = asyncio.create_task(self._bell.ring(bot))

    async def end(self) -> None:
        """Give up what is done beside answering; the next start goes on with it."""
        if self._ringing:
            self._ringing.cancel()
        await self._intray.stop()

    async def stuck(self) -> None:
        """Wait until no thread is left that could answer."""
        await self._dialogue.thinkers.exhausted.wait()

    @property
    def is_stuck(self) -> bool:
        """Whether no thread is left that could answer."""
        return self._dialogue.thinkers.exhausted.is_set()

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message or an edited one: a command, a question, or nothing for us."""
        message, spot, bot = update.effective_message, self._spot(update), context.bot
        assert message is not None and spot is not None
        asked = addressed(message, bot)
        if asked is None:
            return
        user = update.effective_user
        viewer = await self._viewer(user)
        if viewer is None and await self._admission.stranger(bot, spot, user, asked):
            viewer, asked = await self._viewer(user), Asked("start", "")
        if viewer is None or user is None:
            return
        asker = Asker(user.id, viewer)
        administers = viewer.role is Role.ADMINISTRATOR
        document = message.document if update.message and is_private(message) else None
        if document and (administers or not asked.text):
            request = Request(bot, spot, user, viewer, asked.text, message)
            await self._intray.came(request, document)
        elif serve := self._commands.get(asked.command):
            await serve(Request(bot, spot, user, viewer, asked.text, message))
        elif not await self._groups.admits(bot, spot, user.id):
            await send(bot, spot, notices.only_group_administrators_ask())
        elif asked.command == "start" and asked.text.startswith(SOURCE):
            await self._dialogue.open(bot, spot, asker, asked.text.removeprefix(SOURCE))
        elif asked.command == "start":
            if is_private(message):
                await self._admission.redeemed(bot, spot, user, asked.text)
            name = user.first_name
            examples = await asyncio.to_thread(self._assistant.examples, viewer)
            await send(bot, spot, notices.start(name, examples))
        elif asked.command == "help":
            await send(bot, spot, notices.help())
        elif asked.command == "quen":
            await self._dialogue.forget(spot, user.id)
            await asyncio.to_thread(erase_person, self._journal, user.id)
            await send(bot, spot, notices.forgotten())
        elif asked.command == "voice":
            await send(bot, spot, notices.no_voice())
        elif not any(map(str.isalnum, asked.text)):
            await send(bot, spot, notices.empty_question())
        elif len(asked.text) > QUESTION_LIMIT:
            await send(bot, spot, notices.too_long(QUESTION_LIMIT))
        else:
            await self._dialogue.asked(bot, spot, asker, message, asked.text)

    async def moved(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A group became a supergroup: Telegram says so in the old one and in the new one."""
        message = update.effective_message
        assert message is not None
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        if old < 0 and new < 0:  # groups, both
            await asyncio.to_thread(self.moves.move, old, new)

    def _spot(self, update: Update) -> Spot | None:
        """Where the answer to an update goes; after a group that moved."""
        spot = spot_of(update)
        if spot is None or (now := self.moves.now(spot.chat)) == spot.chat:
            return spot
        return dataclasses.replace(spot, chat=now, topic=None, reply_to=None)

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button: a question to ask by its label, or a vote."""
        query, spot, bot = update.callback_query, self._spot(update), context.bot
        assert query is not None
        data = query.data or ""
        is_vote = data in ("vote:up", "vote:down")
        viewer = await self._viewer(query.from_user)
        # First of all, or the button spins; after a restart it may be too late, which is no harm.
        with contextlib.suppress(TelegramError):
            await query.answer(notices.thanks().plain if is_vote and viewer else None)
        if spot is None:
            return
        if viewer is None:
            await self._admission.stranger(bot, spot, query.from_user, None)
            return
        asker = Asker(query.from_user.id, viewer)
        prefix, _, rest = data.partition(":")
        there = query.message if query.message and query.message.chat.id == spot.chat else None
        under = there if isinstance(there, Message) else None
        number = there.message_id if there else 0
        if is_vote:
            await self._dialogue.vote(query, up=data == "vote:up")
        elif counter := next((c for c in self._counters if c.prefix == prefix), None):
            await counter.pressed(Request(bot, spot, query.from_user, viewer, rest, under))
        elif not await self._groups.admits(bot, spot, asker.user):
            await send(bot, spot, notices.only_group_administrators_ask())
        elif prefix == "q":
            await self._dialogue.chosen(bot, spot, asker, query)
        elif prefix == "more":
            await self._dialogue.more(bot, spot, asker, number)
        elif prefix in ("w", "p"):
            instead = (number or None) if prefix == "p" else None
            await self._dialogue.open(bot, spot, asker, rest, instead)

    async def wants(self, update: Update) -> bool:
        """Whether somebody who may ask waits for an answer to an update."""
        message = update.message
        if not isinstance(message, Message) or addressed(message, update.get_bot()) is None:
            return False
        return await self._viewer(update.effective_user) is not None

    async def inline(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Somebody types our name and words in some chat."""
        query = update.inline_query
        assert query is not None
        viewer = await self._viewer(query.from_user)
        await self._inline.asked(context.bot, query, viewer)

    async def _viewer(self, user: User | None) -> Viewer | None:
        """What somebody may see; None for who may not ask."""
        return await asyncio.to_thread(self._members.viewer, user.id if user else None)
