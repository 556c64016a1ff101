"""What workbooks say of each other: names made one, contradictions found, each with its cell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from corpus.records import (
    Award,
    CriterionKind,
    Problem,
    Score,
    Scorer,
    Severity,
    Source,
    Status,
    Total,
    Unit,
)
from corpus.tables import (
    Tables,
)
from corpus.unit_sheets import (
    with_successors,
)
from corpus.values import (
    plain,
    show,
)

_WHOLE = "Tổng điểm"  # the criterion of points that a workbook gives only as a total


def audit(parts: Iterable[Tables]) -> Tables:
    """All parts as one, with every problem found in comparing them.

    Names become those of the units, blocks are filled in from them, and readings of wide tables
    become scores where no long table has that unit, year, period and scorer. Of a cell given twice,
    the first stays. Problems come in the order of the files and sheets.
    """
    parts = list(parts)
    units = with_successors(unit for part in parts for unit in part.units)
    names = _Names(units)
    problems = [problem for part in parts for problem in part.problems]
    problems += _alias_problems(units)
    problems += _unknown_heirs(units)
    every = [names.score(score) for part in parts for score in part.scores]
    long = [score for score in every if score.kind is not CriterionKind.VETO]
    wide = [names.score(score) for part in parts for score in part.wide]
    totals = [names.total(total) for part in parts for total in part.totals]
    awards = [names.award(award) for part in parts for award in part.awards]
    reported = [names.total(total) for part in parts for total in part.reported]
    problems += _unknown_units(names, [*every, *wide, *totals, *awards])
    problems += _out_of_time(units, [*every, *wide, *totals])
    problems += [p for score in (*long, *wide) for p in _out_of_range(score)]
    scores, twice = _once(long)
    problems += twice
    problems += _differing(scores, wide)
    problems += _wrong_totals(totals, [*long, *wide])
    covered = {_who(score) for score in scores}
    extra, twice = _once([score for score in wide if _who(score) not in covered])
    problems += twice
    scores += extra
    scores += _by_total(totals, scores)
    problems += _wrong_ranks(totals, scores)
    problems += _misreported(reported, scores)
    problems += _undecided(awards)
    # Conditions come last: they add nothing to any sum above.
    conditions, twice = _once([score for score in every if score.kind is CriterionKind.VETO])
    problems += twice
    scores += conditions
    return Tables(
        units=(*units, *_unlisted(names, scores)), scores=tuple(scores), totals=(*totals, *reported), awards=tuple(awards),
        problems=tuple(problems),
    )  # fmt: skip


def _unlisted(names: "_Names", scores: Iterable[Score]) -> Iterator[Unit]:
    """Units that have points and stand in no list of units: by the name that their table gives."""
    found: dict[str, Score] = {}
    for score in scores:
        if names.find(score.unit, score.year) is None:
            found.setdefault(score.unit, score)
    for name, score in found.items():
        yield Unit(name=name, block=score.block, source=score.source)


def _by_total(totals: Iterable[Total], scores: Iterable[Score]) -> list[Score]:
    """The totals of workbooks that give nothing else, as points for one criterion, the whole."""
    known = {_who(score) for score in scores}
    found: dict[tuple[object, ...], Score] = {}
    for total in totals:
        if total.points is not None and total.scorer and _who(total) not in known:
            source = total.source.model_copy(update={"place": _cell(total, 0)})
            score = Score(
                unit=total.unit, block=total.block, year=total.year, period=total.period,
                criterion=_WHOLE, criterion_name=_WHOLE, group=_WHOLE, scorer=total.scorer,
                points=total.points, source=source,
            )  # fmt: skip
            found.setdefault(_who(total), score)
    return list(found.values())


def _who(record: Score | Total) -> tuple[str, int, str, Scorer | None]:
    return record.unit, record.year, record.period, record.scorer


def _found(
    source: Source, message: str, remedy: str, severity: Severity = Severity.AUDIT
) -> Problem:
    return Problem(
        file=source.file, place=source.place, message=message, remedy=remedy, severity=severity
    )


class _Names:
    """Units by name and alias."""

    def __init__(self, units: Sequence[Unit]):
        self.known = bool(units)
        self._by_name: dict[str, list[Unit]] = defaultdict(list)
        self._by_alias: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self._by_name[plain(unit.name)].append(unit)
            for alias in unit.aliases:
                self._by_alias[plain(alias)].append(unit)

    def find(self, text: str, year: int | None = None) -> Unit | None:
        """The unit of that name, else of that alias; None when there is none, or more than one."""
        for index in (self._by_name, self._by_alias):
            found = index.get(plain(text), [])
            active = [unit for unit in found if _is_active(unit, year)]
            if len({unit.name for unit in active or found}) == 1:
                return (active or found)[0]
        return None

    def score(self, score: Score) -> Score:
        return score.model_copy(update=self._named(score))

    def total(self, total: Total) -> Total:
        return total.model_copy(update=self._named(total))

    def _named(self, record: Score | Total) -> dict[str, str]:
        unit = self.find(record.unit, record.year)
        if unit is None:
            return {}
        mine, theirs = plain(record.block), plain(unit.block)
        same = mine in theirs or (theirs and theirs in mine)
        return {"unit": unit.name, "block": unit.block if same else record.block}

    def award(self, award: Award) -> Award:
        """The award with its unit's name. A name may itself hold commas, so each is tried."""
        if whole := self.find(award.recipient, award.year):
            return award.model_copy(update={"unit": whole.name, "person": ""})
        rest = award.unit
        while rest:
            if unit := self.find(rest, award.year):
                return award.model_copy(update={"unit": unit.name})
            rest = rest.partition(",")[2].strip()
        return award


