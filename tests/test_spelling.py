"""A badly typed question is read as what was meant, and nothing else is touched."""

import itertools
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.question import understand
from conftest import TODAY
from corpus import fold, tidy
from hashing import HashEncoder
from index import Index, Spelling
from index.accents import Accents
from index.slip import before as slips


@pytest.fixture(scope="module")
def index(sample_index) -> Index:
    return Index(sample_index, HashEncoder())


@pytest.fixture(scope="module")
def spelling(index) -> Spelling:
    return Spelling(index.accents, ("CSTĐ", "LĐTT", "TĐKT", "UBND", "HTXSNV", "TT", "Kon Tum"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # Telex, VNI
        ("tieeu chuaanr chieens six thi ddua", "tiêu chuẩn chiến sĩ thi đua"),
        ("Tieeu chuaanr Lao ddoongj tieen tieens", "Tiêu chuẩn Lao động tiên tiến"),
        ("tiêu chuẩn chieens sĩ thi đua", "tiêu chuẩn chiến sĩ thi đua"),
        ("tie6u chua63n chie6n1 si4 thi d9ua", "tiêu chuẩn chiến sĩ thi đua"),
        ("tieu6 chuan63 thi dua9 na8m 2023", "tiêu chuẩn thi đua năm 2023"),
        # Blanks left out, or in the wrong place
        ("khenthuong", "khen thuong"),
        ("thiduakhenthuong", "thi dua khen thuong"),
        ("chiến sĩthi đua", "chiến sĩ thi đua"),
        ("tiêuchuẩnchiếnsĩthiđua cơ sở", "tiêu chuẩn chiến sĩ thi đua cơ sở"),
        ("thid ua khen thuong", "thi dua khen thuong"),
        ("ThiĐua khen thưởng", "Thi Đua khen thưởng"),
        ("lđtt2022", "lđtt 2022"),
        ("luậttđkt 2022", "luật tđkt 2022"),
        ("dieu23khoan1", "dieu 23 khoan 1"),
        ("d23k1", "d23 k1"),
        ("năm2023, tt15", "năm 2023, tt 15"),
        ("vua LDTTvuaCSTD", "vua LDTT vua CSTD"),
        # Slips
        ("tiêu chuẩnn lao động tiên tiến", "tiêu chuẩn lao động tiên tiến"),
        ("bang khne cua thu tuong", "bang khen cua thu tuong"),
        ("thi dua khem thuong", "thi dua khen thuong"),
        ("tiêu chuẫn lao động", "tiêu chuẩn lao động"),
        # Tones
        ("tìên thưởng cuả tập thể", "tiền thưởng của tập thể"),
        # Shouting and marks
        ("TIÊU CHUẨN CSTĐ CƠ SỞ NĂM 2023", "tiêu chuẩn CSTĐ cơ sở năm 2023"),
        ("hồ sơ gồm gì???Nộp ở đâu🙏", "hồ sơ gồm gì? Nộp ở đâu"),
        ("thi đua,khen thưởng", "thi đua, khen thưởng"),
    ],
)
def test_what_was_meant(spelling, typed, meant):
    assert spelling.repair(unicodedata.normalize("NFC", typed)).text == meant


@pytest.mark.parametrize(
    "question",
    [
        "Điều 24a Luật 06/2022/QH15, 268/QĐ-UBND ngày 1/7/2025 được 98,27 điểm?",
        "k1 đ23, QH15, A4 và 5tr",
        "Hội Lions, Hội Kiwanis và Hội Rotary năm 2023, Hội Lien",
        "Hội Nông dân huyện Krông Pắc, xã Ea Kao và tỉnh Kon Tum",
        "hội nông dân huyện krông pắc",
        "hội lâm thổ xã mường chanh",
        "Chị Hoa, anh Khuê và ông Vượng",
        "CSTĐ, LĐTT, HTXSNV, BHXH, PCCC",
        "https://vbpl.vn/tieuchuan a@khenthuong.vn",
        "mở file excel và word trên internet, facebook, zalo",
        "hoà giải ở cơ sở, thuỷ lợi",
        "as is, so",
        "Giá vàng SJC hôm nay bao nhiêu?",
    ],
)
def test_what_is_no_mistake_stays(spelling, question):
    repaired = spelling.repair(question)
    assert repaired.text == question
    assert repaired.changes == ()


def test_the_library_itself_stays(spelling, index):
    lines = [line for passage in index.passages for line in passage.text.split("\n")][:1500]
    assert [line for line in lines if spelling.repair(line).changes] == []


def test_clean_questions_stay(spelling, index):
    for question in _CLEAN:
        assert spelling.repair(question).text == question
        assert index.accents.restore(question) == question


_CLEAN = (
    "Tiêu chuẩn Chiến sĩ thi đua cơ sở?",
    "LĐTT chỉ cần hoàn thành tốt nhiệm vụ đúng không?",
    "Tập thể có những danh hiệu thi đua nào?",
    "Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm?",
    "Thời tiết ngày mai thế nào, có mưa rào và dông không?",
    "Từ 2021 sang 2022 đơn vị nào tăng điểm nhiều nhất?",
    "Vợ chồng tôi xin trích lục sổ đỏ ở phường An Khê thì nộp gì?",
    "Giải thưởng Sao Vàng đất Việt do ai trao?",
)


