"""How far a heading speaks of what is asked."""

import math

import pytest

from index.headings import Headings, gather
from index.words import asked

RARITY = {"giay": 2.0, "khen": 1.0, "xa": 1.0, "giay_khen": 3.0, "khen_xa": 1.0}
NAMED = [
    "",
    "Điều 12a. Giấy khen xã",
    "Điều 2. Giấy",
    "Điều 12a. Giấy khen xã",
    "Điều 4. Ai được gì?",
]


def rarity(term: str) -> float:
    return RARITY.get(term, 5.0)


@pytest.fixture
def headings() -> Headings:
    return Headings(gather(NAMED, rarity), rarity)


def test_a_heading_that_is_the_question_matches_wholly(headings):
    assert headings.match(asked("giấy"))[2] == pytest.approx(1)
    assert headings.match(asked("Giấy khen xã"))[[1, 3]] == pytest.approx(1)


def test_it_is_a_cosine_and_every_passage_has_that_of_its_heading(headings):
    long = 2 / math.sqrt(4 + 1 + 1 + 9 + 1)
    assert headings.match(asked("giấy")).tolist() == pytest.approx([0, long, 1, long, 0])


def test_words_of_asking_and_the_number_of_the_article_match_nothing(headings):
    assert not headings.match(asked("Điều 12a ai được gì")).any()
