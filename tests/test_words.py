"""BM25 over folded syllables and pairs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.postings import Gathering, Postings
from index.words import ASKING, Words, asked, terms, weighed


def words_of(*passages: tuple[str, str]) -> Words:
    """The inverted file of passages, each a text and its context."""
    held = Gathering()
    for number, (text, context) in enumerate(passages):
        held.add(number, weighed(terms(text), terms(context)))
    return Words(held.arrays(len(passages)))


def ranked(question: str, *passages: str | tuple[str, str]) -> list[int]:
    """The numbers of the passages that were found, best first."""
    pairs = [(p, "") if isinstance(p, str) else p for p in passages]
    words = words_of(*pairs)
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
    words = words_of(("cờ thi đua", ""))
    assert not words.relevance(asked("xổ số")).any()
    assert words.knows("co") and not words.knows("xo")
    assert words.rarity("xo") > words.rarity("co") > 0


def test_no_passages_give_no_relevance():
    words = words_of()
    assert words.relevance(asked("cờ")).shape == (0,)
    assert words.size == 0


def test_passages_without_terms_keep_their_numbers():
    words = words_of(("", ""), ("cờ", ""), ("", ""))
    assert words.size == 3
    assert words.relevance(terms("cờ")).nonzero()[0].tolist() == [1]


def test_passages_that_hold_all_words_are_told():
    words = words_of(("cờ thi đua", ""), ("thi đua", ""), ("đua thi cờ", ""), ("lá", "cờ thi đua"))
    assert words.holding(terms("thi đua")).tolist() == [0, 1, 3]
    assert words.holding(terms("Cờ thi đua")).tolist() == [0, 3]
    assert words.holding(terms("cờ xã")).tolist() == []
    assert words.holding([]).tolist() == [0, 1, 2, 3]


@given(st.lists(st.text("ab ", max_size=12), max_size=8))
def test_relevance_is_bm25_as_the_book_has_it(texts):
    relevance = words_of(*((text, "") for text in texts)).relevance(["a"])
    lengths = [len(terms(text)) for text in texts]
    mean = sum(lengths) / max(1, len(texts)) or 1
    count = sum("a" in terms(text) for text in texts)
    rarity = math.log(1 + (len(texts) - count + 0.5) / (count + 0.5))
    for text, length, found in zip(texts, lengths, relevance, strict=True):
        often = terms(text).count("a")
        norm = 1.2 * (0.4 + 0.6 * length / mean)
        assert found == pytest.approx(rarity * often * 2.2 / (often + norm), rel=1e-5)


# The inverted file


def test_what_is_given_in_pieces_is_added_up():
    held = Gathering()
    held.add(1, {"cờ": 2.0, "lá": 0.5})
    held.add(0, {"cờ": 1.0})
    held.add(1, {"cờ": 0.5})
    arrays = held.arrays(3)
    postings = Postings(arrays)
    numbers, weights = postings.find("cờ")
    assert (numbers.tolist(), weights.tolist()) == ([0, 1], [1.0, 2.5])
    assert [a.tolist() for a in postings.find("lá")] == [[1], [0.5]]
    assert [a.tolist() for a in postings.find("xã")] == [[], []]
    assert [postings.count(term) for term in ("cờ", "lá", "xã")] == [2, 1, 0]
    assert "lá" in postings and "xã" not in postings
    assert arrays["lengths"].tolist() == [1.0, 3.0, 0.0]
