"""Inline: our name and a question, typed in any chat, give clauses to put into it.

What is put there is read by whoever is in that chat: only regulations are offered, nothing of a
unit or of a meeting.
"""

import asyncio
import contextlib

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
from bot.telegram.dialogue import bot_link
from bot.telegram.post import keyboard

_LEAST = 3  # characters
_KEPT = 60  # seconds for which Telegram may repeat a result to the same person


class Inline:
    """Answers inline queries; of what one person types, only the newest."""

    def __init__(self, assistant: Assistant):
        self._assistant = assistant
        self._newest: dict[int, str] = {}  # person → their newest query
        self._one = asyncio.Lock()  # what is typed must not keep questions waiting

    async def asked(self, bot: Bot, query: InlineQuery, viewer: Viewer | None) -> None:
        """Offer the clauses that answer; to a stranger, nothing."""
        results: list[InlineQueryResultArticle] = []
        button = None
        text = query.query.strip()
        if viewer is None:
            button = InlineQueryResultsButton(notices.inline_stranger(), start_parameter="inline")
        elif len(text) >= _LEAST:
            link = bot_link(bot)
            self._newest[query.from_user.id] = query.id
            async with self._one:
                if self._newest[query.from_user.id] != query.id:
                    return  # typed on meanwhile
                offers = await asyncio.to_thread(self._offers, text, viewer.among_others(), link)
            results = [_result(offer) for offer in offers]
            if not results:
                button = InlineQueryResultsButton(
                    notices.inline_nothing(), start_parameter="inline"
                )
        with contextlib.suppress(BadRequest):  # typed on meanwhile: the query is too old
            await query.answer(
                results, cache_time=_KEPT if viewer else 0, is_personal=True, button=button
            )

    def _offers(self, text: str, viewer: Viewer, link: str) -> tuple[reply.Offer, ...]:
        return reply.offers(self._assistant.ask(text, viewer=viewer), link)


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
