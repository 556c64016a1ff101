"""One ranking of points: which of them a question means, by which criterion, and what stands in it."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from bot.finding import Absence, Finding, Lack
from bot.question import Question, Topic
from corpus import CriterionKind, Score, Scorer, Source, fold
from index import WHOLE_YEAR, Criterion, Lookup, Standing, between, terms

# Topics and words of questions that points are to answer.
ABOUT = frozenset({Topic.POINTS, Topic.RANKING, Topic.CHANGE, Topic.DEDUCTION, Topic.AUDIT})
COMPARED = re.compile(
    r"\bhon\b(?! nua)|\bkem\b|chenh|so sanh|so voi|khac nhau|cach nhau|doi chieu|ngang nhau"
)
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


class Table(NamedTuple):
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


class By(NamedTuple):
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


Found = list[Finding] | Absence | None  # None: it was not what is asked


# --- tables ---------------------------------------------------------------------------------------


def tables_of(
    question: Question, lookup: Lookup, year: int, units: Sequence[str] = ()
) -> list[Table]:
    """The tables of a year that a question may mean: of the block it names, or that its units are
    in; of the period it names, else of the whole year, else all."""
    blocks = _blocks(question, lookup)
    scorers: dict[tuple[str, str], list[Scorer]] = {}
    for of, block, period, scorer in lookup.tables():
        if of == year and block in blocks:
            scorers.setdefault((block, period), []).append(scorer)
    found = [Table(year, *key, tuple(given)) for key, given in scorers.items()]
    if units:
        found = [t for t in found if set(units) & {s.unit for s in standings_of(lookup, t)}]
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


def standings_of(
    lookup: Lookup, table: Table, scorer: Scorer | None = None, by: By | None = None
) -> list[Standing]:
    """Who stands where in a table, by its final scorer unless another is named."""
    return lookup.standings(
        table.year, scorer or table.final, table.block, table.period,
        by.criterion if by else "", by.group if by else "",
    )  # fmt: skip


def source_of(lookup: Lookup, table: Table, scorer: Scorer) -> Source:
    """Where the points of one scorer stand."""
    return lookup.cells(table.year, scorer, table.block, table.period)


def own_scores(lookup: Lookup, unit: str, table: Table) -> list[Score]:
    """All cells of points of one unit in a table."""
    return [s for s in _cells_of(lookup, unit, table) if s.kind is not CriterionKind.VETO]


def conditions_of(lookup: Lookup, unit: str, table: Table) -> list[Score]:
    """What the table says of the conditions that one unit must meet."""
    return [s for s in _cells_of(lookup, unit, table) if s.kind is CriterionKind.VETO]


def _cells_of(lookup: Lookup, unit: str, table: Table) -> list[Score]:
    scores = lookup.scores(lookup.names_of(unit), [table.year])
    return [s for s in scores if (s.block, s.period) == (table.block, table.period)]


def current_units(question: Question, lookup: Lookup) -> list[str]:
    """The units that a question names, by their present names."""
    return list(dict.fromkeys(lookup.current_name(unit) for unit in question.units))


# --- sums -----------------------------------------------------------------------------------------


def sum_of(scores: Sequence[Score]) -> Decimal:
    return sum((s.points for s in scores), Decimal(0))


def mean_of(standings: Sequence[Standing]) -> Decimal:
    """The mean: exact where four decimals hold it, else to hundredths, half up as people round."""
    mean = sum((s.points for s in standings), Decimal(0)) / len(standings)
    exact = mean.quantize(Decimal("0.0001"))
    return exact if exact == mean else mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def final_of(scores: Sequence[Score]) -> Scorer:
    """The scorer of the last word among these scores."""
    given = {score.scorer for score in scores}
    return next(s for s in (Scorer.COUNCIL, Scorer.BLOCK, Scorer.SELF) if s in given)


def groups_of(
    scores: Sequence[Score], scorer: Scorer
) -> dict[str, tuple[str, CriterionKind, Decimal]]:
    """Points by group: code → name, kind, points."""
    groups: dict[str, tuple[str, CriterionKind, Decimal]] = {}
    for score in scores:
        if score.scorer is scorer:
            name, kind, points = groups.get(score.group, (score.group_name, score.kind, Decimal(0)))
            groups[score.group] = (name, kind, points + score.points)
    return groups


def span(scores: Sequence[Score]) -> Source:
    """One source for several cells: "Năm 2021!G2:G13"."""
    return between(scores[0].source, scores[-1].source)


# --- criteria -------------------------------------------------------------------------------------


def _plain_code(code: str) -> tuple[str, ...]:
    """Codes that differ in writing alone are equal: "IV.2" and "4.2"."""
    parts = re.split(r"[.\s]+", fold(code).strip(" .)"))
    return tuple(str(_ROMAN.get(part, part)) for part in parts if part)


def asked_criterion(question: Question, lookup: Lookup, table: Table) -> By | Absence | None:
    """The criterion or group that is named, None for none, or what there is instead."""
    held = [c for c in lookup.criteria(table.year) if c.block == table.block]
    exists = tuple(dict.fromkeys(f"{c.code} {c.name}".strip() for c in held))
    if question.criterion:
        code = _plain_code(question.criterion)
        for one in held:
            if _plain_code(one.code) == code:
                return By(one.code, "", one.name, one.max_points)
        for one in held:
            if one.group and _plain_code(one.group) == code:
                return By("", one.group, one.group_name)
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


def criterion_said(question: Question, lookup: Lookup, year: int) -> bool:
    """True when a question names a criterion or a group of that year."""
    return bool(question.criterion or _by_name(question, lookup.criteria(year)))


def _by_name(question: Question, held: Sequence[Criterion]) -> By | None:
    """The criterion or group most of whose name a question says."""
    asked = set(terms(question.besides))
    called = bool(_CALLED.search(question.besides))
    best: tuple[float, int, By | None] = (0.0, 0, None)
    tied = False
    for one in held:
        for by in (By("", one.group, one.group_name), By(one.code, "", one.name, one.max_points)):
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
