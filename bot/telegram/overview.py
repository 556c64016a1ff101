"""How the bot does, for administrators: what it could not answer, how it is used, who asked what."""

import asyncio
import datetime
from collections.abc import Mapping

from bot import memos
from bot.audit import Audit
from bot.chart import draw
from bot.gaps import OUTSIDE, most_asked
from bot.journal import Journal
from bot.settings import Settings
from bot.telegram.counter import Request, Serving, for_administrators
from bot.telegram.post import send, show
from bot.usage import usage

DAYS = 14  # that /stats looks back where no number is given
MOST_DAYS = 62
ENTRIES = 10  # of the audit on one page


class Overview:
    """Tells administrators how the bot does. It has no buttons."""

    prefix = "o"

    def __init__(self, journal: Journal, settings: Settings):
        self._journal, self._settings = journal, settings
        self.commands: Mapping[str, Serving] = {
            "gaps": for_administrators(self._gaps),
            "stats": for_administrators(self._stats),
            "audit": for_administrators(self._audit),
        }

    async def pressed(self, request: Request) -> None:
        """No button is ours."""

    async def _gaps(self, request: Request) -> None:
        kept = await asyncio.to_thread(self._journal.gaps)
        found = most_asked([gap for gap in kept if gap.kind != OUTSIDE])
        await send(request.bot, request.spot, memos.gaps(found))

    async def _stats(self, request: Request) -> None:
        """/stats, or /stats with the number of days."""
        wanted = int(request.text) if request.text.isdecimal() and len(request.text) < 4 else DAYS
        today = self._settings.today()
        since = today - datetime.timedelta(min(max(wanted, 1), MOST_DAYS) - 1)
        found = await asyncio.to_thread(
            usage, self._journal, since, today, self._settings.time_zone
        )
        await send(request.bot, request.spot, memos.stats(found))
        if picture := memos.picture_of(found):
            drawn = await asyncio.to_thread(draw, picture)
            await show(request.bot, request.spot, drawn, picture.alt)

    async def _audit(self, request: Request) -> None:
        """/audit, or /audit with somebody's number."""
        text = request.text.strip()
        asker = int(text) if text.isascii() and text.isdecimal() and len(text) < 17 else None
        trail = Audit(self._journal)
        entries = await asyncio.to_thread(trail.entries, ENTRIES, asker)
        verdict = await asyncio.to_thread(trail.verify)
        zone = self._settings.time_zone
        await send(request.bot, request.spot, memos.audit(entries, verdict, zone))
