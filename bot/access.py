"""Who may see what: one rule for passages and for rows.

Regulations, reports, decided awards and the names of things are open to every member, unless the
office's table (``access.csv``, read by ``corpus/rules.py``) says otherwise of a document. Points are
a unit's own: its members see them, who leads the block sees those of the block, and everybody sees
a block's when the table opens them. An office that has no table has not divided its points: whoever it
lists in the settings sees them all. What is not yet decided about an award is seen by the head of
the unit and who leads the block. An administrator sees everything.

A finding is shown when all that it says may be seen. One that this file does not know is shown to
administrators only, so that a new kind of finding is closed until somebody has thought about it.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from bot.answer import OF_REGULATIONS, Answer, AnswerKind, Caution, Caveat
from bot.finding import (
    Absence,
    Agreement,
    Awards,
    Change,
    Changes,
    Comparison,
    Criteria,
    CriterionPoints,
    Deductions,
    Finality,
    Finding,
    Gap,
    Gaps,
    Lack,
    Mean,
    MeetingFacts,
    MeetingList,
    Members,
    Names,
    Offices,
    Points,
    Ranking,
    Series,
)
from bot.question import Topic
from corpus import Audience, Award, Kind, Record, Rule, Source, Status, plain_block
from index import Index


class Role(StrEnum):
    """What somebody is to the bot, the least first."""

    CADRE = "cadre"
    LEADER = "leader"  # the head of a unit, or who signs for it
    BLOCK_LEAD = "block_lead"
    ADMINISTRATOR = "administrator"


class Viewer(Record):
    """Who asks: what they are, and the unit they belong to ("" for none)."""

    role: Role = Role.CADRE
    unit: str = ""
    listed: bool = False  # named in the settings, not invited with a role and a unit
    everybody: bool = False  # the settings let everybody ask

    def among_others(self) -> "Viewer":
        """Who asks where others read along: what only some may see is not told there."""
        return Viewer(listed=self.everybody, everybody=self.everybody)


EVERYTHING = Viewer(role=Role.ADMINISTRATOR)  # the terminal: who has the files has the data
_CRITERIA = (Lack.CRITERION, Lack.RECORD, Lack.PERIOD)
_POINTS = {Topic.POINTS, Topic.RANKING, Topic.CHANGE, Topic.DEDUCTION}


class Closed(Exception):
    """What a finding says may not be seen: why, and of what."""

    def __init__(self, lack: Lack, *about: str):
        super().__init__(lack)
        self.absence = Absence(lack=lack, about=about)


class Sight:
    """What one viewer may see of one index, under the rules of the office."""

    def __init__(self, viewer: Viewer, rules: Sequence[Rule], index: Index):
        self._viewer, self._rules, self._lookup = viewer, rules, index.lookup
        self._undivided = viewer.listed and not rules
        self._kinds = {path: document.kind for path, document in index.documents.items()}
        self._own = self._lookup.current_name(viewer.unit) if viewer.unit else ""
        self._blocks = self._blocks_of(self._own) if self._own else frozenset()
        self.hidden = frozenset(path for path in index.documents if not self.document(path))

    @property
    def everything(self) -> bool:
        """True for who sees all there is."""
        return self._viewer.role is Role.ADMINISTRATOR

    def document(self, path: str) -> bool:
        """Whether a document may be seen; the last rule that speaks of it counts."""
        rule = next((r for r in reversed(self._rules) if r.covers(path)), None)
        return self.everything or rule is None or self._among(rule.audience, rule.block)

    def audience(self, path: str) -> str:
        """To whom a document is open, in words."""
        rule = next((r for r in reversed(self._rules) if r.covers(path)), None)
        return rule.audience.value if rule else Audience.MEMBERS.value

    def points(self, unit: str, year: int) -> bool:
        """Whether a unit's points of a year may be seen."""
        return self.everything or self._is_own(unit) or self.rank(unit, year)

    def rank(self, unit: str, year: int) -> bool:
        """Whether a unit's rank of a year may be seen: it is a word on the others' points."""
        if self._undivided:
            return True
        blocks = {block for of, block in self._lookup.blocks(unit) if of == year}
        return bool(blocks) and all(self.block(block, year) for block in blocks)

    def block(self, block: str, year: int) -> bool:
        """Whether all points of a block in a year may be seen; "" is every block of that year."""
        if self.everything or self._undivided:
            return True
        if not block:
            blocks = {b for y, b, _, _ in self._lookup.tables() if y == year and b}
            return bool(blocks) and all(self.block(one, year) for one in blocks)
        if self._viewer.role is Role.BLOCK_LEAD and plain_block(block) in self._blocks:
            return True
        rule = next((r for r in reversed(self._rules) if r.opens(block, year)), None)
        return rule is not None and self._among(rule.audience, block)

    def award(self, award: Award) -> bool:
        """Whether an award may be seen at its stage; a report's reader may read its proposals."""
        if self.everything:
            return True
        if award.source.file in self.hidden:
            return False
        reported = self._kinds.get(award.source.file) is Kind.MEETING
        if award.status is Status.DECIDED or reported or self._undivided:
            return True
        unit = award.unit or award.recipient
        if self._is_own(unit) and self._viewer.role is not Role.CADRE:
            return True
        blocks = self._blocks_of(self._lookup.current_name(unit))
        if self._viewer.role is Role.BLOCK_LEAD and blocks & self._blocks:
            return True
        return award.year is not None and any(self.block(block, award.year) for block in blocks)

    def _is_own(self, unit: str) -> bool:
        return bool(self._own) and self._lookup.current_name(unit) == self._own

    def _blocks_of(self, unit: str) -> frozenset[str]:
        """The blocks that a unit is or was a member of, as they are compared."""
        names = self._lookup.names_of(unit)
        of_units = {u.block for u in self._lookup.units() if u.name in names}
        of_points = {block for _, block in self._lookup.blocks(unit)}
        return frozenset(plain_block(block) for block in of_units | of_points if block)

    def _among(self, audience: Audience, block: str) -> bool:
        role = self._viewer.role
        inside = plain_block(block) in self._blocks if block else bool(self._own)
        match audience:
            case Audience.MEMBERS:
                return True
            case Audience.BLOCK:
                return inside
            case Audience.LEADERS:
                return inside and role in (Role.LEADER, Role.BLOCK_LEAD)
            case Audience.BLOCK_LEADS:
                return inside and role is Role.BLOCK_LEAD
            case Audience.ADMINISTRATORS:
                return False


