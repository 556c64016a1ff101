"""A documents folder becomes one corpus; whatever cannot be read becomes one clear line."""

import datetime
import os
import unicodedata
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

import corpus
import corpus.corpus as corpus_module
from corpus import EmptyCorpus, Kind, Severity, read

SAMPLE = Path(corpus.__file__).with_name("documents")
LAW = (
    "CHÍNH PHỦ\nSố: 5/2020/NĐ-CP\nHà Nội, ngày 2 tháng 3 năm 2020\nNGHỊ ĐỊNH\nVề sách của xã\n"
    "Điều 1. Sách\n1. Một cuốn.\n2. Hai cuốn:\na) Mới;\nb) Cũ.\n"
    "Điều 2. Hiệu lực\nNghị định này có hiệu lực từ ngày 01 tháng 5 năm 2020."
)
REPORT = (
    "Hội nghị sơ kết 6 tháng đầu năm 2023 của Khối thi đua các xã\n"
    "Ngày 10/7/2023, tại Nhà văn hóa xã Bình An, Khối thi đua các xã tổ chức hội nghị sơ kết."
)
UNITS = "Đơn vị,Tên khác,Khối,Từ,Đến\nHội Sách xã,HSX,Khối các xã,2020-01-01,\n"
SCORES = (
    "Năm,Đơn vị,Khối,Mã tiêu chí,Tiêu chí,Loại,Điểm tối đa,Điểm Hội đồng thẩm định\n"
    '2023,Hội Sách xã,Khối các xã,I.1,Phong trào,điểm chuẩn,10,"9,25"\n'
)


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def library(folder: Path) -> Path:
    """A small folder with a file of every kind."""
    put(folder, "regulations/sach.txt", LAW)
    put(folder, "meetings/so-ket.md", REPORT)
    put(folder, "units/don-vi.csv", UNITS)
    put(folder, "scores/diem.csv", SCORES)
    book = openpyxl.Workbook()
    book.active.append(["Đơn vị", "Hình thức", "Năm", "Trạng thái", "Số quyết định", "Ngày"])
    book.active.append(["Hội Sách xã", "Giấy khen", 2022, "đã quyết định", "7/QĐ", "05/01/2023"])
    (folder / "awards").mkdir()
    book.save(folder / "awards" / "khen.xlsx")
    return folder


def problem_of(read_corpus, file: str):
    (problem,) = [p for p in read_corpus.problems if p.file == file]
    return problem


def test_a_folder_of_every_kind_is_read(tmp_path):
    steps = []
    found = read(library(tmp_path), lambda done, total: steps.append((done, total)))
    assert [(d.path, d.kind) for d in found.documents] == [
        ("awards/khen.xlsx", Kind.AWARDS),
        ("meetings/so-ket.md", Kind.MEETING),
        ("regulations/sach.txt", Kind.REGULATION),
        ("scores/diem.csv", Kind.SCORES),
        ("units/don-vi.csv", Kind.UNITS),
    ]
    assert steps == [(n, 5) for n in range(1, 6)]
    law = next(d for d in found.documents if d.number)
    assert (law.name, law.effective) == ("5/2020/NĐ-CP", datetime.date(2020, 5, 1))
    assert [str(p.place) for p in found.passages if p.document == law.path][1:] == [
        "Điều 1", "Điều 1 khoản 1", "Điều 1 khoản 2", "Điều 1 khoản 2 điểm a",
        "Điều 1 khoản 2 điểm b", "Điều 2",
    ]  # fmt: skip
    (meeting,) = found.meetings
    assert (meeting.document, meeting.date) == ("meetings/so-ket.md", datetime.date(2023, 7, 10))
    assert [u.name for u in found.units] == ["Hội Sách xã"]
    assert [(s.unit, str(s.points), s.source.file) for s in found.scores] == [
        ("Hội Sách xã", "9.25", "scores/diem.csv")
    ]
    assert [(a.unit, a.title, a.year) for a in found.awards] == [("Hội Sách xã", "Giấy khen", 2022)]
    assert [p for p in found.problems if p.severity is Severity.ERROR] == []


