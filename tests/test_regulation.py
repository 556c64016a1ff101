"""Legal text cut at Điều, khoản and điểm, and what its head and last Điều say of it."""

import datetime
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.files import read_text
from corpus.regulation import POINTS, Regulation, read_regulation
from corpus.text import tidy

SHARED = Path(__file__).parents[2] / "shared"
HEAD = """ỦY BAN NHÂN DÂN TỈNH AN HẢI
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 17/2024/QĐ-UBND
An Hải, ngày 05 tháng 3 năm 2024
QUYẾT ĐỊNH
Ban hành quy định về thi đua của các xã
Căn cứ Luật số 06/2022/QH15 ngày 15 tháng 6 năm 2022;
Căn cứ Nghị định số 98/2023/NĐ-CP;"""
BODY = """Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
Quy định này nói về các xã.
Điều 2. Giải thích
Trong quy định này:
1. Xã là đơn vị.
2. Hồ sơ gồm:
a) Tờ trình;
b) Biên bản;
c) Danh sách;
d) Bản sao;
đ) Ảnh;
e) Thư.
Chương II
XÉT TẶNG
Mục 1
DANH HIỆU
Điều 3. Danh hiệu
1. Có ba mức:
a) Mức một;
b) Mức hai.
Hội đồng xã quyết định mức.
c) Mức ba.
2. Không xét hai lần.
Mục 2. Hình thức
Điều 4. Hình thức
Giấy khen.
Điều 5. Thi hành
1. Quyết định này có hiệu lực từ ngày 15 tháng 3 năm 2024.
2. Quyết định này thay thế Quyết định số 11/2019/QĐ-UBND."""
TAIL = """Nơi nhận:
- Như Điều 5;
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Trần Thị Mẫu"""


def cut(*parts: str) -> Regulation:
    return read_regulation([line for line in "\n".join(parts).split("\n") if line], "r/a.txt")


def texts(regulation: Regulation) -> dict[str, str]:
    """Citation → text; a citation given twice would be lost here, so the count is checked."""
    found = {str(passage.place): passage.text for passage in regulation.passages}
    assert len(found) == len(regulation.passages), "two passages of one citation"
    return found


def articles(regulation: Regulation) -> list[str]:
    found = [p.place.article for p in regulation.passages if p.place.article]
    return list(dict.fromkeys(found))


def closing(words: str, head: str = HEAD) -> Regulation:
    return cut(head, "Điều 1. Phạm vi", "Các xã.", "Điều 2. Thi hành", words)


# Cutting


def test_a_text_is_cut_at_every_level():
    found = texts(cut(HEAD, BODY, TAIL))
    assert list(found) == [
        "Phần đầu", "Chương I", "Điều 1", "Điều 2", "Điều 2 khoản 1", "Điều 2 khoản 2",
        "Điều 2 khoản 2 điểm a", "Điều 2 khoản 2 điểm b", "Điều 2 khoản 2 điểm c",
        "Điều 2 khoản 2 điểm d", "Điều 2 khoản 2 điểm đ", "Điều 2 khoản 2 điểm e",
        "Chương II", "Chương II Mục 1", "Điều 3", "Điều 3 khoản 1", "Điều 3 khoản 1 điểm a",
        "Điều 3 khoản 1 điểm b", "Điều 3 khoản 1 đoạn 2", "Điều 3 khoản 1 điểm c",
        "Điều 3 khoản 2", "Chương II Mục 2", "Điều 4", "Điều 5", "Điều 5 khoản 1",
        "Điều 5 khoản 2", "Phần cuối đoạn 1",
    ]  # fmt: skip
    assert found["Điều 2 khoản 2 điểm đ"] == "đ) Ảnh;"
    assert found["Điều 1"] == "Điều 1. Phạm vi\nQuy định này nói về các xã."


def test_a_paragraph_after_points_has_its_own_citation_and_the_points_go_on():
    found = texts(cut(BODY))
    assert found["Điều 3 khoản 1 điểm b"] == "b) Mức hai."
    assert found["Điều 3 khoản 1 đoạn 2"] == "Hội đồng xã quyết định mức."
    assert found["Điều 3 khoản 1 điểm c"] == "c) Mức ba."


