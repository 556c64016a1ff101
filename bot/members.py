"""Who may ask: members with their roles, invitations, requests to join; in the journal's file.

Nobody is let in by default. The settings name administrators, and may name members; everybody else
comes in by an invitation of an administrator, which one person can use once and which expires, or
by a request that an administrator grants. Of an invitation only a hash is kept.
"""

import datetime
import hashlib
import secrets
from enum import StrEnum

from bot.access import Role, Viewer
from bot.erasure import erase_person
from bot.journal import Journal, moment, stamp
from bot.settings import Settings
from corpus import Record

VALID = datetime.timedelta(days=3)  # how long an invitation can be used
_COLUMNS = "user, name, role, unit, state, at"


class State(StrEnum):
    """Where somebody stands."""

    ASKING = "asking"  # wants to join
    MEMBER = "member"
    SUSPENDED = "suspended"


class Member(Record):
    """Somebody who joined, or wants to."""

    user: int  # Telegram's number
    name: str
    role: Role
    unit: str = ""
    state: State
    at: datetime.datetime  # of the last change


class Members:
    """The members of one bot. Safe to use from several threads."""

    def __init__(self, journal: Journal, settings: Settings):
        self._journal, self._settings = journal, settings

    def viewer(self, user: int | None) -> Viewer | None:
        """What somebody may see; None for who may not ask."""
        if user is None:
            return None
        if user in self._settings.administrators:
            return Viewer(role=Role.ADMINISTRATOR)
        found = self.find(user)
        if found and found.state is State.MEMBER:
            return Viewer(role=found.role, unit=found.unit)
        if found and found.state is State.SUSPENDED:
            return None
        named = self._settings.members
        if named is not None and user not in named:
            return None
        return Viewer(listed=True, everybody=named is None)

    def find(self, user: int) -> Member | None:
        """Somebody who joined or wants to; the settings' own are not among them."""
        rows = self._journal.read(f"SELECT {_COLUMNS} FROM member WHERE user = ?", (user,))
        return _member(rows[0]) if rows else None

    def all(self) -> tuple[Member, ...]:
        """Everybody who joined or wants to, who wants to first, then by unit and name."""
        rows = self._journal.read(
            f"SELECT {_COLUMNS} FROM member ORDER BY state <> 'asking', unit, name, user"
        )
        return tuple(map(_member, rows))

    def administrators(self) -> frozenset[int]:
        """Who administers the bot: the settings' own and those invited as such."""
        rows = self._journal.read(
            "SELECT user FROM member WHERE role = ? AND state = 'member'", (Role.ADMINISTRATOR,)
        )
        return self._settings.administrators | {user for (user,) in rows}

    # --- coming in

    def invite(self, role: Role, unit: str, by: int, now: datetime.datetime) -> str:
        """A new invitation; what it returns is told once and kept nowhere."""
        token = secrets.token_urlsafe(24)
        with self._journal.write() as db:
            db.execute(
                "INSERT INTO invitation (token, role, unit, by, expires) VALUES (?, ?, ?, ?, ?)",
                (_hash(token), role, unit, by, stamp(now + VALID)),
            )
        return token

    def redeem(self, token: str, user: int, name: str, now: datetime.datetime) -> Member | None:
        """Let somebody in by an invitation; None, and nothing changes, when it was used, has
        expired or never was, or who comes is suspended."""
        with self._journal.write() as db:
            used = db.execute(
                "UPDATE invitation SET used_by = ?1 WHERE token = ?2 AND used_by IS NULL"
                " AND expires > ?3 AND NOT EXISTS"
                " (SELECT 1 FROM member WHERE user = ?1 AND state = 'suspended')"
                " RETURNING role, unit, by",
                (user, _hash(token), stamp(now)),
            ).fetchone()
            if used is None:
                return None
            role, unit, by = used
            db.execute(_PUT, (user, name, role, unit, State.MEMBER, stamp(now), by))
        return self.find(user)

    def request(self, user: int, name: str, now: datetime.datetime) -> bool:
        """Note that somebody wants to join; False when that is known, or they were suspended."""
        with self._journal.write() as db:
            return bool(
                db.execute(
                    "INSERT INTO member (user, name, role, state, at) VALUES (?, ?, ?, 'asking', ?)"
                    " ON CONFLICT (user) DO NOTHING",
                    (user, name, Role.CADRE, stamp(now)),
                ).rowcount
            )

    def admit(self, user: int, role: Role, unit: str, by: int, now: datetime.datetime) -> bool:
        """Make somebody who asked, or is a member, a member with this role; False for others."""
        with self._journal.write() as db:
            return bool(
                db.execute(
                    "UPDATE member SET role = ?, unit = ?, state = 'member', at = ?, by = ?"
                    " WHERE user = ? AND state <> 'suspended'",
                    (role, unit, stamp(now), by, user),
                ).rowcount
            )

    # --- and out

    def suspend(self, user: int, now: datetime.datetime) -> bool:
        """Let a member ask no more, until ``restore``; False when they were no member."""
        return self._move(user, State.MEMBER, State.SUSPENDED, now)

    def restore(self, user: int, now: datetime.datetime) -> bool:
        """Let a suspended member ask again; False when they were not suspended."""
        return self._move(user, State.SUSPENDED, State.MEMBER, now)

    def refuse(self, user: int) -> bool:
        """Forget a request; False when there is none, perhaps because somebody else granted it."""
        with self._journal.write() as db:
            return bool(
                db.execute(
                    "DELETE FROM member WHERE user = ? AND state = 'asking'", (user,)
                ).rowcount
            )

    def remove(self, user: int) -> bool:
        """Forget a member or a request, and erase what they wrote; False when there was none."""
        with self._journal.write() as db:
            db.execute("DELETE FROM subscription WHERE user = ?", (user,))
            removed = bool(db.execute("DELETE FROM member WHERE user = ?", (user,)).rowcount)
        erase_person(self._journal, user)
        return removed

    def _move(self, user: int, old: State, new: State, now: datetime.datetime) -> bool:
        with self._journal.write() as db:
            return bool(
                db.execute(
                    "UPDATE member SET state = ?, at = ? WHERE user = ? AND state = ?",
                    (new, stamp(now), user, old),
                ).rowcount
            )


_PUT = (
    "INSERT INTO member (user, name, role, unit, state, at, by) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (user) DO UPDATE SET name = excluded.name, role = excluded.role,"
    " unit = excluded.unit, state = excluded.state, at = excluded.at, by = excluded.by"
)


def _member(row: tuple) -> Member:
    user, name, role, unit, state, at = row
    return Member(
        user=user, name=name, role=Role(role), unit=unit, state=State(state), at=moment(at)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