def test_what_was_changed_is_told(spelling):
    repaired = spelling.repair("tieeu chuan khne thuong")
    assert dict(repaired.changes) == {"tieeu": "tiêu", "khne": "khen"}
    assert repaired.guessed
    blanks = spelling.repair("khenthuong năm2023")
    assert dict(blanks.changes) == {"khenthuong": "khen thuong", "năm2023": "năm 2023"}
    assert not blanks.guessed


def test_the_answer_knows_how_a_question_was_read(ask):
    assert ask("Tieeu chuaanr lao ddoongj tieen tieens").question.read_as == (
        "Tiêu chuẩn lao động tiên tiến"
    )
    assert ask("tieu chuan lao dong tien tien nam2023").question.read_as == ""


def test_a_slip_never_makes_an_unknown_unit_a_known_one(index, spelling):
    units = index.lookup.units()[:4]
    assert units
    strange = ("huyện Krông Pắc", "Cà Mau", "xã Ea Kao", "thị xã Hồng Lĩnh", "Lion", "Đông y")
    for unit, place in itertools.product(units, strange):
        short = " ".join(unit.name.split()[:3])
        typed = f"{short} {place} năm"
        known = _units(index, typed)
        for at in range(len(short), len(typed) - 1):
            # A key held too long, and one that was missed, with capitals and without.
            for slipped in (typed[: at + 1] + typed[at:], typed[:at] + typed[at + 1 :].lower()):
                read = spelling.repair(slipped).text
                assert read == slipped or _units(index, read) <= known, (slipped, read)


def _units(index: Index, text: str) -> set[str]:
    question = understand(
        text,
        accented=index.accents.restore(text),
        units=index.lookup.units(),
        documents={},
        today=TODAY,
    )
    return set(question.units)


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=150)
def test_any_text_is_repaired_once(spelling, text):
    once = spelling.repair(text)
    assert spelling.repair(once.text).text == once.text


_TYPED = st.lists(
    st.sampled_from(
        "tieeu chuaanr thi d9ua khenthuong nam2023 dieu23khoan1 chiến sĩthi Hội Nôgn ubnd 06/2022/QH15 "
        "98,27 khne tìên NĂM lđtt ? , . 24a krông zalo TĐKT năm 2023 cơ sở bang".split()
    ),
    max_size=8,
)


@given(_TYPED)
@settings(deadline=None, max_examples=150)
def test_mixed_questions_are_repaired_once_and_keep_their_numbers(spelling, words):
    text = " ".join(words)
    once = spelling.repair(text)
    assert spelling.repair(once.text).text == once.text
    keys = re.compile(r"[a-z]*\d(?=[a-z])\S*")  # VNI
    assert (
        re.findall(r"\d+", keys.sub("", once.text)) or "d9ua" in text or not re.search(r"\d", text)
    )
    for number in ("06/2022/QH15", "98,27", "24a"):
        assert once.text.count(number) == text.count(number)


def test_long_texts_and_long_words_take_no_long_time(spelling):
    # Counted in words looked at, not in seconds: what is too long is left as it is.
    assert spelling.repair("ana" * 400).text == "ana" * 400
    pasted = "khenthuong " * 400
    assert spelling.repair(pasted).text == tidy(pasted)
    assert list(spelling._divided("an" * 19 + "x", 8)) == []


def test_a_word_is_taken_apart_without_trying_everything(monkeypatch):
    few = Spelling(
        Accents(Accents.learn(["thin thinh tha than thanh hi hin hinh an anh han hanh in"]))
    )
    looked: list[str] = []
    known = few._part
    monkeypatch.setattr(few, "_part", lambda part: looked.append(part) or known(part))
    assert list(few._divided("thinhanhinhanhinhanhinhanhinhanhinhanhx", 8)) == []
    assert len(looked) < 1000


def test_names_from_the_highlands_are_not_taken_for_slips():
    few = Spelling(Accents(Accents.learn(["râu tóc"])))
    assert few.repair("dân tộc brâu ở").text == "dân tộc brâu ở"
    assert few.repair("dân tộc hrâu ở").text == "dân tộc hrâu ở"
    assert few.repair("dân tộc xrâu ở").text == "dân tộc râu ở"


def test_one_letter_counts_only_between_words_that_want_it():
    few = Spelling(Accents(Accents.learn(["đề nghị thành tích tốt"] * 25 + ["thành tựu lớn"])))
    assert few.repair("nghị thàn tích").text == "nghị thành tích"
    assert few.repair("xã thàn tích").text == "xã thàn tích"
    assert few.repair("Thàn tựu, nghị thàn tựu").text == "Thàn tựu, nghị thàn tựu"
    # No syllables, and each can only be one.
    assert few.repair("có thànhh tựuy gì").text == "có thành tựu gì"


def test_an_empty_library_changes_no_letter():
    empty = Spelling(Accents(Accents.learn([])))
    for text in ("", "  ", "tiêu chuẩn chiến sĩ thi đua", "Hội Nông dân tỉnh", "khne thuong"):
        assert fold(empty.repair(text).text) == fold(tidy(text))


def test_slips():
    meant = {form for form, _ in slips("khne")}
    assert {"khen", "khe", "kne", "khne"} - meant == {"khne"}
    weights: dict[str, float] = {}
    for form, weight in slips("nua"):
        weights[form] = min(weight, weights.get(form, 2.0))
    assert weights["lua"] < weights["mua"] < weights["xua"]  # said alike, beside it, anything