def _is_active(unit: Unit, year: int | None) -> bool:
    if year is None:
        return True
    return (unit.since is None or unit.since.year <= year) and (
        unit.until is None or unit.until.year >= year
    )


def _alias_problems(units: Sequence[Unit]) -> Iterator[Problem]:
    """A name or alias that means two units at once; an old name that its heir keeps is none."""
    owners: dict[str, list[tuple[str, Unit]]] = defaultdict(list)
    for unit in units:
        for text in (unit.name, *unit.aliases):
            owners[plain(text)].append((text, unit))
    for shared in owners.values():
        (text, first), *others = shared
        for _, other in others:
            heirs = first.name in (other.successor, other.merged_into) or other.name in (
                first.successor, first.merged_into
            )  # fmt: skip
            if other.name != first.name and not heirs:
                yield _found(
                    other.source,
                    f"Tên “{text}” dùng cho cả {first.name} và {other.name}.",
                    "Bỏ tên này ở một trong hai đơn vị.", Severity.WARNING,
                )  # fmt: skip


def _unknown_heirs(units: Sequence[Unit]) -> Iterator[Problem]:
    """Rows that say what became of a unit and name none of the list."""
    names = {plain(unit.name) for unit in units}
    for unit in units:
        heir = unit.successor or unit.merged_into
        if heir and plain(heir) not in names:
            yield _found(
                unit.source, f"{unit.name}: đơn vị mới “{heir}” không có trong danh sách đơn vị.",
                "Thêm một dòng cho đơn vị mới, hoặc sửa tên.", Severity.WARNING,
            )  # fmt: skip


def _out_of_time(units: Sequence[Unit], records: Iterable[Score | Total]) -> Iterator[Problem]:
    """Points of a year in which no unit of that name was there."""
    known: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        known[unit.name].append(unit)
    told: set[tuple[str, str, int]] = set()
    for record in records:
        held = known.get(record.unit, [])
        key = (record.source.file, record.unit, record.year)
        if held and key not in told and not any(_is_active(unit, record.year) for unit in held):
            told.add(key)
            spans = "; ".join(_span(unit) for unit in held)
            yield _found(
                record.source,
                f"“{record.unit}” theo danh sách đơn vị chỉ có {spans}, bảng ghi năm {record.year}.",
                "Sửa tên đơn vị trong bảng, hoặc sửa cột Từ, Đến của danh sách đơn vị.",
                Severity.WARNING,
            )


