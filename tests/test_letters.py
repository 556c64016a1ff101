"""Old fonts: what was written for TCVN3 or VNI comes back as Unicode, and Unicode stays as it is."""

import codecs
from pathlib import Path

import pytest

import corpus
from corpus.letters import _TCVN3, _VNI, _VNI_ALONE, decoded, font_of, from_vni, restored
from corpus.text import tidy

SAMPLE = Path(corpus.__file__).with_name("documents")
LAW = tidy(next(SAMPLE.glob("regulations/*06-2022*.txt")).read_text("utf-8")).split("\n")
TO_TCVN3 = {
    chr(letter) if isinstance(letter, int) else letter: chr(code) for code, letter in _TCVN3.items()
}
TO_VNI = {letter: signs for signs, letter in {**_VNI, **_VNI_ALONE}.items()}


def in_tcvn3(text: str) -> str:
    return "".join(TO_TCVN3.get(c) or TO_TCVN3.get(c.lower(), c) for c in text)


def in_vni(text: str) -> str:
    return "".join(
        TO_VNI.get(c) or (TO_VNI[c.lower()].upper() if c.lower() in TO_VNI else c) for c in text
    )


def test_a_text_in_vni_comes_back_letter_for_letter():
    back, losses = restored([in_vni(line) for line in LAW])
    assert back == LAW
    assert ["VNI" in loss.message for loss in losses] == [True]


def test_a_text_in_tcvn3_comes_back_but_for_capitals_that_the_font_lacks():
    back, losses = restored([in_tcvn3(line) for line in LAW])
    assert [line.lower() for line in back] == [line.lower() for line in LAW]
    assert ["TCVN3" in loss.message for loss in losses] == [True]


def test_unicode_stays_and_a_few_old_lines_in_it_come_back():
    assert restored(LAW) == (LAW, [])
    old = [in_tcvn3(line.lower()) for line in LAW[20:25]]
    back, losses = restored([*LAW, *old])
    assert back[: len(LAW)] == LAW
    assert [line.lower() for line in back[len(LAW) :]] == [line.lower() for line in LAW[20:25]]
    assert losses


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        (".VnTime", "§iÒu", "Điều"),
        ("ABCDEF+.VnTimeH,Bold", "quèc héi", "QUỐC HỘI"),
        ("VNI-Times", "Ñieàu", "Điều"),
    ],
)
def test_a_font_is_known_by_its_name(name, text, read):
    assert font_of(name)(text) == read


def test_fonts_of_today_say_nothing():
    assert font_of("Times New Roman") is None and font_of("ABCDEF+Vnu") is None


def test_capitals_of_vni():
    assert from_vni("UÛY BAN NHAÂN DAÂN TÆNH") == "ỦY BAN NHÂN DÂN TỈNH"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp1258", "tcvn3", "vni"])
def test_bytes_of_every_encoding(tmp_path, encoding):
    text = "\n".join(LAW[10:40])
    if encoding == "cp1258":
        parts = [c.encode("cp1258") if _fits(c) else _parted(c) for c in text]
        data = b"".join(parts)
    elif encoding in ("tcvn3", "vni"):
        data = (in_tcvn3 if encoding == "tcvn3" else in_vni)(text).encode("latin-1", "replace")
    else:
        data = text.encode(encoding)
        data = codecs.BOM_UTF16_BE + data if encoding == "utf-16-be" else data
    lines, _ = restored(decoded(tmp_path / "a.txt", data).split("\n"))
    assert tidy("\n".join(lines)).lower().replace("?", "") == text.lower().translate(
        {}
        if encoding in ("utf-8", "utf-16", "utf-16-be", "cp1258")
        else dict.fromkeys(map(ord, "“”–…"))
    )


def test_a_few_spoilt_bytes_do_not_cost_the_text(tmp_path):
    data = "\n".join(LAW).encode()
    at = data.index("Điều".encode()) + 1
    text = decoded(tmp_path / "a.txt", data[:at] + data[at + 1 :])
    lines, losses = restored(text.split("\n"))
    assert sum(a != b for a, b in zip(lines, LAW, strict=True)) == 1
    assert ["1 chữ bị hỏng" in loss.message for loss in losses] == [True]


def _fits(letter: str) -> bool:
    try:
        return bool(letter.encode("cp1258"))
    except UnicodeEncodeError:
        return False


def _parted(letter: str) -> bytes:
    """Windows-1258 has no letter with two marks: the tone is a letter of its own."""
    import unicodedata

    spelt = unicodedata.normalize("NFD", letter)
    tone = next(c for c in spelt[1:] if c in "\u0300\u0301\u0303\u0309\u0323")
    return (unicodedata.normalize("NFC", spelt.replace(tone, "")) + tone).encode("cp1258")
