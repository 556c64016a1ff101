"""What a message asks of the bot, if it asks anything."""

import re
import unicodedata
from dataclasses import dataclass

from telegram import Bot, Message, MessageEntity
from telegram.constants import ChatType

from bot import notices


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message wants: a command ("" for a plain question) and the words after it."""

    command: str
    text: str


def addressed(message: Message, bot: Bot) -> Asked | None:
    """What a message asks of us; None when it is not for us.

    In private everything is. In a group: our commands, a message that names us, an answer to one
    of ours; other people's talk and other bots' commands are not.
    """
    text = cleaned(message.text or message.caption or "")
    private = message.chat.type == ChatType.PRIVATE
    if not text and (message.edit_date or not (private or _answers_us(message, bot))):
        return None  # such as a live location that moves
    if not text and (message.voice or message.audio or message.video_note):
        return Asked("voice", "")
    if match := re.match(r"/(\w{1,64})(?:@(\w+))?(?:\s+|$)", text, re.ASCII):
        command, whose = match[1].lower(), match[2]
        if whose and whose.lower() != bot.username.lower():
            return None
        if command not in notices.known_commands():
            return Asked("help", "") if private or whose else None
        return Asked("" if command == "hoi" else command, text[match.end() :])
    if private:
        return Asked("", text)
    named, words = _without_our_name(message, bot, text)
    return Asked("", words) if named or _answers_us(message, bot) else None


def _answers_us(message: Message, bot: Bot) -> bool:
    """Whether a message replies to one of ours."""
    former = message.reply_to_message
    return (
        former is not None
        and former.from_user is not None
        and former.from_user.id == bot.id
        and former.forum_topic_created is None
    )


def _without_our_name(message: Message, bot: Bot, text: str) -> tuple[bool, str]:
    """Whether the message names the bot, and its words without that name."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    parse = message.parse_entities if message.text else message.parse_caption_entities
    named = False
    for entity, words in parse(kinds).items():
        if entity.user.id == bot.id if entity.user else words.lower() == f"@{bot.username}".lower():
            named, text = True, text.replace(words, " ", 1)
    if named:  # "Này @bot, Điều 24?" is asked as "Này, Điều 24?"
        text = re.sub(r"\s+([,.:;?!])", r"\1", " ".join(text.split())).lstrip(",.:;- ")
    return named, text


def cleaned(text: str) -> str:
    """A text without control and invisible characters: they break searching and logs."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if character == "\n" or not category.startswith("C"):
            kept.append(character)
        elif category == "Cc":
            kept.append(" ")
    return "".join(kept).strip()
