"""Who comes in: invitations, requests to join, and the list of members for administrators."""

import asyncio
import datetime
import hashlib
import logging
from collections.abc import Mapping

from telegram import Bot, BotCommandScopeChat, User
from telegram.error import TelegramError

from bot import notices
from bot.access import Role
from bot.bot import Assistant
from bot.members import Member, Members, State
from bot.reply import Message
from bot.telegram.asked import Asked
from bot.telegram.counter import Request, Serving, change, for_administrators
from bot.telegram.pace import broadcasting
from bot.telegram.post import Spot, send

INVITED = "invite_"  # what a deep link's payload begins with

_log = logging.getLogger(__name__)


class Admission:
    """Lets people in and out. Button data: ``m:verb[:person][:role][:unit]``."""

    prefix = "m"

    def __init__(self, members: Members, assistant: Assistant):
        self._members, self._assistant = members, assistant
        self.commands: Mapping[str, Serving] = {
            "moi": for_administrators(self._invite),
            "thanhvien": for_administrators(self._list),
        }

    # --- who is not a member

    async def stranger(self, bot: Bot, spot: Spot, user: User | None, asked: Asked | None) -> bool:
        """Answer somebody who may not ask, with one polite line. True when they came in."""
        number = user.id if user else 0
        found = await asyncio.to_thread(self._members.find, number)
        private = user is not None and spot.chat == number
        if found and found.state is State.SUSPENDED:
            await send(bot, spot, notices.suspended())
        elif user and private and asked and asked.command == "start" and await self.redeemed(
            bot, spot, user, asked.text
        ):  # fmt: skip
            return True
        elif user and private and asked and asked.command == "thamgia":
            await self._asks(bot, spot, user)
        else:
            await send(bot, spot, notices.not_member(number))
        return False

    async def redeemed(self, bot: Bot, spot: Spot, user: User, payload: str) -> bool:
        """Let somebody in by the invitation that a link held; False when it is none, or no more."""
        if not payload.startswith(INVITED):
            return False
        token = payload.removeprefix(INVITED)
        member = await asyncio.to_thread(
            self._members.redeem, token, user.id, user.full_name, _now()
        )
        if member is None:
            return False
        await self._welcome(bot, member)
        return True

    async def _asks(self, bot: Bot, spot: Spot, user: User) -> None:
        new = await asyncio.to_thread(self._members.request, user.id, user.full_name, _now())
        await send(bot, spot, notices.request_noted())
        if new and (member := await asyncio.to_thread(self._members.find, user.id)):
            card = notices.member_card(member)
            administrators = sorted(await asyncio.to_thread(self._members.administrators))
            with broadcasting():
                for administrator in administrators:
                    await tell(bot, administrator, card)

    # --- administrators

    async def _invite(self, request: Request) -> None:
        """/moi alone asks for the role; /moi with the words "role; unit" makes the link at once."""
        if not request.text:
            await send(request.bot, request.spot, notices.choose_role("m:new"))
            return
        role, _, unit = (part.strip() for part in request.text.partition(";"))
        known = notices.role_named(role)
        name = next((u for u in self._assistant.units() if notices.same(u, unit)), "")
        if known is None or (unit and not name):
            await send(request.bot, request.spot, notices.invitation_unclear(request.text))
        else:
            await self._link(request, known, name)

    async def _link(self, request: Request, role: Role, unit: str) -> None:
        token = await asyncio.to_thread(
            self._members.invite, role, unit, request.user.id, _now()
        )  # fmt: skip
        link = f"https://t.me/{request.bot.username}?start={INVITED}{token}"
        await send(request.bot, request.spot, notices.invitation(role, unit, link))

    async def _list(self, request: Request) -> None:
        members = await asyncio.to_thread(self._members.all)
        for message in notices.member_list(members, request.text):
            await send(request.bot, request.spot, message)

    async def pressed(self, request: Request) -> None:
        """An administrator chooses: a role, a unit, what becomes of a member."""
        await for_administrators(self._chosen)(request)

    async def _chosen(self, request: Request) -> None:
        match request.text.split(":"):
            case ["new", *chosen]:
                await self._choose(request, "m:new", chosen, self._link)
            case ["admit", person, *chosen] if _is_number(person):

                async def admit(request: Request, role: Role, unit: str) -> None:
                    await self._admit(request, int(person), role, unit)

                await self._choose(request, f"m:admit:{person}", chosen, admit)
            case [verb, person] if _is_number(person):
                await self._decide(request, verb, int(person))
            case _:
                await send(request.bot, request.spot, notices.stale_button())

    async def _choose(self, request: Request, data: str, chosen: list[str], then) -> None:  # type: ignore[no-untyped-def]
        """Ask for the role, then for the unit, then go on."""
        if not chosen:
            await send(request.bot, request.spot, notices.choose_role(data))
            return
        role = next((r for r in Role if r.value == chosen[0]), None)
        units = {_mark(unit): unit for unit in self._assistant.units()}
        if role is None or (len(chosen) > 1 and chosen[1] not in (*units, "-")):
            await send(request.bot, request.spot, notices.stale_button())
        elif len(chosen) > 1 or role is Role.ADMINISTRATOR or not units:
            await then(request, role, units.get(chosen[1], "") if len(chosen) > 1 else "")
        else:
            message = notices.choose_unit(f"{data}:{role.value}", tuple(units.items()))
            await send(request.bot, request.spot, message)

    async def _admit(self, request: Request, user: int, role: Role, unit: str) -> None:
        before = await asyncio.to_thread(self._members.find, user)
        done = await asyncio.to_thread(
            self._members.admit, user, role, unit, request.user.id, _now()
        )  # fmt: skip
        member = await asyncio.to_thread(self._members.find, user)
        if not done or member is None or before is None:
            await send(request.bot, request.spot, notices.stale_button())
            return
        await send(request.bot, request.spot, notices.member_card(member))
        await self._welcome(request.bot, member)

    async def _decide(self, request: Request, verb: str, user: int) -> None:
        moves = {
            "suspend": lambda: self._members.suspend(user, _now()),
            "restore": lambda: self._members.restore(user, _now()),
            "refuse": lambda: self._members.refuse(user),
            "remove": lambda: self._members.remove(user),
        }
        member = await asyncio.to_thread(self._members.find, user)
        if member is None or (verb != "card" and verb not in moves):
            await send(request.bot, request.spot, notices.stale_button())
            return
        if verb == "card":
            await send(request.bot, request.spot, notices.member_card(member))
            return
        if not await asyncio.to_thread(moves[verb]):
            await send(request.bot, request.spot, notices.stale_button())
            return
        after = await asyncio.to_thread(self._members.find, user)
        shown = notices.member_card(after) if after else notices.member_removed(member)
        await change(request, shown)

    async def _welcome(self, bot: Bot, member: Member) -> None:
        await tell(bot, member.user, notices.welcome(member.role, member.unit))
        if member.role is Role.ADMINISTRATOR:
            await show_commands(bot, member.user)


async def tell(bot: Bot, person: int, message: Message) -> None:
    """Write to somebody who may have blocked the bot or never have written to it."""
    try:
        await send(bot, Spot(person, None, None), message)
    except TelegramError as error:
        _log.warning("%d was not told: %s", person, error)


async def show_commands(bot: Bot, administrator: int) -> None:
    """Show an administrator their commands beside those of everybody."""
    commands = (*notices.commands(), *notices.administrator_commands())
    try:
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(administrator))
    except TelegramError as error:  # they have not written to the bot yet
        _log.info("The commands of administrator %d were not set: %s", administrator, error)


def _is_number(text: str) -> bool:
    """True for what can be Telegram's number of a person."""
    return text.isascii() and text.isdecimal() and len(text) < 17


def _mark(unit: str) -> str:
    """A unit in the few bytes that a button may hold."""
    return hashlib.sha256(unit.encode()).hexdigest()[:10]


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
