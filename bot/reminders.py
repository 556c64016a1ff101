"""Which deadlines are to be called to mind now, and to whom; kept so that none is lost or doubled.

Deadlines stand in the office's table or were added by an administrator. One is called to mind at
eight o'clock so many days before as it says; who subscribes later, or a bot that was away, makes up
for the last such day as long as the deadline is not over. A reminder is written down before it goes
out and after: a process that dies between the two sends it again, and says that it may be a second one.
"""

import datetime
import hashlib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.journal import Journal, stamp
from corpus import Deadline, Record, Source, day_of, read_deadlines, time_of

AT = datetime.time(8)  # where the office is
FIELDS = "Nội dung; ngày; giờ; địa điểm; khối"
_DAY = datetime.timedelta(days=1)


class State(StrEnum):
    """Where one reminder to one person stands."""

    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"  # the person has blocked the bot


class Added(Record):
    """A deadline that an administrator added, with its number."""

    place: int
    deadline: Deadline


class Reminder(Record):
    """A deadline to be called to mind to one person. ``again``: it may have gone out before."""

    mark: str
    user: int
    deadline: Deadline
    days_left: int
    again: bool = False


class Reminders:
    """The deadlines of one office and who is told of them. Safe to use from several threads."""

    def __init__(self, journal: Journal, folder: Path, zone: str):
        """``folder`` is the documents folder, ``zone`` the time zone of the office."""
        self._journal, self._folder, self._zone = journal, folder, ZoneInfo(zone)

    # --- deadlines

    def deadlines(self, now: datetime.datetime) -> tuple[Deadline, ...]:
        """Every deadline that is not over, the next first."""
        added = (one.deadline for one in self.added())
        every = (*read_deadlines(self._folder)[0], *added)
        found = {mark_of(one): one for one in reversed(every)}  # one that stands twice is one
        coming = (one for one in found.values() if self._over(one) > now)
        return tuple(sorted(coming, key=lambda d: (d.day, d.time or datetime.time(), d.what)))

    def offer(self, deadline: Deadline, by: int, now: datetime.datetime) -> Added:
        """Keep what an administrator typed until they confirm it."""
        with self._journal.write() as db:
            (place,) = db.execute(
                "INSERT INTO deadline (body, state, by, at) VALUES (?, 'offered', ?, ?)"
                " RETURNING place",
                (deadline.model_dump_json(), by, stamp(now)),
            ).fetchone()
        return Added(place=place, deadline=deadline)

    def confirm(self, place: int) -> Deadline | None:
        """Make an offered deadline one of the office's; None when it is not offered any more."""
        with self._journal.write() as db:
            row = db.execute(
                "UPDATE deadline SET state = 'kept' WHERE place = ? AND state = 'offered'"
                " RETURNING body",
                (place,),
            ).fetchone()
        return Deadline.model_validate_json(row[0]) if row else None

    def drop(self, place: int) -> Deadline | None:
        """Forget a deadline that was added or offered; None when there is none."""
        with self._journal.write() as db:
            row = db.execute(
                "DELETE FROM deadline WHERE place = ? RETURNING body", (place,)
            ).fetchone()
        return Deadline.model_validate_json(row[0]) if row else None

    def added(self) -> tuple[Added, ...]:
        """The deadlines that administrators added and confirmed."""
        rows = self._journal.read(
            "SELECT place, body FROM deadline WHERE state = 'kept' ORDER BY place"
        )
        return tuple(
            Added(place=place, deadline=Deadline.model_validate_json(body)) for place, body in rows
        )

    # --- who is told

    def subscribe(self, user: int, wanted: bool, now: datetime.datetime) -> None:
        """Tell somebody of deadlines from now on, or no more."""
        with self._journal.write() as db:
            if wanted:
                db.execute(
                    "INSERT INTO subscription (user, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (user, stamp(now)),
                )
            else:
                db.execute("DELETE FROM subscription WHERE user = ?", (user,))

    def subscribers(self) -> tuple[int, ...]:
        """Who wants to be told."""
        return tuple(user for (user,) in self._journal.read("SELECT user FROM subscription"))

    def due(
        self, now: datetime.datetime, concerns: Callable[[int, Deadline], bool]
    ) -> tuple[Reminder, ...]:
        """The reminders that are to go out now; ``concerns`` tells whether a deadline is somebody's."""
        told = {
            (mark, user): State(state)
            for mark, user, state in self._journal.read("SELECT mark, user, state FROM reminder")
        }
        found = []
        for deadline in self.deadlines(now):
            days = self._last_passed(deadline, now)
            if days is None:
                continue
            left = (deadline.day - now.astimezone(self._zone).date()).days
            mark = f"{mark_of(deadline)}-{days}"
            for user in self.subscribers():
                state = told.get((mark, user))
                if state in (None, State.SENDING) and concerns(user, deadline):
                    found.append(
                        Reminder(mark=mark, user=user, deadline=deadline, days_left=left,
                                 again=state is State.SENDING)
                    )  # fmt: skip
        return tuple(found)

    def note(self, reminder: Reminder, state: State | None, now: datetime.datetime) -> None:
        """Write down where a reminder stands; None forgets that it was begun."""
        with self._journal.write() as db:
            if state is None:
                db.execute(
                    "DELETE FROM reminder WHERE mark = ? AND user = ? AND state = 'sending'",
                    (reminder.mark, reminder.user),
                )
            else:
                db.execute(
                    "INSERT INTO reminder (mark, user, at, state) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (mark, user) DO UPDATE SET state = excluded.state, at = excluded.at",
                    (reminder.mark, reminder.user, stamp(now), state),
                )

    def _last_passed(self, deadline: Deadline, now: datetime.datetime) -> int | None:
        """How many days before the deadline its newest reminder was due; None before the first."""
        passed = (
            days
            for days in deadline.before
            if datetime.datetime.combine(deadline.day - days * _DAY, AT, self._zone) <= now
        )
        return min(passed, default=None)

    def _over(self, deadline: Deadline) -> datetime.datetime:
        """When a deadline is over: at its hour, or with its day."""
        if deadline.time:
            return datetime.datetime.combine(deadline.day, deadline.time, self._zone)
        return datetime.datetime.combine(deadline.day + _DAY, datetime.time(), self._zone)


def mark_of(deadline: Deadline) -> str:
    """What tells one deadline from another: another day of the same thing is another deadline."""
    told = f"{deadline.what}\0{deadline.day}\0{deadline.time}\0{deadline.block}"
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def typed_deadline(text: str, today: datetime.date) -> Deadline | None:
    """A deadline as an administrator types it, in the order of ``FIELDS``; None when it is unclear
    or over."""
    parts = [part.strip() for part in text.split(";")]
    what, day, *rest = [*parts, "", ""][: max(len(parts), 2)]
    when = day_of(day)
    time = time_of(rest[0]) if rest else None
    if not what or when is None or when < today or (rest and rest[0] and time is None):
        return None
    place, block = [*rest[1:], "", ""][:2]
    source = Source(file="", quote=f"quản trị viên thêm ngày {today:%d/%m/%Y}")
    return Deadline(what=what[:300], day=when, time=time, place=place[:200], block=block[:200],
                    source=source)  # fmt: skip
