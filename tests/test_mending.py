"""Vietnamese told from what is not, and torn words mended without touching sound ones."""

import random
import re
from pathlib import Path

import pytest

import corpus
from corpus.mending import good_share, mend
from corpus.text import fold, tidy

SAMPLE = Path(corpus.__file__).with_name("documents")
LAW = tidy(next(SAMPLE.glob("regulations/*06-2022*.txt")).read_text("utf-8")).split("\n")


def test_the_share_of_good_words_tells_text_from_noise():
    text = "\n".join(LAW)
    assert good_share(text) > 0.98 and good_share(fold(text)) > 0.98
    assert good_share(text.encode().decode("latin-1")) < 0.8
    assert good_share(re.sub(r"[^\x00-\x7f]", "", text)) < 0.8
    draw = random.Random(0)
    noise = "".join(draw.choice("abdegiluư1|ộ") if draw.random() < 0.2 else c for c in text)
    assert good_share(noise) < 0.8
    assert good_share("Số: 15/QĐ-UBND, 2024") is None


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("ĐIỀ U KI Ệ N", "ĐIỀU KIỆN"),
        ("Ngh ị đ ị nh, quy đ ị nh", "Nghị định, quy định"),
        ("QU Ố C H Ộ I", "QUỐC HỘI"),
        ("“Khen th ưở ng”.", "“Khen thưởng”."),
    ],
)
def test_words_torn_at_their_accents_are_mended(torn, whole):
    assert mend([torn]) == [whole]


def test_a_text_torn_throughout_is_mended_nearly_whole():
    accented = r"[^\x00-\x7fđĐ\W]"
    torn = [re.sub(rf"(?<=\w)(?={accented})|(?<={accented})(?=\w)", " ", line) for line in LAW]
    back = mend(torn)
    assert [t.replace(" ", "") for t in back] == [t.replace(" ", "") for t in LAW]
    words, right = " ".join(LAW).split(), " ".join(back).split()
    assert len(set(words) - set(right)) < 0.02 * len(set(words))
    assert abs(len(right) - len(words)) < 0.01 * len(words)


@pytest.mark.parametrize(
    "line",
    ["theo điểm đ ở trên, điểm c ở dưới", "a) Ở đây có ý kiến", "xã Krông Búk, tỉnh Đắk Lắk",
     "ông Nguyễn Văn A và bà B", "Hội LHPN xã Ea H'leo", "1. Ủy ban nhân dân"],
)  # fmt: skip
def test_sound_lines_stay(line):
    assert mend([line]) == [line]
    assert mend(LAW) == LAW
