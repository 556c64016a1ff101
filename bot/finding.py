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
    Place,
    Problem,
    Record,
    Relation,
    Score,
    Scorer,
    Source,
    Total,
    Unit,
    Validity,
)
from index import Criterion, Standing


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
    shared: bool = False  # another unit has as many points
    members: int  # units ranked in the block
    groups: tuple[tuple[str, str, CriterionKind, Decimal], ...]  # code, name, kind, points (final)
    maxima: tuple[tuple[str, Decimal], ...] = ()  # code of a group → the most it can give
    stated: tuple[Total, ...] = ()  # totals that other workbooks state
    conditions: tuple[Score, ...] = ()  # met or not, as the workbook says; no points
    asked: tuple[Scorer, ...] = ()
    sources: tuple[tuple[Scorer, Source], ...] = ()


class CriterionPoints(Record):
    """Criteria of one unit in one year: every scorer's points. ``group`` names the group that was
    asked for as a whole, with its ``sums``."""

    unit: str
    year: int
    period: str = "cả năm"
    scores: tuple[Score, ...]
    group: str = ""
    sums: tuple[tuple[Scorer, Decimal], ...] = ()
    final: Scorer = Scorer.COUNCIL


class YearPoints(Record):
    """A unit's points in one year or period of it, by the scorer whose points count."""

    year: int
    period: str
    scorer: Scorer
    final: Scorer = Scorer.COUNCIL  # whose points count, where another was asked for
    points: Decimal
    rank: int
    members: int
    recorded_as: str
    source: Source


class Series(Record):
    """One unit over the years. ``best``: 1 when its highest year was asked for, -1 the lowest."""

    unit: str
    rows: tuple[YearPoints, ...]
    best: int = 0


class Bound(Record):
    """A limit of points that a question sets: "trên 100", "từ 98 trở xuống"."""

    points: Decimal
    above: bool
    including: bool


class Comparison(Record):
    """Units of one block in one year side by side, the best first."""

    block: str
    year: int
    period: str
    scorer: Scorer
    final: Scorer = Scorer.COUNCIL  # whose points count, where another was asked for
    standings: tuple[Standing, ...]
    members: int
    groups: tuple[tuple[str, tuple[Decimal, ...]], ...]  # name, points in the order of standings
    source: Source


class Mean(Record):
    """The mean of a block in a year, and the units to be set against it."""

    block: str
    year: int
    period: str
    scorer: Scorer
    final: Scorer = Scorer.COUNCIL  # whose points count, where another was asked for
    mean: Decimal
    rounded: bool  # the mean has more decimals than are told
    members: int
    highest: Standing
    lowest: Standing
    units: tuple[Standing, ...] = ()
    source: Source


class Gap(Record):
    """What two scorers gave one unit in one year, and the criteria in which they differ."""

    unit: str
    year: int
    period: str
    first: Scorer
    second: Scorer
    given: tuple[Decimal, Decimal]
    differing: tuple[tuple[Score, Score], ...]
    sources: tuple[Source, ...]


class Gaps(Record):
    """The same of every unit of a block, the farthest apart first (or the nearest)."""

    gaps: tuple[Gap, ...]
    least: bool


class Criteria(Record):
    """The criteria of one year's table."""

    block: str
    year: int
    criteria: tuple[Criterion, ...]
    source: Source


class Finality(Record):
    """How far the points of a year have come: who scored, and how many units."""

    block: str
    year: int
    period: str
    scored: tuple[tuple[Scorer, int], ...]  # units that each scorer gave points
    members: int
    final: Scorer
    source: Source


class Ranking(Record):
    """Units of a block by points. ``wanted``: how many were asked for, negative from the bottom, 0 all."""

    block: str
    year: int
    period: str = "cả năm"
    scorer: Scorer
    final: Scorer = Scorer.COUNCIL  # whose points count, where another was asked for
    standings: tuple[Standing, ...]  # the ones to show, in the order to show
    members: int
    wanted: int = 0
    place: int = 0  # the one rank that was asked for
    bound: Bound | None = None
    criterion: str = ""  # code and name, when the ranking is by one criterion or group
    max_points: Decimal | None = None  # of that criterion
    mean: Decimal | None = None  # of all members, when all are shown
    unscored: tuple[str, ...] = ()  # members without this scorer's points
    source: Source


class Change(Record):
    """Points of one unit in two years."""

    unit: str
    before_year: int
    after_year: int
    before: Decimal
    after: Decimal
    scorer: Scorer
    groups: tuple[tuple[str, Decimal, Decimal], ...] = ()  # name, before, after: where it changed
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

    unit: str  # "" when no unit of the block lost any
    year: int
    scorer: Scorer
    penalties: tuple[Score, ...]
    spared: tuple[str, ...] = ()  # the units that lost none, where these were asked for
    members: int = 0
    source: Source  # the cells that were looked through
    losses: tuple[Score, ...] = ()


class Members(Record):
    """The units that a year's table has points of."""

    block: str
    year: int
    units: tuple[str, ...]
    source: Source


class Run(Record):
    """Years in a row with a decided award of one recipient."""

    whom: str
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
    runs: tuple[Run, ...] = ()  # the longest first
    wanted: int = 0  # how many years in a row were asked for
    decision: str = ""
    leaders: tuple[tuple[str, int], ...] = ()  # units by how often, where the most were asked for
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


class Offices(Record):
    """The years in which a unit led its block (or was its deputy), as reports say."""

    unit: str
    deputy: bool
    years: tuple[int, ...]
    sources: tuple[Source, ...]


