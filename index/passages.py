"""The passages of an index file, made into records only when they are asked for."""

from collections.abc import Sequence
from functools import lru_cache
from typing import overload

from corpus import Passage, Place
from index.database import Database

_KEPT = 16_384  # records of passages that were asked for
_PLACES = 1024  # lists of the passages of one Điều
_DOCUMENTS = 64  # lists of the passages of one document


class Passages(Sequence[Passage]):
    """All passages, in the order of the file. Reading a hundred thousand at once takes seconds."""

    def __init__(self, database: Database):
        self._database = database
        self._count = database.count(Passage)
        # Kept here, not on the methods, so that they go when the index goes.
        self._one = lru_cache(_KEPT)(self._read)
        self._article = lru_cache(_PLACES)(self._read_article)
        self.of = lru_cache(_DOCUMENTS)(self._read_document)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Passage]: ...
    def __getitem__(self, number: int | slice) -> Passage | Sequence[Passage]:
        found = range(self._count)[number]
        return [self._one(n) for n in found] if isinstance(found, range) else self._one(found)

    def within(self, document: str, place: Place) -> list[Passage]:
        """The passages of one document at a place, in order."""
        around = self._article(document, place.article) if place.article else self.of(document)
        return [passage for passage in around if place.holds(passage.place)]

    def _read(self, number: int) -> Passage:
        (passage,) = self._database.records(Passage, "rowid = ?", [number + 1])
        return passage

    def _read_article(self, document: str, article: str) -> tuple[Passage, ...]:
        where = "document = ? AND json_extract(place, '$.article') = ?"
        return tuple(self._database.records(Passage, where, [document, article]))

    def _read_document(self, document: str) -> tuple[Passage, ...]:
        return tuple(self._database.records(Passage, "document = ?", [document]))
