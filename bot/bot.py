"""The front door of the room: ``Assistant.ask``, the one way in for every channel."""

import datetime
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.access import EVERYTHING, Sight, Viewer, beyond, permitted, refused
from bot.answer import Answer, AnswerKind
from bot.pages import around, page
from bot.question import Question, understand
from bot.routes import answer
from bot.timeline import Timeline, timeline
from bot.vocabulary import ABBREVIATIONS, PROVINCES, TYPED_ABBREVIATIONS
from corpus import Document, Kind, plain_block, read_rules
from index import ASKING, Encodes, Index, Spelling

_LOOKED_AT, _FITTING = 50, 60  # passages that are looked at for an example; letters of one
_GONE = (0, 0, 0)  # the stamp of a file that is not there


class Assistant:
    """Answers questions from one index file. Safe to use from several threads."""

    def __init__(
        self,
        path: Path,
        encoder: Encodes,
        today: Callable[[], datetime.date] = datetime.date.today,
        folder: Path | None = None,
    ):
        """Open the index at ``path``; raises IndexFileError, with the remedy, when it cannot be.

        ``folder`` is the documents folder, whose table says who may see what; without it the
        defaults hold.
        """
        self.path = path
        self._encoder, self._today, self._folder = encoder, today, folder
        self._lock = threading.Lock()
        self._stamp = self._stamped()
        self._ruled = self._rules_stamped()
        self._rules = read_rules(folder)[0] if folder else ()
        self._open()

    def _open(self) -> None:
        index = Index(self.path, self._encoder)
        self._spelling = Spelling(
            index.accents, [*ABBREVIATIONS, *TYPED_ABBREVIATIONS, *PROVINCES, *ASKING]
        )
        self._index = index

    def ask(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        as_of: datetime.date | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Answer:
        """Answer one question.

        ``previous`` are the questions before it in the same conversation, oldest first; ``as_of`` is
        the day whose rules count, today when not given; ``viewer`` is who asks.
        """
        index, spelling = self._index, self._spelling
        sight = Sight(viewer, self._rules, index)
        if not sight.hidden:
            return permitted(self._answer(question, previous, as_of, index, spelling), sight)
        seen = index.without(sight.hidden)
        found = permitted(self._answer(question, previous, as_of, seen, spelling), sight)
        if found.kind in (AnswerKind.NOT_FOUND, AnswerKind.PARTIAL):
            whole = self._answer(question, previous, as_of, index, spelling)
            if closed := beyond(whole, sight):
                return refused(found, closed)
        return found

    def _answer(
        self,
        question: str,
        previous: Sequence[str],
        as_of: datetime.date | None,
        index: Index,
        spelling: Spelling,
    ) -> Answer:
        understood: Question | None = None
        for text in [*previous[-3:], question]:
            repaired = spelling.repair(text)
            accented = index.accents.restore(repaired.text)
            understood = understand(
                repaired.text,
                accented=accented,
                read_as=accented if repaired.guessed else "",
                units=index.lookup.units(),
                documents=index.by_number(),
                names=index.names,
                today=self._today(),
                known=index.accents.knows,
                as_of=as_of,
                previous=understood,
            )
        assert understood is not None
        return _with_neighbours(answer(understood, index), index)

    def page(self, code: str, viewer: Viewer = EVERYTHING) -> Answer | None:
        """The place of a document that a button or a link stands for; None when it is not held, or
        not for who asks."""
        sight = Sight(viewer, self._rules, self._index)
        seen = self._index.without(sight.hidden) if sight.hidden else self._index
        found = page(code, seen, self._today())
        return _with_neighbours(found, seen) if found else None

    def timeline(self) -> Timeline:
        """When every regulation that is known applied, and what became of it."""
        return timeline(self._index, self._today())

    def refresh(self) -> bool:
        """Open the index anew when its file has changed; True when it was. The old one serves until
        the new one is open, and goes on serving when the new one cannot be read (IndexFileError,
        raised once a file). The table that says who may see what is read anew likewise."""
        self._refresh_rules()
        stamp = self._stamped()
        if stamp in (self._stamp, _GONE):
            return False
        with self._lock:
            if stamp == self._stamp:
                return False
            # Remembered before it is opened: a file that cannot be read is reported once.
            self._stamp = stamp
            self._open()
        return True

    def _refresh_rules(self) -> None:
        ruled = self._rules_stamped()
        if self._folder and ruled != self._ruled:
            self._ruled, self._rules = ruled, read_rules(self._folder)[0]

    def _rules_stamped(self) -> tuple[tuple[str, int, int], ...]:
        if self._folder is None:
            return ()
        found = sorted(self._folder.glob("access.*"))
        return tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in found)

    @property
    def edition(self) -> str:
        """The fingerprint of the documents that answers come from now."""
        return self._index.facts["fingerprint"]

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents that answers come from now, by path."""
        return self._index.documents

    def _stamped(self) -> tuple[int, int, int]:
        try:
            status = self.path.stat()
        except OSError:
            return _GONE
        return (status.st_ino, status.st_mtime_ns, status.st_size)

    def units(self) -> tuple[str, ...]:
        """The units of today, by name."""
        return tuple(sorted({u.name for u in self._index.lookup.units() if not u.until}))

    def blocks(self, unit: str) -> frozenset[str]:
        """The blocks that a unit is a member of, as ``corpus.plain_block`` compares them."""
        lookup = self._index.lookup
        names = lookup.names_of(unit) if unit else ()
        return frozenset(plain_block(u.block) for u in lookup.units() if u.name in names)

    def examples(self, viewer: Viewer = EVERYTHING) -> tuple[str, ...]:
        """Four questions that this library can answer to who asks, one of each kind it holds."""
        lookup = self._index.lookup
        kinds = {document.kind for document in self._index.documents.values()}
        found = []
        if Kind.REGULATION in kinds:
            found += _standards(self._index)
        years = lookup.score_years()
        units = [u.name for u in lookup.units() if not u.until]
        units.sort(key=lambda name: name != viewer.unit)  # their own first
        sight = Sight(viewer, self._rules, self._index)
        if years and units and sight.points(units[0], years[-1]):
            found.append(f"Điểm {units[0]} năm {years[-1]}?")
        if meeting := next((m for m in reversed(lookup.meetings()) if m.date and m.kind), None):
            about = f" năm {meeting.year}" if meeting.year else ""
            found.append(f"Hội nghị {meeting.kind}{about} họp khi nào?")
        if units and lookup.award_years():
            found.append(f"Khen thưởng của {units[0]}?")
        return tuple(found)


def _standards(index: Index) -> list[str]:
    """A question for the standards of a title that the library has an Điều about."""
    known = "Chiến sĩ thi đua cơ sở"
    if index.holding(known):
        return [f"Tiêu chuẩn {known}?"]
    headed = (p.headings[-1] for p in index.holding("tiêu chuẩn")[:_LOOKED_AT] if p.headings)
    named = (re.sub(r"^Điều \w+\.\s*", "", heading) for heading in headed)
    fitting = sorted({name for name in named if "tiêu chuẩn" in name.lower()}, key=len)
    return [f"{fitting[0]}?"] if fitting and len(fitting[0]) < _FITTING else []


def _with_neighbours(found: Answer, index: Index) -> Answer:
    """An answer that knows what stands before and after the clause that it quotes first."""
    if not found.citations:
        return found
    first = found.citations[0]
    return found.model_copy(update={"around": around(first.document, first.place, index)})
