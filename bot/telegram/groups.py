"""Groups: what their administrators set, and who these are."""

import asyncio
from collections.abc import Mapping

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest

from bot import notices
from bot.access import Role
from bot.rooms import Rooms, Switch
from bot.telegram.counter import Request, Serving, change
from bot.telegram.post import Spot, send

_ADMINISTRATORS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Groups:
    """The settings of groups. Button data: ``g:switch``."""

    prefix = "g"

    def __init__(self, rooms: Rooms):
        self._rooms = rooms
        self.commands: Mapping[str, Serving] = {"caidat": self._show}

    async def admits(self, bot: Bot, spot: Spot, user: int) -> bool:
        """Whether somebody may ask here, as far as a group has a say; members of the bot they are."""
        if spot.chat > 0:
            return True
        room = await asyncio.to_thread(self._rooms.of, spot.chat)
        return Switch.ADMINS not in room.on or await _administers(bot, spot.chat, user)

    async def _show(self, request: Request) -> None:
        """Show an administrator how the group is set."""
        if await self._may_set(request):
            room = await asyncio.to_thread(self._rooms.of, request.spot.chat)
            await send(request.bot, request.spot, notices.room_settings(room))

    async def pressed(self, request: Request) -> None:
        """Turn a switch of the group and show how it is set now."""
        if request.text in list(Switch) and await self._may_set(request):
            switch = Switch(request.text)
            # Whose points a group may read is for the office to say, not for whoever made the group.
            if switch is Switch.SCORES and request.viewer.role is not Role.ADMINISTRATOR:
                await send(request.bot, request.spot, notices.only_administrators())
                return
            room = await asyncio.to_thread(self._rooms.turn, request.spot.chat, switch)
            await change(request, notices.room_settings(room))

    async def _may_set(self, request: Request) -> bool:
        refusal = None
        if request.private:
            refusal = notices.only_in_groups()
        elif not await _administers(request.bot, request.spot.chat, request.user.id):
            refusal = notices.only_group_administrators()
        if refusal:
            await send(request.bot, request.spot, refusal)
        return refusal is None


async def _administers(bot: Bot, chat: int, user: int) -> bool:
    try:
        member = await bot.get_chat_member(chat, user)
    except BadRequest:  # somebody who is not in the group, such as a channel that writes in it
        return False
    return member.status in _ADMINISTRATORS
