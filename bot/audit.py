"""Who asked what, and what was shown from which texts: a chain that shows when it was changed.

An entry is sealed with a hash over the entry before it. What names a person (asker, chat, question,
the words shown) goes into the hash only as a salted hash of its own, so that it can be erased while
the chain stays checkable; without the salt, which is erased too, nobody can guess it back. Whoever
can write the file can make a new chain: note the head elsewhere, as ``thidua audit --verify`` says it.
"""

import datetime
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from bot.answer import Answer
from bot.journal import Journal, Transaction, moment, stamp
from bot.rows import sources_of
from corpus import Document, Record


class Used(Record):
    """One place that an answer was drawn from, and the file as it was then."""

    file: str  # the path in the documents folder
    place: str = ""  # "Điều 5 khoản 1", "Năm 2023!F12"
    document: str = ""  # its number or title, "" for what is no document
    fingerprint: str = ""  # SHA-256 of the file's bytes

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.place, self.document or self.file)))


class Entry(Record):
    """One answer that was given. What was erased is None."""

    at: datetime.datetime
    asker: int | None
    chat: int | None
    question: str | None
    shown: str | None  # the words of the answer
    kind: str  # AnswerKind's value
    sources: tuple[Used, ...] = ()
    edition: str = ""  # the fingerprint of the documents that were indexed
    milliseconds: int = 0  # from the question's turn to the answer's words
    place: int = 0  # where in the trail; the trail gives it


class Verdict(Record):
    """What checking the chain found. ``broken`` is the first entry that is not as it was."""

    entries: int
    erased: int
    head: str  # the last entry's hash
    broken: int | None = None

    @property
    def holds(self) -> bool:
        """Whether every entry is as it was written, and none is missing between first and last."""
        return self.broken is None


class Figures(Record):
    """How much was asked in a stretch of time."""

    questions: int
    people: int  # who are not erased
    kinds: tuple[tuple[str, int], ...]  # the commonest first
    median: int  # milliseconds
    p95: int  # milliseconds


class Change(StrEnum):
    """What has become of a text since an answer was drawn from it."""

    GONE = "gone"  # its file is no longer indexed
    REWRITTEN = "rewritten"  # the file holds other bytes
    ENDED = "ended"  # it no longer applies


class Outdated(Record):
    """An answer that was given from texts that have changed since."""

    entry: Entry
    changes: tuple[tuple[Used, Change], ...]


def entry_of(
    answer: Answer,
    documents: Mapping[str, Document],
    *,
    at: datetime.datetime,
    asker: int | None,
    chat: int,
    question: str,
    shown: str,
    edition: str,
    milliseconds: int,
) -> Entry:
    """What the trail keeps of an answer. ``documents`` are those that it was drawn from, by path."""
    cited = ((c.document.path, str(c.place)) for c in answer.citations)
    recorded = ((source.file, source.place) for source in sources_of(answer))
    sources = []
    for file, place in dict.fromkeys((*recorded, *cited)):
        document = documents.get(file)
        name, mark = (document.name, document.fingerprint) if document else ("", "")
        sources.append(Used(file=file, place=place, document=name, fingerprint=mark))
    return Entry(
        at=at, asker=asker, chat=chat, question=question, shown=shown, kind=answer.kind.value,
        sources=tuple(sources), edition=edition, milliseconds=milliseconds,
    )  # fmt: skip


def outdated(
    entries: Iterable[Entry], documents: Mapping[str, Document], today: datetime.date
) -> Iterator[Outdated]:
    """The answers whose texts are no longer what they were; ``documents`` are today's, by path."""
    for entry in entries:
        changes = []
        for used in entry.sources:
            if used.fingerprint and (change := _change(used, entry, documents, today)):
                changes.append((used, change))
        if changes:
            yield Outdated(entry=entry, changes=tuple(changes))


def _change(
    used: Used, entry: Entry, documents: Mapping[str, Document], today: datetime.date
) -> Change | None:
    now = documents.get(used.file)
    if now is None:
        # A file may have been renamed: the same bytes are the same text.
        same = any(d.fingerprint == used.fingerprint for d in documents.values())
        return None if same else Change.GONE
    if now.fingerprint != used.fingerprint:
        return Change.REWRITTEN
    ended = now.expires is not None and entry.at.date() < now.expires <= today
    return Change.ENDED if ended else None


