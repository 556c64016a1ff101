"""Texts of files as they were read before: an unchanged file is not read again by the same readers."""

import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

from corpus import ocr, old_office
from corpus.files import read_text
from corpus.pieces import Text
from corpus.records import Reading


class Readings:
    """What is known from before, and what has been read or taken from it since."""

    def __init__(self, known: Iterable[Reading] = ()):
        self._known = {reading.key: reading.text for reading in known}
        self._used: dict[str, str] = {}

    def text(self, path: Path, fingerprint: str) -> Text:
        """The text of a file; ``fingerprint`` is of its bytes. Raises what ``read_text`` raises."""
        key = f"{fingerprint}{path.suffix.lower()} {_readers()}"
        if key in self._known:
            self._used[key] = self._known[key]
            return Text.model_validate_json(self._known[key])
        text = read_text(path)
        self._used[key] = text.model_dump_json()
        return text

    def used(self) -> tuple[Reading, ...]:
        """The readings of this run alone: what is no longer in the folder is forgotten."""
        return tuple(Reading(key=key, text=text) for key, text in self._used.items())


def _readers() -> str:
    """Tells these readers, and the programs they ask, from any other: newer ones may read better."""
    programs = f"{ocr.is_ready()} {old_office.programs()}"
    return hashlib.sha256(f"{_sources()} {programs}".encode()).hexdigest()[:16]


@functools.cache
def _sources() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
