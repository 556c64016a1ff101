"""The closed set of questions that the records can be asked."""

import datetime
from decimal import Decimal

import numpy as np
import pytest

from corpus import Corpus, Problem, Scorer, Status, Total, Validity
from index.database import Database, Derived, write
from index.lookup import Lookup
from small import award, document, meeting, score, unit

D = datetime.date


@pytest.fixture
def open_lookup(tmp_path):
    def made(**records) -> Lookup:
        path = tmp_path / "a.db"
        nothing = np.zeros((0, 4), dtype=np.float32)
        write(path, Corpus(**records), Derived({"dimension": "4"}, [], nothing, {}, (), {}))
        return Lookup(Database(path))

    return made


# Standings


def test_equal_points_share_a_rank_and_the_next_is_skipped(open_lookup):
    lookup = open_lookup(
        scores=(score("C", "90"), score("A", "95.5"), score("B", "95.50"), score("D", "89"))
    )
    standings = lookup.standings(2023)
    assert [(s.unit, s.rank) for s in standings] == [("A", 1), ("B", 1), ("C", 3), ("D", 4)]


def test_points_are_added_in_decimal(open_lookup):
    tenths = [score("A", "0.1", criterion=f"I.{n}") for n in range(30)]
    lookup = open_lookup(scores=(*tenths, score("B", "3"), score("B", "-0.01", criterion="V")))
    first, second = lookup.standings(2023)
    assert (first.unit, first.points, second.points) == ("A", Decimal("3.0"), Decimal("2.99"))
    assert isinstance(first.points, Decimal)


def test_ranks_are_given_inside_a_block(open_lookup):
    lookup = open_lookup(
        scores=(
            score("A", "90"),
            score("B", "80"),
            score("X", "70", block="Khối 2"),
            score("Y", "60", block="Khối 2"),
        )
    )
    found = [(s.block, s.unit, s.rank) for s in lookup.standings(2023)]
    assert found == [
        ("Khối 1", "A", 1), ("Khối 1", "B", 2), ("Khối 2", "X", 1), ("Khối 2", "Y", 2),
    ]  # fmt: skip
    assert [s.unit for s in lookup.standings(2023, block="Khối 2")] == ["X", "Y"]


def test_one_year_one_scorer_and_one_period_count(open_lookup):
    lookup = open_lookup(
        scores=(
            score("A", "90"),
            score("A", "99", scorer=Scorer.SELF),
            score("A", "50", period="6 tháng đầu năm"),
            score("A", "70", 2022),
        )
    )
    assert [s.points for s in lookup.standings(2023)] == [Decimal("90")]
    assert [s.points for s in lookup.standings(2023, Scorer.SELF)] == [Decimal("99")]
    assert [s.points for s in lookup.standings(2023, period="6 tháng đầu năm")] == [Decimal("50")]
    assert lookup.standings(2021) == []
    assert lookup.score_years() == (2022, 2023)
    assert lookup.score_blocks() == ("Khối 1",)


def test_scores_are_chosen_by_unit_year_and_scorer(open_lookup):
    rows = (score("A", "1"), score("B", "2"), score("A", "3", 2022, scorer=Scorer.SELF))
    lookup = open_lookup(scores=rows)
    assert lookup.scores() == list(rows)
    assert lookup.scores(units=["A"]) == [rows[0], rows[2]]
    assert lookup.scores(units=["A", "B"], years=[2023]) == [rows[0], rows[1]]
    assert lookup.scores(scorer=Scorer.SELF) == [rows[2]]
    assert lookup.scores(units=["' OR 1=1 --"]) == []


def test_stated_totals_are_kept_apart_from_sums(open_lookup):
    stated = Total(
        unit="A", year=2023, scorer=Scorer.COUNCIL, points=Decimal("99"), rank=5,
        source=score("A", "1").source,
    )  # fmt: skip
    lookup = open_lookup(scores=(score("A", "90"),), totals=(stated,))
    assert lookup.totals(units=["A"]) == [stated]
    assert lookup.totals(years=[2022]) == []
    assert lookup.standings(2023)[0].points == Decimal("90")


# Names


def test_all_names_of_a_unit_are_one_another(open_lookup):
    lookup = open_lookup(
        units=(
            unit("Hội Một", successor="Hội Hai", until=D(2019, 12, 31)),
            unit("Hội Hai", successor="Hội Ba"),
            unit("Hội Ba"),
            unit("Hội Khác"),
        )
    )
    for name in ("Hội Một", "Hội Hai", "Hội Ba"):
        assert lookup.names_of(name)[0] == name
        assert set(lookup.names_of(name)) == {"Hội Một", "Hội Hai", "Hội Ba"}
        assert lookup.current_name(name) == "Hội Ba"
    assert lookup.names_of("Hội Khác") == ("Hội Khác",)
    assert lookup.names_of("không có") == ("không có",)
    assert lookup.current_name("không có") == "không có"
    assert len(lookup.units()) == 4


def test_names_that_point_at_each_other_end(open_lookup):
    lookup = open_lookup(units=(unit("A", successor="B"), unit("B", successor="A")))
    assert set(lookup.names_of("A")) == {"A", "B"}
    assert lookup.current_name("A") == "B"


# Awards, meetings and the rest


def test_awards_are_chosen_by_unit_year_title_and_status(open_lookup):
    rows = (
        award("A", "Cờ", 2022),
        award("A", "Bằng khen", 2023, Status.PROPOSED),
        award("B", "Cờ", 2023, decision="7/QĐ"),
        award("B", "Giấy khen", None),
    )
    lookup = open_lookup(awards=rows)
    assert lookup.awards() == list(rows)
    assert lookup.awards(units=["A"], years=[2022]) == [rows[0]]
    assert lookup.awards(titles=["Cờ"]) == [rows[0], rows[2]]
    assert lookup.awards(statuses=[Status.PROPOSED]) == [rows[1]]
    assert lookup.awards_by_decision("7/QĐ") == [rows[2]]
    assert lookup.award_titles() == ("Bằng khen", "Cờ", "Giấy khen")
    assert lookup.award_years() == (2022, 2023)


def test_meetings_come_by_date_and_those_without_come_last(open_lookup):
    rows = (
        meeting("meetings/c.txt"),
        meeting("meetings/b.txt", D(2023, 7, 1)),
        meeting("meetings/a.txt", D(2022, 12, 31)),
    )
    lookup = open_lookup(documents=tuple(document(m.document) for m in rows), meetings=rows)
    assert [m.document[-5] for m in lookup.meetings()] == ["a", "b", "c"]


def test_problems_and_the_register_can_be_asked_for(open_lookup):
    problems = (Problem(file="a", message="một"), Problem(file="b", message="hai"))
    rows = (Validity(number="5/2020/NĐ-CP"),)
    lookup = open_lookup(problems=problems, validities=rows)
    assert lookup.problems() == list(problems)
    assert lookup.problems("b") == [problems[1]]
    assert lookup.validities() == list(rows)


def test_an_index_without_records_answers_with_nothing(open_lookup):
    lookup = open_lookup()
    for found in (lookup.units(), lookup.scores(), lookup.totals(), lookup.standings(2023),
                  lookup.awards(), lookup.meetings(), lookup.score_years()):  # fmt: skip
        assert not found
