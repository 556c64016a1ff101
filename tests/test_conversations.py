"""Talks outlive the process: what leans on what, which message answers which question."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.conversations import FOLLOW_UP, Conversations, Talk, remember
from bot.journal import MIGRATIONS, Journal
from bot.rooms import Rooms, Switch

NOON = datetime.datetime(2026, 11, 23, 5, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
OWN, TOPIC = Talk(chat=7, person=7), Talk(chat=-100, topic=3, person=7)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db")
    yield journal
    journal.close()


@pytest.fixture
def talks(journal: Journal) -> Conversations:
    return Conversations(journal)


@pytest.fixture
def keep(journal: Journal) -> Callable[..., None]:
    """`remember` in a transaction of its own."""

    def kept(*values: Any) -> None:
        with journal.write() as db:
            remember(db, *values)

    return kept


def test_the_last_three_questions_of_half_an_hour_come_oldest_first(
    talks: Conversations, keep: Callable[..., None]
) -> None:
    for n in range(5):
        keep(OWN, f"câu {n}", NOON + n * MINUTE)
    assert talks.recent(OWN, NOON + 5 * MINUTE) == ("câu 2", "câu 3", "câu 4")
    # The same moment, said in the office's own time zone.
    local = (NOON + 3 * MINUTE + FOLLOW_UP).astimezone(datetime.timezone(7 * 60 * MINUTE))
    assert talks.recent(OWN, local) == ("câu 4",)
    assert talks.recent(OWN, NOON + 4 * MINUTE + FOLLOW_UP) == ()


def test_a_talk_is_of_one_person_in_one_topic(
    talks: Conversations, keep: Callable[..., None]
) -> None:
    others = [
        TOPIC.model_copy(update=change) for change in ({"person": 8}, {"topic": 0}, {"chat": -200})
    ]
    for talk in (OWN, TOPIC, *others):
        keep(talk, str(talk), NOON)
    assert talks.recent(TOPIC, NOON + MINUTE) == (str(TOPIC),)
    talks.forget(TOPIC)
    assert talks.recent(TOPIC, NOON + MINUTE) == ()
    assert all(talks.recent(talk, NOON + MINUTE) for talk in (OWN, *others))


def test_a_question_is_found_by_its_message_and_by_its_answer_s(
    talks: Conversations, keep: Callable[..., None]
) -> None:
    keep(OWN, "trước", NOON, 10, (11,))
    keep(OWN, "câu", NOON + MINUTE, 12, (13, 14))
    asked = talks.answered_by(7, 14)
    assert asked is not None and asked == talks.asked_by(7, 12) == talks.answered_by(7, 13)
    assert (asked.question, asked.talk, asked.shown) == ("câu", OWN, (13, 14))
    assert talks.before(asked) == ("trước",)
    assert talks.answered_by(8, 14) is None and talks.asked_by(7, 13) is None
    former = talks.asked_by(7, 10)
    assert former and talks.is_last(asked) and not talks.is_last(former)
    keep(OWN, "mới", NOON + 2 * MINUTE, 12, (13,))  # the same message, changed
    assert (again := talks.answered_by(7, 13)) and again.question == "mới"
    assert talks.answered_by(7, 14) is None
    assert talks.recent(OWN, NOON + 3 * MINUTE) == ("trước", "mới")


def test_what_an_older_program_kept_of_a_private_chat_is_still_leaned_on(tmp_path: Path) -> None:
    at = next(n for n, steps in enumerate(MIGRATIONS) if any("TABLE shown" in s for s in steps))
    old = Journal(tmp_path / "journal.db", migrations=MIGRATIONS[:at])
    with old.write() as db:
        row = (7, "câu cũ", NOON.isoformat(timespec="microseconds"))
        db.execute("INSERT INTO conversation (chat, question, at) VALUES (?, ?, ?)", row)
    old.close()
    journal = Journal(tmp_path / "journal.db")
    assert Conversations(journal).recent(OWN, NOON + MINUTE) == ("câu cũ",)
    journal.close()


def test_a_group_s_switches_are_off_until_turned(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    rooms = Rooms(journal)
    assert rooms.of(-1).on == set()
    rooms.turn(-1, Switch.SHORT)
    assert rooms.turn(-1, Switch.SCORES).on == {Switch.SHORT, Switch.SCORES}
    assert rooms.turn(-1, Switch.SHORT).on == {Switch.SCORES} and rooms.of(-2).on == set()
    journal.close()
