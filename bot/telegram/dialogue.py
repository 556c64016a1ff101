"""A talk: questions and the ones before them, answers, edited questions, reading on, votes."""

import asyncio
import datetime
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Bot, CallbackQuery, Message
from telegram.constants import ChatAction
from telegram.error import Forbidden

from bot import notices, reply
from bot.access import Viewer
from bot.answer import Answer
from bot.audit import append, entry_of
from bot.bot import Assistant
from bot.chart import draw
from bot.conversations import Asked, Conversations, Talk, remember
from bot.finding import Lack
from bot.gaps import gap_of
from bot.journal import Journal, Transaction, Vote, miss
from bot.picture import Picture, illustrated
from bot.rooms import Room, Rooms, Switch
from bot.settings import Settings
from bot.telegram.inbox import Serving, served
from bot.telegram.limits import Limits
from bot.telegram.post import Spot, replace, send, show, typing
from bot.telegram.thinkers import Thinkers, TookTooLong
from bot.vitals import Vitals

_CLOSED = (Lack.CLOSED_POINTS, Lack.CLOSED_AWARDS, Lack.CLOSED_DOCUMENT, Lack.CLOSED_CHECKS)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what they may see."""

    user: int
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class _Thought:
    """An answer, and whether it is for the asker's eyes only."""

    answer: Answer
    private: bool
    milliseconds: int


