"""Groups that became supergroups, and so have another number: in the journal's file."""

import threading

from bot.journal import Journal, Transaction


class Moves:
    """Which group is now which. Safe to use from several threads."""

    def __init__(self, journal: Journal):
        self._journal, self._lock = journal, threading.Lock()
        self._known: dict[int, int] = dict(journal.read("SELECT old, new FROM moved"))

    def now(self, chat: int) -> int:
        """The number that a chat has now; its own where it never moved."""
        for _ in range(len(self._known)):  # a wrong circle must not be walked for ever
            if chat not in self._known:
                break
            chat = self._known[chat]
        return chat

    def move(self, old: int, new: int) -> None:
        """A group has another number: its settings and talks go with it. Telegram says it twice, and
        again to who writes to the old number.

        Its messages are counted anew, so that what is known by their old numbers is forgotten: an old
        question can still be leaned on, but not be edited.
        """
        if old == new or self._known.get(old) == new:
            return
        with self._lock, self._journal.write() as db:
            db.execute(
                "INSERT INTO moved (old, new) VALUES (?, ?)"
                " ON CONFLICT (old) DO UPDATE SET new = excluded.new",
                (old, new),
            )
            db.execute("DELETE FROM moved WHERE old = ?", (new,))
            db.execute(
                "INSERT OR IGNORE INTO room (chat, switch) SELECT ?, switch FROM room WHERE chat = ?",
                (new, old),
            )
            db.execute("DELETE FROM room WHERE chat = ?", (old,))
            db.execute("DELETE FROM shown WHERE chat = ?", (old,))
            db.execute("UPDATE conversation SET chat = ?, message = 0 WHERE chat = ?", (new, old))
        self._known.pop(new, None)
        self._known[old] = new


def moved(db: Transaction, chat: int) -> int:
    """As ``Moves.now``, inside a transaction and one step far: for what was begun before the move."""
    row = db.execute("SELECT new FROM moved WHERE old = ?", (chat,)).fetchone()
    return row[0] if row else chat
