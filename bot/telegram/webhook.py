"""Telegram by webhook: where an office has a reverse proxy with a certificate, by setting.

Telegram is answered 200 only after the journal has the update; else it sends it again. A request
without the secret that only Telegram was told is refused before its body is looked at.
"""

import hmac
import json
import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from telegram import Bot

from bot.journal import JournalError
from bot.listener import Heard, Listener, Said
from bot.settings import Settings
from bot.telegram.inbox import Inbox, number_of

SECRET = "X-Telegram-Bot-Api-Secret-Token"

_log = logging.getLogger(__name__)


class Webhook:
    """Takes what Telegram posts to the address of the settings."""

    def __init__(self, inbox: Inbox, bot: Bot, settings: Settings, heard: Callable[[], object]):
        self._inbox, self._bot, self._heard = inbox, bot, heard
        self._secret = settings.webhook_secret.get_secret_value()
        path = urlsplit(settings.webhook).path or "/"
        self.listener = Listener(settings.webhook_listen, [("POST", path, self._posted)])

    async def _posted(self, request: Heard) -> Said:
        told = request.headers.get(SECRET, "")
        if not hmac.compare_digest(told.encode(), self._secret.encode()):
            _log.warning("Somebody posted to the webhook without its secret")
            return Said(403)
        try:
            update = json.loads(request.body)
        except (ValueError, RecursionError):
            return Said(400)
        if number_of(update) is None:
            return Said(400)
        try:
            await self._inbox.take([update], self._bot)
        except JournalError as error:
            _log.error("The journal cannot be written, Telegram is to send again: %s", error)
            return Said(503)
        self._heard()
        return Said()
