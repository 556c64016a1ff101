"""The grammar of one syllable, and what Telex and VNI keys make."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import could_be, fold, is_syllable
from corpus import tone_placed as placed
from corpus.syllable import looks_vietnamese
from index.accents import more_marks
from index.keys import from_telex, from_vni


@pytest.mark.parametrize(
    "word",
    "nghiêng quốc giặt gì hoà hòa thuỷ thủy khuyến khuỷu yêu uống ươn qua chuyện thuở quýt Quỳnh ký".lower().split(),
)
def test_what_is_a_syllable(word):
    assert is_syllable(word)
    assert could_be(fold(word))


@pytest.mark.parametrize(
    "word",
    "kyên lyt tynh ngiêng nghỏ qúy tìên việtt viêt câp chuẩnr khenthuong bwng zalo iêu fax ubnd strong".split(),
)
def test_what_is_none(word):
    assert not is_syllable(word)


@pytest.mark.parametrize(
    "word", "Điều khoản nghiêng quyết giữa gì hoà hòa quý ở ỷ nghiep QUỐC".split()
)
def test_what_looks_vietnamese(word):
    assert looks_vietnamese(word)


@pytest.mark.parametrize("word", "iÒu Ñieàu thøc quuen nghuên các̀h bcd điếMu tốt́ cuch".split())
def test_what_does_not(word):
    assert not looks_vietnamese(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("qúy", "quý"), ("tìên", "tiền"), ("cuả", "của"), ("chiêń", "chiến"), ("mứơn", "mướn"),
        ("hoà", "hòa"), ("gíây", "giấy"), ("tiền", "tiền"), ("zalò", ""), ("viêt", ""),
    ],
)  # fmt: skip
def test_a_tone_is_put_in_its_place(typed, meant):
    assert placed(unicodedata.normalize("NFC", typed)) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("tieeu", "tiêu"), ("tieue", "tiêu"), ("chuaanr", "chuẩn"), ("chuaarn", "chuẩn"),
        ("ddieemr", "điểm"), ("diemrd", ""), ("dduwowcj", "được"), ("dduowcj", "được"),
        ("thuongwr", "thưởng"), ("quys", "quý"), ("giaays", "giấy"), ("đieemr", "điểm"),
        ("nawm", "năm"), ("thi", ""), ("khen", ""), ("excel", ""), ("https", ""), ("ubnd", ""),
    ],
)  # fmt: skip
def test_telex_keys(keys, meant):
    assert from_telex(keys) == meant


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("tie6u", "tiêu"), ("chua63n", "chuẩn"), ("chuan63", "chuẩn"), ("d9ie63m", "điểm"),
        ("d9u7o75c", "được"), ("d9u7o7c5", "được"), ("thuong73", "thưởng"), ("k1", ""), ("2023", ""),
        ("qh15", ""), ("nam2023", ""), ("24a", ""),
    ],
)  # fmt: skip
def test_vni_keys(keys, meant):
    assert from_vni(keys) == meant


def test_marks_are_only_added():
    assert more_marks("chuân", "chuẩn")
    assert more_marks("dua", "đua")
    assert not more_marks("điệm", "điểm")
    assert not more_marks("đua", "dua")
    assert not more_marks("chuẩn", "chuẩn")


@given(st.text(max_size=12))
def test_no_word_breaks_the_grammar(word):
    word = unicodedata.normalize("NFC", word.lower())
    for made in (placed(word), from_telex(word), from_vni(word)):
        assert made == "" or is_syllable(made)
    assert is_syllable(word) in (True, False)