def test_every_record_names_a_file_that_was_read(tmp_path):
    found = read(library(tmp_path))
    paths = {document.path for document in found.documents}
    sources = [r.source.file for r in (*found.scores, *found.awards, *found.units)]
    assert {p.document for p in found.passages} | set(sources) <= paths
    assert all(len(d.fingerprint) == 64 for d in found.documents)


def test_a_file_outside_the_subfolders_is_reported(tmp_path):
    library(tmp_path)
    put(tmp_path, "lac.txt", LAW)
    put(tmp_path, "khac/lac.txt", REPORT)
    found = read(tmp_path)
    assert len(found.documents) == 5
    for file in ("lac.txt", "khac/lac.txt"):
        problem = problem_of(found, file)
        assert problem.severity is Severity.WARNING
        assert "regulations" in problem.remedy


def test_notes_and_hidden_files_are_passed_over_and_nothing_else_is(tmp_path):
    library(tmp_path)
    for name in ("README.md", "scores/Readme.txt", "ghi-chu.txt", ".DS_Store", "awards/~$khen.xlsx",
                 ".git/config.txt"):  # fmt: skip
        put(tmp_path, name, "Họp khối ngày 1/1/2022.")
    put(tmp_path, "meetings/ghi-chu-hop-khoi.txt", "Họp khối ngày 2/2/2022 tại xã Bình An.")
    found = read(tmp_path)
    assert "meetings/ghi-chu-hop-khoi.txt" in {d.path for d in found.documents}
    assert len(found.documents) == 6
    assert found.problems == ()


def test_the_same_bytes_twice_are_read_once(tmp_path):
    library(tmp_path)
    put(tmp_path, "meetings/so-ket-2.md", REPORT)  # sorts before "so-ket.md"
    found = read(tmp_path)
    assert len(found.documents) == 5
    assert len(found.meetings) == 1
    problem = problem_of(found, "meetings/so-ket.md")
    assert "meetings/so-ket-2.md" in problem.message and problem.remedy
    assert problem.severity is Severity.WARNING


def test_one_number_in_two_files_is_refused(tmp_path):
    library(tmp_path)
    put(tmp_path, "regulations/z.txt", LAW.replace("Một cuốn", "Ba cuốn"))
    found = read(tmp_path)
    problem = problem_of(found, "regulations/z.txt")
    assert "5/2020/NĐ-CP" in problem.message and "regulations/sach.txt" in problem.message
    assert problem.severity is Severity.ERROR and problem.remedy
    assert not any("Ba cuốn" in p.text for p in found.passages)


def test_a_regulation_without_articles_is_read_with_a_warning(tmp_path):
    library(tmp_path)
    put(tmp_path, "regulations/thong-bao.txt", "Thông báo của xã\nMời họp.")
    found = read(tmp_path)
    assert problem_of(found, "regulations/thong-bao.txt").severity is Severity.WARNING
    assert any(p.text.endswith("Mời họp.") for p in found.passages)


def test_a_file_name_in_an_old_encoding_is_reported(tmp_path):
    library(tmp_path)
    try:
        Path(os.fsdecode(os.fsencode(tmp_path / "meetings") + b"/b\xe1o.txt")).write_text("Họp")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    found = read(tmp_path)
    (problem,) = found.problems
    assert problem.file == "meetings/b\ufffdo.txt" and "Đổi tên" in problem.remedy
    assert all(d.path.encode() for d in found.documents)


