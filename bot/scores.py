"""Questions about points → findings. Every figure is summed in Decimal from cells."""

import itertools
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from bot.finding import (
    Absence,
    Audited,
    Bound,
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
    Members,
    Names,
    Points,
    Ranking,
    Series,
    YearPoints,
)
from bot.periods import number_word
from bot.question import Question, Topic
from corpus import CriterionKind, Score, Scorer, Severity, Source, fold
from index import WHOLE_YEAR, Criterion, Lookup, Standing, between, terms

_ABOUT = frozenset({Topic.POINTS, Topic.RANKING, Topic.CHANGE, Topic.DEDUCTION, Topic.AUDIT})
_LOSSES = re.compile(
    r"mat diem|mat o dau|(?:chua|khong) (?:dat|duoc)|bi mat|thieu diem|duoi (?:diem |muc )?toi da"
)
_OWN_RANK = re.compile(r"\b(?:thu|hang) may\b")  # "xếp thứ mấy" asks of one unit, not of all
# A block that a question names: by a number, or by whom it unites.
_BLOCK = re.compile(
    r"\b(?:khoi|cum)(?: thi dua(?: so)?| so) (\d{1,2}|[ivx]+)\b|\b(?:khoi|cum)(?: thi dua)? cac (?!don vi)(\w+)(?: \w+)?"
)
_ALL_YEARS = re.compile(
    r"cac nam|qua (?:cac|tung) nam|tung nam|hang nam|moi nam|theo nam|nam nao|nhiem ky"
    r"|(?:nhung|may|cac) lan|lan nao|tu truoc den nay"
)
_COMPARED = re.compile(
    r"\bhon\b(?! nua)|\bkem\b|chenh|so sanh|so voi|khac nhau|cach nhau|doi chieu|ngang nhau"
)
_MEAN = re.compile(r"trung binh|binh quan")
_FINAL = re.compile(
    r"(?:da |la |co )?(?:diem |ket qua )?(?:chot|chinh thuc|cuoi cung|tam tinh|du kien)\b.*(?:chua|hay|khong|phai)"
)
_SPARED = re.compile(r"khong (?:he )?(?:bi tru|co diem tru|mat diem)")
_MEMBERS = re.compile(
    r"\b(?:khoi|cum|bang diem)\b.{0,30}(?:bao nhieu|may|nhung|cac) (?:don vi|thanh vien)|(?:bao nhieu|may|nhung|danh sach)(?: cac)? (?:don vi|thanh vien) (?:trong|thuoc|cua) (?:khoi|cum|bang)"
)
_CRITERIA = re.compile(
    r"(?:nhung|cac|bao nhieu|may|gom|danh sach) (?:nhom )?tieu chi(?! xet| de |.{0,30}(?:cao nhat|don vi nao))"
)
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_BOUNDS = (  # above, including
    (True, True, rf"(?:tu|dat|it nhat) {_NUMBER} diem tro len|khong (?:duoi|kem|it hon) {_NUMBER}"),
    (False, True, rf"{_NUMBER} diem tro xuong|khong (?:qua|tren|vuot|hon) {_NUMBER}"),
    (True, False, rf"(?:tren|hon|vuot|qua) {_NUMBER}(?: diem)?\b(?! don vi)"),
    (False, False, rf"(?:duoi|chua den|chua dat|chua toi|it hon|kem) {_NUMBER}(?: diem)?\b"),
)
_PLACE = re.compile(
    r"\b(?:thu|hang)(?: hang)? (\d{1,2}|nhi|hai|ba|tu|bon|nam(?! \d)|sau|bay|tam|chin|muoi)\b"
)
_ORDINALS = {"nhi": 2, "tu": 4}
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
}
# Words that tell no criterion from another: a name made of them alone must be called a group.
_COMMON = frozenset("thi dua khen thuong cong tac phong trao".split())
_CALLED = re.compile(r"\b(?:nhom|phan|mang|tieu chi|noi dung|linh vuc|muc)\b")
_NAMED_CRITERION = re.compile(
    r"\btieu chi (?!nao|gi\b|cao|thap|mat|chua|bi\b|nay|do\b|cua|thi dua|nam|duoc|co\b|la\b|so\b)"
    r"([^\W\d_]+(?: [^\W\d_]+){0,5})"
)


class _Table(NamedTuple):
    """One ranking: a block in a period of a year, and who scored it."""

    year: int
    block: str
    period: str
    scorers: tuple[Scorer, ...]

    @property
    def final(self) -> Scorer:
        """The scorer whose points count: the council where it scored, else the block, else the unit."""
        return next(s for s in (Scorer.COUNCIL, Scorer.BLOCK, Scorer.SELF) if s in self.scorers)

    def scorer(self, question: Question) -> Scorer:
        """The scorer that a question wants."""
        return next((s for s in question.scorers if s in self.scorers), self.final)


