"""The closed set of questions that the records can be asked.

Each is one parameterised SELECT; sums, ranks and differences are computed in Decimal, because
SQLite would add points as floats.
"""

import copy
import json
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any, TypeVar

from corpus import (
    Award,
    CriterionKind,
    Meeting,
    Problem,
    Record,
    Relation,
    Score,
    Scorer,
    Source,
    Status,
    Total,
    Unit,
    Validity,
)
from index.database import Database

_T = TypeVar("_T")
WHOLE_YEAR = "cả năm"


# Conditions are scores too, but give no points: no ranking, sum or table is made of them.
_NO_VETO = f" AND kind <> '{CriterionKind.VETO}'"


class Standing(Record):
    """One unit's place in a block in a year: points are the sum of its criteria by one scorer.

    ``unit`` is its present name and ``recorded_as`` the name in the workbook
    where that is another. ``shared`` tells that
    another has as many points; ``by_table`` that the workbook's own rank column parts them.
    """

    unit: str
    recorded_as: str = ""
    block: str
    year: int
    period: str
    scorer: Scorer
    points: Decimal
    rank: int  # 1 is first; equal points share a rank
    shared: bool = False
    by_table: bool = False


class Criterion(Record):
    """A criterion as one year's workbook names it, with its group."""

    code: str
    name: str = ""
    group: str = ""
    group_name: str = ""
    block: str = ""
    max_points: Decimal | None = None