def test_the_register_of_the_folder_counts(tmp_path):
    library(tmp_path)
    header = "so_hieu,ten,loai,co_quan,ngay_ban_hanh,ngay_hieu_luc,ngay_het_hieu_luc"
    put(tmp_path, "register.csv", f"{header}\n5/2020/NĐ-CP,,,,,2020-06-01,2022-01-01\n")
    found = read(tmp_path)
    law = next(d for d in found.documents if d.number)
    assert (law.effective, law.expires) == (datetime.date(2020, 6, 1), datetime.date(2022, 1, 1))
    assert problem_of(found, "regulations/sach.txt").severity is Severity.AUDIT
    assert "5/2020/NĐ-CP" in {row.number for row in found.validities}


def test_a_newer_text_of_the_folder_ends_the_older(tmp_path):
    library(tmp_path)
    newer = LAW.replace("5/2020/NĐ-CP", "9/2024/NĐ-CP").replace("5 năm 2020", "5 năm 2024")
    put(
        tmp_path,
        "regulations/moi.txt",
        f"{newer}\nNghị định này thay thế Nghị định số 5/2020/NĐ-CP.",
    )
    old = next(d for d in read(tmp_path).documents if d.number == "5/2020/NĐ-CP")
    assert old.replaced_by == ("9/2024/NĐ-CP",)
    assert old.expires == datetime.date(2024, 5, 1)


# Files that cannot be read


def _docx(path: Path) -> bytes:
    document = docx.Document()
    document.add_paragraph("Hội nghị")
    document.save(path)
    return path.read_bytes()


def _xlsx(path: Path) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.save(path)
    return path.read_bytes()


