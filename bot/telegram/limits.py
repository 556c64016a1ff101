"""How much one person and one group may ask in a minute, so that nobody can ask for all."""

import datetime

from bot.telegram.pace import Window

MINUTE = 60.0
_REMEMBERED = 10_000  # people and groups; forgetting them costs a burst at most


class Limits:
    """Counts questions by when they were asked, so that a backlog is no flood."""

    def __init__(self, per_person: int, per_group: int):
        self._per_person, self._per_group = per_person, per_group
        self._windows: dict[int, Window] = {}
        self._told: dict[int, float] = {}  # until when a person or group knows

    def refuses(self, person: int, chat: int, at: datetime.datetime) -> int:
        """The limit that one more question is over; 0 when it may be asked, and it counts then."""
        if len(self._windows) > _REMEMBERED:
            self._windows.clear()
        now = at.timestamp()
        mine = [(person, self._per_person)]
        if chat < 0:
            mine.append((chat, self._per_group))
        windows = [
            (self._windows.setdefault(who, Window(limit, MINUTE)), limit) for who, limit in mine
        ]
        for window, limit in windows:
            if window.wait(now) > 0:
                return limit
        for window, _ in windows:
            window.add(now)
        return 0

    def tells(self, chat: int, at: datetime.datetime) -> bool:
        """Whether a chat is to be told of its limit now: once a minute."""
        now = at.timestamp()
        if len(self._told) > _REMEMBERED:
            self._told.clear()
        if self._told.get(chat, 0.0) > now:
            return False
        self._told[chat] = now + MINUTE
        return True
