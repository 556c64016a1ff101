"""What the administrators of a group have set for it: in the journal's file."""

from enum import StrEnum

from bot.journal import Journal
from corpus import Record


class Switch(StrEnum):
    """What can be set of a group, each on or off."""

    ADMINS = "admins"  # only the administrators of the group may ask in it
    SCORES = "scores"  # points that who asks may see are told in the group, not in private
    SHORT = "short"  # answers are short


class Room(Record):
    """One group: all is off until somebody turns it on."""

    chat: int
    on: frozenset[Switch] = frozenset()


class Rooms:
    """The groups of one bot. Safe to use from several threads."""

    def __init__(self, journal: Journal):
        self._journal = journal

    def of(self, chat: int) -> Room:
        """How a group is set."""
        rows = self._journal.read("SELECT switch FROM room WHERE chat = ?", (chat,))
        return Room(chat=chat, on=frozenset(Switch(switch) for (switch,) in rows))

    def turn(self, chat: int, switch: Switch) -> Room:
        """Turn a switch on, or off when it is on."""
        with self._journal.write() as db:
            off = db.execute(
                "DELETE FROM room WHERE chat = ? AND switch = ?", (chat, switch)
            ).rowcount
            if not off:
                db.execute("INSERT INTO room (chat, switch) VALUES (?, ?)", (chat, switch))
        return self.of(chat)
