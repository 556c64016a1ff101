"""What was asked in which talk, and which messages answered it: in the journal's file.

It outlives the process, so that follow-up questions, edited questions and buttons under old answers
are understood after a restart.
"""

import datetime

from bot.journal import Journal, Transaction, moment, stamp
from bot.moves import moved
from corpus import Record

FOLLOW_UP = datetime.timedelta(minutes=30)  # how long a question counts as the one before
_BEFORE = 3  # questions before one that are told with it
_COLUMNS = "place, chat, topic, person, message, question, at"


class Talk(Record):
    """Whose questions lean on each other: one person's, in one chat, in one topic of it."""

    chat: int
    topic: int = 0
    person: int = 0


class Asked(Record):
    """A question that was answered: the message that asked it (0: a button), and the answer's."""

    place: int
    talk: Talk
    message: int
    question: str
    at: datetime.datetime
    shown: tuple[int, ...] = ()


class Conversations:
    """The talks of one bot. Safe to use from several threads."""

    def __init__(self, journal: Journal):
        self._journal = journal

    def recent(self, talk: Talk, now: datetime.datetime) -> tuple[str, ...]:
        """The questions that one asked at a time may lean on, oldest first."""
        return self._before(talk, now, None)

    def before(self, asked: Asked) -> tuple[str, ...]:
        """The questions that a kept one leaned on, oldest first."""
        return self._before(asked.talk, asked.at, asked.place)

    def _before(self, talk: Talk, at: datetime.datetime, place: int | None) -> tuple[str, ...]:
        rows = self._journal.read(
            "SELECT question FROM conversation WHERE chat = ? AND topic = ? AND person = ?"
            " AND at > ? AND at <= ? AND place <> ? ORDER BY at DESC, place DESC LIMIT ?",
            (
                *(talk.chat, talk.topic, talk.person),
                *(stamp(at - FOLLOW_UP), stamp(at), place or 0, _BEFORE),
            ),
        )
        return tuple(question for (question,) in reversed(rows))

    def asked_by(self, chat: int, message: int) -> Asked | None:
        """The question that a message asked, as it was answered last."""
        return self._one(
            "WHERE chat = ? AND message = ? ORDER BY place DESC LIMIT 1", (chat, message)
        )

    def answered_by(self, chat: int, message: int) -> Asked | None:
        """The question that a message of ours answers."""
        where = "WHERE place = (SELECT question FROM shown WHERE chat = ? AND message = ?)"
        return self._one(where, (chat, message))

    def is_last(self, asked: Asked) -> bool:
        """Whether nothing was asked after it in its chat."""
        rows = self._journal.read(
            "SELECT 1 FROM conversation WHERE chat = ? AND place > ? LIMIT 1",
            (asked.talk.chat, asked.place),
        )
        return not rows

    def forget(self, talk: Talk) -> None:
        """Drop all questions of a talk."""
        with self._journal.write() as db:
            db.execute(
                "DELETE FROM conversation WHERE chat = ? AND topic = ? AND person = ?",
                (talk.chat, talk.topic, talk.person),
            )

    def _one(self, where: str, values: tuple[object, ...]) -> Asked | None:
        rows = self._journal.read(f"SELECT {_COLUMNS} FROM conversation {where}", values)
        if not rows:
            return None
        place, chat, topic, person, message, question, at = rows[0]
        shown = self._journal.read(
            "SELECT message FROM shown WHERE question = ? ORDER BY message", (place,)
        )
        return Asked(
            place=place, talk=Talk(chat=chat, topic=topic, person=person), message=message,
            question=question, at=moment(at), shown=tuple(number for (number,) in shown),
        )  # fmt: skip


def remember(
    db: Transaction,
    talk: Talk,
    question: str,
    at: datetime.datetime,
    message: int = 0,
    shown: tuple[int, ...] = (),
) -> None:
    """Keep a question that was answered, and the messages that its answer stands in. The same
    message asks one question: what it asked before it was changed is dropped."""
    if (now := moved(db, talk.chat)) != talk.chat:  # while it was answered
        talk, message = talk.model_copy(update={"chat": now}), 0
    if message:
        db.execute("DELETE FROM conversation WHERE chat = ? AND message = ?", (talk.chat, message))
    place = db.execute(
        "INSERT INTO conversation (chat, topic, person, message, question, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (talk.chat, talk.topic, talk.person, message, question, stamp(at)),
    ).lastrowid
    db.executemany(
        "INSERT OR REPLACE INTO shown (chat, message, question) VALUES (?, ?, ?)",
        [(talk.chat, number, place) for number in shown],
    )