def permitted(answer: Answer, sight: Sight) -> Answer:
    """The answer as the viewer may see it: whole, without what is not theirs to see, or refused with
    the reason."""
    if sight.everything:
        return answer
    try:
        findings = tuple(_seen(finding, sight) for finding in answer.findings)
        _check_absence(answer, sight)
    except Closed as closed:
        return refused(answer, closed.absence)
    warnings = answer.warnings
    if _lacks_awards(answer.findings, findings):
        warnings = (*warnings, Caveat(caution=Caution.WITHHELD))
    return answer.model_copy(update={"findings": findings, "warnings": warnings})


def refused(answer: Answer, absence: Absence) -> Answer:
    """In place of an answer that is there and may not be seen."""
    return Answer(kind=AnswerKind.NOT_FOUND, question=answer.question, absence=absence)


def beyond(answer: Answer, sight: Sight) -> Absence | None:
    """Why the viewer may not see what an answer from all documents rests on; None when they may."""
    files = [c.document.path for c in answer.citations[:1]]
    files += [f.document.path for f in answer.findings if isinstance(f, MeetingFacts)]
    files += [a.source.file for f in answer.findings if isinstance(f, Awards) for a in f.awards]
    hidden = [path for path in files if path in sight.hidden]
    if answer.kind is AnswerKind.NOT_FOUND or not hidden:
        return None
    return Absence(lack=Lack.CLOSED_DOCUMENT, about=(sight.audience(hidden[0]),))