def _span(unit: Unit) -> str:
    since = f"từ {show(unit.since)}" if unit.since else ""
    until = f"đến {show(unit.until)}" if unit.until else ""
    return " ".join(filter(None, (since, until)))


def _unknown_units(names: _Names, records: Iterable[Score | Total | Award]) -> Iterator[Problem]:
    told: set[tuple[str, str]] = set()
    for record in records:
        key = (record.source.file, record.unit)
        if not names.known or not record.unit or key in told:
            continue
        told.add(key)
        if names.find(record.unit, record.year) is None:
            yield _found(
                record.source, f"“{record.unit}” không có trong danh sách đơn vị.",
                "Sửa tên, hoặc thêm đơn vị vào danh sách.", Severity.WARNING,
            )  # fmt: skip


def _out_of_range(score: Score) -> Iterator[Problem]:
    points, most = score.points, score.max_points
    what = f"{score.unit}, {score.criterion} {score.criterion_name}".removesuffix(
        f" {score.criterion}"
    )
    if score.kind is CriterionKind.PENALTY:
        if points > 0:
            yield _found(
                score.source, f"{what}: điểm trừ ghi số dương {show(points)}.",
                "Ghi điểm trừ bằng số âm.",
            )  # fmt: skip
        elif _off_ladder(score):
            yield _found_off_ladder(score, what)
        elif most is not None and points < most:
            yield _found(
                score.source,
                f"{what}: trừ {show(-points)} điểm, quá mức trừ tối đa {show(-most)}.",
                "Đối chiếu với biên bản chấm điểm rồi sửa ô này.",
            )  # fmt: skip
    elif _off_ladder(score):
        yield _found_off_ladder(score, what)
    elif most is not None and points > most:
        yield _found(
            score.source, f"{what}: ghi {show(points)}, vượt điểm tối đa {show(most)}.",
            "Đối chiếu với biên bản chấm điểm rồi sửa ô này.",
        )  # fmt: skip
    elif points < 0:
        yield _found(
            score.source, f"{what}: ghi {show(points)}, điểm âm ở tiêu chí không phải điểm trừ.",
            "Đối chiếu với biên bản chấm điểm rồi sửa ô này.",
        )  # fmt: skip


def _off_ladder(score: Score) -> bool:
    """Points that the scheme does not list. No bonus and no penalty is none of their levels."""
    spared = score.kind is not CriterionKind.BASE and not score.points
    return bool(score.levels) and not spared and score.points not in score.levels


def _found_off_ladder(score: Score, what: str) -> Problem:
    levels = "; ".join(map(show, score.levels))
    return _found(
        score.source, f"{what}: ghi {show(score.points)} không thuộc các mức {levels}.",
        "Đối chiếu với biên bản chấm điểm rồi sửa ô này, hoặc bổ sung mức điểm.",
    )  # fmt: skip


def _once(scores: Iterable[Score]) -> tuple[list[Score], list[Problem]]:
    """Each score once, the first that was read; another figure for the same is a problem."""
    kept: dict[tuple[object, ...], Score] = {}
    problems = []
    for score in scores:
        first = kept.setdefault((*_who(score), score.criterion), score)
        if (first.points, first.verdict) != (score.points, score.verdict):
            mine, kept_one = (s.verdict or show(s.points) for s in (score, first))
            problems.append(
                _found(
                    score.source,
                    f"{score.unit}, {score.criterion}, năm {score.year}, {score.scorer}: ghi "
                    f"{mine}, còn {first.source} ghi {kept_one}; lấy {kept_one}.",
                    "Giữ một số đúng.",
                )
            )
    return list(kept.values()), problems


