"""A question typed without accents gets them back, as the texts spell them."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import fold
from index.accents import Accents, Taken, Way

TEXTS = [
    "Tiêu chuẩn xét tặng Cờ thi đua của Chính phủ\nCờ thi đua được tặng hằng năm",
    "Hồ sơ đề nghị tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh hoặc Giấy khen",
    "Danh hiệu Lao động tiên tiến; điểm thưởng và điểm trừ của đơn vị",
    "Mức tiền thưởng bằng tiền mặt",
    "Thuỷ lợi và hoà giải ở cơ sở",
]


@pytest.fixture(scope="module")
def accents() -> Accents:
    return Accents(Accents.learn(TEXTS))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tieu chuan tang co thi dua", "tiêu chuẩn tặng cờ thi đua"),
        ("Ho so de nghi bang khen?", "Hồ sơ đề nghị bằng khen?"),
        ("CO THI DUA CUA CHINH PHU", "CỜ THI ĐUA CỦA CHÍNH PHỦ"),
        ("bang khen hoac giay khen", "bằng khen hoặc giấy khen"),
        ("duoc bao nhieu diem", "được bao nhiêu điểm"),
        ("thuy loi", "thủy lợi"),
    ],
)
def test_accents_come_back(accents, typed, meant):
    assert accents.restore(typed) == meant


def test_a_question_typed_with_accents_stays_as_typed(accents):
    for question in ("Tiêu chuẩn tặng cờ thi đua", "hồ sơ bang khen", "thuỷ lợi là gì"):
        assert accents.restore(question) == question


def test_an_accent_that_was_typed_is_never_changed(accents):
    assert accents.restore("tieu chuan tặng co thi dua cua chinh phu") == (
        "tiêu chuẩn tặng cờ thi đua của chính phủ"
    )
    assert accents.restore("diem thuong va điệm tru").split()[3] == "điệm"


def test_accents_left_out_of_some_syllables_come_back(accents):
    assert accents.restore("tiêu chuân tặng cơ thi dua") == "tiêu chuẩn tặng cơ thi đua"
    assert accents.restore("Hồ sơ đề nghị bằng khen cua Chủ tịch") == (
        "Hồ sơ đề nghị bằng khen của Chủ tịch"
    )
    # Nothing else is missing, and nothing beside it speaks for "hòa".
    assert accents.restore("Bà Hoa được tặng giấy khen") == "Bà Hoa được tặng giấy khen"


def test_a_path_takes_the_likelier_way(accents):
    ways = [
        Way(syllables=((("bằng", 0.0),),)),
        Way(syllables=((("tiền", 0.0),), (("mặt", 0.0),)), cost=1.0),
    ]
    after = [Way(syllables=((("khen", 0.0),),))]
    assert accents.path([ways, after]) == [
        Taken(way=0, forms=("bằng",)),
        Taken(way=0, forms=("khen",)),
    ]
    assert accents.path([ways])[0].forms in (("bằng",), ("tiền", "mặt"))
    dear = [ways[0].model_copy(update={"cost": 50.0}), ways[1]]
    assert accents.path([dear, after])[0] == Taken(way=1, forms=("tiền", "mặt"))
    assert accents.path([]) == []


def test_unknown_words_numbers_and_marks_stay(accents):
    assert accents.restore("zalo 06/2022/QH15, xyz (98,27)!") == "zalo 06/2022/QH15, xyz (98,27)!"
    assert accents.restore("") == ""
    assert accents.restore("123 ?") == "123 ?"


def test_the_neighbours_decide(accents):
    assert accents.restore("lao dong tien tien") == "lao động tiên tiến"
    assert accents.restore("muc tien thuong") == "mức tiền thưởng"
    assert accents.restore("ho so de nghi") == "hồ sơ đề nghị"


@given(st.text("aăđe oưnht TDC0/,.\n", max_size=30))
@settings(deadline=None, max_examples=80)
def test_only_accents_change(question):
    model = Accents(Accents.learn(TEXTS))
    question = unicodedata.normalize("NFC", question)
    assert fold(model.restore(question)) == fold(question)


def test_an_empty_library_still_knows_how_cadres_ask():
    assert Accents(Accents.learn([])).restore("bao nhieu diem") == "bao nhiêu điểm"


def test_no_pair_crosses_a_line():
    pairs = Accents.learn(["cờ xã\nmới toanh"])
    assert ("xã", "mới") not in pairs
    assert pairs["", "cờ"] == pairs["", "mới"] == pairs["cờ", "xã"] == 1
