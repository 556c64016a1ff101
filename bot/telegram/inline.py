"""Inline: our name and a question, typed in any chat, give clauses to put into it.

What is put there is read by whoever is in that chat: only regulations are offered, nothing of a
unit or of a meeting.
"""

import asyncio
import contextlib
import datetime
from collections.abc import Sequence

from telegram import (
    Bot,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot import notices, reply
from bot.access import Viewer
from bot.bot import Assistant
from bot.settings import Settings
from bot.telegram.dialogue import bot_link
from bot.telegram.limits import Limits
from bot.telegram.post import keyboard
from bot.telegram.thinkers import Thinkers, TookTooLong
from bot.vitals import Vitals

_LEAST = 3  # characters
_KEPT = 60  # seconds for which Telegram may repeat a result to the same person


class Inline:
    """Answers inline queries; of what one person types, only the newest."""

    def __init__(
        self, assistant: Assistant, settings: Settings, thinkers: Thinkers, vitals: Vitals
    ):
        self._assistant, self._thinkers, self._vitals = assistant, thinkers, vitals
        # Counted by themselves: who types a question inline asks for it again at every pause.
        self._limits = Limits(settings.inline_per_person, settings.per_group)
        self._newest: dict[int, str] = {}  # person → their newest query
        self._one = asyncio.Lock()  # what is typed must not keep questions waiting

    async def asked(self, bot: Bot, query: InlineQuery, viewer: Viewer | None) -> None:
        """Offer the clauses that answer; to a stranger, nothing."""
        text = query.query.strip()
        if viewer is None:
            await _say(query, notices.inline_stranger())
            return
        if len(text) < _LEAST:
            await _answer(query, (), kept=_KEPT)
            return
        person = query.from_user.id
        self._newest[person] = query.id
        async with self._one:
            if self._newest.get(person) != query.id:
                return  # typed on meanwhile
            del self._newest[person]
            if self._limits.refuses(person, person, datetime.datetime.now(datetime.UTC)):
                self._vitals.refused()
                await _say(query, notices.inline_too_many())
                return
            try:
                offers = await self._thinkers.think(
                    self._offers, text, viewer.among_others(), bot_link(bot)
                )
            except TookTooLong:
                await _say(query, notices.inline_too_slow())
                return
        if offers:
            await _answer(query, offers, kept=_KEPT)
        else:
            await _say(query, notices.inline_nothing(), kept=_KEPT)

    def _offers(self, text: str, viewer: Viewer, link: str) -> tuple[reply.Offer, ...]:
        return reply.offers(self._assistant.ask(text, viewer=viewer), link)


async def _say(query: InlineQuery, words: str, kept: int = 0) -> None:
    """An empty list with a button above it that leads to the private chat."""
    button = InlineQueryResultsButton(words, start_parameter="inline")
    await _answer(query, (), kept=kept, button=button)


async def _answer(
    query: InlineQuery,
    offers: Sequence[reply.Offer],
    *,
    kept: int,
    button: InlineQueryResultsButton | None = None,
) -> None:
    results = [_result(offer) for offer in offers]
    with contextlib.suppress(BadRequest):  # typed on meanwhile: the query is too old
        await query.answer(results, cache_time=kept, is_personal=True, button=button)


def _result(offer: reply.Offer) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=offer.code,
        title=offer.title,
        description=offer.description,
        input_message_content=InputTextMessageContent(
            offer.message.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=keyboard(offer.message),
    )
