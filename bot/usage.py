"""How the bot is used: questions by day and kind, how long they took, what people thought of answers."""

import datetime
from collections import Counter
from zoneinfo import ZoneInfo

from bot.audit import Audit
from bot.journal import Journal, moment, stamp
from corpus import Record


class Usage(Record):
    """What happened since a day."""

    since: datetime.date
    days: tuple[tuple[datetime.date, int], ...]  # each day with its questions, none left out
    kinds: tuple[tuple[str, int], ...]  # AnswerKind's value → answers, the commonest first
    people: int
    median: int  # milliseconds
    p95: int  # milliseconds
    praised: int
    criticised: int

    @property
    def questions(self) -> int:
        """How many were asked."""
        return sum(count for _, count in self.days)


def usage(journal: Journal, since: datetime.date, today: datetime.date, zone: str) -> Usage:
    """How the bot was used from one day to another, both counted, where the office is."""
    began = datetime.datetime.combine(since, datetime.time(), ZoneInfo(zone))
    figures = Audit(journal).figures(began)
    asked = Counter(
        moment(at).astimezone(ZoneInfo(zone)).date()
        for (at,) in journal.read("SELECT at FROM audit WHERE at >= ?", (stamp(began),))
    )
    votes = Counter(vote.up for vote in journal.votes() if vote.at >= began)
    days = (since + datetime.timedelta(n) for n in range((today - since).days + 1))
    return Usage(
        since=since, days=tuple((day, asked[day]) for day in days), kinds=figures.kinds,
        people=figures.people, median=figures.median, p95=figures.p95,
        praised=votes[True], criticised=votes[False],
    )  # fmt: skip
