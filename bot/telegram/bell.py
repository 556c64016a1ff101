"""Deadlines: the list of them, who wants to be told, and telling them in time."""

import asyncio
import contextlib
import datetime
import logging
from collections.abc import Mapping

from telegram import Bot
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot import memos, notices
from bot.access import Role
from bot.bot import Assistant
from bot.ics import calendar_of
from bot.journal import JournalError
from bot.members import Members
from bot.reminders import Reminder, Reminders, State, mark_of, typed_deadline
from bot.settings import Settings
from bot.telegram.counter import Request, Serving, change, for_administrators
from bot.telegram.pace import broadcasting
from bot.telegram.post import Spot, hand, send
from corpus import Deadline, plain_block

ROUND = 30.0  # seconds between two looks at what is due

_log = logging.getLogger(__name__)


class Bell:
    """Calls deadlines to mind. Button data: ``r:verb[:number]``."""

    prefix = "r"

    def __init__(
        self, reminders: Reminders, members: Members, assistant: Assistant, settings: Settings
    ):
        self._reminders, self._members, self._assistant = reminders, members, assistant
        self._settings = settings
        self._woken = asyncio.Event()
        self.commands: Mapping[str, Serving] = {
            "lich": self._list,
            "nhac": self._offer,
            "nhacviec": for_administrators(self._add),
        }

    # --- members

    async def _list(self, request: Request) -> None:
        viewer = request.viewer
        administers = viewer.role is Role.ADMINISTRATOR and request.private
        coming = await asyncio.to_thread(self._reminders.deadlines, _now())
        seen = [one for one in coming if self._concerns(request.user.id, one)]
        added = await asyncio.to_thread(self._reminders.added) if administers else ()
        await send(request.bot, request.spot, memos.deadlines(seen, added))

    async def _offer(self, request: Request) -> None:
        told = request.user.id in await asyncio.to_thread(self._reminders.subscribers)
        await send(request.bot, request.spot, memos.subscription(told))

    async def pressed(self, request: Request) -> None:
        """Somebody wants to be told or not; an administrator confirms or drops a deadline."""
        match request.text.split(":"):
            case ["on" | "off" as wanted]:
                await asyncio.to_thread(
                    self._reminders.subscribe, request.user.id, wanted == "on", _now()
                )
                await change(request, memos.subscription(wanted == "on"))
                self._woken.set()
            case ["add" | "drop" as verb, number] if number.isascii() and number.isdecimal():

                async def decide(request: Request) -> None:
                    await self._decide(request, verb, int(number[:9]))

                await for_administrators(decide)(request)
            case _:
                await send(request.bot, request.spot, notices.stale_button())

    # --- administrators

    async def _add(self, request: Request) -> None:
        """/nhacviec with what, when and where, divided by semicolons."""
        deadline = typed_deadline(request.text, self._settings.today())
        if deadline is None:
            await send(request.bot, request.spot, memos.deadline_unclear())
            return
        offered = await asyncio.to_thread(self._reminders.offer, deadline, request.user.id, _now())
        await send(request.bot, request.spot, memos.deadline_offer(offered))

    async def _decide(self, request: Request, verb: str, number: int) -> None:
        step = self._reminders.confirm if verb == "add" else self._reminders.drop
        deadline = await asyncio.to_thread(step, number)
        if deadline is None:
            await send(request.bot, request.spot, notices.stale_button())
            return
        await change(request, memos.deadline_decided(deadline, kept=verb == "add"))
        self._woken.set()

    # --- telling

    async def ring(self, bot: Bot) -> None:
        """Look again and again at what is due, for ever."""
        while True:
            self._woken.clear()
            try:
                await self._round(bot)
            except (JournalError, OSError) as error:
                _log.warning("Reminders wait for the next round: %s", error)
            except Exception:
                _log.exception("A round of reminders failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), ROUND)

    async def _round(self, bot: Bot) -> None:
        for reminder in await asyncio.to_thread(self._reminders.due, _now(), self._concerns):
            await asyncio.to_thread(self._reminders.note, reminder, State.SENDING, _now())
            try:
                await self._tell(bot, reminder)
            except (Forbidden, BadRequest) as error:  # blocked, or never began a chat
                _log.info("Reminder to %d: %s", reminder.user, error)
                await asyncio.to_thread(self._reminders.note, reminder, State.REFUSED, _now())
            except RetryAfter as error:  # it did not go out, and the others must not wait
                _log.warning("Reminder to %d waits: %s", reminder.user, error)
                if not reminder.again:
                    await asyncio.to_thread(self._reminders.note, reminder, None, _now())
            except TelegramError as error:  # it may have gone out: the next one says so
                _log.warning("Reminder to %d may not have gone out: %s", reminder.user, error)
            else:
                await asyncio.to_thread(self._reminders.note, reminder, State.SENT, _now())

    async def _tell(self, bot: Bot, reminder: Reminder) -> None:
        """One message that holds all: the words, the source, the calendar file."""
        deadline = reminder.deadline
        mark = mark_of(deadline)
        file = calendar_of(deadline, mark, _now(), self._settings.time_zone)
        spot = Spot(reminder.user, None, None)
        name = f"lich-{deadline.day:%Y-%m-%d}.ics"
        with broadcasting():
            await hand(bot, spot, name, file, memos.reminder(reminder))

    def _concerns(self, user: int, deadline: Deadline) -> bool:
        """Whether a deadline is somebody's: of their block, or of everybody's."""
        viewer = self._members.viewer(user)
        if viewer is None:
            return False
        if not deadline.block or viewer.role is Role.ADMINISTRATOR:
            return True
        return plain_block(deadline.block) in self._assistant.blocks(viewer.unit)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