def test_passages_know_their_headings_and_opening_words():
    by_place = {str(p.place): p for p in cut(HEAD, BODY).passages}
    point = by_place["Điều 3 khoản 1 điểm b"]
    assert point.headings == ("Chương II. XÉT TẶNG", "Mục 1. DANH HIỆU", "Điều 3. Danh hiệu")
    assert point.lead == "1. Có ba mức:"
    assert by_place["Điều 2 khoản 1"].lead == "Trong quy định này:"
    assert by_place["Điều 4"].headings[1] == "Mục 2. Hình thức"


def test_signatures_are_no_part_of_the_last_article():
    found = texts(cut(HEAD, BODY, TAIL))
    assert found["Điều 5 khoản 2"].endswith("11/2019/QĐ-UBND.")
    assert found["Phần cuối đoạn 1"] == TAIL


def test_a_bare_heading_takes_the_next_line_as_its_text():
    found = texts(cut("Điều 4", "Bốn.", "Điều 5", "Năm là năm.", "1. Một.", "Điều 6:", "Sáu."))
    assert found["Điều 5"] == "Điều 5\nNăm là năm."
    assert list(found) == ["Điều 4", "Điều 5", "Điều 5 khoản 1", "Điều 6"]


def test_a_heading_without_a_dot_is_one_when_the_count_fits():
    assert articles(cut("Điều 1 Phạm vi", "Một.", "Điều 2 Ấn định", "Hai.")) == ["1", "2"]


@pytest.mark.parametrize(
    "wrapped",
    [
        "Điều 26, khoản 1 của Luật.",
        "Điều 84. Hồ sơ khi cần thì bổ sung.",
        "Điều 26 đã được ban hành.",
        "Điều 2 Luật này thì được xét.",
        "Điều 2. Đối tượng thì được xét.",
        "Chương III của Luật này.",
        "Chương III",
        "Mục 2",
        "Mục 2 Chương III Luật này.",
        "Phụ lục I",
    ],
)
def test_a_wrapped_line_opens_nothing(wrapped):
    found = texts(
        cut(
            f"Điều 1. Phạm vi\n1. Thực hiện theo quy định tại\n{wrapped}\n2. Hai.\n"
            "Điều 2. Đối tượng\n1. Các xã.\nĐiều 3. Thi hành\nNgay."
        )
    )
    places = ["Điều 1", "Điều 1 khoản 1", "Điều 1 khoản 2", "Điều 2", "Điều 2 khoản 1", "Điều 3"]
    assert list(found) == places
    assert found["Điều 1 khoản 1"].endswith(wrapped)


@pytest.mark.parametrize("line", ["Chương II của Luật này cũng được.", "Mục 2 Luật này thì không."])
def test_a_sentence_about_a_chapter_opens_none(line):
    found = texts(cut(f"Điều 1. A\n1. Một.\n{line}\n2. Hai.\nĐiều 2. B\nC."))
    assert found["Điều 1 khoản 1"] == f"1. Một.\n{line}"
    assert list(found) == ["Điều 1", "Điều 1 khoản 1", "Điều 1 khoản 2", "Điều 2"]


def test_an_annex_that_is_only_named_is_none():
    found = texts(cut("Điều 1. A\nTheo mẫu tại\nPhụ lục I\nkèm theo văn bản này."))
    assert list(found) == ["Điều 1"]


def test_a_wrapped_line_of_the_last_article_is_no_jump():
    found = articles(cut("Điều 1. Một\nA.\nĐiều 2. Hai\nXét theo\nĐiều 9. Luật cũ quy định.\nB."))
    assert found == ["1", "2"]


def test_an_extract_may_jump():
    lines = [f"Điều {n}. Tên\nNội dung {n}." for n in (7, 8, 27, 28)]
    assert articles(cut(*lines)) == ["7", "8", "27", "28"]


def test_inserted_articles_and_clauses_keep_their_letters():
    found = texts(
        cut(
            "Điều 1. A\n1. Một.\n1a. Một a.\n2. Hai:\na) A;\na1) A một;\na2) A hai;\na1) A lạ;\nb) B.\nĐiều 1a. B\nC."
        )
    )
    assert "Điều 1 khoản 1a" in found
    assert "Điều 1 khoản 2 điểm a1" in found
    assert found["Điều 1a"] == "Điều 1a. B\nC."


def test_an_annex_that_counts_anew_is_not_the_body():
    annex = "PHỤ LỤC I\nMẪU QUYẾT ĐỊNH\nĐiều 1. Tặng giấy khen.\nĐiều 2. Thi hành."
    regulation = cut(HEAD, BODY, annex)
    assert articles(regulation) == ["1", "2", "3", "4", "5"]
    assert texts(regulation)["Phụ lục I đoạn 1"] == annex