_Found = list[Finding] | Absence | None


def answer_scores(question: Question, lookup: Lookup) -> list[Finding] | Absence:
    """Findings for a question about points, or why there are none."""
    if Topic.AUDIT in question.topics:
        return _audited(question, lookup)
    if not lookup.score_years():
        return Absence(lack=Lack.YEAR)
    if absence := _foreign(question, lookup):
        return absence
    if _unknown_named(question):
        return _unknown(question, lookup)
    years = _years(question, lookup)
    if isinstance(years, Absence):
        return years
    if absence := _no_period(question, lookup, years):
        return absence
    for want in _OF_UNITS if question.units else _OF_BLOCKS:
        if found := want(question, lookup, years):
            return found
    raise AssertionError("the last of each list always answers")


def answer_names(question: Question, lookup: Lookup) -> list[Finding] | Absence:
    """The former and present names of a unit."""
    if not question.units:
        return _unknown(question, lookup)
    found: list[Finding] = []
    for unit in question.units:
        names = set(lookup.names_of(unit))
        records = [u for u in lookup.units() if u.name in names]
        found.append(Names(units=tuple(sorted(records, key=lambda u: str(u.since or "")))))
    return found


def about_scores(question: Question) -> bool:
    """True when the words of a question point at points."""
    if question.topics & _ABOUT or asks_members(question):
        return True
    if question.years and _asks_criteria(question):
        return True
    beside = len(question.units) > 1 and _COMPARED.search(question.folded)
    return bool(beside or (question.units and _MEAN.search(question.folded)))


# --- what there is not ----------------------------------------------------------------------------


def _unknown_named(question: Question) -> bool:
    """True when what is asked hangs on an organisation that no record knows."""
    if not question.strangers:
        return False
    if question.units:
        return bool(_COMPARED.search(question.folded))
    return Topic.RANKING not in question.topics or bool(_OWN_RANK.search(question.folded))


def _unknown(question: Question, lookup: Lookup) -> Absence:
    known = dict.fromkeys(lookup.current_name(unit.name) for unit in lookup.units())
    return Absence(lack=Lack.UNIT, about=question.strangers, exists=tuple(known))


def _foreign(question: Question, lookup: Lookup) -> Absence | None:
    """A province that the records do not name makes it another unit, however alike the names."""
    blocks = " ".join((*lookup.score_blocks(), *(u.name for u in lookup.units())))
    foreign = [p for p in question.provinces if fold(p) not in fold(blocks)]
    if foreign:
        return Absence(lack=Lack.PROVINCE, about=tuple(foreign), exists=lookup.score_blocks())
    words = set(re.findall(r"\w+", fold(blocks)))
    other = [
        question.whole[m.start() : m.end()]
        for m in _BLOCK.finditer(question.folded)
        if (m[1] or m[2]) not in words
    ]
    if other and not question.units:
        return Absence(lack=Lack.PROVINCE, about=tuple(other), exists=lookup.score_blocks())
    return None


def _years(question: Question, lookup: Lookup) -> list[int] | Absence:
    held = lookup.score_years()
    if not question.years:
        every = _ALL_YEARS.search(question.folded) or (
            Topic.CHANGE in question.topics and question.units
        )
        return list(held) if every else [_newest(question, lookup, held)]
    wanted = [year for year in question.years if year in held]
    if not wanted:
        return Absence(
            lack=Lack.YEAR,
            about=tuple(map(str, question.years)),
            exists=tuple(map(str, held)),
        )
    return wanted


def _newest(question: Question, lookup: Lookup, held: Sequence[int]) -> int:
    """The last year with points; of units that were merged into others, the last of theirs."""
    gone = {unit.name for unit in lookup.units() if unit.merged_into}
    if question.units and gone.issuperset(question.units):
        own = [score.year for score in lookup.scores(question.units)]
        return max(own, default=held[-1])
    return held[-1]


def _no_period(question: Question, lookup: Lookup, years: Sequence[int]) -> Absence | None:
    """A part of the year that no table is of."""
    if not question.period:
        return None
    held = [table for table in lookup.tables() if table[0] in years]
    if any(period == question.period for _, _, period, _ in held):
        return None
    exists = dict.fromkeys(f"{period} {year}" for year, _, period, _ in held)
    about = (question.period, *map(str, years))
    return Absence(lack=Lack.PERIOD, about=about, exists=tuple(exists))


