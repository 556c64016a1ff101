"""Takes updates, answers them, and keeps the journal."""

import asyncio
import contextlib
import datetime
import json
import logging
from collections.abc import Awaitable, Sequence
from typing import Any

from telegram import Bot, Update, User
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ContextTypes

from bot import notices
from bot.access import EVERYTHING, Viewer
from bot.bot import Assistant
from bot.journal import Journal
from bot.settings import Settings
from bot.telegram.asked import addressed
from bot.telegram.dialogue import Asker, Dialogue
from bot.telegram.groups import Groups
from bot.telegram.inline import Inline
from bot.telegram.post import send, spot_of

QUESTION_LIMIT = 2000  # characters
SOURCE = "src_"  # what the payload of a link to a source begins with
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
        self._dialogue = Dialogue(assistant, journal)
        self._groups = Groups(self._dialogue.rooms)
        self._inline = Inline(assistant)
        self._pause = pause
        self._postponed: set[int] = set()
        self.queue: asyncio.Queue[object] = asyncio.Queue()
        self.stopping = False

    # --- in and out of the journal

    async def take(self, updates: Sequence[Update]) -> None:
        """Put updates on disk, then in the queue. Raises JournalError, and takes none then."""
        if not updates:
            return
        for update in updates:
            if update.inline_query:  # nobody waits for these after a restart: they are not kept
                self._inline.newest(update.inline_query)
                self.queue.put_nowait(update)
        updates = [update for update in updates if not update.inline_query]
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

    async def serve(self, update: Update, handlers: Awaitable[Any]) -> None:
        """Run the handlers once and write down how it ended."""
        number = update.update_id
        if update.inline_query:
            await handlers
            return
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
        if update.inline_query:
            _log.warning("An inline query was not answered: %s", error)
            return
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
        viewer = self._viewer(user)
        if viewer is None or user is None:
            await send(bot, spot, notices.not_member(user.id if user else 0))
            return
        asker = Asker(user.id, viewer)
        if asked.command == "caidat":
            await self._groups.show(bot, spot, user.id)
        elif message.chat.id < 0 and not await self._groups.admits(bot, spot, user.id):
            await send(bot, spot, notices.only_group_administrators_ask())
        elif asked.command == "start" and asked.text.startswith(SOURCE):
            await self._dialogue.open(bot, spot, asker, asked.text.removeprefix(SOURCE))
        elif asked.command == "start":
            name = user.first_name
            examples = await asyncio.to_thread(self._assistant.examples)
            await send(bot, spot, notices.start(name, examples))
        elif asked.command == "help":
            await send(bot, spot, notices.help())
        elif asked.command == "quen":
            await self._dialogue.forget(spot, user.id)
            await send(bot, spot, notices.forgotten())
        elif asked.command == "voice":
            await send(bot, spot, notices.no_voice())
        elif not any(map(str.isalnum, asked.text)):
            await send(bot, spot, notices.empty_question())
        elif len(asked.text) > QUESTION_LIMIT:
            await send(bot, spot, notices.too_long(QUESTION_LIMIT))
        else:
            await self._dialogue.asked(bot, spot, asker, message, asked.text)

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button: a question to ask by its label, or a vote."""
        query, spot, bot = update.callback_query, spot_of(update), context.bot
        assert query is not None
        data = query.data or ""
        is_vote = data in ("vote:up", "vote:down")
        viewer = self._viewer(query.from_user)
        # First of all, or the button spins; after a restart it may be too late, which is no harm.
        with contextlib.suppress(TelegramError):
            await query.answer(notices.thanks().plain if is_vote and viewer else None)
        if spot is None:
            return
        if viewer is None:
            await send(bot, spot, notices.not_member(query.from_user.id))
            return
        asker = Asker(query.from_user.id, viewer)
        kind, _, rest = data.partition(":")
        under = query.message.message_id if query.message else 0
        if is_vote:
            await self._dialogue.vote(query, up=data == "vote:up")
        elif kind == "g":
            await self._groups.pressed(bot, spot, asker.user, rest, under)
        elif spot.chat < 0 and not await self._groups.admits(bot, spot, asker.user):
            await send(bot, spot, notices.only_group_administrators_ask())
        elif kind == "q":
            await self._dialogue.chosen(bot, spot, asker, query)
        elif kind == "more":
            await self._dialogue.more(bot, spot, asker, under)
        elif kind in ("w", "p"):
            await self._dialogue.open(bot, spot, asker, rest, under if kind == "p" else None)

    async def inline(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Somebody types our name and words in some chat."""
        query = update.inline_query
        assert query is not None
        await self._inline.asked(context.bot, query, self._viewer(query.from_user))

    def _viewer(self, user: User | None) -> Viewer | None:
        """What somebody may see; None for who may not ask."""
        members = self._settings.members
        if user is not None and user.id in self._settings.administrators:
            return EVERYTHING
        if members is None or (user is not None and user.id in members):
            return EVERYTHING
        return None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