def test_signatures_before_an_annex_end_the_count_too():
    model = "QUYẾT ĐỊNH\nĐiều 1. Tặng giấy khen.\nĐiều 2. Thi hành."
    regulation = cut(HEAD, BODY, TAIL, model)
    assert articles(regulation) == ["1", "2", "3", "4", "5"]
    assert texts(regulation)["Điều 5 khoản 2"].endswith("UBND.")


def test_a_long_annex_is_cut_between_its_paragraphs():
    rows = [f"{n}. " + "Tiêu chí chấm điểm của xã. " * 8 for n in range(1, 9)]
    found = texts(cut(HEAD, BODY, "Phụ lục II", *rows))
    annex = [text for place, text in found.items() if place.startswith("Phụ lục II đoạn")]
    assert len(annex) > 2
    assert "\n".join(annex) == "\n".join(["Phụ lục II", *rows])


def test_the_rest_of_a_wrapped_point_stays_with_it():
    found = texts(cut("Điều 1. A\n1. Gồm:\na) Có từ 02 năm\ntrở lên;\n- Ở xã;\nb) Có đơn."))
    assert found["Điều 1 khoản 1 điểm a"] == "a) Có từ 02 năm\ntrở lên;\n- Ở xã;"
    assert "Điều 1 khoản 1 đoạn 2" not in found


def test_money_and_dates_at_a_line_start_are_no_clauses():
    found = texts(cut("Điều 1. A\n1. Mức là\n2.340.000 đồng;\n2.5 lần;\n2. Hai."))
    assert list(found) == ["Điều 1", "Điều 1 khoản 1", "Điều 1 khoản 2"]


def test_pages_are_kept():
    lines = ["Điều 1. A", "1. Một.", "2. Hai."]
    assert [p.page for p in read_regulation(lines, "a.pdf", [1, 1, 2]).passages] == [1, 1, 2]


LINES = (
    """
QUYẾT ĐỊNH|Số: 17/2024/QĐ-UBND|Căn cứ Luật số 1/2020/QH14;|Chương I|Chương II. Tên|Mục 1|Mục 1. Tên
Điều 1. A|Điều 2|Điều 2 Bậc|Điều 3. C|Điều 3a. C|Điều 9. D|Điều 2, khoản 1 thì|quy định tại|- gạch
1. Một|2. Hai:|2a. Hai a|3) Ba|a) A;|a1) A;|b) B|d) D|đ) Đ|e) E|một dòng|Đoạn riêng.|TÊN CHƯƠNG
“Điều 4. Mới|2. Mới.”|Sửa đổi Điều 3 như sau:|[1] Được sửa.|I. MỤC ĐÍCH|II- YÊU CẦU|1. Việc|HƯỚNG DẪN
PHỤ LỤC|Phụ lục I|TM. ỦY BAN|Nơi nhận:|PHẦN I|này thay thế Thông tư số 5/2020/TT-BNV
""".strip()
    .replace("\n", "|")
    .split("|")
)


@given(st.lists(st.sampled_from(LINES), max_size=30))
@settings(max_examples=150, deadline=None)
def test_every_letter_comes_back_under_a_citation_of_its_own(lines):
    regulation = read_regulation(lines, "a.txt")
    assert "\n".join(p.text for p in regulation.passages) == "\n".join(lines)
    texts(regulation)
    assert [p.order for p in regulation.passages] == list(range(len(regulation.passages)))


def test_points_follow_the_alphabet_of_the_law():
    letters = list("abcdđeghik")
    found = texts(cut("Điều 1. A", "1. Gồm:", *(f"{letter}) Mục;" for letter in letters)))
    assert [p for p in found if "điểm" in p] == [f"Điều 1 khoản 1 điểm {x}" for x in letters]
    assert [p for p in POINTS if p in letters] == letters


