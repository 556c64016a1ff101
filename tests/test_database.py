"""The index file: written whole or not at all, read only, and nothing lost on the way."""

import os
import sqlite3
import stat
from pathlib import Path

import numpy as np
import pytest

from corpus import (
    Award,
    Corpus,
    Document,
    Meeting,
    Passage,
    Problem,
    Score,
    Total,
    Unit,
    Validity,
)
from index import IndexFileError
from index import database as module
from index.database import Database, Derived, VectorRows, write
from small import everything, score

TABLES = {
    "documents": Document, "passages": Passage, "units": Unit, "scores": Score, "totals": Total,
    "awards": Award, "meetings": Meeting, "validities": Validity, "problems": Problem,
}  # fmt: skip


ARRAYS = {
    "words": {
        "numbers": np.arange(11, dtype=np.int32),
        "weights": np.ones(3, dtype=np.float32) / 3,
    },
    "passages": {"searchable": np.array([True, False]), "none": np.zeros(0, dtype=np.int64)},
}


def save(path: Path, corpus: Corpus | None = None, vectors: np.ndarray | None = None) -> Path:
    corpus = corpus or everything()
    count = len(corpus.passages)
    if vectors is None:
        vectors = np.arange(count * 4, dtype=np.float32).reshape(count, 4) / 7
    derived = Derived(
        facts={"encoder": "thử", "dimension": "4"},
        searched=[f"tìm {n}" for n in range(count)],
        vectors=vectors,
        pairs={("", "cờ"): 2, ("cờ", "thi"): 1},
        names=["an bình", "điện bàn"],
        arrays=ARRAYS,
    )
    write(path, corpus, derived, part=16)
    return path


@pytest.fixture
def database(tmp_path):
    opened = Database(save(tmp_path / "a.db"))
    yield opened
    opened.close()


@pytest.mark.parametrize("name", TABLES)
def test_every_record_comes_back_as_it_was(database, name):
    kept = list(getattr(everything(), name))
    assert kept and database.records(TABLES[name]) == kept


def test_decimals_keep_every_digit(database):
    points = [s.points for s in database.records(Score)]
    assert [str(p) for p in points] == ["9.25", "-0.10"]
    assert str(database.records(Score)[0].max_points) == "10.00"
    assert str(database.records(Total)[0].points) == "98.270"


def test_a_passage_keeps_its_searched_text_and_its_vector(database):
    rows = VectorRows(database)
    assert rows.shape == (6, 4)
    vectors = np.arange(24, dtype=np.float32).reshape(6, 4) / 7
    for numbers in (np.arange(6), np.array([4, 0, 5]), np.array([2])):
        assert rows[numbers].dtype == np.float32
        assert (rows[numbers] == vectors[numbers]).all()
    assert rows[np.arange(0)].shape == (0, 4)
    searched = dict(database.searched())
    assert searched == {f"tìm {n}": vector.tobytes() for n, vector in enumerate(vectors)}


def test_facts_pairs_and_names_come_back(database):
    assert database.facts() == {"encoder": "thử", "dimension": "4"}
    assert database.pairs() == {("", "cờ"): 2, ("cờ", "thi"): 1}
    assert database.names() == {"an bình", "điện bàn"}


@pytest.mark.parametrize("serves", ARRAYS)
def test_arrays_come_back_whole_from_however_many_parts(database, serves):
    found = database.arrays(serves)
    assert found.keys() == ARRAYS[serves].keys()
    for name, kept in ARRAYS[serves].items():
        assert found[name].dtype == kept.dtype and found[name].tolist() == kept.tolist()


def test_records_are_counted_without_being_read(database):
    assert database.count(Passage) == 6
    assert database.count(Score) == 2


def test_conditions_are_bound_never_spliced(database):
    assert [s.unit for s in database.records(Score, "unit = ?", ["Hội Báo"])] == ["Hội Báo"]
    assert database.records(Score, "unit = ?", ["' OR 1=1 --"]) == []


def test_an_empty_corpus_can_be_kept(tmp_path):
    path = save(tmp_path / "a.db", Corpus(), np.zeros((0, 4), dtype=np.float32))
    database = Database(path)
    assert database.records(Passage) == list(database.searched()) == []
    assert VectorRows(database).shape == (0, 4)
    database.close()


# Written whole


def test_only_the_index_is_left_in_the_folder(tmp_path):
    save(tmp_path / "mới" / "a.db")
    save(tmp_path / "mới" / "a.db")
    assert os.listdir(tmp_path / "mới") == ["a.db"]


