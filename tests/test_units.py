"""Which units a question names, and what is asked back instead of being guessed."""

import pytest

from bot.question import in_full
from bot.units import units_in
from corpus import Source, Unit, fold

CELL = Source(file="units/a.csv", place="2")
UNITS = tuple(
    Unit(
        name=name, aliases=tuple(aliases.split(";")) if aliases else (), successor=new, source=CELL
    )
    for name, aliases, new in (
        ("Hội Nông dân tỉnh", "HND tỉnh;Hội Nông dân", ""),
        ("Hội Liên hiệp Phụ nữ tỉnh", "Hội Phụ nữ", ""),
        ("Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh", "", ""),
        ("Hội Khoa học Lịch sử tỉnh", "", ""),
        ("Hội Cựu chiến binh tỉnh", "CCB", ""),
        ("Hội Cựu giáo chức tỉnh", "", ""),
        ("Hội Khuyến tài tỉnh", "", "Hội Khuyến học tỉnh"),
        ("Hội Khuyến học tỉnh", "", ""),
        ("Sở Lao động A", "Sở LĐ", ""),
        ("Sở Lao động B", "Sở LĐ", ""),
        ("Xã Tân Phú", "", ""),
        ("Xã Tân Phủ", "", ""),
        ("Cụm dân cư số 1", "", ""),
        ("Cụm dân cư số 2", "", ""),
    )
)
WORDS = set(
    "hội nông dân tỉnh liên hiệp phụ nữ cựu chiến binh sản năm được bao nhiêu điểm mấy khuyến học".split()
)


def named(text: str, loosely: bool = False):
    whole = in_full(text)
    return units_in(fold(whole), whole, UNITS, lambda t: in_full(t), lambda w: w in WORDS, loosely)


@pytest.mark.parametrize(
    "text, unit",
    [
        ("Hội Nông dân tỉnh năm 2023", "Hội Nông dân tỉnh"),
        ("hoi nong dan tinh nam 2023", "Hội Nông dân tỉnh"),
        ("HỘI NÔNG DÂN năm 2023", "Hội Nông dân tỉnh"),
        ("CCB năm 2023", "Hội Cựu chiến binh tỉnh"),
        ("Hội Khuyến tài tỉnh năm 2020", "Hội Khuyến học tỉnh"),
        ("Hội Khoa học Lịch sử năm 2020", "Hội Khoa học Lịch sử tỉnh"),  # its last word is missing
        ("Xã Tân Phú năm 2023", "Xã Tân Phú"),  # told by its accents alone
        ("Xã Tân Phủ năm 2023", "Xã Tân Phủ"),
        ("Cụm dân cư số 2 năm 2023", "Cụm dân cư số 2"),
    ],
)  # fmt: skip
def test_a_name_is_known_however_it_is_written(text, unit):
    found = named(text)
    assert (found.units, found.taken, found.doubts, found.strangers) == ((unit,), (), (), ())


@pytest.mark.parametrize(
    "typed",
    ["Hội Nôngg dân", "Hội Nôn dân", "Hội Nnôg dân", "Hộii Nông dân tỉnh", "hoi nomg dan tinh"],
)
def test_a_slip_of_the_keyboard_is_taken_and_told(typed):
    found = named(f"{typed} năm 2023 được mấy điểm")
    assert found.units == ("Hội Nông dân tỉnh",)
    ((words, unit),) = found.taken
    assert (fold(words), unit) == (fold(typed), "Hội Nông dân tỉnh")


@pytest.mark.parametrize(
    "text, options",
    [
        ("Hội Nông sản tỉnh năm 2023", {"Hội Nông dân tỉnh"}),  # "sản" is a word, perhaps no slip
        ("Hội Cựu năm 2023", {"Hội Cựu chiến binh tỉnh", "Hội Cựu giáo chức tỉnh"}),
        ("Sở LĐ năm 2023", {"Sở Lao động A", "Sở Lao động B"}),
        ("xa tan phu: 2023", {"Xã Tân Phú", "Xã Tân Phủ"}),
        ("Hội Khoa học năm 2023",
         {"Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh", "Hội Khoa học Lịch sử tỉnh"}),
    ],
)  # fmt: skip
def test_what_may_be_another_unit_is_a_doubt(text, options):
    found = named(text)
    assert found.units == ()
    (doubt,) = found.doubts
    assert set(doubt.units) == options


@pytest.mark.parametrize(
    "text",
    [
        "Hội Nông dân thị xã Điện Bàn năm 2023",
        "Hội Nhà văn tỉnh năm 2023",
        "Sở Tư pháp năm 2023",
        "Hội Nông dân huyện Tân An năm 2023",
        "Hội Người mù năm 2023",
    ],
)
def test_another_unit_is_a_stranger(text):
    found = named(text)
    assert found.units == found.doubts == ()
    assert found.strangers


def test_numbers_and_short_words_must_be_right():
    assert named("Cụm dân cư số 3 năm 2023").units == ()


def test_the_core_of_a_name_stands_for_it_where_only_units_are_meant():
    assert named("phụ nữ năm 2023 mấy điểm").units == ()
    found = named("phụ nữ năm 2023 mấy điểm", loosely=True)
    assert found.units == ("Hội Liên hiệp Phụ nữ tỉnh",)
    assert found.taken == (("phụ nữ", "Hội Liên hiệp Phụ nữ tỉnh"),)
    assert named("phụ nữ xã Tân An năm 2023 mấy điểm", loosely=True).units == ()