GUIDANCE = """TỈNH ỦY AN HẢI|Số 05-HD/TU|An Hải, ngày 3 tháng 2 năm 2024|HƯỚNG DẪN
chấm điểm thi đua của các cơ quan Đảng|Căn cứ Chỉ thị số 33-CT/TW;|I- MỤC ĐÍCH, YÊU CẦU
1. Chấm điểm công khai.|2. Bám sát nhiệm vụ.|II- CÁCH CHẤM|Điểm tối đa là 100.|1. Điểm cộng
a) Có sáng kiến: 2 điểm;|b) Được khen: 1 điểm.|2. Điểm trừ|III. TỔ CHỨC THỰC HIỆN
Ban Thường vụ giao Văn phòng theo dõi việc chấm điểm của các cơ quan trong cả năm 2024.""".replace(
    "\n", "|"
).split("|")


def test_a_text_without_articles_is_cut_at_its_own_numbers():
    regulation = read_regulation(GUIDANCE, "r/a.txt")
    assert texts(regulation) == {
        "Phần đầu": "\n".join(GUIDANCE[:6]),
        "Mục I đoạn 1": "I- MỤC ĐÍCH, YÊU CẦU",
        "Mục I khoản 1 đoạn 1": "1. Chấm điểm công khai.",
        "Mục I khoản 2 đoạn 1": "2. Bám sát nhiệm vụ.",
        "Mục II đoạn 1": "II- CÁCH CHẤM\nĐiểm tối đa là 100.",
        "Mục II khoản 1 đoạn 1": "1. Điểm cộng\na) Có sáng kiến: 2 điểm;\nb) Được khen: 1 điểm.",
        "Mục II khoản 2 đoạn 1": "2. Điểm trừ",
        "Mục III đoạn 1": "\n".join(GUIDANCE[-2:]),
    }
    document = regulation.document
    assert (document.number, document.form, document.issued) == (
        "05-HD/TU", "Hướng dẫn", D(2024, 2, 3),
    )  # fmt: skip
    assert document.title == "Hướng dẫn chấm điểm thi đua của các cơ quan Đảng"
    assert regulation.passages[3].headings == ("Mục I. MỤC ĐÍCH, YÊU CẦU",)


def test_a_long_paragraph_of_a_guidance_is_cut_between_lines():
    lines = [
        "HƯỚNG DẪN",
        "chấm điểm",
        "1. Gồm:",
        *(f"- Ý thứ {i} {'rất dài ' * 20}." for i in range(9)),
    ]
    regulation = read_regulation(lines, "a")
    assert [str(p.place) for p in regulation.passages[1:]] == [
        f"khoản 1 đoạn {i}" for i in range(1, len(regulation.passages))
    ]
    assert len(regulation.passages) > 2 and regulation.passages[-1].headings == ("1. Gồm:",)


# Amending clauses

AMENDING = """Số: 9/2024/NĐ-CP|NGHỊ ĐỊNH|Sửa đổi, bổ sung một số điều của Nghị định số 5/2020/NĐ-CP
Căn cứ Luật số 7/2019/QH14;|Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 5/2020/NĐ-CP
1. Sửa đổi Điều 3 như sau:|“Điều 3. Giấy khen|1. Cho cá nhân.|2. Cho tập thể.|Điều 4. Cờ|1. Một lá.”.
2. Bãi bỏ khoản 2 Điều 5 của Thông tư số 8/2021/TT-BNV.
3. Bổ sung khoản 3 Điều 9 như sau:|“3. Thư khen.”|Điều 2. Hiệu lực|1. Từ ngày ký.
2. Nghị định này thay thế Nghị định số 1/2010/NĐ-CP.""".replace("\n", "|").split("|")


def test_what_an_amending_clause_quotes_is_not_counted_as_its_own():
    regulation = read_regulation(AMENDING, "a")
    assert [str(p.place) for p in regulation.passages if p.place.article] == [
        "Điều 1", "Điều 1 khoản 1", "Điều 1 khoản 2", "Điều 1 khoản 3",
        "Điều 2", "Điều 2 khoản 1", "Điều 2 khoản 2",
    ]  # fmt: skip
    assert texts(regulation)["Điều 1 khoản 1"].endswith("Điều 4. Cờ\n1. Một lá.”.")


def test_what_is_amended_is_told_from_what_is_replaced():
    regulation = read_regulation(AMENDING, "a")
    assert regulation.amends == ("5/2020/NĐ-CP", "8/2021/TT-BNV")
    assert regulation.replaces == ("1/2010/NĐ-CP",)


