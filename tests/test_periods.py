"""Which years and parts of a year a question means."""

import datetime

import pytest

from bot.periods import period_in, years_in

TODAY = datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    "folded, years",
    [
        ("nam 2023", [2023]),
        ("nam 2021 va 2023", [2021, 2023]),
        ("tu 2021 den 2024", [2021, 2022, 2023, 2024]),
        ("giai doan 2021-2023", [2021, 2022, 2023]),
        ("nhiem ky 2020 - 2025", [2020, 2021, 2022, 2023, 2024, 2025]),
        ("tu nam 2024 den nay", [2024, 2025, 2026]),
        ("ke tu 2025 den gio", [2025, 2026]),
        ("tu 2025 tro lai day", [2025, 2026]),
        ("3 nam gan day", [2023, 2024, 2025]),
        ("hai nam qua", [2024, 2025]),
        ("nam ngoai", [2025]),
        ("nam nay", [2026]),
        ("nam 2023 so voi nam truoc", [2022, 2023]),
        ("nam 2023 tang may diem so voi nam ngoai", [2022, 2023]),
        ("ngay 20/7/2023", [2023]),
        ("nam 22 ai nhat", [2022]),
        ("100 diem", []),
        ("top 3", []),
    ],
)
def test_years(folded, years):
    assert list(years_in(folded, TODAY).years) == years


def test_the_year_before_is_before_the_question_before():
    assert years_in("so voi nam truoc", TODAY, (2023,)).years == (2022, 2023)
    assert years_in("con nam truoc", TODAY, (2023,)).years == (2025,)
    assert years_in("so voi nam truoc", TODAY).years == (2025,)


def test_years_that_were_said_are_told_from_those_that_were_counted():
    span = years_in("tu 2024 den nay", TODAY)
    assert (span.years, span.said) == ((2024, 2025, 2026), (2024,))


@pytest.mark.parametrize(
    "folded, period",
    [
        ("6 thang dau nam 2023", "6 tháng đầu năm"),
        ("sau thang 2023", "6 tháng đầu năm"),
        ("nua dau nam", "6 tháng đầu năm"),
        ("6 thang cuoi nam", "6 tháng cuối năm"),
        ("9 thang nam 2023", "9 tháng đầu năm"),
        ("quy ii nam 2023", "quý II"),
        ("quy 4", "quý IV"),
        ("quy mot nam 2023", "quý I"),
        ("thang 7 nam 2023", "tháng 7"),
        ("nam 2023", ""),
        ("quy dinh", ""),
        ("quy che 2 ben", ""),
        ("thang 13", ""),
    ],
)
def test_parts_of_a_year(folded, period):
    assert period_in(folded) == period