def _no_member(lookup: Lookup, unit: str, year: int) -> Absence:
    years = sorted({score.year for score in lookup.scores(lookup.names_of(unit))})
    if not years:
        members = {s.unit: None for t in lookup.tables() for s in lookup.standings(t[0], t[3])}
        return Absence(lack=Lack.MEMBER, about=(unit,), exists=tuple(members))
    return Absence(lack=Lack.YEAR, about=(unit, str(year)), exists=tuple(map(str, years)))


# --- tables ---------------------------------------------------------------------------------------


def _tables(
    question: Question, lookup: Lookup, year: int, units: Sequence[str] = ()
) -> list[_Table]:
    """The tables of a year that a question may mean: of the block it names, or that its units are
    in; of the period it names, else of the whole year, else all."""
    blocks = _blocks(question, lookup)
    scorers: dict[tuple[str, str], list[Scorer]] = {}
    for of, block, period, scorer in lookup.tables():
        if of == year and block in blocks:
            scorers.setdefault((block, period), []).append(scorer)
    found = [_Table(year, *key, tuple(given)) for key, given in scorers.items()]
    if units:
        found = [t for t in found if set(units) & {s.unit for s in _standings(lookup, t)}]
    wanted = question.period or (WHOLE_YEAR if any(t.period == WHOLE_YEAR for t in found) else "")
    return [t for t in found if not wanted or t.period == wanted]


def _blocks(question: Question, lookup: Lookup) -> Sequence[str]:
    """The blocks a question may mean: those whose name it speaks, else all."""
    blocks = lookup.score_blocks()
    asked = set(terms(question.folded))
    if len(blocks) < 2:
        return blocks
    share = {b: sum(t in asked for t in terms(b) if "_" in t) for b in blocks}
    best = max(share.values())
    return [b for b in blocks if share[b] == best]


def _standings(
    lookup: Lookup, table: _Table, scorer: Scorer | None = None, by: "_By | None" = None
) -> list[Standing]:
    return lookup.standings(
        table.year, scorer or table.final, table.block, table.period,
        by.criterion if by else "", by.group if by else "",
    )  # fmt: skip


def _cells(lookup: Lookup, table: _Table, scorer: Scorer) -> Source:
    return lookup.cells(table.year, scorer, table.block, table.period)


def _own(lookup: Lookup, unit: str, table: _Table) -> list[Score]:
    """All cells of points of one unit in a table."""
    return [s for s in _cells_of(lookup, unit, table) if s.kind is not CriterionKind.VETO]


def _conditions(lookup: Lookup, unit: str, table: _Table) -> list[Score]:
    """What the table says of the conditions that one unit must meet."""
    return [s for s in _cells_of(lookup, unit, table) if s.kind is CriterionKind.VETO]


def _cells_of(lookup: Lookup, unit: str, table: _Table) -> list[Score]:
    scores = lookup.scores(lookup.names_of(unit), [table.year])
    return [s for s in scores if (s.block, s.period) == (table.block, table.period)]


def _current(question: Question, lookup: Lookup) -> list[str]:
    return list(dict.fromkeys(lookup.current_name(unit) for unit in question.units))


def _sum(scores: Sequence[Score]) -> Decimal:
    return sum((s.points for s in scores), Decimal(0))


def mean_of(standings: Sequence[Standing]) -> Decimal:
    """The mean: exact where four decimals hold it, else to hundredths, half up as people round."""
    mean = sum((s.points for s in standings), Decimal(0)) / len(standings)
    exact = mean.quantize(Decimal("0.0001"))
    return exact if exact == mean else mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- of units -------------------------------------------------------------------------------------