class Lookup:
    """The records of one index."""

    def __init__(self, database: Database):
        self._database = database
        self._units = tuple(database.records(Unit))
        self._successor = {record.name: record.successor for record in self._units}
        # An index file never changes, so what was once read of it stays true.
        self._kept: dict[object, Any] = {}
        self._hidden: frozenset[str] = frozenset()

    def without(self, hidden: Collection[str]) -> "Lookup":
        """The same records but for the awards, meetings and problems of these documents (paths)."""
        seen = copy.copy(self)
        seen._hidden, seen._kept = frozenset(hidden), {}
        return seen

    def _once(self, key: object, read: Callable[[], _T]) -> _T:
        if key not in self._kept:
            self._kept[key] = read()
        return self._kept[key]  # type: ignore[no-any-return]

    def units(self) -> tuple[Unit, ...]:
        """Every unit record, former names included."""
        return self._units

    def names_of(self, unit: str) -> tuple[str, ...]:
        """All names that one unit has had, the given one first: records keep the name of their day."""
        names = [unit]
        changed = True
        while changed:
            changed = False
            for record in self._units:
                linked = {record.name, record.successor} - {""}
                if linked & set(names) and not linked <= set(names):
                    names += sorted(linked - set(names))
                    changed = True
        return tuple(names)

    def current_name(self, unit: str) -> str:
        """The newest name of a unit; the given one when nothing newer is known."""
        seen = {unit}
        while (newer := self._successor.get(unit)) and newer not in seen:
            unit = newer
            seen.add(unit)
        return unit

    def scores(
        self,
        units: Collection[str] = (),
        years: Collection[int] = (),
        scorer: Scorer | None = None,
    ) -> list[Score]:
        """Points by criterion. Empty ``units`` or ``years`` means all."""
        where, values = _where(
            ("unit", units), ("year", years), ("scorer", [scorer] if scorer else ())
        )
        return self._database.records(Score, where, values)

    def blocks(self, unit: str) -> tuple[tuple[int, str], ...]:
        """The years and blocks in which points of a unit are recorded, by any of its names."""

        def read() -> tuple[tuple[int, str], ...]:
            where, values = _where(("unit", self.names_of(unit)))
            rows = self._database.rows(
                f"SELECT DISTINCT year, block FROM scores WHERE {where} ORDER BY year, block",
                values,
            )
            return tuple((row["year"], row["block"]) for row in rows)

        return self._once(("blocks", unit), read)

    def totals(self, units: Collection[str] = (), years: Collection[int] = ()) -> list[Total]:
        """Totals and ranks as workbooks and reports state them."""
        where, values = _where(("unit", units), ("year", years))
        return self._database.records(Total, where, values)

    def standings(
        self,
        year: int,
        scorer: Scorer = Scorer.COUNCIL,
        block: str = "",
        period: str = WHOLE_YEAR,
        criterion: str = "",
        group: str = "",
    ) -> list[Standing]:
        """The ranking of a year, best first, one entry a unit; empty when nothing is recorded.

        By all criteria, or by one ``criterion`` or ``group`` (codes). Of units with equal points the
        workbook's rank column says which goes first, where it has one: that is the scheme's rule.
        """
        key = ("standings", year, scorer, block, period, criterion, group)
        return list(self._once(key, lambda: self._standings(*key[1:])))

    def _standings(
        self, year: int, scorer: Scorer, block: str, period: str, criterion: str, group: str
    ) -> list[Standing]:
        where, values = _where(
            ("year", [year]), ("scorer", [scorer]), ("block", [block] if block else ()),
            ("period", [period]), ("criterion", [criterion] if criterion else ()),
            ("group", [group] if group else ()),
        )  # fmt: skip
        where += _NO_VETO
        sums: dict[tuple[str, str], Decimal] = {}
        written: dict[tuple[str, str], str] = {}
        for row in self._database.rows(
            f"SELECT block, unit, points FROM scores WHERE {where} ORDER BY rowid", values
        ):
            key = (row["block"], self.current_name(row["unit"]))
            written[key] = row["unit"]
            sums[key] = sums.get(key, Decimal(0)) + Decimal(row["points"])
        found = [
            Standing(
                unit=unit, recorded_as=_other(written[in_block, unit], unit), block=in_block, year=year,
                period=period, scorer=scorer, points=points,
                rank=1 + sum(p > points for (b, _), p in sums.items() if b == in_block),
                shared=sum(p == points for (b, _), p in sums.items() if b == in_block) > 1,
            )
            for (in_block, unit), points in sums.items()
        ]  # fmt: skip
        if not (criterion or group):
            found = self._parted(found)
        return sorted(found, key=lambda s: (s.block, s.rank, s.unit))

    def _parted(self, standings: list[Standing]) -> list[Standing]:
        """Ties that the workbook's own rank column breaks; the others stay shared."""
        tied = [s for s in standings if s.shared]
        if not tied:
            return standings
        first = tied[0]
        names = [name for s in tied for name in self.names_of(s.unit)]
        stated = {
            self.current_name(t.unit): t.rank
            for t in self.totals(names, [first.year])
            if t.rank is not None
            and (t.scorer, t.period) == (first.scorer, first.period)
            and "!" in t.source.place  # a cell, not a report
        }
        parted = []
        for one in standings:
            with_it = [s for s in tied if (s.block, s.rank) == (one.block, one.rank)]
            places = set(range(one.rank, one.rank + len(with_it)))
            if one.shared and {stated.get(s.unit) for s in with_it} == places:
                update = {"rank": stated[one.unit], "shared": False, "by_table": True}
                one = one.model_copy(update=update)
            parted.append(one)
        return parted

    def cells(
        self,
        year: int,
        scorer: Scorer,
        block: str,
        period: str,
        criterion: str = "",
        unit: str = "",
    ) -> Source:
        """The first and the last cell of one scorer's points in a year, as one source: of all
        units, or of one by any of its names."""
        key = ("cells", year, scorer, block, period, criterion, unit)
        return self._once(key, lambda: self._cells(*key[1:]))

    def _cells(
        self, year: int, scorer: Scorer, block: str, period: str, criterion: str, unit: str
    ) -> Source:
        where, values = _where(
            ("year", [year]), ("scorer", [scorer]), ("block", [block] if block else ()),
            ("period", [period]), ("criterion", [criterion] if criterion else ()),
            ("unit", self.names_of(unit) if unit else ()),
        )  # fmt: skip
        where += _NO_VETO
        ends = [
            Source(**json.loads(row["source"]))
            for order in ("", " DESC")
            for row in self._database.rows(
                f"SELECT source FROM scores WHERE {where} ORDER BY rowid{order} LIMIT 1", values
            )
        ]
        return between(ends[0], ends[-1])

    def score_years(self) -> tuple[int, ...]:
        """The years for which points are recorded, ascending."""
        return tuple(dict.fromkeys(year for year, _, _, _ in self.tables()))

    def score_blocks(self) -> tuple[str, ...]:
        """The blocks for which points are recorded."""
        return tuple(sorted({block for _, block, _, _ in self.tables()}))

    def tables(self) -> tuple[tuple[int, str, str, Scorer], ...]:
        """Every year, block, period and scorer that points are recorded of, by year."""

        def read() -> tuple[tuple[int, str, str, Scorer], ...]:
            rows = self._database.rows(
                f"SELECT DISTINCT year, block, period, scorer FROM scores WHERE 1{_NO_VETO}"
                " ORDER BY year, block, period"
            )
            return tuple(
                (row["year"], row["block"], row["period"], Scorer(row["scorer"])) for row in rows
            )

        return self._once("tables", read)

    def criteria(self, year: int) -> tuple[Criterion, ...]:
        """The criteria of a year, in the order of the workbook."""

        def read() -> tuple[Criterion, ...]:
            rows = self._database.rows(
                "SELECT criterion, criterion_name, [group], group_name, block, max_points FROM scores"
                " WHERE year = ? GROUP BY block, criterion, criterion_name ORDER BY min(rowid)",
                [year],
            )
            return tuple(
                Criterion(
                    code=row["criterion"], name=row["criterion_name"], group=row["group"],
                    group_name=row["group_name"], block=row["block"], max_points=row["max_points"],
                )
                for row in rows
            )  # fmt: skip

        return self._once(("criteria", year), read)

    def awards(
        self,
        units: Collection[str] = (),
        years: Collection[int] = (),
        titles: Collection[str] = (),
        statuses: Collection[Status] = (),
    ) -> list[Award]:
        """Awards by unit (or the unit of the person), year of merit, title and status."""
        where, values = _where(
            ("unit", units), ("year", years), ("title", titles), ("status", statuses)
        )
        key = ("awards", where, *values)
        return list(self._once(key, lambda: self._awards(where, values)))

    def _awards(self, where: str, values: list[object]) -> list[Award]:
        found = self._database.records(Award, where, values)
        return [award for award in found if award.source.file not in self._hidden]

    def awards_by_decision(self, decision: str) -> list[Award]:
        """Awards given by one decision, by its number."""
        return self._awards("decision = ?", [decision])

    def award_titles(self) -> tuple[str, ...]:
        """Every title or form of award that the records hold."""
        rows = self._database.rows("SELECT DISTINCT title FROM awards ORDER BY title")
        return tuple(row["title"] for row in rows)

    def award_years(self) -> tuple[int, ...]:
        """The years of merit for which awards are recorded, ascending."""
        rows = self._database.rows(
            "SELECT DISTINCT year FROM awards WHERE year IS NOT NULL ORDER BY year"
        )
        return tuple(row["year"] for row in rows)

    def meetings(self) -> list[Meeting]:
        """Every meeting, by date; those without a date last."""
        found = self._once("meetings", lambda: self._database.records(Meeting))
        found = [meeting for meeting in found if meeting.document not in self._hidden]
        return sorted(found, key=lambda m: (m.date is None, str(m.date), m.year or 0, m.document))

    def problems(self, file: str = "") -> list[Problem]:
        """What was found wrong in reading, optionally of one file."""
        where, values = _where(("file", [file] if file else ()))
        key = ("problems", file)
        found = self._once(key, lambda: self._database.records(Problem, where, values))
        return [problem for problem in found if problem.file not in self._hidden]

    def validities(self) -> list[Validity]:
        """The register."""
        return list(self._once("validities", lambda: self._database.records(Validity)))

    def relations(self) -> list[Relation]:
        """What the texts do to one another."""
        held = self._once("relations", lambda: self._database.records(Relation))
        return [relation for relation in held if relation.source.file not in self._hidden]


def _where(*conditions: tuple[str, Collection[object]]) -> tuple[str, list[object]]:
    parts, values = [], []
    for column, wanted in conditions:
        if wanted:
            parts.append(f"[{column}] IN ({', '.join('?' * len(wanted))})")
            values += [str(v) if isinstance(v, str) else v for v in wanted]
    return " AND ".join(parts), values


def _other(name: str, unit: str) -> str:
    return "" if name == unit else name


def between(first: Source, last: Source) -> Source:
    """One source for the cells from ``first`` to ``last``: "Năm 2021!G2:G13", in a .csv "G2:G13"."""
    sheets = {source.place.rpartition("!")[0] for source in (first, last)}
    if first.place == last.place or first.file != last.file or len(sheets) > 1:
        return first
    return Source(file=first.file, place=f"{first.place}:{last.place.rpartition('!')[2]}")