def _bad_files(folder: Path) -> dict[str, bytes]:
    """One file of every kind of damage in every format, by path."""
    word, excel = _docx(folder / "w.docx"), _xlsx(folder / "e.xlsx")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    locked = ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    pdf = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    texts = {"txt": "meetings", "md": "meetings", "html": "regulations", "docx": "meetings",
             "pdf": "regulations"}  # fmt: skip
    tables = {"csv": "units", "xlsx": "scores", "xlsm": "awards"}
    bad = {f"{home}/trong.{suffix}": b"" for suffix, home in {**texts, **tables}.items()}
    for suffix in ("txt", "md", "html"):
        bad[f"regulations/nhi-phan.{suffix}"] = bytes(range(256)) * 40
        bad[f"meetings/la-word.{suffix}"] = word
    return bad | {
        "meetings/cut.docx": word[: len(word) // 2],
        "scores/cut.xlsx": excel[: len(excel) // 2],
        "regulations/cut.pdf": pdf,
        "meetings/khoa.docx": locked,
        "scores/khoa.xlsx": locked + b"1",
        "regulations/khoa.pdf": pdf + b"trailer\n<< /Root 1 0 R /Encrypt 9 0 R >>\n%%EOF",
        "meetings/la-excel.docx": excel,
        "scores/la-word.xlsx": word + b"\0",
        "regulations/la-word.pdf": word + b"\0\0",
        "units/la-excel.csv": excel + b"\0",
        "meetings/la.doc": ole + b"2",
        "meetings/anh.jpg": b"\xff\xd8\xff\xe0" + b"\1" * 50,
        "scores/diem.txt": b"diem",
        "regulations/khong-duoi": b"luat",
    }


def test_every_bad_file_gives_one_clear_line_and_the_rest_is_read(tmp_path):
    folder = library(tmp_path / "docs")
    bad = _bad_files(tmp_path)
    for name, data in bad.items():
        # A byte of its own, so that none counts as the copy of another.
        put(folder, name, data)
    found = read(folder)
    assert len(found.documents) == 5
    errors = {p.file: p for p in found.problems if p.severity is Severity.ERROR}
    assert set(errors) == set(bad)
    assert len(errors) == len(found.problems)
    for problem in errors.values():
        for words in (problem.message, problem.remedy):
            assert words and "\n" not in words and words == unicodedata.normalize("NFC", words)
            assert not any(w in words for w in ("Error", "Exception", "Traceback", "None"))
        assert any(c >= "\u00c0" for c in problem.message), "Vietnamese words"


@pytest.mark.parametrize("name", ["meetings/lon.txt", "scores/lon.xlsx", "regulations/lon.pdf"])
def test_fifty_megabytes_of_nothing_are_refused(tmp_path, name):
    path = put(library(tmp_path), name, b"%PDF-1.4" if name.endswith("pdf") else b"PK\x03\x04")
    os.truncate(path, 50 * 2**20)
    problem = problem_of(read(tmp_path), name)
    assert "50 MB" in problem.message and problem.remedy


def test_a_bomb_is_refused(tmp_path):
    path = library(tmp_path) / "meetings" / "bom.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (30 * 2**20))
    problem = problem_of(read(tmp_path), "meetings/bom.docx")
    assert "bung ra quá lớn" in problem.message and problem.remedy


def test_nothing_readable_is_an_error_that_says_the_remedy(tmp_path):
    with pytest.raises(EmptyCorpus, match="Không có thư mục"):
        read(tmp_path / "không có")
    with pytest.raises(EmptyCorpus, match="regulations, meetings"):
        read(tmp_path)
    put(tmp_path, "meetings/trong.txt", b"")
    with pytest.raises(EmptyCorpus) as caught:
        read(tmp_path)
    assert [p.file for p in caught.value.problems] == ["meetings/trong.txt"]


# The embedded sample library


@pytest.fixture(scope="module")
def sample():
    return read(SAMPLE)


def test_the_sample_library_is_read_without_an_error(sample):
    assert [p for p in sample.problems if p.severity is Severity.ERROR] == []
    kinds = [d.kind for d in sample.documents]
    assert kinds.count(Kind.REGULATION) >= 3
    assert kinds.count(Kind.MEETING) >= 8
    assert {Kind.SCORES, Kind.AWARDS, Kind.UNITS} <= set(kinds)
    for year in (2021, 2022, 2023, 2024):
        assert len({s.unit for s in sample.scores if s.year == year}) == 10
    assert {s.year for s in sample.scores} == {2021, 2022, 2023, 2024}
    assert {s.kind for s in sample.scores} == set(corpus.CriterionKind) - {
        corpus.CriterionKind.VETO
    }
    assert {a.status for a in sample.awards} == set(corpus.Status)


def test_the_sample_library_says_what_it_is(sample):
    numbers = {d.number: d for d in sample.documents if d.kind is Kind.REGULATION}
    assert set(numbers) == {"06/2022/QH15", "152/2025/NĐ-CP", "161/2026/NĐ-CP"}
    assert all(document.digest for document in numbers.values())
    assert all(document.effective and document.checked for document in numbers.values())
    words = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert "tóm lược" in words and "tưởng tượng" in words


def test_every_invented_report_says_so(sample):
    for meeting in sample.meetings:
        text = "\n".join(p.text for p in sample.passages if p.document == meeting.document)
        assert "An Hải" in text, meeting.document
        assert "tưởng tượng" in text, meeting.document


def test_every_meeting_of_the_sample_has_its_day_and_kind(sample):
    for meeting in sample.meetings:
        assert meeting.date and meeting.kind and meeting.year, meeting.document


def test_a_fault_of_ours_in_one_file_does_not_stop_the_rest(tmp_path):
    (tmp_path / "regulations").mkdir()
    file = tmp_path / "regulations" / "a.txt"
    file.write_text("Điều 1. Một\n1. Hai.", encoding="utf-8")
    shelf = corpus_module._Shelf()
    shelf.passages = None  # adding to it raises TypeError, as a fault of ours would
    corpus_module._read_file(shelf, file, "regulations/a.txt")
    (problem,) = [p for p in shelf.problems if "lỗi chương trình" in p.message]
    assert (problem.file, "TypeError" in problem.message) == ("regulations/a.txt", True)
    assert problem.remedy
