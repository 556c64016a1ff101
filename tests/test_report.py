"""The administrator's page: what was read, the tables of contents, every problem; nothing unescaped."""

import datetime
import re
from pathlib import Path

import pytest

import corpus
from bot.cli import main
from bot.report import page
from corpus import Corpus, Document, Kind, Passage, Place, Problem, Severity, read

SAMPLE = Path(corpus.__file__).with_name("documents")
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="module")
def sample() -> str:
    return page(read(SAMPLE), "mẫu", TODAY)


def test_every_document_and_every_heading_is_there(sample):
    found = read(SAMPLE)
    for document in found.documents:
        assert document.path in sample
    for heading in {p.headings[-1] for p in found.passages if p.place.article}:
        assert heading.replace('"', "&quot;") in sample
    for meeting in found.meetings:
        for fact in meeting.facts:
            assert fact.value.replace('"', "&quot;") in sample
    assert "23/11/2026" in sample


def test_tags_are_closed(sample):
    for tag in ("table", "details", "summary", "b", "small"):
        assert len(re.findall(rf"<{tag}\b", sample)) == sample.count(f"</{tag}>")


def test_what_documents_say_is_escaped_and_problems_are_sorted():
    evil = "<script>alert(1)</script>"
    document = Document(path=f"regulations/{evil}.txt", kind=Kind.REGULATION, title=evil)
    passage = Passage(
        document=document.path,
        order=0,
        place=Place(article="1"),
        text=evil,
        headings=(evil,),
        sure=61,
    )
    problems = [
        Problem(file="b", message=f"sau {evil}", severity=Severity.AUDIT),
        Problem(file="a", message="trước", remedy="sửa"),
    ]
    made = page(
        Corpus(documents=(document,), passages=(passage,), problems=tuple(problems)), evil, TODAY
    )
    assert "<script" not in made and "&lt;script&gt;" in made
    assert made.index("trước") < made.index("sau ")
    assert "61%" in made


def test_check_reads_and_reports_without_an_index(tmp_path, capsys, no_settings):
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings" / "a.txt").write_text("Hội nghị khối ngày 02/03/2024.", "utf-8")
    (tmp_path / "meetings" / "b.docx").write_bytes(b"PK")
    assert main(["check", str(tmp_path), "--report", str(tmp_path / "r.html")]) == 0
    said = capsys.readouterr().out
    assert "1 lỗi" in said and "meetings/b.docx" in said
    assert "meetings/b.docx" in (tmp_path / "r.html").read_text("utf-8")
    assert not list(no_settings.glob("**/*.db"))


def test_a_report_that_cannot_be_written_is_an_error(tmp_path, capsys, no_settings):
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings" / "a.txt").write_text("Hội nghị khối ngày 02/03/2024.", "utf-8")
    assert main(["check", str(tmp_path), "--report", str(tmp_path / "no" / "r.html")]) == 1
    assert "chọn tệp khác" in capsys.readouterr().err