class Dialogue:
    """Answers questions in any chat, and what is pressed under the answers."""

    def __init__(self, assistant: Assistant, settings: Settings, journal: Journal, vitals: Vitals):
        self._assistant, self._journal, self._vitals = assistant, journal, vitals
        self._limits = Limits(settings.per_person, settings.per_group)
        # More than there are cores would only make each other wait, but that those who come to the
        # encoder at the same time are encoded together: twice as many.
        places = 2 * max(2, os.cpu_count() or 2)
        self.thinkers = Thinkers(places, settings.answer_seconds, vitals)
        self._too_slow = notices.too_slow(settings.answer_seconds)
        self.conversations = Conversations(journal)
        self.rooms = Rooms(journal)

    async def asked(self, bot: Bot, spot: Spot, asker: Asker, message: Message, text: str) -> None:
        """Answer a message: a new question, or one that was changed after it was answered."""
        chat, number = spot.chat, message.message_id
        if message.chat.id != chat:  # the group moved: its messages were counted anew
            await self.answer(bot, spot, asker, text)
            return
        former = await asyncio.to_thread(self.conversations.asked_by, chat, number)
        previous = None
        if message.edit_date and former:
            if former.question == text:
                return  # what changed is no word of the question
            previous = await asyncio.to_thread(self.conversations.before, former)
        elif message.reply_to_message:
            quoted = message.reply_to_message.message_id
            previous = await asyncio.to_thread(self._said_at, chat, quoted)
        await self.answer(bot, spot, asker, text, previous, number, former)

    async def answer(
        self,
        bot: Bot,
        spot: Spot,
        asker: Asker,
        question: str,
        previous: Sequence[str] | None = None,
        message: int = 0,
        former: Asked | None = None,
    ) -> None:
        """Ask the assistant and send what it says. ``previous`` are the questions before it, the
        asker's last ones in this place when not given; ``former`` is how the same message was
        answered before it was changed."""
        talk = talk_of(spot, asker.user)
        serving = served.get() or Serving()
        at = serving.at or _now()
        if limit := self._limits.refuses(asker.user, spot.chat, at):
            self._vitals.refused()
            if self._limits.tells(spot.chat, at):
                await send(bot, spot, notices.too_many(limit))
            return
        async with typing(bot, spot):
            if previous is None:
                recent = await asyncio.to_thread(self.conversations.recent, talk, at)
                previous = (*recent, *serving.before)
            room = await self._room(spot)
            try:
                thought = await self.thinkers.think(self._think, question, previous, asker, room)
            except TookTooLong:  # nor is it remembered: the next question must not lean on it
                await send(bot, spot, self._too_slow)
                return
        if thought.private:
            shown = await self._privately(bot, spot, asker, question, thought, serving)
        else:
            shown = await self._send(bot, spot, thought.answer, room, former)
            self._note(thought, asker, spot.chat, question, serving)
        serving.also.append(lambda db: remember(db, talk, question, at, message, tuple(shown)))

    async def _room(self, spot: Spot) -> Room | None:
        return await asyncio.to_thread(self.rooms.of, spot.chat) if spot.chat < 0 else None

    def _said_at(self, chat: int, message: int) -> tuple[str, ...] | None:
        """The questions that somebody leans on who replies to one of our messages."""
        asked = self.conversations.answered_by(chat, message)
        return (*self.conversations.before(asked), asked.question) if asked else None

    def _think(
        self, question: str, previous: Sequence[str], asker: Asker, room: Room | None
    ) -> _Thought:
        """Everything that blocks, in a thread of its own."""
        began = time.monotonic()
        try:
            self._assistant.refresh()
        except Exception:
            # A new index that cannot be read is the administrator's to see; the old one serves on.
            _log.exception("The new index was not opened")
        shared = room is not None and Switch.SCORES not in room.on
        viewer = asker.viewer.among_others() if shared else asker.viewer
        answer = self._assistant.ask(question, previous=previous, viewer=viewer)
        private = False
        if shared and answer.absence and answer.absence.lack in _CLOSED:
            own = self._assistant.ask(question, previous=previous, viewer=asker.viewer)
            private = not (own.absence and own.absence.lack in _CLOSED)
            answer = own
        return _Thought(answer, private, round(1000 * (time.monotonic() - began)))

    async def _send(
        self, bot: Bot, spot: Spot, answer: Answer, room: Room | None, former: Asked | None = None
    ) -> list[int]:
        """Send an answer, its picture last; the numbers of the messages."""
        short = room is not None and Switch.SHORT in room.on
        messages = reply.messages(answer, short=short, away=bot_link(bot) if room else "")
        picture = illustrated(answer)
        if former and len(messages) == 1 and not picture and await self._stands_alone(former):
            (number,) = former.shown
            if await replace(bot, spot.chat, number, messages[0]):
                return [number]
        shown = [(await send(bot, spot, message)).message_id for message in messages]
        return [*shown, *await self._draw(bot, spot, picture)]

    async def _stands_alone(self, former: Asked) -> bool:
        """Whether an answer is one message, and the last: who changes the question sees it change."""
        last = await asyncio.to_thread(self.conversations.is_last, former)
        return last and len(former.shown) == 1

    async def _draw(self, bot: Bot, spot: Spot, picture: Picture | None) -> list[int]:
        if picture is None:
            return []
        async with typing(bot, spot, ChatAction.UPLOAD_PHOTO):
            drawn = await asyncio.to_thread(draw, picture)
        number = await show(bot, spot, drawn, picture.caption)
        return [] if number is None else [number]

    async def _privately(
        self,
        bot: Bot,
        spot: Spot,
        asker: Asker,
        question: str,
        thought: _Thought,
        serving: Serving,
    ) -> list[int]:
        """Tell who asked in a group in private, and the group only that; the number of that."""
        own = Spot(asker.user, None, None)
        try:
            shown = await self._send(bot, own, thought.answer, None)
        except Forbidden:  # who never began a private chat with us cannot be written to
            told = notices.open_private(bot_link(bot))
            return [(await send(bot, spot, told)).message_id]
        self._note(thought, asker, own.chat, question, serving)
        talk, at = talk_of(own, asker.user), serving.at or _now()
        serving.also.append(lambda db: remember(db, talk, question, at, 0, tuple(shown)))
        told = notices.answered_privately(bot_link(bot))
        return [(await send(bot, spot, told)).message_id]

    def _note(
        self, thought: _Thought, asker: Asker, chat: int, question: str, serving: Serving
    ) -> None:
        """Have it kept what was shown to whom, and what the library lacked."""
        answer, milliseconds, now = thought.answer, thought.milliseconds, _now()
        self._vitals.answered(answer.kind.value, milliseconds)
        documents, edition = self._assistant.documents, self._assistant.edition

        def keep(db: Transaction) -> None:
            shown = "\n\n".join(message.plain for message in reply.messages(answer))
            entry = entry_of(
                answer,
                documents,
                at=now,
                asker=asker.user,
                chat=chat,
                question=question,
                shown=shown,
                edition=edition,
                milliseconds=milliseconds,
            )
            append(db, entry)
            if gap := gap_of(answer, now):
                miss(db, gap, asker.user)

        serving.also.append(keep)  # in a thread, in the transaction that ends the update

    # --- reading on

    async def open(
        self, bot: Bot, spot: Spot, asker: Asker, code: str, instead: int | None = None
    ) -> None:
        """Show a place of a document, in place of the message ``instead`` where that is possible."""
        viewer = asker.viewer.among_others() if spot.chat < 0 else asker.viewer
        found = await asyncio.to_thread(self._assistant.page, code, viewer)
        messages = reply.page(found) if found else (notices.source_gone(),)
        if instead and len(messages) == 1 and await replace(bot, spot.chat, instead, messages[0]):
            return
        for message in messages:
            await send(bot, spot, message)

    async def more(self, bot: Bot, spot: Spot, asker: Asker, message: int) -> None:
        """Show what else came near to the question that a message answers."""
        asked = await asyncio.to_thread(self.conversations.answered_by, spot.chat, message)
        if asked is None:
            await send(bot, spot, notices.ask_again())
            return
        async with typing(bot, spot):
            previous = await asyncio.to_thread(self.conversations.before, asked)
            room = await self._room(spot)
            try:
                thought = await self.thinkers.think(
                    self._think, asked.question, previous, asker, room
                )
            except TookTooLong:
                await send(bot, spot, self._too_slow)
                return
        if thought.private or len(thought.answer.citations) < 2:
            await send(bot, spot, notices.ask_again())
            return
        for one in reply.others(thought.answer):
            await send(bot, spot, one)

    async def chosen(self, bot: Bot, spot: Spot, asker: Asker, query: CallbackQuery) -> None:
        """A button that asks by its label: an example, or what an unclear question meant."""
        message = query.message
        label = _label(query)
        if message is None or not label:  # so old that Telegram no longer shows us the message
            await send(bot, spot, notices.help())
            return
        previous = await asyncio.to_thread(self._said_at, message.chat.id, message.message_id)
        await self.answer(bot, spot, asker, label, previous)

    async def vote(self, query: CallbackQuery, *, up: bool) -> None:
        """Keep a vote with the text it is about."""
        message = query.message
        if message is None:
            return
        text = (message.text or "") if isinstance(message, Message) else ""
        vote = Vote(message.chat.id, message.message_id, query.from_user.id, up, text, _now())
        await asyncio.to_thread(self._journal.vote, vote)

    async def forget(self, spot: Spot, user: int) -> None:
        """Forget what somebody asked in this place."""
        await asyncio.to_thread(self.conversations.forget, talk_of(spot, user))


def talk_of(spot: Spot, user: int) -> Talk:
    """The talk that a message at a place belongs to."""
    return Talk(chat=spot.chat, topic=spot.topic or 0, person=user)


def bot_link(bot: Bot) -> str:
    """What a link into the private chat with us begins with."""
    return f"https://t.me/{bot.username}?start="


def _label(query: CallbackQuery) -> str:
    """The words on the button that was pressed, "" if its message is gone."""
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return ""
    buttons = (button for row in message.reply_markup.inline_keyboard for button in row)
    return next((b.text for b in buttons if b.callback_data == query.data), "")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