def test_a_quotation_that_never_closes_hides_nothing():
    lines = ["Điều 1. A", "1. Ghi như sau:", "“Điều 3. B", "2. Hai.", "Điều 2. C"]
    assert [str(p.place) for p in read_regulation(lines, "a").passages if p.place.article] == [
        "Điều 1", "Điều 1 khoản 1", "Điều 1 khoản 2", "Điều 2",
    ]  # fmt: skip


# Head and end


def test_the_head_says_what_the_text_is():
    document = cut(HEAD, BODY).document
    assert document.number == "17/2024/QĐ-UBND"
    assert document.form == "Quyết định"
    assert document.title == "Quyết định ban hành quy định về thi đua của các xã"
    assert document.issuer == "Ủy ban nhân dân tỉnh an hải"  # a name that the text never repeats
    assert document.issued == datetime.date(2024, 3, 5)
    assert document.path == "r/a.txt"
    assert not document.digest


def test_a_name_in_capitals_is_written_as_the_text_writes_it():
    document = cut(HEAD, "Điều 1. A\nDo Ủy ban nhân dân tỉnh An Hải xét.").document
    assert document.issuer == "Ủy ban nhân dân tỉnh An Hải"


def test_a_law_is_numbered_and_dated_its_own_way():
    law = cut(
        "QUỐC HỘI\nLuật số: 90/2030/QH17\nHà Nội, ngày 1 tháng 2 năm 2030\nLUẬT\nTHƯ VIỆN XÃ\n"
        "Căn cứ Hiến pháp;\nĐiều 1. A\nLuật Thư viện xã nói về sách.\nĐiều 2. Hiệu lực\n"
        "Luật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2030.\n"
        "Luật này được Quốc hội khóa XVII thông qua ngày 31 tháng 1 năm 2030."
    )
    assert (law.document.number, law.document.form) == ("90/2030/QH17", "Luật")
    assert law.document.title == "Luật Thư viện xã"
    assert law.document.issuer == "Quốc hội"
    assert law.document.effective == datetime.date(2030, 7, 1)
    assert "thông qua" not in texts(law)["Điều 2"]


def test_numbers_under_the_grounds_are_never_taken():
    head = HEAD.replace("Số: 17/2024/QĐ-UBND\n", "")
    head += "\nSố: 99/2020/NĐ-CP là số của văn bản khác;"
    assert cut(head, BODY).document.number == ""


def test_numbers_of_other_texts_on_the_page_are_never_taken():
    menu = "Văn bản mới\nSố: 415/PGD&ĐT ngày 24/9/2021\nKế hoạch\nCông văn\nSố: 02/KH-THCS\nTin"
    document = cut(menu, HEAD, BODY).document
    assert (document.number, document.form) == ("17/2024/QĐ-UBND", "Quyết định")
    assert cut("Thư viện ảnh\n" * 20, menu).document.number == ""


def test_a_number_may_hold_an_ampersand():
    assert cut(HEAD.replace("QĐ-UBND", "HD-SGD&ĐT"), BODY).document.number == "17/2024/HD-SGD&ĐT"


@pytest.mark.parametrize("number", ["33-CT/TW", "27-NQ/TW", "1206 - QĐ/TU", "12/KH-UBND"])
def test_numbers_of_every_kind(number):
    document = cut("TỈNH ỦY", f"Số: {number}", "KẾ HOẠCH", "về thi đua", "Điều 1. A").document
    assert document.number == number.replace(" ", "")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Quyết định này có hiệu lực thi hành từ ngày 15/4/2024.", (2024, 4, 15)),
        ("Quyết định này có hiệu lực kể từ ngày 01 tháng 7 năm 2024.", (2024, 7, 1)),
        ("Thông tư này có hiệu lực từ ngày 15 tháng 02.năm 2024.", (2024, 2, 15)),
        ("Quyết định này có hiệu lực từ\nngày 15 tháng 4\nnăm 2024.", (2024, 4, 15)),
        ("Quyết định này có hiệu lực sau 45 ngày kể từ ngày ký.", (2024, 4, 19)),
        ("Quyết định này có hiệu lực sau 10 (mười) ngày, kể từ ngày ký ban hành.", (2024, 3, 15)),
        ("Quyết định này có hiệu lực thi hành kể từ ngày ký.", (2024, 3, 5)),
        ("Quyết định này có hiệu lực từ ngày ký, trừ Điều 1 từ ngày 01/01/2030.", (2024, 3, 5)),
        ("Quyết định này có hiệu lực sau 15 ngày kể từ ngày đăng Công báo.", None),
        ("Quyết định này có hiệu lực từ ngày 31/02/2024.", None),
        ("Quy định về kỷ niệm ngày 02/9/2024 giữ nguyên.", None),
    ],
)
def test_the_day_of_effect_is_read_or_left_open(words, day):
    assert closing(words).document.effective == (datetime.date(*day) if day else None)


