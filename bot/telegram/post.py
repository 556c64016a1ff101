"""Where an answer goes, and sending it there."""

import asyncio
import contextlib
import datetime
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, TelegramError

from bot import reply
from bot.telegram.backlog import is_late

TYPING = 4.5  # seconds; Telegram shows "typing" for five
SOON = 0.1  # seconds; who has the answer by then need not be told that it is coming

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an answer goes: the chat, its topic, the message it replies to."""

    chat: int
    topic: int | None
    reply_to: int | None


def spot_of(update: Update) -> Spot | None:
    """Where the answer to an update goes: groups, and who edited or asked long ago, see what is answered."""
    message = update.effective_message
    if update.effective_chat is None:
        return None
    if not isinstance(message, Message):  # a button under a message too old to be shown to us
        return Spot(update.effective_chat.id, None, None)
    topic = message.message_thread_id if message.is_topic_message else None
    shown = (
        message.chat.type != ChatType.PRIVATE
        or update.edited_message is not None
        or is_late(update, datetime.datetime.now(datetime.UTC))
    )
    return Spot(message.chat.id, topic, message.message_id if shown else None)


async def show(bot: Bot, spot: Spot, drawn: bytes, alt: str) -> None:
    """Send a picture after its words. These are the answer; without the picture it is whole."""
    try:
        await bot.send_photo(spot.chat, drawn, caption=alt, message_thread_id=spot.topic)
    except TelegramError as error:
        _log.warning("A picture did not go out: %s", error)


async def send(bot: Bot, spot: Spot, message: reply.Message) -> None:
    """Send one message; without its markup when Telegram cannot read that."""
    about: dict[str, Any] = {
        "chat_id": spot.chat,
        "message_thread_id": spot.topic,
        "reply_markup": _keyboard(message),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }
    if spot.reply_to is not None:
        about["reply_parameters"] = ReplyParameters(spot.reply_to, allow_sending_without_reply=True)
    try:
        await bot.send_message(text=message.html, parse_mode=ParseMode.HTML, **about)
    except BadRequest as error:
        if "can't parse entities" not in str(error).lower():
            raise
        _log.error("Telegram refused our markup, the plain text goes out: %s", error)
        await bot.send_message(text=message.plain, **about)


def _keyboard(message: reply.Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(b.label, callback_data=b.data) for b in row]
            for row in message.buttons
        ]
    )


@contextlib.asynccontextmanager
async def typing(bot: Bot, spot: Spot) -> AsyncIterator[None]:
    """Show "typing" until the block ends, unless that is soon."""

    async def repeat() -> None:
        await asyncio.sleep(SOON)
        while True:
            with contextlib.suppress(TelegramError):  # the answer itself will tell what is wrong
                await bot.send_chat_action(
                    spot.chat, ChatAction.TYPING, message_thread_id=spot.topic
                )
            await asyncio.sleep(TYPING)

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        task.cancel()
