"""Groups: what their administrators set, and who these are."""

import asyncio

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest

from bot import notices
from bot.rooms import Rooms, Switch
from bot.telegram.post import Spot, replace, send

_ADMINISTRATORS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Groups:
    """The settings of groups. Button data: ``g:switch``."""

    def __init__(self, rooms: Rooms):
        self._rooms = rooms

    async def admits(self, bot: Bot, spot: Spot, user: int) -> bool:
        """Whether somebody may ask in a group: what else they may is the bot's to say."""
        room = await asyncio.to_thread(self._rooms.of, spot.chat)
        return Switch.ADMINS not in room.on or await _administers(bot, spot.chat, user)

    async def show(self, bot: Bot, spot: Spot, user: int) -> None:
        """Show an administrator how the group is set."""
        if spot.chat > 0:
            await send(bot, spot, notices.only_in_groups())
        elif not await _administers(bot, spot.chat, user):
            await send(bot, spot, notices.only_group_administrators())
        else:
            room = await asyncio.to_thread(self._rooms.of, spot.chat)
            await send(bot, spot, notices.room_settings(room))

    async def pressed(self, bot: Bot, spot: Spot, user: int, switch: str, under: int) -> None:
        """Turn a switch of the group and show how it is set now."""
        if spot.chat > 0 or switch not in list(Switch):
            return
        if not await _administers(bot, spot.chat, user):
            await send(bot, spot, notices.only_group_administrators())
            return
        room = await asyncio.to_thread(self._rooms.turn, spot.chat, Switch(switch))
        message = notices.room_settings(room)
        if not await replace(bot, spot.chat, under, message):
            await send(bot, spot, message)


async def _administers(bot: Bot, chat: int, user: int) -> bool:
    try:
        member = await bot.get_chat_member(chat, user)
    except BadRequest:  # somebody who is not in the group, such as a channel that writes in it
        return False
    return member.status in _ADMINISTRATORS