def test_a_text_may_say_when_it_ends():
    for words in ("từ ngày 01 tháng 3 năm 2027", "thi hành kể từ ngày 1/3/2027"):
        document = closing(f"Nghị định này hết hiệu lực {words}.").document
        assert document.expires == datetime.date(2027, 3, 1)
    other = closing("Nghị định số 5/2020/NĐ-CP hết hiệu lực từ ngày 1/3/2027.")
    assert other.document.expires is None


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("Quy chế này thay thế Quy chế số 1/2019/QC-HĐ ngày 1/2/2019.", ["1/2019/QC-HĐ"]),
        ("Luật này thay thế Luật số 1/2019/QH14. Thông tư 2/2021/TT-A còn.", ["1/2019/QH14"]),
        ("Luật này thay thế Luật 1/2019/QH14; bãi bỏ Điều 3 của 4/2020/TT-A.", ["1/2019/QH14"]),
        (
            "Nghị định số 1/2020/NĐ-CP, Thông tư số 2/2021/TT-A; Thông tư số 3/2022/TT-A hết "
            "hiệu lực kể từ ngày Quyết định này có hiệu lực.",
            ["1/2020/NĐ-CP", "2/2021/TT-A", "3/2022/TT-A"],
        ),
        ("Quy chế này thay thế Điều 5 Quy chế số 1/2019/QC-HĐ.", []),
        ("Khoản 2 Điều 5 Luật số 1/2020/QH14 hết hiệu lực từ ngày Luật này có hiệu lực.", []),
        ("Các xã thực hiện theo Nghị định số 98/2023/NĐ-CP.", []),
    ],
)
def test_only_texts_replaced_as_a_whole_are_counted(words, numbers):
    assert list(closing(words).replaces) == numbers


def test_a_digest_says_so():
    digest = cut(HEAD.split("Căn cứ")[0].strip(), "BẢN TÓM LƯỢC bằng lời của dự án.", BODY)
    assert digest.document.digest
    assert digest.document.title == "Quyết định ban hành quy định về thi đua của các xã"
    assert not cut(HEAD, BODY, "Xem BẢN TÓM LƯỢC kèm theo.").document.digest


def test_a_text_without_articles_still_gives_passages():
    regulation = read_regulation(["Thông báo của xã", "Mời họp lúc 8 giờ."], "r/a.txt")
    assert texts(regulation) == {"Phần đầu": "Thông báo của xã\nMời họp lúc 8 giờ."}
    assert read_regulation([], "r/a.txt").passages == ()


# The shared statutes

D = datetime.date
STATUTES = {
    "luat-06-2022-QH15": ("06/2022/QH15", 96, D(2024, 1, 1), None),
    "luat-15-2003-QH11": ("15/2003/QH11", 103, D(2004, 7, 1), None),
    "nghi-dinh-152-2025-ND-CP-trich": ("152/2025/NĐ-CP", 43, D(2025, 7, 1), D(2027, 3, 1)),
    "nghi-dinh-161-2026-ND-CP": ("161/2026/NĐ-CP", 7, D(2026, 7, 1), None),
    "nghi-dinh-65-2014-ND-CP": ("65/2014/NĐ-CP", 30, D(2014, 8, 20), None),
    "thong-tu-15-2023-TT-BKHDT": ("15/2023/TT-BKHĐT", 24, D(2024, 2, 9), None),
    "thong-tu-16-2023-TT-BLDTBXH": ("16/2023/TT-BLĐTBXH", 12, D(2024, 2, 15), None),
}
shared = pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")


def lines_of(name: str) -> list[str]:
    path = SHARED / "documents" / "regulations" / f"{name}.txt"
    return [line.text for line in read_text(path).lines]


@shared
@pytest.mark.parametrize("name", STATUTES)
def test_a_real_statute_is_read_whole(name):
    number, count, effective, expires = STATUTES[name]
    lines = lines_of(name)
    regulation = read_regulation(lines, name)
    assert len(articles(regulation)) == count
    assert "\n".join(p.text for p in regulation.passages) == "\n".join(lines)
    texts(regulation)
    document = regulation.document
    assert (document.number, document.effective, document.expires) == (number, effective, expires)
    assert document.form and document.issuer and document.issued
    assert not document.digest