def _gap(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    """How far two scorers are apart."""
    if not question.scorers or not _COMPARED.search(question.folded) or len(question.units) > 1:
        return None
    if len(years) > 1 and Topic.CHANGE in question.topics:
        return None
    found: list[Finding] = []
    for unit, year in itertools.product(_current(question, lookup), years):
        for table in _tables(question, lookup, year, [unit]):
            first = question.scorers[0]
            others = [
                s for s in (*question.scorers[1:], table.final, Scorer.SELF) if s is not first
            ]
            second = next((s for s in others if s in table.scorers), None)
            if second is None or first not in table.scorers:
                continue
            own = _own(lookup, unit, table)
            one, two = ({s.criterion: s for s in own if s.scorer is x} for x in (first, second))
            differing = [
                (one[c], two[c]) for c in one if c in two and one[c].points != two[c].points
            ]
            found.append(
                Gap(
                    unit=unit, year=year, period=table.period, first=first, second=second,
                    given=(_sum([*one.values()]), _sum([*two.values()])),
                    differing=tuple(differing),
                    sources=(span([*one.values()]), span([*two.values()])),
                )
            )  # fmt: skip
    return found or None


def _against_mean(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    if not _MEAN.search(question.folded):
        return None
    units = _current(question, lookup)
    found: list[Finding] = []
    for year in years:
        for table in _tables(question, lookup, year, units):
            scorer = table.scorer(question)
            standings = _standings(lookup, table, scorer)
            found.append(
                Mean(
                    block=table.block, year=year, period=table.period, scorer=scorer, final=table.final,
                    mean=mean_of(standings), members=len(standings),
                    rounded=mean_of(standings) * len(standings) != sum(s.points for s in standings),
                    highest=standings[0], lowest=standings[-1],
                    units=tuple(s for s in standings if s.unit in units),
                    source=_cells(lookup, table, scorer),
                )
            )  # fmt: skip
    return found or None


def _versus(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    units = _current(question, lookup)
    asked = _COMPARED.search(question.folded) or re.search(
        r"(?:don vi|ai|ben) nao", question.folded
    )
    if len(units) < 2 or not asked:
        return None
    found: list[Finding] = []
    for year in years:
        for table in _tables(question, lookup, year, units):
            scorer = table.scorer(question)
            standings = [s for s in _standings(lookup, table, scorer) if s.unit in units]
            if len(standings) < 2:
                continue
            sums = [_groups(_own(lookup, s.unit, table), scorer) for s in standings]
            names = {code: g[0] or code for one in sums for code, g in one.items()}
            groups = [
                (name, tuple(one[code][2] for one in sums))
                for code, name in names.items()
                if all(code in one for one in sums)
            ]
            found.append(
                Comparison(
                    block=table.block, year=year, period=table.period, scorer=scorer, final=table.final,
                    standings=tuple(standings), members=len(_standings(lookup, table, scorer)),
                    groups=tuple(groups), source=_cells(lookup, table, scorer),
                )
            )  # fmt: skip
    if found:
        return found
    absent = next((u for u in units if not lookup.scores(lookup.names_of(u), years)), "")
    return _no_member(lookup, absent, years[-1]) if absent else None


# "Xếp thứ mấy, vì sao bị trừ điểm": the points and the rank are asked for besides.
_HOW_MANY = re.compile(
    r"\b(?:xep|dung) (?:thu|hang)|\bhang may|thu may\b|\b(?:duoc|dat) (?:bao nhieu|may) diem"
)


def _of_each(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    """Each unit in each year by itself."""
    absences: list[Absence] = []
    findings: list[Finding] = []
    for unit, year in itertools.product(_current(question, lookup), years):
        tables = _tables(question, lookup, year, [unit])
        if not tables:
            absences.append(_no_member(lookup, unit, year))
        for table in tables:
            one = _one(question, lookup, unit, table)
            if isinstance(one, Deductions) and _HOW_MANY.search(question.folded):
                own = _own(lookup, unit, table)
                findings.append(_points(question, lookup, unit, table, own))
            (absences if isinstance(one, Absence) else findings).append(one)  # type: ignore[arg-type]
    return findings or absences[0]


def _one(question: Question, lookup: Lookup, unit: str, table: _Table) -> Finding | Absence:
    scores = _own(lookup, unit, table)
    by = _asked_criteria(question, lookup, table)
    if isinstance(by, Absence):
        return by
    if by:
        return _criterion(unit, table, by, scores, _conditions(lookup, unit, table))
    if Topic.DEDUCTION in question.topics:
        return _deductions(question, unit, table, scores)
    return _points(question, lookup, unit, table, scores)


def _series(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    """A unit over the years, or its best year."""
    best = bool(re.search(r"\bnam nao\b", question.folded)) * question.top
    if Topic.DEDUCTION in question.topics or _criterion_said(question, lookup, years[-1]):
        return None
    if len(years) < 2 and not best:
        return None
    if best and not question.years:
        years = lookup.score_years()
    found: list[Finding] = []
    for unit in _current(question, lookup):
        rows = []
        for year in years:
            for table in _tables(question, lookup, year, [unit]):
                scorer = table.scorer(question)
                standings = _standings(lookup, table, scorer)
                rows += [
                    YearPoints(
                        year=year, period=table.period, scorer=scorer, points=s.points,
                        rank=s.rank, members=len(standings), recorded_as=s.recorded_as,
                        source=lookup.cells(year, scorer, table.block, table.period, unit=unit),
                    )
                    for s in standings
                    if s.unit == unit
                ]  # fmt: skip
        if rows:
            found.append(Series(unit=unit, rows=tuple(rows), best=best))
    return found or _no_member(lookup, _current(question, lookup)[0], years[-1])


def _final(scores: Sequence[Score]) -> Scorer:
    given = {score.scorer for score in scores}
    return next(s for s in (Scorer.COUNCIL, Scorer.BLOCK, Scorer.SELF) if s in given)


def _groups(
    scores: Sequence[Score], scorer: Scorer
) -> dict[str, tuple[str, CriterionKind, Decimal]]:
    """Points by group: code → name, kind, points."""
    groups: dict[str, tuple[str, CriterionKind, Decimal]] = {}
    for score in scores:
        if score.scorer is scorer:
            name, kind, points = groups.get(score.group, (score.group_name, score.kind, Decimal(0)))
            groups[score.group] = (name, kind, points + score.points)
    return groups


def _points(
    question: Question, lookup: Lookup, unit: str, table: _Table, scores: Sequence[Score]
) -> Points:
    final = _final(scores)
    sums = {s: _sum([x for x in scores if x.scorer is s]) for s in Scorer
            if any(x.scorer is s for x in scores)}  # fmt: skip
    standings = _standings(lookup, table, final)
    own = next((s for s in standings if s.unit == unit), None)
    names = lookup.names_of(unit)
    stated = [t for t in lookup.totals(names, [table.year])
              if t.scorer is final and t.period == table.period]  # fmt: skip
    return Points(
        unit=unit, recorded_as=scores[0].unit, block=table.block, year=table.year,
        period=table.period, sums=tuple(sums.items()), final=final,
        rank=own.rank if own else 0, shared=own.shared if own else False, members=len(standings),
        groups=tuple((code, *value) for code, value in _groups(scores, final).items()),
        maxima=_maxima(scores, final), stated=tuple(stated), asked=question.scorers,
        conditions=tuple(_conditions(lookup, unit, table)),
        sources=tuple((s, span([x for x in scores if x.scorer is s])) for s in sums),
    )  # fmt: skip


def _maxima(scores: Sequence[Score], scorer: Scorer) -> tuple[tuple[str, Decimal], ...]:
    """The most that each group can give, where every criterion of it says so; penalties give none."""
    most: dict[str, Decimal | None] = {}
    for score in scores:
        if score.scorer is scorer and score.kind is not CriterionKind.PENALTY:
            known = most.get(score.group, Decimal(0))
            limit = score.max_points
            most[score.group] = None if known is None or limit is None else known + limit
    return tuple((code, points) for code, points in most.items() if points is not None)


def span(scores: Sequence[Score]) -> Source:
    """One source for several cells: "Năm 2021!G2:G13"."""
    return between(scores[0].source, scores[-1].source)


def _deductions(
    question: Question, unit: str, table: _Table, scores: Sequence[Score]
) -> Deductions:
    final = _final(scores)
    mine = [s for s in scores if s.scorer is final]
    penalties = tuple(s for s in mine if s.kind is CriterionKind.PENALTY and s.points < 0)
    losses: tuple[Score, ...] = ()
    why = "tru" not in question.folded.split()
    if (_LOSSES.search(question.folded) or why) and "diem tru" not in question.folded:
        losses = tuple(
            s for s in mine
            if s.kind is CriterionKind.BASE and s.max_points is not None and s.points < s.max_points
        )  # fmt: skip
    looked = [s for s in mine if s.kind is CriterionKind.PENALTY] or mine
    return Deductions(
        unit=unit, year=table.year, scorer=final, penalties=penalties, losses=losses,
        source=span(looked),
    )  # fmt: skip


# --- criteria -------------------------------------------------------------------------------------


class _By(NamedTuple):
    """A criterion or a group that a question names."""

    criterion: str
    group: str
    name: str
    most: Decimal | None = None

    @property
    def label(self) -> str:
        return self.name if self.name == self.code else f"{self.code} {self.name}".strip()

    @property
    def code(self) -> str:
        return self.criterion or self.group


def _plain_code(code: str) -> tuple[str, ...]:
    """Codes that differ in writing alone are equal: "IV.2" and "4.2"."""
    parts = re.split(r"[.\s]+", fold(code).strip(" .)"))
    return tuple(str(_ROMAN.get(part, part)) for part in parts if part)


def _asked_criteria(question: Question, lookup: Lookup, table: _Table) -> _By | Absence | None:
    """The criterion or group that is named, None for none, or what there is instead."""
    held = [c for c in lookup.criteria(table.year) if c.block == table.block]
    exists = tuple(dict.fromkeys(f"{c.code} {c.name}".strip() for c in held))
    if question.criterion:
        code = _plain_code(question.criterion)
        for one in held:
            if _plain_code(one.code) == code:
                return _By(one.code, "", one.name, one.max_points)
        for one in held:
            if one.group and _plain_code(one.group) == code:
                return _By("", one.group, one.group_name)
        about = (question.criterion, str(table.year))
        return Absence(lack=Lack.CRITERION, about=about, exists=exists)
    if by := _by_name(question, held):
        return by
    if (
        named := _NAMED_CRITERION.search(question.besides)
    ) and Topic.DEDUCTION not in question.topics:
        words = question.whole[named.start(1) : named.end(1)]
        words = re.sub(r"(?: (?:của|được|là|thì|năm|có|mấy|bao|nhiêu|điểm))+$", "", words)
        about = (f"“{words}”", str(table.year))
        if len(question.whole) == len(question.besides):
            return Absence(lack=Lack.CRITERION, about=about, exists=exists)
    return None


def _criterion_said(question: Question, lookup: Lookup, year: int) -> bool:
    return bool(question.criterion or _by_name(question, lookup.criteria(year)))


def _by_name(question: Question, held: Sequence[Criterion]) -> _By | None:
    """The criterion or group most of whose name a question says."""
    asked = set(terms(question.besides))
    called = bool(_CALLED.search(question.besides))
    best: tuple[float, int, _By | None] = (0.0, 0, None)
    tied = False
    for one in held:
        for by in (_By("", one.group, one.group_name), _By(one.code, "", one.name, one.max_points)):
            pairs = [t for t in terms(by.name) if "_" in t]
            said = sum(t in asked for t in pairs)
            if not said or (by.group and Topic.DEDUCTION in question.topics):
                continue
            if set(fold(by.name).replace(",", "").split()) <= _COMMON and not called:
                continue
            share = said / len(pairs)
            least = 0.75 if by.group and not called else 0.5
            if share < least or (said < 2 and share < 1):
                continue
            if (share, said) > best[:2]:
                best, tied = (share, said, by), False
            elif (share, said) == best[:2] and by != best[2]:
                tied = True
    return None if tied else best[2]


def _criterion(
    unit: str, table: _Table, by: _By, scores: Sequence[Score], conditions: Sequence[Score]
) -> CriterionPoints:
    if by.criterion:
        wanted = [s for s in (*scores, *conditions) if s.criterion == by.criterion]
        return CriterionPoints(unit=unit, year=table.year, period=table.period, scores=tuple(wanted),
                               final=_final(scores))  # fmt: skip
    judged = [s for s in conditions if s.group == by.group]
    wanted = [s for s in scores if s.group == by.group]
    if not wanted:  # a group of conditions alone: there is no sum to tell
        return CriterionPoints(unit=unit, year=table.year, period=table.period,
                               scores=tuple(judged), final=_final(scores))  # fmt: skip
    sums = {s: _sum([x for x in wanted if x.scorer is s]) for s in Scorer
            if any(x.scorer is s for x in wanted)}  # fmt: skip
    return CriterionPoints(
        unit=unit, year=table.year, period=table.period, scores=(*wanted, *judged), group=by.label,
        sums=tuple(sums.items()), final=_final(scores),
    )  # fmt: skip


# --- of blocks ------------------------------------------------------------------------------------


def _finality(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    if not _FINAL.search(question.folded):
        return None
    found: list[Finding] = []
    for year in years:
        for table in _tables(question, lookup, year, _current(question, lookup)):
            scored = [(s, len(_standings(lookup, table, s))) for s in Scorer if s in table.scorers]
            found.append(
                Finality(
                    block=table.block, year=year, period=table.period, scored=tuple(scored),
                    members=max(n for _, n in scored), final=table.final,
                    source=_cells(lookup, table, table.final),
                )
            )  # fmt: skip
    return found or None


def _all_deductions(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    """Every unit that had points taken off in the years asked for, who lost most first."""
    if Topic.DEDUCTION not in question.topics:
        return None
    found: list[Finding] = []
    for year in years:
        for table in _tables(question, lookup, year):
            every = [
                _deductions(question, s.unit, table, _own(lookup, s.unit, table))
                for s in _standings(lookup, table)
            ]
            if _SPARED.search(question.folded):
                spared = tuple(d.unit for d in every if not d.penalties)
                found.append(
                    Deductions(unit="", year=year, scorer=table.final, penalties=(), spared=spared,
                               members=len(every), source=_cells(lookup, table, table.final))
                )  # fmt: skip
                continue
            lost = sorted((d for d in every if d.penalties), key=lambda d: _sum(d.penalties))
            found += lost or [
                Deductions(unit="", year=year, scorer=table.final, penalties=(),
                           source=_cells(lookup, table, table.final))
            ]  # fmt: skip
    return found or None


def _all_gaps(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    """How far two scorers are apart for every unit, the farthest first."""
    if not question.scorers or not _COMPARED.search(question.folded):
        return None
    found: list[Finding] = []
    for year in years:
        for table in _tables(question, lookup, year):
            pair = list(dict.fromkeys((*question.scorers, table.final, Scorer.SELF)))[:2]
            if not set(pair) <= set(table.scorers):
                continue
            first, second = pair
            theirs = {s.unit: s.points for s in _standings(lookup, table, second)}
            gaps = [
                Gap(
                    unit=s.unit, year=year, period=table.period, first=first, second=second,
                    given=(s.points, theirs[s.unit]), differing=(),
                    sources=tuple(_cells(lookup, table, scorer) for scorer in pair),
                )
                for s in _standings(lookup, table, first)
                if s.unit in theirs
            ]  # fmt: skip
            least = bool(re.search(r"it nhat|nho nhat|thap nhat", question.folded))
            gaps.sort(key=lambda g: abs(g.given[0] - g.given[1]), reverse=not least)
            found.append(Gaps(gaps=tuple(gaps), least=least))
    return found or None


def _criteria_list(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    if not _asks_criteria(question):
        return None
    return [
        Criteria(
            block=table.block, year=year,
            criteria=tuple(c for c in lookup.criteria(year) if c.block == table.block),
            source=_cells(lookup, table, table.final),
        )
        for year in years
        for table in _tables(question, lookup, year)
    ] or None  # fmt: skip


def _asks_criteria(question: Question) -> bool:
    return bool(_CRITERIA.search(question.folded)) and not (question.titles or question.criterion)


def asks_members(question: Question) -> bool:
    """True when it is asked which units a block has."""
    return Topic.MEETING not in question.topics and bool(_MEMBERS.search(question.folded))


def _members(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    if not asks_members(question) or question.topics & _ABOUT:
        return None
    return [
        Members(
            block=table.block, year=year,
            units=tuple(sorted(s.unit for s in _standings(lookup, table))),
            source=_cells(lookup, table, table.final),
        )
        for year in years
        for table in _tables(question, lookup, year)
    ] or None  # fmt: skip


def _rankings(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    found: list[Finding] = []
    for year in years:
        for table in _tables(question, lookup, year):
            by = _asked_criteria(question, lookup, table)
            if isinstance(by, Absence):
                return by
            scorer = table.scorer(question)
            standings = _standings(lookup, table, scorer, by)
            if by and not standings and (judged := _judged(lookup, table, by)):
                found += judged
                continue
            members = {s.unit for given in table.scorers for s in _standings(lookup, table, given)}
            shown = _shown(question, standings)
            whole = len(shown) == len(standings) and not by
            found.append(
                Ranking(
                    block=table.block, year=year, period=table.period, scorer=scorer, final=table.final,
                    standings=tuple(shown), members=len(standings), wanted=question.top,
                    place=_place(question), bound=_bound(question), criterion=by.label if by else "",
                    max_points=by.most if by else None,
                    mean=mean_of(standings) if whole else None,
                    unscored=tuple(sorted(members - {s.unit for s in standings})),
                    source=lookup.cells(year, scorer, table.block, table.period,
                                        by.criterion if by else ""),
                )
            )  # fmt: skip
    return found or Absence(
        lack=Lack.YEAR,
        about=tuple(map(str, years)),
        exists=tuple(map(str, lookup.score_years())),
    )


def _judged(lookup: Lookup, table: _Table, by: _By) -> list[CriterionPoints]:
    """What is said of every unit where the criterion is a condition, which ranks nobody."""
    units = sorted({s.unit for given in table.scorers for s in _standings(lookup, table, given)})
    every = [
        _criterion(u, table, by, _own(lookup, u, table), _conditions(lookup, u, table))
        for u in units
    ]
    return [one for one in every if one.scores]


def _shown(question: Question, standings: list[Standing]) -> list[Standing]:
    """The units of a ranking that a question wants to see, in the order to show them."""
    if bound := _bound(question):
        return [s for s in standings if _within(s.points, bound)]
    if place := _place(question):
        # After a tie there is no such rank: then those that share the one before it.
        rank = max((s.rank for s in standings if s.rank <= place), default=0)
        return [s for s in standings if s.rank == rank] if place <= len(standings) else []
    if question.top > 0:
        return [s for s in standings if s.rank <= question.top]
    if question.top < 0:
        worst = sorted({s.rank for s in standings}, reverse=True)
        last: list[Standing] = []
        for rank in worst:
            if len(last) >= -question.top:
                break
            last += [s for s in reversed(standings) if s.rank == rank]
        return last
    return standings


def _place(question: Question) -> int:
    match = _PLACE.search(question.folded)
    if not match or question.top or question.units or question.titles:
        return 0
    return _ORDINALS.get(match[1]) or number_word(match[1])


def _bound(question: Question) -> Bound | None:
    for above, including, pattern in _BOUNDS:
        if match := re.search(pattern, question.folded):
            value = next(group for group in match.groups() if group)
            points = Decimal(value.replace(",", "."))
            if not 1900 <= points <= 2100:
                return Bound(points=points, above=above, including=including)
    return None


def _within(points: Decimal, bound: Bound) -> bool:
    if points == bound.points:
        return bound.including
    return (points > bound.points) is bound.above


# --- between years --------------------------------------------------------------------------------


def _changes(question: Question, lookup: Lookup, years: Sequence[int]) -> _Found:
    differs = len(question.units) == 1 and len(years) == 2 and _COMPARED.search(question.folded)
    if Topic.CHANGE not in question.topics and not differs:
        return None
    held = lookup.score_years()
    if len(years) == 1 and years[0] - 1 in held:
        years = [years[0] - 1, years[0]]
    if len(years) < 2:
        return None
    first, last = years[0], years[-1]
    if question.units:
        steps = [*itertools.pairwise(years)]
        if len(steps) > 1 and question.years:
            steps.insert(0, (first, last))
        found: list[Finding] = [
            change
            for unit in _current(question, lookup)
            for a, b in steps
            if (change := _change(question, lookup, unit, a, b))
        ]
        # Where the whole way is told, its steps are told in short.
        return [
            f.model_copy(update={"groups": ()}) if n and len(steps) > 2 else f
            for n, f in enumerate(found)
        ] or None
    changes = _all_changes(question, lookup, first, last)
    rising = not re.search(r"giam", question.folded) or bool(re.search(r"tang", question.folded))
    changes.sort(key=lambda c: c.difference, reverse=rising)
    return [Changes(changes=tuple(changes), rising=rising)] if changes else None


def _all_changes(question: Question, lookup: Lookup, before: int, after: int) -> list[Change]:
    """The change of every unit that both years rank, by the scorer whose points count."""
    found = []
    for new in _tables(question, lookup, after):
        scorer = new.scorer(question)
        olds = [t for t in _tables(question, lookup, before) if scorer in t.scorers]
        for old in (t for t in olds if t.period == new.period):
            was = {s.unit: s.points for s in _standings(lookup, old, scorer)}
            sources = (_cells(lookup, old, scorer), _cells(lookup, new, scorer))
            found += [
                Change(
                    unit=s.unit, before_year=before, after_year=after, scorer=scorer,
                    before=was[s.unit], after=s.points, sources=sources,
                )
                for s in _standings(lookup, new, scorer)
                if s.unit in was
            ]  # fmt: skip
    return found


def _change(
    question: Question, lookup: Lookup, unit: str, before: int, after: int
) -> Change | None:
    tables = [_tables(question, lookup, year, [unit]) for year in (before, after)]
    if not all(len(found) == 1 for found in tables):
        return None
    (old_table,), (new_table,) = tables
    scorer = new_table.scorer(question)
    old, new = (
        [s for s in _own(lookup, unit, table) if s.scorer is scorer]
        for table in (old_table, new_table)
    )
    if not old or not new:
        return None
    was, now = _groups(old, scorer), _groups(new, scorer)
    groups = [
        (now[code][0] or code, was[code][2], now[code][2])
        for code in now
        if code in was and was[code][2] != now[code][2]
    ]
    return Change(
        unit=unit, before_year=before, after_year=after, scorer=scorer, before=_sum(old),
        after=_sum(new), groups=tuple(groups), sources=(span(old), span(new)),
    )  # fmt: skip


def _audited(question: Question, lookup: Lookup) -> list[Finding] | Absence:
    problems = [p for p in lookup.problems() if p.severity is Severity.AUDIT and p.place]
    for year in question.years:
        problems = [p for p in problems if str(year) in f"{p.file} {p.place} {p.message}"]
    if re.search(r"vuot", question.folded):
        narrowed = [p for p in problems if "vuot" in fold(p.message)]
        problems = narrowed or problems
    elif re.search(r"cong sai|sai tong|cong khong|tinh sai", question.folded):
        narrowed = [p for p in problems if re.search(r"cong|tong", fold(p.message))]
        problems = narrowed or problems
    return [Audited(problems=tuple(problems))]


_Want = Callable[[Question, Lookup, Sequence[int]], _Found]
# The first that answers, answers: from the most particular wish to the plainest.
_OF_UNITS: tuple[_Want, ...] = (
    _gap, _finality, _against_mean, _versus, _changes, _series, _of_each,
)  # fmt: skip
_OF_BLOCKS: tuple[_Want, ...] = (
    _members,
    _criteria_list,
    _all_gaps,
    _finality,
    _changes,
    _all_deductions,
    _against_mean,
    _rankings,
)