def test_others_may_read_it_as_any_file(tmp_path):
    plain, path = tmp_path / "thường", save(tmp_path / "a.db")
    plain.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def _twice(corpus: Corpus) -> Corpus:
    return corpus.model_copy(update={"documents": corpus.documents * 2})


def _orphan(corpus: Corpus) -> Corpus:
    return corpus.model_copy(update={"documents": corpus.documents[:1]})


@pytest.mark.parametrize("broken", [_twice, _orphan])
def test_a_failing_write_leaves_the_old_file_and_nothing_else(tmp_path, broken):
    path = save(tmp_path / "a.db")
    before = path.read_bytes()
    with pytest.raises(IndexFileError, match="Kho cũ vẫn còn nguyên"):
        save(path, broken(everything()))
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.db"]


def test_too_few_vectors_leave_the_old_file(tmp_path):
    path = save(tmp_path / "a.db")
    before = path.read_bytes()
    with pytest.raises(ValueError):
        save(path, vectors=np.zeros((2, 4), dtype=np.float32))
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.db"]


def test_what_was_written_is_counted_before_it_is_moved(tmp_path):
    path = save(tmp_path / "a.db")
    longer = everything().model_copy(update={"scores": (*everything().scores, score("B", "1"))})
    with pytest.raises(sqlite3.DatabaseError, match="scores: 2 rows of 3"):
        module._check(path, longer)


def test_a_place_that_cannot_be_written_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / "tệp").write_text("")
    with pytest.raises(IndexFileError, match="quyền ghi"):
        save(tmp_path / "tệp" / "a.db")
    (tmp_path / "thư mục").mkdir()
    with pytest.raises(IndexFileError, match="dung lượng đĩa"):
        save(tmp_path / "thư mục")
    assert sorted(os.listdir(tmp_path)) == ["thư mục", "tệp"]


def test_a_reader_keeps_the_old_index_while_a_new_one_is_written(tmp_path):
    path = save(tmp_path / "a.db")
    reader = Database(path)
    save(path, Corpus(), np.zeros((0, 4), dtype=np.float32))
    assert len(reader.records(Score)) == 2
    assert Database(path).records(Score) == []


# Opened


def _plain_text(path: Path) -> None:
    path.write_text("không phải kho " * 400)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE facts (name TEXT, value TEXT)")


def _newer_schema(path: Path) -> None:
    save(path)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {module.SCHEMA + 1}")


def _older_schema(path: Path) -> None:
    save(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")


def _truncated(path: Path) -> None:
    save(path)
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize(
    "make", [_plain_text, _empty, _other_program, _newer_schema, _older_schema, _truncated]
)
def test_what_is_no_index_is_refused_with_the_remedy(tmp_path, make):
    path = tmp_path / "a.db"
    make(path)
    with pytest.raises(IndexFileError, match="chạy lại thidua build"):
        Database(path)


def test_a_missing_index_is_an_error_that_names_the_command(tmp_path):
    for path in (tmp_path / "a.db", tmp_path):
        with pytest.raises(IndexFileError, match="thidua build THƯ_MỤC --index"):
            Database(path)
    assert os.listdir(tmp_path) == []


def test_damage_inside_is_an_error_with_the_remedy(tmp_path):
    path = save(tmp_path / "a.db")
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    for read in (Database.facts, Database.names, lambda d: d.arrays("words"), VectorRows):
        with pytest.raises(IndexFileError, match="chạy lại thidua build"):
            read(Database(path))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO facts VALUES ('a', 'b')",
        "UPDATE scores SET points = '100'",
        "DELETE FROM scores",
        "CREATE TABLE a (b)",
        "CREATE TEMP TABLE a (b)",
        "ATTACH DATABASE 'khac.db' AS khac",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "VACUUM INTO 'khac.db'",
        "BEGIN IMMEDIATE",
    ],
)
def test_nothing_but_reading_is_allowed(database, tmp_path, monkeypatch, statement):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(sqlite3.DatabaseError, match=r"(?i)not authorized|authorization denied"):
        database.rows(statement)
    assert [s.unit for s in database.records(Score)] == ["Hội Sách", "Hội Báo"]
    assert os.listdir(tmp_path) == ["a.db"]


def test_a_path_with_odd_letters_is_opened(tmp_path):
    path = save(tmp_path / "kho ?mode=rwc#1%20 của đơn vị.db")
    assert Database(path).facts()["encoder"] == "thử"
