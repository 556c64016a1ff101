"""The nouns of the house: frozen records, no I/O.

Every record that carries a value also carries where it was read (``Source``), so that any figure a
cadre sees can be traced to a file, a sheet, a cell or a sentence. Points are ``Decimal``: a half
point lost to binary rounding could cost somebody an award.
"""

import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """The base of every noun, in every room: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """What a file is, told by the sub-folder of the documents folder that holds it."""

    REGULATION = "regulation"
    MEETING = "meeting"
    SCORES = "scores"
    AWARDS = "awards"
    UNITS = "units"


class Status(StrEnum):
    """How far an award has come. The four are different facts and are never mixed."""

    PROPOSED = "đề nghị"
    APPROVED = "thông qua"
    DECIDED = "đã quyết định"
    CANCELLED = "hủy"


class Scorer(StrEnum):
    """Who gave the points. Only the council's count as final where a council scored."""

    SELF = "tự chấm"
    BLOCK = "khối chấm"
    COUNCIL = "Hội đồng thẩm định"


class CriterionKind(StrEnum):
    """How a criterion adds to the total: base and bonus points add, penalty points are negative.

    A veto is a condition: it is met or not, and gives no points.
    """

    BASE = "điểm chuẩn"
    BONUS = "điểm thưởng"
    PENALTY = "điểm trừ"
    VETO = "điều kiện"


class Severity(StrEnum):
    """ERROR: something was not read. WARNING: read, with a doubt. AUDIT: the file contradicts itself."""

    ERROR = "lỗi"
    WARNING = "cảnh báo"
    AUDIT = "đối chiếu"


class Effect(StrEnum):
    """What one text does to another."""

    REPLACES = "thay thế"  # the whole of it ends
    REPEALS = "bãi bỏ"  # parts of it end
    AMENDS = "sửa đổi, bổ sung"  # parts of it read otherwise
    BEGINS = "có hiệu lực"  # parts of the text itself begin on a day of their own
    KEEPS = "chuyển tiếp"  # for some cases the older text goes on
    GUIDES = "quy định chi tiết, hướng dẫn"


class Source(Record):
    """Where a value was read.

    ``file`` is the path inside the documents folder, with ``/``. ``place`` is ``Sheet!B7`` for a
    workbook, ``đoạn 3`` for a report, empty for a whole file. ``quote`` is the sentence or the cell
    text itself.
    """

    file: str
    place: str = ""
    quote: str = ""

    def __str__(self) -> str:
        return f"{self.file}, {self.place}" if self.place else self.file


class Document(Record):
    """A file that was read, or an annex of one: a document of its own under its parent.

    Dates are ``None`` where neither the text nor the register says them. An annex is cited under its
    parent's name, so all but ``path`` ("a.pdf#Phụ lục I"), ``parent`` and ``annex`` is the parent's.
    """

    path: str
    parent: str = ""  # the path of the document that an annex or a form belongs to
    annex: str = ""  # what an annex calls itself: "Phụ lục I. Danh mục biểu mẫu"
    kind: Kind
    title: str
    number: str = ""  # số hiệu, such as "06/2022/QH15"; empty for reports and workbooks
    form: str = ""  # Luật, Nghị định, Thông tư, ...
    issuer: str = ""
    issued: datetime.date | None = None
    effective: datetime.date | None = None
    expires: datetime.date | None = None  # the first day on which it no longer applies
    replaced_by: tuple[str, ...] = ()  # numbers
    amended_by: tuple[str, ...] = ()  # numbers
    checked: str = ""  # how the register's row was checked; empty when read from the text alone
    digest: bool = False  # the file says that it is a digest, not the official wording
    fingerprint: str = ""  # SHA-256 of the file's bytes

    @property
    def name(self) -> str:
        """What a citation calls it: the number of a regulation, the title of anything else."""
        return self.number or self.title


class Place(Record):
    """A citation inside one document.

    Article, clause and point are strings because a law may hold "Điều 12a" and point "đ". ``part``
    names an annex or a form ("Mẫu số 02, Phụ lục I"), whose own numbering restarts.
    """

    part: str = ""
    article: str = ""
    clause: str = ""
    point: str = ""
    paragraph: int = 0  # 1, 2, … in texts that have no articles

    def __str__(self) -> str:
        words = [self.part] if self.part else []
        if self.article:
            words.append(f"Điều {self.article}")
        if self.clause:
            words.append(f"khoản {self.clause}")
        if self.point:
            words.append(f"điểm {self.point}")
        if self.paragraph:
            words.append(f"đoạn {self.paragraph}")
        return (", " if "," in self.part else " ").join(words)

    def holds(self, other: "Place") -> bool:
        """True when ``other`` is this place or lies inside it.

        Điều 1 of a document is not Điều 1 of what it issues: with an article, the part must be equal.
        """
        if self.article and self.part != other.part:
            return False
        return all(
            not mine or mine == theirs
            for mine, theirs in zip(self._key(), other._key(), strict=True)
        )

    def _key(self) -> tuple[str, str, str, str, int]:
        return (self.part, self.article, self.clause, self.point, self.paragraph)


class Passage(Record):
    """A piece of one document, word for word. The passages of a document, in order, are its text.

    ``headings`` (document title, Chương, Mục, Điều) and ``lead`` (the words that open the khoản
    which a điểm belongs to) are searched with the passage and never quoted as part of it.
    """

    document: str  # Document.path
    order: int  # 0, 1, … in the document
    place: Place
    text: str
    headings: tuple[str, ...] = ()
    lead: str = ""
    page: int | None = None
    sure: int | None = None  # read from a picture: how sure OCR was of it, 0–100