@shared
def test_real_statutes_say_what_they_replace():
    replaces = {name: set(read_regulation(lines_of(name), name).replaces) for name in STATUTES}
    laws = {"15/2003/QH11", "47/2005/QH11", "32/2009/QH12", "39/2013/QH13"}
    assert replaces["luat-06-2022-QH15"] == laws
    assert replaces["nghi-dinh-152-2025-ND-CP-trich"] == {"98/2023/NĐ-CP", "28/2024/NĐ-CP"}
    assert replaces["nghi-dinh-65-2014-ND-CP"] == set()  # it repeals single Điều only


@shared
@pytest.mark.parametrize("name", STATUTES)
def test_a_dirty_copy_gives_the_same_passages(name):
    lines = lines_of(name)
    chance = random.Random(name)
    dirty = unicodedata.normalize("NFD", "\n".join(lines))
    dirty = "".join(chance.choice(" \u00a0\u2009") if c == " " else c for c in dirty)
    copy = read_regulation(tidy(dirty).split("\n"), name)
    assert copy == read_regulation(lines, name)


@shared
@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize("sample", ["nd_65-2014_mau_nhieu_html", "nd_152-2025-ND-CP_mau_nhieu"])
def test_noise_gives_nothing_wrong(tmp_path, sample, suffix):
    path = tmp_path / f"{sample}{suffix}"
    path.write_bytes((SHARED / "noise" / f"{sample}.txt").read_bytes())
    regulation = read_regulation([line.text for line in read_text(path).lines], path.name)
    document = regulation.document
    assert (document.number, document.form, document.issuer) == ("", "", "")
    assert (document.issued, document.effective, document.expires) == (None, None, None)
    assert regulation.replaces == ()
    assert set(articles(regulation)) <= {"32"}  # the one heading that a sample holds
    texts(regulation)


ISSUING = """\
ỦY BAN NHÂN DÂN
TỈNH AN HẢI
Số: 12/2025/QĐ-UBND
An Hải, ngày 05 tháng 8 năm 2025
QUYẾT ĐỊNH
Ban hành Quy chế thi đua tỉnh An Hải
Điều 1. Ban hành kèm theo Quyết định này Quy chế thi đua.
Điều 2. Quyết định này có hiệu lực thi hành từ ngày 20 tháng 8 năm 2025.
CHỦ TỊCH
QUY CHẾ
THI ĐUA TỈNH AN HẢI
(Ban hành kèm theo Quyết định số 12/2025/QĐ-UBND)
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Quy chế này nói về khối thi đua.
Điều 2. Khối thi đua
Mỗi khối có:
a) Trưởng khối;
b) Phó trưởng khối.
PHỤ LỤC I
Mẫu biểu"""


def test_what_a_decision_issues_has_articles_of_its_own():
    lines = ISSUING.split("\n")
    read = read_regulation(lines, "regulations/12.txt")
    places = [str(p.place) for p in read.passages if p.place.article]
    assert places == [
        "Điều 1", "Điều 2", "Quy chế Điều 1", "Quy chế Điều 1 khoản 1", "Quy chế Điều 2",
        "Quy chế Điều 2 điểm a", "Quy chế Điều 2 điểm b",
    ]  # fmt: skip
    assert read.document.number == "12/2025/QĐ-UBND"
    assert str(read.document.effective) == "2025-08-20"
    assert "\n".join(p.text for p in read.passages) == "\n".join(lines)


def test_a_letterhead_in_two_lines_and_a_text_without_capitals():
    lines = (
        "ỦY BAN NHÂN DÂN|TỈNH TRÀ GIANG - HẢI|Số: 3/2031/QĐ-UBND|QUYẾT ĐỊNH|Ban hành Quy chế".split(
            "|"
        )
    )
    body = "Điều 1. Ban hành kèm theo|Điều 2. Thi hành|TM. ỦY BAN|QUY CHế|(Kèm theo Quyết định)|Điều 1. A|B."
    regulation = cut(*lines, *body.split("|"))
    assert regulation.document.issuer == "Ủy ban nhân dân tỉnh Trà Giang - Hải"
    assert [p.place.part for p in regulation.passages if p.place.article] == ["", "", "Quy chế"]