class Agreement(Record):
    """Points that a report gives a unit, held against the workbook. ``scorer``: whose total in the
    workbook is the same; None when none is."""

    unit: str
    year: int
    said: Decimal
    scorer: Scorer | None
    held: tuple[tuple[Scorer, Decimal], ...]
    source: Source  # the sentence of the report


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
    """Reward money in đồng: ``coefficient`` × ``multiple`` × ``base`` = ``exact``, ``paid`` after rounding.

    ``passage`` is the clause; where it multiplies what a person gets, ``personal`` is the person's, and
    ``other`` the sum if that is rounded first, where it differs. The base salary stands in
    ``base_passage``, or is only noted in the register's ``base_row``.
    """

    title: str
    recipient: str  # cá nhân, tập thể, hộ gia đình; "" where the clause does not say it
    coefficient: Decimal
    multiple: Decimal = Decimal(1)
    at_most: bool = False  # the clause sets a ceiling
    base: Decimal
    exact: Decimal
    paid: Decimal
    other: Decimal | None = None
    document: Document
    passage: Passage
    personal: Passage | None = None
    base_document: Document | None = None
    base_passage: Passage | None = None
    base_row: Validity | None = None
    rounding: Passage | None = None
    as_of: datetime.date


class Salary(Record):
    """The base salary of a day, in đồng a month: as a held clause gives it, or as the register notes it."""

    amount: Decimal
    document: Document | None = None
    passage: Passage | None = None
    row: Validity | None = None
    as_of: datetime.date


class Together(Record):
    """The clause on several rewards at once. ``sums`` are what it adds up; () where it does not."""

    document: Document
    passage: Passage
    sums: tuple[Decimal, ...] = ()


class Half(Record):
    """A part of the time that is asked about, in which one text applied (both days counted)."""

    since: datetime.date
    until: datetime.date
    number: str  # "" where no text of that time is known
    title: str = ""
    held: bool = True
    amended: tuple[tuple[str, datetime.date, bool], ...] = ()  # by, from, whether that is held
    unchecked: bool = False


class Halves(Record):
    """The parts of a time inside which the rule, or the base salary, changed; oldest first."""

    halves: tuple[Half, ...]


class Lifespan(Record):
    """What the register and the texts know of one regulation's life."""

    validity: Validity
    held: bool
    replaced: tuple[Relation, ...] = ()  # by what it was replaced
    replaces: tuple[Relation, ...] = ()
    amended: tuple[Relation, ...] = ()
    repealed: tuple[Relation, ...] = ()  # parts of it
    keeps: tuple[Relation, ...] = ()  # transitional clauses that let it go on
    guides: tuple[str, ...] = ()
    place: Place = Place()  # the part that is asked about
    as_of: datetime.date


class InForce(Record):
    """The regulations that applied on a day; each with whether its text is held."""

    as_of: datetime.date
    texts: tuple[tuple[Validity, bool], ...]


class Side(Record):
    """One side of a comparison: its words in runs, each with whether the other side lacks it."""

    document: Document
    place: Place
    runs: tuple[tuple[str, bool], ...]


class SideBySide(Record):
    """Two texts on one subject, the older first. ``missing`` are numbers that are not held."""

    older: Side | None
    newer: Side | None
    subject: str = ""
    missing: tuple[str, ...] = ()


class Lack(StrEnum):
    """Why there is no answer."""

    EMPTY = "empty"
    GREETING = "greeting"
    OUTSIDE = "outside"  # not a question of this field
    UNIT = "unit"  # a unit that no record knows
    PROVINCE = "province"  # records exist, of another province
    YEAR = "year"
    PERIOD = "period"  # the year is held, this part of it is not
    MEMBER = "member"  # a unit that is known and not in that year's table
    CRITERION = "criterion"
    AWARD = "award"
    MEETING = "meeting"
    NOT_SAID = "not_said"  # the report is held and does not say it
    RECORD = "record"  # records are held, and have no word on what is asked of them
    ARTICLE = "article"  # the document has no such Điều, khoản or điểm
    PART = "part"  # the document has no such chapter or annex
    DOCUMENT = "document"  # a regulation that is not held
    SUBJECT = "subject"  # two texts to compare, and nothing that they would be compared on
    REPEALED = "repealed"  # the clause that answered was repealed: number, place, by, clause, day
    VERSION = "version"  # no text that applied on the day is held: the one that came later
    WEAK = "weak"  # passages were found and do not answer
    CLOSED_POINTS = "closed_points"  # points that are not theirs to see who ask: of whom, year
    CLOSED_AWARDS = "closed_awards"  # nothing is decided, and what is proposed is not theirs to see
    CLOSED_DOCUMENT = "closed_document"  # the document that answers is only for some: for whom
    CLOSED_CHECKS = "closed_checks"  # what the check of the workbooks found is for administrators


class Choice(Record):
    """Words that may mean several things; the reader is asked which."""

    typed: str
    options: tuple[str, ...]


class Absence(Record):
    """An honest "no": why, about what, and what exists instead."""

    lack: Lack
    about: tuple[str, ...] = ()
    exists: tuple[str, ...] = ()


Finding = (
    Points | CriterionPoints | Series | Ranking | Comparison | Mean | Gap | Gaps | Criteria | Finality | Change
    | Changes | Deductions | Members | Awards | MeetingFacts | MeetingList | Offices | Agreement | Audited
    | Names | Known | Reward | Salary | Together | Halves | Lifespan | InForce | SideBySide
)  # fmt: skip
