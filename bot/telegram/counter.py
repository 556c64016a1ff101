"""What the counters beside the desk have in common: each serves some commands and some buttons."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from telegram import Bot, Message, User
from telegram.constants import ChatType

from bot import notices, reply
from bot.access import Role, Viewer
from bot.telegram.post import Spot, replace, send


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who may ask wants something: with a command and the words after it, or a button."""

    bot: Bot
    spot: Spot
    user: User
    viewer: Viewer
    text: str  # the words after the command, or what the button holds after its prefix
    message: Message | None  # the message with the command, or the one under which the button is

    @property
    def private(self) -> bool:
        """True where nobody else reads along."""
        return self.spot.chat == self.user.id


Serving = Callable[[Request], Awaitable[None]]


class Counter(Protocol):
    """Serves some commands, and the buttons whose data begin with ``prefix`` and a colon."""

    prefix: str
    commands: Mapping[str, Serving]

    async def pressed(self, request: Request) -> None:
        """Somebody pressed one of its buttons."""


def for_administrators(serving: Serving) -> Serving:
    """Serve administrators, in their private chat; others get one polite line."""

    async def checked(request: Request) -> None:
        if not request.private:
            await send(request.bot, request.spot, notices.only_in_private())
        elif request.viewer.role is not Role.ADMINISTRATOR:
            await send(request.bot, request.spot, notices.only_administrators())
        else:
            await serving(request)

    return checked


async def change(request: Request, message: reply.Message) -> None:
    """Put a message in the place of the one under which the button is; send it anew where that
    cannot be changed any more."""
    old = request.message
    if old is None or not await replace(request.bot, request.spot.chat, old.message_id, message):
        await send(request.bot, request.spot, message)


def is_private(message: Message | None) -> bool:
    """True for a message of a private chat."""
    return message is not None and message.chat.type == ChatType.PRIVATE
