"""Annexes and forms: where they begin, what they are called, and whose they are."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import read
from corpus.annex import divided
from corpus.regulation import read_regulation
from test_regulation import LINES

DECREE = """CHÍNH PHỦ
Số: 77/2031/NĐ-CP
Hà Nội, ngày 3 tháng 4 năm 2031
NGHỊ ĐỊNH
VỀ VIỆC THỬ NGHIỆM KHEN THƯỞNG
Căn cứ Luật số 06/2022/QH15;
Điều 1. Phạm vi
1. Nghị định này quy định việc thử, theo Mẫu số 02 tại
Phụ lục I
kèm theo Nghị định này.
2. Các biểu mẫu:
Phụ lục I. Các mẫu tờ trình;
Phụ lục II. Mức thưởng.
Điều 2. Hiệu lực
Nghị định này có hiệu lực thi hành từ ngày 15 tháng 5 năm 2031.
Nơi nhận:
TM. CHÍNH PHỦ
Phụ lục I
MẪU VĂN BẢN ĐỀ NGHỊ
(Kèm theo Nghị định số 77/2031/NĐ-CP ngày 03 tháng 4 năm 2031)
Mẫu số 01
Tờ trình đề nghị
Mẫu số 02
Báo cáo thành tích
MẪU SỐ 01
CƠ QUAN CẤP TRÊN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
TỜ TRÌNH
Về việc thử nghiệm
Mẫu số 02¹
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
BÁO CÁO THÀNH TÍCH
I. SƠ LƯỢC
Mẫu số 02
Trang sau của cùng một mẫu.
Phụ lục II: Mức thưởng kèm danh hiệu
Điều 1. Mức thưởng trong phụ lục.
Mẫu số 01
Mẫu đơn của phụ lục này.""".split("\n")


def divide(lines):
    regulation = read_regulation(lines, "regulations/a.txt")
    return divided(regulation.document, regulation.passages, regulation.annexes)


def test_annexes_and_forms_are_documents_under_their_parent():
    documents, passages = divide(DECREE)
    parent, *annexes = documents
    assert {d.parent for d in annexes} == {parent.path}
    assert [(d.path.partition("#")[2], d.annex) for d in annexes] == [
        ("Phụ lục I", "Phụ lục I. MẪU VĂN BẢN ĐỀ NGHỊ"),
        ("Mẫu số 01, Phụ lục I", "Mẫu số 01. TỜ TRÌNH"),
        ("Mẫu số 02, Phụ lục I", "Mẫu số 02. BÁO CÁO THÀNH TÍCH"),
        ("Phụ lục II", "Phụ lục II. Mức thưởng kèm danh hiệu"),
        ("Mẫu số 01, Phụ lục II", "Mẫu số 01"),
    ]
    assert {d.number for d in documents} == {"77/2031/NĐ-CP"}
    form = [p for p in passages if p.document.endswith("#Mẫu số 02, Phụ lục I")]
    assert [str(p.place) for p in form] == ["Mẫu số 02, Phụ lục I, đoạn 1"]
    assert form[0].text.endswith("Mẫu số 02\nTrang sau của cùng một mẫu.")


def test_what_a_body_says_of_annexes_opens_none():
    documents, passages = divide(DECREE)
    own = [p for p in passages if p.document == documents[0].path]
    assert {p.place.article for p in own} == {"", "1", "2"}
    assert own[3].text.endswith("Phụ lục II. Mức thưởng.")


@pytest.mark.parametrize(
    "line",
    ["Mẫu số 01 của Nghị định này.", "Mẫu", "Mẫu số", "Biểu diễn 01", "Phụ lục này gồm 2 mẫu"],
)
def test_a_line_about_a_form_is_no_form(line):
    assert len(divide([*DECREE[:18], line, "Hết."])[0]) == 2  # the text and Phụ lục I


def test_a_guidance_has_annexes_too():
    lines = ["HƯỚNG DẪN", "I. VIỆC", "1. Làm.", "Nơi nhận:", "Phụ lục 1", "Biểu số 2", "Dòng."]
    documents, passages = divide(lines)
    assert [d.annex for d in documents[1:]] == ["Phụ lục 1", "Biểu số 2"]
    assert "\n".join(p.text for p in passages) == "\n".join(lines)


FORMS = "Mẫu số 01|MẪU SỐ 1A|Biểu mẫu 2: Bảng|Phụ lục II|Phụ lục 3. Danh mục|PHỤ LỤC IV".split("|")


@given(st.lists(st.sampled_from([*LINES, *FORMS]), max_size=30))
@settings(max_examples=150, deadline=None)
def test_every_letter_comes_back_and_every_citation_is_its_own(lines):
    documents, passages = divide(lines)
    assert "\n".join(p.text for p in passages) == "\n".join(lines)
    assert len({(p.document, p.order) for p in passages}) == len(passages)
    assert len({str(p.place) for p in passages}) == len(passages)
    assert {p.document for p in passages} <= {d.path for d in documents}


def test_an_annex_is_in_force_as_its_parent_is(tmp_path: Path):
    (tmp_path / "regulations").mkdir()
    (tmp_path / "regulations" / "a.txt").write_text("\n".join(DECREE), encoding="utf-8")
    (tmp_path / "register.csv").write_text(
        "so_hieu,ten,loai,co_quan,ngay_ban_hanh,ngay_hieu_luc,ngay_het_hieu_luc\n"
        "77/2031/NĐ-CP,Nghị định thử,Nghị định,Chính phủ,2031-04-03,2031-05-15,2033-01-01\n",
        encoding="utf-8",
    )
    documents = read(tmp_path).documents
    assert len(documents) == 6
    assert {(d.title, str(d.expires)) for d in documents} == {("Nghị định thử", "2033-01-01")}
