"""The closed set of questions that the records can be asked.

Each is one parameterised SELECT; sums, ranks and differences are computed in Decimal, because
SQLite would add points as floats.
"""

from collections.abc import Collection
from decimal import Decimal

from corpus import Award, Meeting, Problem, Record, Score, Scorer, Status, Total, Unit, Validity
from index.database import Database


class Standing(Record):
    """One unit's place in a block in a year: points are the sum of its criteria by one scorer."""

    unit: str
    block: str
    year: int
    period: str
    scorer: Scorer
    points: Decimal
    rank: int  # 1 is first; equal points share a rank


class Lookup:
    """The records of one index."""

    def __init__(self, database: Database):
        self._database = database
        self._units = tuple(database.records(Unit))

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
        by_name = {record.name: record for record in self._units}
        seen = {unit}
        while unit in by_name and by_name[unit].successor and by_name[unit].successor not in seen:
            unit = by_name[unit].successor
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

    def totals(self, units: Collection[str] = (), years: Collection[int] = ()) -> list[Total]:
        """Totals and ranks as workbooks state them."""
        where, values = _where(("unit", units), ("year", years))
        return self._database.records(Total, where, values)

    def standings(
        self, year: int, scorer: Scorer = Scorer.COUNCIL, block: str = "", period: str = "cả năm"
    ) -> list[Standing]:
        """The ranking of a year, best first, one entry a unit; empty when nothing is recorded."""
        sums: dict[tuple[str, str], Decimal] = {}
        for score in self.scores(years=[year], scorer=scorer):
            if (not block or score.block == block) and score.period == period:
                key = (score.block, score.unit)
                sums[key] = sums.get(key, Decimal(0)) + score.points
        found = []
        for (in_block, unit), points in sums.items():
            better = sum(p > points for (b, _), p in sums.items() if b == in_block)
            found.append(
                Standing(
                    unit=unit,
                    block=in_block,
                    year=year,
                    period=period,
                    scorer=scorer,
                    points=points,
                    rank=better + 1,
                )
            )
        return sorted(found, key=lambda s: (s.block, s.rank, s.unit))

    def score_years(self) -> tuple[int, ...]:
        """The years for which points are recorded, ascending."""
        rows = self._database.rows("SELECT DISTINCT year FROM scores ORDER BY year")
        return tuple(row["year"] for row in rows)

    def score_blocks(self) -> tuple[str, ...]:
        """The blocks for which points are recorded."""
        rows = self._database.rows("SELECT DISTINCT block FROM scores ORDER BY block")
        return tuple(row["block"] for row in rows)

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
        return self._database.records(Award, where, values)

    def awards_by_decision(self, decision: str) -> list[Award]:
        """Awards given by one decision, by its number."""
        return self._database.records(Award, "decision = ?", [decision])

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
        found = self._database.records(Meeting)
        return sorted(found, key=lambda m: (m.date is None, str(m.date), m.year or 0, m.document))

    def problems(self, file: str = "") -> list[Problem]:
        """What was found wrong in reading, optionally of one file."""
        where, values = _where(("file", [file] if file else ()))
        return self._database.records(Problem, where, values)

    def validities(self) -> list[Validity]:
        """The register."""
        return self._database.records(Validity)


def _where(*conditions: tuple[str, Collection[object]]) -> tuple[str, list[object]]:
    parts, values = [], []
    for column, wanted in conditions:
        if wanted:
            parts.append(f"[{column}] IN ({', '.join('?' * len(wanted))})")
            values += [str(v) if isinstance(v, str) else v for v in wanted]
    return " AND ".join(parts), values
