"""What to do with questions that waited long, because the bot or Telegram was away.

Whoever asked this morning may have asked again since, so the newest question of a chat comes first,
and what is too old is not answered but said to be dropped. A command between two questions, such as
/quen, is never overtaken.
"""

import datetime
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message, Update

LATE = datetime.timedelta(minutes=10)  # a question that waited longer belongs to a backlog


@dataclass(frozen=True, slots=True)
class Pick:
    """Which update of a chat is served next.

    ``before`` are the questions that were asked before it and wait behind it. ``dropped`` are too
    old: ``update`` is the newest of them, none of them is answered. ``waited`` is how many questions
    wait in this backlog; 0 for what does not belong to one.
    """

    update: Update
    before: tuple[str, ...] = ()
    dropped: tuple[Update, ...] = ()
    waited: int = 0


def asked_at(update: Update) -> datetime.datetime | None:
    """When a message was written; None for a button, which says nothing about when."""
    message = update.message or update.edited_message
    return message.edit_date or message.date if message else None


def is_late(update: Update, now: datetime.datetime) -> bool:
    """Whether an update has waited so long that it belongs to a backlog."""
    at = asked_at(update)
    return at is not None and now - at > LATE


def pick(line: Sequence[Update], now: datetime.datetime, dropped_after: datetime.timedelta) -> Pick:
    """Choose from the updates of a chat, which stand in the order in which they came."""
    first = line[0]
    if not (_is_question(first) and is_late(first, now)):
        return Pick(first)
    run: list[Update] = []
    for update in line:
        if not (_is_question(update) and is_late(update, now)):
            break
        run.append(update)
    old = tuple(u for u in run if now - (asked_at(u) or now) > dropped_after)
    if old:
        return Pick(old[-1], dropped=old)
    *before, newest = run
    return Pick(newest, before=tuple(map(_words, before)), waited=len(run))


def remove(line: deque[Update], done: Pick) -> None:
    """Take what was picked and dealt with out of the line."""
    gone = {id(update) for update in (done.update, *done.dropped)}
    kept = [update for update in line if id(update) not in gone]
    line.clear()
    line.extend(kept)


def _is_question(update: Update) -> bool:
    words = _words(update).lstrip()
    return bool(words) and (not words.startswith("/") or words.lower().startswith("/hoi"))


def _words(update: Update) -> str:
    message = update.message
    return (message.text or "") if isinstance(message, Message) else ""