def _differing(scores: Iterable[Score], wide: Iterable[Score]) -> Iterator[Problem]:
    record = {(*_who(score), score.criterion): score for score in scores}
    for reading in wide:
        score = record.get((*_who(reading), reading.criterion))
        if score and score.points != reading.points:
            yield _found(
                reading.source,
                f"{reading.unit}, {reading.criterion}: bảng tổng hợp ghi {show(reading.points)}, "
                f"bảng chi tiết ghi {show(score.points)} ({score.source}); lấy bảng chi tiết.",
                "Đối chiếu với biên bản chấm điểm rồi sửa một trong hai bảng.",
            )  # fmt: skip


def _sheet(source: Source) -> tuple[str, str]:
    return source.file, source.place.rpartition("!")[0]


def _wrong_totals(totals: Iterable[Total], scores: Iterable[Score]) -> Iterator[Problem]:
    """Totals that are not the sum of the cells of their own sheet, each criterion taken once."""
    cells = {(_sheet(s.source), *_who(s), s.criterion): s for s in reversed(tuple(scores))}
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for score in cells.values():
        sums[(_sheet(score.source), *_who(score))] += score.points
    for total in totals:
        added = sums.get((_sheet(total.source), *_who(total)))
        if added is not None and total.points is not None and added != total.points:
            yield _found(
                total.source.model_copy(update={"place": _cell(total, 0)}),
                f"{total.unit}: tổng ghi {show(total.points)} nhưng các ô cộng lại là "
                f"{show(added)}.",
                "Cộng lại rồi sửa tổng điểm.",
            )  # fmt: skip


def _cell(total: Total, which: int) -> str:
    """The cell of the points (0) or of the rank (-1) of a total whose place may name both."""
    sheet, mark, cells = total.source.place.rpartition("!")
    return sheet + mark + cells.split(":")[which]


def _wrong_ranks(totals: Sequence[Total], scores: Iterable[Score]) -> Iterator[Problem]:
    """Ranks that are not those of the correct totals. Equal totals may share ranks or not."""
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for score in scores:
        sums[_who(score)] += score.points
    tables: dict[tuple[object, ...], list[tuple[Total, Decimal]]] = defaultdict(list)
    for total in totals:
        right = sums.get(_who(total), total.points)
        if right is not None:
            tables[(_sheet(total.source), total.year, total.period, total.scorer)].append(
                (total, right)
            )
    for ranked in tables.values():
        for total, right in ranked:
            best = 1 + sum(other > right for _, other in ranked)
            last = best - 1 + sum(other == right for _, other in ranked)
            if total.rank is not None and not best <= total.rank <= last:
                rank = str(best) if best == last else f"{best}-{last}"
                yield _found(
                    total.source.model_copy(update={"place": _cell(total, -1)}),
                    f"{total.unit}: ghi hạng {total.rank}, theo tổng đúng {show(right)} điểm là "
                    f"hạng {rank}.",
                    "Xếp lại hạng theo tổng điểm đúng.",
                )  # fmt: skip


def _misreported(reported: Iterable[Total], scores: Iterable[Score]) -> Iterator[Problem]:
    """Points in reports that are not the sum of the workbook's cells by the same scorer."""
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for score in scores:
        sums[_who(score)] += score.points
    for total in reported:
        added = sums.get(_who(total))
        if added is not None and total.points not in (None, added):
            yield _found(
                total.source,
                f"{total.unit}, năm {total.year}, {total.scorer}: báo cáo ghi {show(total.points)} "
                f"điểm, bảng điểm cộng lại là {show(added)}.",
                "Đối chiếu báo cáo với bảng điểm rồi sửa bên sai.",
            )


def _undecided(awards: Iterable[Award]) -> Iterator[Problem]:
    for award in awards:
        lacking = [
            name
            for name, value in (("số", award.decision), ("ngày", award.decided_on))
            if not value
        ]
        if award.status is Status.DECIDED and lacking:
            yield _found(
                award.source,
                f"{award.recipient}, {award.title}: ghi đã quyết định nhưng thiếu "
                f"{' và '.join(lacking)} quyết định.",
                "Bổ sung quyết định, hoặc sửa trạng thái.",
            )  # fmt: skip
