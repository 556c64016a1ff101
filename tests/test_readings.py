"""An unchanged file is not read again; a changed one is, and what reads otherwise reads anew."""

from pathlib import Path

import pytest

from corpus import read, readings
from hashing import HashEncoder
from index import build
from index import readings as kept

REPORT = "Hội nghị sơ kết năm 2031 Khối thi đua các Sở tỉnh An Hải\nSở Y tế chủ trì hội nghị.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        path = tmp_path / "docs" / "meetings" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{REPORT}Báo cáo {name}.", encoding="utf-8")
    return tmp_path / "docs"


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are truly read from now on."""
    names: list[str] = []
    plain = readings.read_text
    monkeypatch.setattr(readings, "read_text", lambda path: names.append(path.name) or plain(path))
    return names


def test_only_what_changed_is_read_again(folder, tmp_path, monkeypatch):
    first = read(folder)
    build(first, tmp_path / "index.db", HashEncoder())
    names = opened(monkeypatch)
    (folder / "meetings" / "b.txt").write_text(f"{REPORT}Báo cáo khác.", encoding="utf-8")
    second = read(folder, known=kept(tmp_path / "index.db"))
    assert names == ["b.txt"]
    assert [p.text for p in second.passages if p.document.endswith("a.txt")] == [
        p.text for p in first.passages if p.document.endswith("a.txt")
    ]
    assert len(second.readings) == 2  # what is no longer there is forgotten


def test_other_readers_read_anew(folder, monkeypatch):
    first = read(folder)
    names = opened(monkeypatch)
    monkeypatch.setattr(readings.ocr, "is_ready", lambda: "another")
    assert read(folder, known=first.readings).documents == first.documents
    assert names == ["a.txt", "b.txt"]


def test_without_an_index_nothing_is_known(tmp_path):
    assert kept(tmp_path / "none.db") == ()
