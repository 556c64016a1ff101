"""What records say in answer to a question: frozen findings, no wording.

Each finding keeps the rows it was computed from, so that every figure can name its cell.
"""

import datetime
from decimal import Decimal
from enum import StrEnum

from corpus import (
    Award,
    CriterionKind,
    Document,
    Meeting,
    Passage,
    Problem,
    Record,
    Score,
    Scorer,
    Source,
    Total,
    Unit,
    Validity,
)
from index import Standing


class Points(Record):
    """A unit's points in one year by each scorer, with its rank in the block by the final scorer."""

    unit: str
    recorded_as: str  # the name in the workbook of that year
    block: str
    year: int
    period: str
    sums: tuple[tuple[Scorer, Decimal], ...]
    final: Scorer
    rank: int
    members: int  # units ranked in the block
    groups: tuple[tuple[str, str, CriterionKind, Decimal], ...]  # code, name, kind, points (final)
    stated: tuple[Total, ...] = ()  # totals that other workbooks state
    asked: tuple[Scorer, ...] = ()
    sources: tuple[tuple[Scorer, Source], ...] = ()


class CriterionPoints(Record):
    """One criterion (or group) of one unit in one year: every scorer's points."""

    unit: str
    year: int
    scores: tuple[Score, ...]


class Ranking(Record):
    """Units of a block by points. ``wanted``: how many were asked for, negative from the bottom, 0 all."""

    block: str
    year: int
    scorer: Scorer
    standings: tuple[Standing, ...]  # the ones to show, in the order to show
    members: int
    wanted: int = 0
    source: Source


class Change(Record):
    """Points of one unit in two years."""

    unit: str
    before_year: int
    after_year: int
    before: Decimal
    after: Decimal
    scorer: Scorer
    sources: tuple[Source, ...] = ()

    @property
    def difference(self) -> Decimal:
        """Points gained; negative when lost."""
        return self.after - self.before


class Changes(Record):
    """All units' changes between two years, the one asked for first."""

    changes: tuple[Change, ...]
    rising: bool


class Deductions(Record):
    """Where a unit lost points: penalties always, points below the maximum when asked for."""

    unit: str
    year: int
    scorer: Scorer
    penalties: tuple[Score, ...]
    source: Source  # the cells that were looked through
    losses: tuple[Score, ...] = ()


class Run(Record):
    """Years in a row with a decided award."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Awards(Record):
    """Awards that match a question. ``counted`` tells that a number was asked for."""

    unit: str = ""
    titles: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    awards: tuple[Award, ...]
    of_people: tuple[Award, ...] = ()  # awards of the unit's people, never counted as the unit's
    counted: bool = False
    runs: tuple[Run, ...] = ()
    decision: str = ""
    asked_if: bool = False  # "đã được … chưa?"


class MeetingFacts(Record):
    """What a report says of a meeting. ``asked`` names the facts asked for; empty means an overview."""

    meeting: Meeting
    document: Document
    asked: tuple[str, ...] = ()
    awards: tuple[Award, ...] = ()
    lacking: tuple[str, ...] = ()  # facts asked for that the report does not say


class MeetingList(Record):
    """Several meetings: a count, the latest, or those of a year."""

    meetings: tuple[Meeting, ...]
    counted: bool = False


class Audited(Record):
    """What the check of the workbooks found."""

    problems: tuple[Problem, ...]


class Names(Record):
    """The names that one unit has had, oldest first."""

    units: tuple[Unit, ...]


class Known(Record):
    """A regulation that the register knows; ``held`` tells whether its text is in the library."""

    validity: Validity
    held: bool


class Reward(Record):
    """Reward money in đồng: ``coefficient`` × ``base`` = ``exact``, ``paid`` after rounding.

    ``recipient`` is whom the clause speaks of (cá nhân, tập thể, hộ gia đình), "" where it does not say.
    """

    recipient: str
    coefficient: Decimal
    base: Decimal
    exact: Decimal
    paid: Decimal
    base_document: Document
    base_passage: Passage
    rounding: Passage | None
    as_of: datetime.date


class Lack(StrEnum):
    """Why there is no answer."""

    EMPTY = "empty"
    GREETING = "greeting"
    OUTSIDE = "outside"  # not a question of this field
    UNIT = "unit"  # a unit that no record knows
    PROVINCE = "province"  # records exist, of another province
    YEAR = "year"
    CRITERION = "criterion"
    AWARD = "award"
    MEETING = "meeting"
    NOT_SAID = "not_said"  # the report is held and does not say it
    RECORD = "record"  # records are held, and have no word on what is asked of them
    ARTICLE = "article"  # the document has no such Điều, khoản or điểm
    PART = "part"  # the document has no such chapter or annex
    DOCUMENT = "document"  # a regulation that is not held
    WEAK = "weak"  # passages were found and do not answer


class Absence(Record):
    """An honest "no": why, about what, and what exists instead."""

    lack: Lack
    about: tuple[str, ...] = ()
    exists: tuple[str, ...] = ()


Finding = (
    Points | CriterionPoints | Ranking | Change | Changes | Deductions | Awards | MeetingFacts
    | MeetingList | Audited | Names | Known | Reward
)  # fmt: skip