class Audit:
    """The trail, in the journal's file."""

    def __init__(self, journal: Journal):
        self._journal = journal

    def add(self, entry: Entry) -> None:
        """Keep an entry as the newest; it is on the disk when this returns."""
        with self._journal.write() as db:
            append(db, entry)

    def entries(self, limit: int | None = None, asker: int | None = None) -> tuple[Entry, ...]:
        """The newest first: at most ``limit``, of one asker where one is named."""
        rows = self._journal.read(
            f"SELECT {_COLUMNS} FROM audit WHERE ?1 IS NULL OR asker = ?1"
            " ORDER BY place DESC LIMIT ?2",
            (asker, -1 if limit is None else limit),
        )
        return tuple(map(_entry, rows))

    def verify(self) -> Verdict:
        """Work the whole chain out anew."""
        with self._journal.snapshot() as db:
            return _verified(db)

    def holds(self, head: str) -> bool:
        """Whether a head that was noted earlier is still in the chain."""
        kept = (
            "SELECT 1 FROM audit WHERE chain = ?1 UNION SELECT 1 FROM audit_start WHERE chain = ?1"
        )
        return bool(self._journal.read(kept, (head,)))

    def figures(self, since: datetime.datetime) -> Figures:
        """How much was asked since a time."""
        rows = self._journal.read(
            "SELECT kind, asker, milliseconds FROM audit WHERE at >= ?", (stamp(since),)
        )
        times = sorted(ms for _, _, ms in rows)

        def share(part: float) -> int:
            return times[min(int(part * len(times)), len(times) - 1)] if times else 0

        return Figures(
            questions=len(rows),
            people=len({asker for _, asker, _ in rows if asker is not None}),
            kinds=tuple(Counter(kind for kind, _, _ in rows).most_common()),
            median=share(0.5),
            p95=share(0.95),
        )

    def trim(self, before: datetime.datetime) -> int:
        """Forget the entries older than ``before``; the chain begins after them. Returns how many."""
        with self._journal.write() as db:
            last = db.execute(
                "SELECT place, chain FROM audit WHERE at < ? ORDER BY place DESC LIMIT 1",
                (stamp(before),),
            ).fetchone()
            if last is None:
                return 0
            db.execute("UPDATE audit_start SET place = ?, chain = ?", last)
            return db.execute("DELETE FROM audit WHERE place <= ?", last[:1]).rowcount


def _verified(db: Transaction) -> Verdict:
    place, chain = db.execute("SELECT place, chain FROM audit_start").fetchone()
    count = erased = 0
    broken: int | None = None
    for row in db.execute(f"SELECT {_COLUMNS}, salt, sealed, chain FROM audit ORDER BY place"):
        *columns, salt, sealed, kept = row
        entry = _entry(tuple(columns))
        count += 1
        erased += salt is None
        bare = (entry.asker, entry.chat, entry.question, entry.shown) == (None,) * 4
        intact = bare if salt is None else _seal(entry, salt) == sealed
        link = _link(chain, entry, sealed)
        if broken is None and not (intact and link == kept and entry.place == place + 1):
            broken = entry.place
        place, chain = entry.place, kept
    # The newest may be missing; SQLite remembers the highest number that it ever gave.
    last = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").fetchone()
    if broken is None and last and last[0] != place:
        broken = place + 1
    return Verdict(entries=count, erased=erased, head=chain, broken=broken)


def append(db: Transaction, entry: Entry) -> None:
    """Add an entry inside a transaction of the journal's."""
    previous = db.execute("SELECT chain FROM audit ORDER BY place DESC LIMIT 1").fetchone()
    if previous is None:
        previous = db.execute("SELECT chain FROM audit_start").fetchone()
    salt = secrets.token_hex(16)
    sealed = _seal(entry, salt)
    db.execute(
        "INSERT INTO audit (at, kind, sources, edition, milliseconds, asker, chat, question, shown,"
        " salt, sealed, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            stamp(entry.at), entry.kind, _json_of(entry.sources), entry.edition, entry.milliseconds,
            entry.asker, entry.chat, entry.question, entry.shown,
            salt, sealed, _link(previous[0], entry, sealed),
        ),
    )  # fmt: skip


def erase(db: Transaction, asker: int) -> int:
    """Erase one person's words inside a transaction of the journal's. Returns how many entries."""
    return db.execute(
        "UPDATE audit SET asker = NULL, chat = NULL, question = NULL, shown = NULL, salt = NULL"
        " WHERE asker = ?",
        (asker,),
    ).rowcount


_COLUMNS = "at, kind, sources, edition, milliseconds, asker, chat, question, shown, place"


def _entry(row: tuple) -> Entry:
    at, kind, sources, edition, milliseconds, asker, chat, question, shown, place = row
    return Entry(
        at=moment(at), kind=kind, sources=tuple(Used(**used) for used in json.loads(sources)),
        edition=edition, milliseconds=milliseconds, asker=asker, chat=chat, question=question,
        shown=shown, place=place,
    )  # fmt: skip


def _json_of(sources: Iterable[Used]) -> str:
    return json.dumps([used.model_dump() for used in sources], ensure_ascii=False)


def _seal(entry: Entry, salt: str) -> str:
    return _hash([salt, entry.asker, entry.chat, entry.question, entry.shown])


def _link(previous: str, entry: Entry, sealed: str) -> str:
    return _hash(
        [previous, stamp(entry.at), entry.kind, _json_of(entry.sources), entry.edition,
         entry.milliseconds, sealed]
    )  # fmt: skip


def _hash(values: list) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
