"""Tesseract, LibreOffice, antiword and catdoc behind their seam: small programs that stand in.

The stand-ins are real executables on PATH that answer as the real ones do; the lines were taken from
a run of Tesseract 5.3 over text of our own.
"""

import stat
from pathlib import Path

import docx
import pytest
from PIL import Image

from corpus import Kind, ocr, read
from corpus.files import FileError, read_text
from test_letters import LAW, in_tcvn3

WORDS = [
    (1, 1, 1, 100, 100, 700, "Điều 1. Khen thưởng"),
    (
        2,
        1,
        1,
        100,
        200,
        1500,
        "1. Tập thể được tặng giấy khen khi hoàn thành tốt nhiệm vụ được giao",
    ),
    (2, 1, 2, 100, 250, 600, "trong năm của cơ quan."),
]


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder of programs beside the system's own; empty at first."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("cat", "cp", "sh"):  # what the stand-ins are made of
        found = next(p for p in (Path("/bin", name), Path("/usr/bin", name)) if p.exists())
        (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
    ocr.is_ready.cache_clear()
    yield folder
    ocr.is_ready.cache_clear()


def tesseract(folder: Path, words=WORDS, sure: int = 91, languages: str = "eng vie") -> None:
    head = "level page_num block_num par_num line_num word_num left top width height conf text"
    table = [head.replace(" ", "\t")]
    for block, par, line, left, top, width, text in words:
        step = width // len(text.split())
        for i, word in enumerate(text.split()):
            row = (5, 1, block, par, line, i + 1, left + i * step, top, step - 10, 30, sure, word)
            table.append("\t".join(map(str, row)))
    (folder / "table.tsv").write_text("\n".join(table) + "\n", encoding="utf-8")
    names = "\\n".join(languages.split())
    program(
        folder, "tesseract",
        f'if [ "$1" = --list-langs ]; then printf "List:\\n{names}\\n"; '
        f'else cat >/dev/null; cat "{folder}/table.tsv"; fi',
    )  # fmt: skip


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "anh.png"
    Image.new("L", (1700, 400), 255).save(path)
    return path


def test_a_photo_is_read_and_marked(tools, photo):
    tesseract(tools)
    found = read_text(photo)
    assert [(line.text, line.sure) for line in found.lines] == [
        ("Điều 1. Khen thưởng", 91),
        (
            "1. Tập thể được tặng giấy khen khi hoàn thành tốt nhiệm vụ được giao trong năm của cơ quan.",
            91,
        ),
    ]
    assert ["91%" in loss.message for loss in found.losses] == [True]


def test_passages_from_a_picture_say_how_sure_they_are(tools, photo, tmp_path):
    tesseract(tools, sure=77)
    folder = tmp_path / "docs" / "regulations"
    folder.mkdir(parents=True)
    photo.rename(folder / "anh.png")
    (folder / "chu.txt").write_text("\n".join(LAW), encoding="utf-8")
    corpus = read(tmp_path / "docs")
    sure = {(p.document, p.sure) for p in corpus.passages if p.place.article}
    assert sure == {("regulations/anh.png", 77), ("regulations/chu.txt", None)}
    assert {d.kind for d in corpus.documents} == {Kind.REGULATION}


def test_a_scanned_pdf_is_read(tools, tmp_path):
    tesseract(tools)
    Image.new("L", (1700, 2200), 255).save(tmp_path / "a.pdf", resolution=200)
    found = read_text(tmp_path / "a.pdf")
    assert [(line.page, line.sure) for line in found.lines] == [(1, 91), (1, 91)]


def with_picture(path: Path, inches: float = 6) -> Path:
    Image.new("L", (900, 600), 255).save(path.with_suffix(".png"))
    document = docx.Document()
    document.add_paragraph("Thông báo về công tác thi đua của cơ quan.")
    document.add_picture(str(path.with_suffix(".png")), width=docx.shared.Inches(inches))
    document.add_paragraph("Trân trọng thông báo để các đơn vị biết.")
    document.save(str(path))
    return path


def test_a_picture_inside_a_word_file_is_read_where_it_stands_and_marked(tools, tmp_path):
    tesseract(tools)
    folder = tmp_path / "docs" / "regulations"
    folder.mkdir(parents=True)
    found = read_text(with_picture(folder / "a.docx"))
    assert [line.sure for line in found.lines] == [None, 91, 91, None]
    assert ["2 đoạn trong hình" in loss.message for loss in found.losses] == [True]
    (folder / "a.png").unlink()
    passages = read(tmp_path / "docs").passages
    assert [(str(p.place), p.sure) for p in passages] == [
        ("Phần đầu", None), ("Điều 1", 91), ("Điều 1 khoản 1", 91)
    ]  # fmt: skip


def test_a_picture_inside_a_word_file_is_a_loss_without_tesseract(tools, tmp_path):
    found = read_text(with_picture(tmp_path / "a.docx"))
    assert [line.sure for line in found.lines] == [None, None]
    assert "1 hình lớn" in found.losses[0].message and "tesseract" in found.losses[0].remedy


def test_a_picture_without_words_is_said_and_a_seal_is_not(tools, tmp_path):
    tesseract(tools, words=[(1, 1, 1, 10, 10, 1500, "xqz wrt " * 20)])
    assert "không nhận ra chữ" in read_text(with_picture(tmp_path / "a.docx")).losses[0].message
    assert read_text(with_picture(tmp_path / "b.docx", inches=1)).losses == ()


@pytest.mark.parametrize("languages", ["", "eng osd"])
def test_without_tesseract_or_its_vietnamese_the_remedy_names_both(tools, photo, languages):
    if languages:
        tesseract(tools, languages=languages)
    with pytest.raises(FileError) as caught:
        read_text(photo)
    assert "tesseract-ocr-vie" in caught.value.remedy


def test_bad_recognition_is_refused_with_its_share(tools, photo):
    tesseract(tools, words=[(1, 1, 1, 10, 10, 1500, "xqz wrt " * 20)])
    with pytest.raises(FileError, match="0% số từ"):
        read_text(photo)


def test_a_tesseract_that_fails_is_an_error_with_a_remedy(tools, photo):
    program(tools, "tesseract", 'if [ "$1" = --list-langs ]; then echo vie; else exit 3; fi')
    with pytest.raises(FileError, match="Tesseract"):
        read_text(photo)


def test_a_picture_too_large_is_refused_unread(tools, tmp_path, monkeypatch):
    tesseract(tools)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    Image.new("1", (20_000, 6_000)).save(tmp_path / "a.png")
    with pytest.raises(FileError, match="quá lớn"):
        read_text(tmp_path / "a.png")


# Old Office files

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 600


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "-x.doc"  # a name that looks like an option
    path.write_bytes(OLE)
    return path


def test_an_old_word_file_without_any_program_says_what_to_install(tools, old):
    with pytest.raises(FileError) as caught:
        read_text(old)
    assert "LibreOffice" in caught.value.remedy and "antiword" in caught.value.remedy


def test_libreoffice_is_asked_first_and_gives_a_docx(tools, old, tmp_path):
    document = docx.Document()
    document.add_paragraph("mục một", style="List Number")
    document.save(str(tmp_path / "made.docx"))
    program(
        tools, "soffice",
        f'while [ "$1" != --outdir ]; do shift; done; cp "{tmp_path}/made.docx" "$2/a.docx"',
    )  # fmt: skip
    program(tools, "antiword", "echo wrong")
    assert [line.text for line in read_text(old).lines] == ["1. mục một"]


@pytest.mark.parametrize("name", ["antiword", "catdoc"])
def test_plain_readers_give_the_text_and_say_what_is_missing(tools, old, tmp_path, name):
    (tmp_path / "text").write_text("\n".join(in_tcvn3(line.lower()) for line in LAW[8:20]), "utf-8")
    program(tools, "soffice", "exit 1")
    program(tools, name, f'cat "{tmp_path}/text"')
    found = read_text(old)
    assert [line.text.lower() for line in found.lines] == [line.lower() for line in LAW[8:20]]
    assert ["TCVN3" in found.losses[0].message, name in found.losses[1].message] == [True, True]


def test_a_locked_old_file_says_so(tools, tmp_path):
    path = tmp_path / "a.doc"
    path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(FileError, match="mật khẩu"):
        read_text(path)