class Unit(Record):
    """A member of a block under one name, for a time.

    A renamed unit is two records, linked by ``successor``: its points are one unit's. One that was
    merged into another keeps its points to itself.
    """

    name: str
    aliases: tuple[str, ...] = ()
    block: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None  # the last day of this name
    successor: str = ""  # the name that follows this one
    merged_into: str = ""  # the unit that it became a part of
    source: Source


class Score(Record):
    """Points that one scorer gave one unit for one criterion in one period."""

    unit: str
    block: str = ""
    year: int
    period: str = "cả năm"
    criterion: str  # code, such as "I.1"
    criterion_name: str = ""
    group: str = ""  # code, such as "I"
    group_name: str = ""
    kind: CriterionKind = CriterionKind.BASE
    scorer: Scorer
    points: Decimal  # 0 for a veto, which is its verdict
    max_points: Decimal | None = None  # negative for a penalty
    levels: tuple[Decimal, ...] = ()  # the only points there are, where the scheme lists them
    inverse: bool = False  # less is better; the points are as given all the same
    verdict: str = ""  # "Không đạt", as the cell of a veto says
    reason: str = ""
    source: Source


class Total(Record):
    """A total or a rank as a workbook or a report states it, apart from the sums that we compute.

    ``scorer`` is None where a report does not say who gave the points.
    """

    unit: str
    block: str = ""
    year: int
    period: str = "cả năm"
    scorer: Scorer | None
    points: Decimal | None = None
    rank: int | None = None
    source: Source


class Award(Record):
    """A title or form of commendation at one stage. ``year`` is the year of merit, not of signing."""

    recipient: str  # as written; "" when the text gives only a count
    unit: str = ""  # the unit that received it, or that the person belongs to
    person: str = ""
    title: str
    level: str = ""
    year: int | None = None
    status: Status
    count: int = 1
    decision: str = ""  # số quyết định
    decided_on: datetime.date | None = None
    source: Source


class Fact(Record):
    """One thing that a meeting report says, with the sentence that says it.

    ``inferred`` marks a value that the sentence gives only in part (a date whose year stands in the
    title).
    """

    name: str
    value: str
    source: Source
    inferred: bool = False


class Meeting(Record):
    """What a report says of one meeting. A fact that the text does not say is absent, never guessed.

    Names of facts: ``date``, ``place``, ``block``, ``host``, ``chair``, ``lead_unit``,
    ``deputy_unit``, ``next_lead_unit``, ``next_deputy_unit``, ``members``.
    """

    document: str  # Document.path
    title: str
    kind: str = ""  # sơ kết, tổng kết, ký giao ước, bình xét, chấm điểm, họp Hội đồng
    year: int | None = None  # the year of merit that the meeting is about
    period: str = ""  # "6 tháng đầu năm", "cả năm", …
    date: datetime.date | None = None
    facts: tuple[Fact, ...] = ()

    def fact(self, name: str) -> Fact | None:
        """The fact of that name, or None when the report does not say it."""
        return next((fact for fact in self.facts if fact.name == name), None)


class Reading(Record):
    """What a file was read as, kept so that an unchanged file is not read again: OCR takes minutes.

    ``key`` tells the file's bytes and what read them; ``text`` is JSON of corpus/pieces.py.
    """

    key: str
    text: str


class Problem(Record):
    """Something an administrator should know of a file. Message and remedy are Vietnamese."""

    file: str
    place: str = ""
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR


class Validity(Record):
    """One row of the register: when a regulation applied, and how that was checked."""

    number: str
    title: str = ""
    form: str = ""
    issuer: str = ""
    issued: datetime.date | None = None
    effective: datetime.date | None = None
    expires: datetime.date | None = None
    replaced_by: tuple[str, ...] = ()
    amended_by: tuple[str, ...] = ()
    note: str = ""
    checked: str = ""

    @property
    def unchecked(self) -> bool:
        """True when some of the row rests on recollection or on hearsay."""
        return in_doubt(self.checked)


def in_doubt(checked: str) -> bool:
    """True when a register's words on how a row was checked admit that some of it was not."""
    low = checked.lower()
    return any(word in low for word in ("chưa", "thứ cấp", "nhớ lại", "trừ ", "chỉ "))


class Relation(Record):
    """What the text ``number`` does to the text ``target``, or to parts of it, and who says so.

    ``places`` are the parts of the target; () is the whole, or parts that are not known where the
    effect is AMENDS. ``source`` is the clause that says it, or the row of the register; ``place`` is
    that clause's. ``target`` is "" for a transitional clause that names no older text.
    """

    effect: Effect
    number: str
    target: str
    places: tuple[Place, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None  # the last day
    place: Place = Place()
    source: Source

    def touches(self, place: Place) -> bool:
        """True when the effect is on ``place``, or on something that it holds or that holds it."""
        return not self.places or any(p.holds(place) or place.holds(p) for p in self.places)

    def covers(self, place: Place) -> bool:
        """True when all of ``place`` is affected."""
        return any(p.holds(place) for p in self.places)


class Corpus(Record):
    """Everything that one documents folder holds, and every problem found in reading it."""

    documents: tuple[Document, ...] = ()
    passages: tuple[Passage, ...] = ()
    units: tuple[Unit, ...] = ()
    scores: tuple[Score, ...] = ()
    totals: tuple[Total, ...] = ()
    awards: tuple[Award, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    validities: tuple[Validity, ...] = ()
    relations: tuple[Relation, ...] = ()
    problems: tuple[Problem, ...] = ()
    readings: tuple[Reading, ...] = ()
