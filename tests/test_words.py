"""BM25 over folded syllables and pairs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.words import ASKING, Words, asked, terms


def ranked(question: str, *passages: str | tuple[str, str]) -> list[int]:
    """The numbers of the passages that were found, best first."""
    pairs = [(p, "") if isinstance(p, str) else p for p in passages]
    words = Words((terms(text), terms(context)) for text, context in pairs)
    relevance = words.relevance(asked(question))
    return [int(i) for i in np.argsort(-relevance, kind="stable") if relevance[i] > 0]


def test_terms_are_folded_syllables_and_their_pairs():
    assert terms("Cờ Thi đua") == ["co", "thi", "dua", "co_thi", "thi_dua"]
    assert terms("") == []


def test_a_number_is_found_whole_and_by_its_parts():
    found = terms("06/2022/QH15")
    assert found == ["6", "2022", "qh15", "6_2022", "2022_qh15", "06/2022/qh15"]
    assert terms("khoản 02") == terms("khoản 2")
    assert terms("000")[0] == "0"


def test_accents_and_case_make_no_difference():
    assert terms("ĐIỀU KIỆN") == terms("dieu kien") == terms("điều kiện")


@given(st.text(max_size=30))
def test_terms_are_never_empty(text):
    assert all(terms(text))


def test_pairs_tell_apart_what_folding_mixes():
    assert ranked("thi đua", "đua thi với thi và đua", "phong trào thi đua xã")[0] == 1


def test_a_rare_word_counts_more_than_a_common_one():
    passages = ["giấy xã", "giấy huyện", "giấy trắng", "bằng xã", "giấy hồng"]
    assert ranked("giấy bằng", *passages)[0] == 3


def test_words_of_asking_count_little_and_are_never_lost():
    weights = asked("ai được tặng bằng khen")
    assert weights["tang"] == weights["bang"] == weights["bang_khen"] == 1.0
    assert weights["ai"] == weights["duoc"] == weights["ai_duoc"] == weights["duoc_tang"] == 0.25
    assert {"ai", "duoc", "bao", "nhieu"} <= ASKING and "khen" not in ASKING
    assert ranked("ai được", "ai được gì", "cờ") == [0]


def test_extra_phrases_count_for_half_and_never_less_than_typed():
    weights = asked("bằng khen", ["bằng khen", "giấy khen"])
    assert (weights["bang"], weights["giay"]) == (1.0, 0.5)


def test_the_text_counts_more_than_its_context():
    assert ranked("cờ", ("bằng", "cờ"), ("cờ", "bằng"), ("giấy", "bằng")) == [1, 0]


def test_a_short_passage_beats_a_long_one():
    assert ranked("cờ", "cờ " + "xã tỉnh huyện " * 20, "cờ xã") == [1, 0]


def test_unknown_words_find_nothing():
    words = Words([(terms("cờ thi đua"), [])])
    assert not words.relevance(asked("xổ số")).any()
    assert words.knows("co") and not words.knows("xo")
    assert words.rarity("xo") > words.rarity("co") > 0


def test_no_passages_give_no_relevance():
    words = Words([])
    assert words.relevance(asked("cờ")).shape == (0,)
    assert words.size == 0


def test_passages_without_terms_keep_their_numbers():
    words = Words([([], []), (terms("cờ"), []), ([], [])])
    assert words.relevance(terms("cờ")).nonzero()[0].tolist() == [1]