def _check_absence(answer: Answer, sight: Sight) -> None:
    """That something is *not* in another unit's table is also a word on its points."""
    question, absence = answer.question, answer.absence
    if absence is None or absence.lack not in _CRITERIA or not question.topics & _POINTS:
        return
    for unit in question.units:
        for year in question.years:
            _need_points(unit, [year], sight)


def _lacks_awards(before: Iterable[Finding], after: Iterable[Finding]) -> bool:
    return any(
        isinstance(old, Awards) and isinstance(new, Awards) and len(old.awards) > len(new.awards)
        for old, new in zip(before, after, strict=True)
    )


def _seen(finding: Finding, sight: Sight) -> Finding:
    """The finding as it may be seen. Raises Closed."""
    match finding:
        case Points():
            return _points(finding, sight)
        case Series():
            return _series(finding, sight)
        case CriterionPoints() | Gap():
            sources = (
                finding.sources if isinstance(finding, Gap) else [s.source for s in finding.scores]
            )
            _need_points(finding.unit, [finding.year], sight, sources)
        case Change():
            years = [finding.before_year, finding.after_year]
            _need_points(finding.unit, years, sight, finding.sources)
        case Agreement():
            _need_points(finding.unit, [finding.year], sight, [finding.source])
        case Gaps():
            for gap in finding.gaps:
                _seen(gap, sight)
        case Changes():
            for change in finding.changes:
                _seen(change, sight)
        case Deductions():
            if finding.unit and not finding.spared:
                _need_points(finding.unit, [finding.year], sight, [finding.source])
            else:
                _need_block("", finding.year, sight, finding.source)
        case Ranking() | Comparison() | Mean() | Finality():
            _need_block(finding.block, finding.year, sight, finding.source)
        case Awards():
            return _awards(finding, sight)
        case Criteria() | Members():
            _need_source(finding.source, sight)
        case MeetingFacts() | MeetingList() | Offices() | Names():
            pass  # of documents that may be seen: the index without the others was asked
        case finding if isinstance(finding, OF_REGULATIONS):
            pass  # of documents that may be seen: the index without the others was asked
        case _:
            raise Closed(Lack.CLOSED_CHECKS)
    return finding


def _points(finding: Points, sight: Sight) -> Points:
    sources = [*(s for _, s in finding.sources), *(c.source for c in finding.conditions)]
    _need_points(finding.unit, [finding.year], sight, sources)
    if sight.rank(finding.unit, finding.year):
        return finding
    stated = tuple(total.model_copy(update={"rank": None}) for total in finding.stated)
    return finding.model_copy(
        update={"rank": 0, "members": 0, "shared": False, "stated": stated}
    )  # fmt: skip


def _series(finding: Series, sight: Sight) -> Series:
    rows = []
    for row in finding.rows:
        _need_points(finding.unit, [row.year], sight, [row.source])
        ranked = sight.rank(finding.unit, row.year)
        rows.append(row if ranked else row.model_copy(update={"rank": 0, "members": 0}))
    return finding.model_copy(update={"rows": tuple(rows)})


def _awards(finding: Awards, sight: Sight) -> Awards:
    shown = tuple(filter(sight.award, finding.awards))
    people = tuple(filter(sight.award, finding.of_people))
    if not shown and not people and (finding.awards or finding.of_people):
        raise Closed(Lack.CLOSED_AWARDS)
    return finding.model_copy(update={"awards": shown, "of_people": people})


def _need_points(
    unit: str, years: Sequence[int], sight: Sight, sources: Iterable[Source] = ()
) -> None:
    for year in years:
        if not sight.points(unit, year):
            raise Closed(Lack.CLOSED_POINTS, unit, str(year))
    for source in sources:
        _need_source(source, sight)


def _need_block(block: str, year: int, sight: Sight, source: Source) -> None:
    if not sight.block(block, year):
        raise Closed(Lack.CLOSED_POINTS, block, str(year))
    _need_source(source, sight)


def _need_source(source: Source, sight: Sight) -> None:
    if source.file in sight.hidden:
        raise Closed(Lack.CLOSED_DOCUMENT, sight.audience(source.file))
