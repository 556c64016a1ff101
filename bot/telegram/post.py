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
    CopyTextButton,
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


async def show(bot: Bot, spot: Spot, drawn: bytes, alt: str) -> int | None:
    """Send a picture after its words, and give its number. The words are the answer; without the
    picture it is whole."""
    try:
        sent = await bot.send_photo(spot.chat, drawn, caption=alt, message_thread_id=spot.topic)
    except TelegramError as error:
        _log.warning("A picture did not go out: %s", error)
        return None
    return sent.message_id


async def send(bot: Bot, spot: Spot, message: reply.Message) -> Message:
    """Send one message; without its markup when Telegram cannot read that."""
    about: dict[str, Any] = {
        "chat_id": spot.chat,
        "message_thread_id": spot.topic,
        "reply_markup": keyboard(message),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }
    if spot.reply_to is not None:
        about["reply_parameters"] = ReplyParameters(spot.reply_to, allow_sending_without_reply=True)
    try:
        return await bot.send_message(text=message.html, parse_mode=ParseMode.HTML, **about)
    except BadRequest as error:
        if not _is_of_markup(error):
            raise
        return await bot.send_message(text=message.plain, **about)


async def replace(bot: Bot, chat: int, number: int, message: reply.Message) -> bool:
    """Put a message in the place of one of ours; False when that one can no longer be changed."""
    about: dict[str, Any] = {
        "chat_id": chat,
        "message_id": number,
        "reply_markup": keyboard(message),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }
    try:
        try:
            await bot.edit_message_text(text=message.html, parse_mode=ParseMode.HTML, **about)
        except BadRequest as error:
            if not _is_of_markup(error):
                raise
            await bot.edit_message_text(text=message.plain, **about)
    except BadRequest as error:
        # The same words again are no harm; a deleted or a very old message is written anew.
        return "not modified" in str(error).lower()
    return True


def _is_of_markup(error: BadRequest) -> bool:
    of_markup = "can't parse entities" in str(error).lower()
    if of_markup:
        _log.error("Telegram refused our markup, the plain text goes out: %s", error)
    return of_markup


async def hand(bot: Bot, spot: Spot, name: str, data: bytes, message: reply.Message) -> None:
    """Send a file with what there is to say of it."""
    await bot.send_document(
        spot.chat,
        data,
        filename=name,
        caption=message.html,
        parse_mode=ParseMode.HTML,
        message_thread_id=spot.topic,
        reply_markup=keyboard(message),
    )


def keyboard(message: reply.Message) -> InlineKeyboardMarkup | None:
    """The buttons of a message as Telegram takes them."""
    if not message.buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in message.buttons])


def _button(button: reply.Button) -> InlineKeyboardButton:
    if button.link:
        return InlineKeyboardButton(button.label, url=button.link)
    if button.copied:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copied))
    return InlineKeyboardButton(button.label, callback_data=button.data)


@contextlib.asynccontextmanager
async def typing(
    bot: Bot, spot: Spot, action: ChatAction = ChatAction.TYPING
) -> AsyncIterator[None]:
    """Show "typing", or another action, until the block ends, unless that is soon."""

    async def repeat() -> None:
        await asyncio.sleep(SOON)
        while True:
            with contextlib.suppress(TelegramError):  # the answer itself will tell what is wrong
                await bot.send_chat_action(spot.chat, action, message_thread_id=spot.topic)
            await asyncio.sleep(TYPING)

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        task.cancel()
