"""Text made comparable: tidy for storing, respell, fold and syllables for searching."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import fold, respell, syllables, tidy

WORDS = st.text(
    "aăâeêioôơuưyđĐAHqn hoàạặuỷý.,/-\u0300\u0323\u0306\u00a0\u200b\n\u0420", max_size=40
)


def test_decomposed_letters_are_composed():
    plain = "Nghị định về thưởng, Điều 5 khoản ữ"
    assert unicodedata.normalize("NFD", plain) != plain
    assert tidy(unicodedata.normalize("NFD", plain)) == plain


def test_every_blank_becomes_one_plain_blank():
    assert tidy("Ngày\u00a010/8/2023\u2003\u202f tại\t\u3000xã ") == "Ngày 10/8/2023 tại xã"


def test_what_nobody_sees_goes():
    assert tidy("\ufeffkhen\u200b thư\u00adởng\u2060\u200e\x07") == "khen thưởng"


def test_look_alike_letters_become_latin():
    assert tidy("152/2025/NĐ-CР") == "152/2025/NĐ-CP"
    assert tidy("152/2025/NÐ-CP") == "152/2025/NĐ-CP"
    assert tidy("Оnline, ΒHXH, оlа") == "Online, BHXH, ola"


def test_line_breaks_are_kept_whatever_wrote_them():
    assert tidy("Điều 1\r\nKhoản 1\rKhoản 2\u2028Khoản 3\n\n Điều 2 ") == (
        "Điều 1\nKhoản 1\nKhoản 2\nKhoản 3\n\nĐiều 2"
    )


def test_tidy_never_changes_a_spelling():
    for words in ("hoà bình", "hòa bình", "kỷ niệm", "kĩ thuật", "thuý", "qui định", "khi đua"):
        assert tidy(words) == words


@given(WORDS)
@settings(max_examples=60, deadline=None)
def test_tidy_text_stays_as_it_is(text):
    assert tidy(tidy(text)) == tidy(text)


def test_open_syllables_carry_the_tone_on_the_first_vowel():
    assert respell("hoà, khoẻ, thuỷ, tuỳ, HOÀ, Toạ") == "hòa, khỏe, thủy, tùy, HÒA, Tọa"


def test_other_syllables_are_respelt_as_they_are():
    for words in (
        "quý quỳ",
        "toán hoạch",
        "hoặc ngoặc",
        "huỳnh",
        "hòa thủy",
        "loẵng xuỵt",
        "ngoéo",
    ):
        assert respell(words) == words


@given(st.lists(st.sampled_from("hoà thuỷ quý hoặc toán KHOẺ , - \n a".split(" "))).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_respelling_changes_no_letter_without_its_tone(text):
    assert fold(respell(text)) == fold(text)


def test_folding_takes_accents_case_and_the_bar_of_d():
    assert fold("ĐẢNG bộ Đắk Lắk, ưu đãi") == "dang bo dak lak, uu dai"
    assert fold(unicodedata.normalize("NFD", "Nghị định")) == "nghi dinh"


def test_numbers_with_their_marks_are_one_syllable():
    assert syllables("Luật 06/2022/QH15 đạt 98,27%, (20-1) “Cờ thi đua”.") == [
        "Luật", "06/2022/QH15", "đạt", "98,27", "20-1", "Cờ", "thi", "đua",
    ]  # fmt: skip
    assert syllables("NĐ-CP, 10/8/2023; 1.490.000 đồng.") == [
        "NĐ-CP", "10/8/2023", "1.490.000", "đồng",
    ]  # fmt: skip
    assert syllables("… – !") == []
