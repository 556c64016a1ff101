"""The front door of the room: build, open, search, rebuild."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus import Corpus, Document, Kind, Passage, Place, read
from hashing import HashEncoder
from index import Index, IndexFileError, build, fingerprint, indexed_fingerprint
from small import document, everything, passages, score, unit

LAW, OLD, REPORT = "regulations/moi.txt", "regulations/cu.txt", "meetings/hop.txt"


class CountingEncoder(HashEncoder):
    """Remembers what it was asked to encode."""

    def __init__(self, name: str = HashEncoder.name):
        self.name = name
        self.encoded: list[str] = []

    def passages(self, texts, progress=None) -> np.ndarray:
        self.encoded += texts
        return super().passages(texts, progress)


def library(**changed: str) -> Corpus:
    texts = {
        "Phần_đầu": "NGHỊ ĐỊNH về sách",
        "Chương_I": "Chương I",
        "d1": "Điều 1. Giấy khen",
        "d1_1": "1. Giấy khen tặng cho xã có thư viện.",
        "d1_2": "2. Không tặng hai lần trong một năm.",
        "d2": "Điều 2. Cờ thi đua\nCờ thi đua tặng cho xã dẫn đầu.",
        "Phần_cuối": "TM. CHÍNH PHỦ",
    }
    report = Passage(
        document=REPORT,
        order=0,
        place=Place(paragraph=1),
        text="Hội nghị tại xã Bình An do ông Lê Văn Mẫu chủ trì, bàn về Giấy Khen và hoà giải.",
    )
    return Corpus(
        documents=(
            document(LAW, "9/2024/NĐ-CP"),
            document(OLD, "5/2020/NĐ-CP"),
            document(REPORT, kind=Kind.MEETING),
        ),
        passages=(
            *passages(LAW, **{**texts, **changed}),
            *passages(OLD, d1="Điều 1. Giấy khen", d1_1="1. Giấy khen cũ tặng cho thôn."),
            report,
        ),
        scores=(score("Hội Sách", "9.25"),),
        units=(unit("Hội Sách", aliases=("HS",)),),
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("index") / "a.db"
    build(library(), made, HashEncoder())
    return made


@pytest.fixture(scope="module")
def index(path):
    opened = Index(path, HashEncoder())
    yield opened
    opened.close()


def places(hits) -> list[tuple[str, str]]:
    return [(hit.passage.document, str(hit.passage.place)) for hit in hits]


# Searching


def test_the_passage_that_says_it_comes_first(index):
    hits = index.search("Cờ thi đua tặng cho ai?")
    assert places(hits)[0] == (LAW, "Điều 2")
    assert places(index.search("co thi dua tang cho ai"))[0] == (LAW, "Điều 2")
    assert places(index.search("thư viện"))[0] == (LAW, "Điều 1 khoản 1")


def test_hits_come_best_first_and_carry_what_the_legs_said(index):
    hits = index.search("giấy khen của xã", limit=4)
    assert len(hits) == 4
    relevance = [hit.relevance for hit in hits]
    assert relevance == sorted(relevance, reverse=True) and relevance[0] <= 1.0001
    assert hits[0].words > 0 and -1.001 <= hits[0].nearness <= 1.001


def test_headings_and_signatures_are_never_found(index):
    found = places(index.search("NGHỊ ĐỊNH về sách Chương I CHÍNH PHỦ", limit=50))
    assert found and not any(place.startswith(("Phần", "Chương")) for _, place in found)


def test_a_document_of_factor_0_is_left_out(index):
    def among(found: Document) -> float:
        return 0.0 if found.path == LAW else 1.0

    hits = index.search("giấy khen", among=among, limit=50)
    assert {hit.passage.document for hit in hits} == {OLD, REPORT}
    assert index.search("giấy khen", among=lambda _: 0.0) == []


def test_a_factor_lowers_a_document(index):
    plain = places(index.search("giấy khen tặng cho xã"))
    lowered = index.search("giấy khen tặng cho xã", among=lambda d: 0.1 if d.path == LAW else 1.0)
    assert plain[0][0] == LAW
    assert lowered[0].passage.document != LAW


def test_extra_phrases_are_searched_too(index):
    assert places(index.search("CTĐ", extra=["cờ thi đua"]))[0] == (LAW, "Điều 2")


def test_a_question_of_nothing_known_still_breaks_nothing(index):
    for question in ("", "?", "xổ số kiến thiết", "🙂", "a" * 5000):
        assert all(hit.words == 0 for hit in index.search(question))


def test_passages_can_be_fetched_by_place(index):
    assert [str(p.place) for p in index.within(LAW, Place(article="1"))] == [
        "Điều 1", "Điều 1 khoản 1", "Điều 1 khoản 2",
    ]  # fmt: skip
    assert index.within(LAW, Place(article="1", clause="9")) == []
    assert index.within("không có", Place()) == []
    assert len(index.within_document(LAW)) == 7
    assert index.within_document("không có") == []
    assert set(index.by_number()) == {"9/2024/NĐ-CP", "5/2020/NĐ-CP"}


def test_an_annex_and_the_text_do_not_share_their_articles(tmp_path):
    held = Passage(document=LAW, order=9, place=Place(part="Phụ lục", article="1"), text="Mẫu cờ.")
    corpus = Corpus(documents=(document(LAW),), passages=(*passages(LAW, d1="Điều 1. Cờ"), held))
    build(corpus, tmp_path / "a.db", HashEncoder())
    opened = Index(tmp_path / "a.db", HashEncoder())
    assert [p.text for p in opened.within(LAW, Place(article="1"))] == ["Điều 1. Cờ"]
    assert opened.within(LAW, held.place) == [held]
    hits = {str(hit.passage.place): hit.relevance for hit in opened.search("mẫu")}
    assert hits["Phụ lục Điều 1"] > hits["Điều 1"] == 0


def test_passages_are_a_sequence(index):
    everyone = library().passages
    assert len(index.passages) == len(everyone)
    assert list(index.passages) == list(everyone)
    assert (index.passages[2], index.passages[-1]) == (everyone[2], everyone[-1])
    assert list(index.passages[3:5]) == list(everyone[3:5])
    with pytest.raises(IndexError):
        index.passages[len(everyone)]


def test_passages_that_hold_a_phrase_are_told(index):
    assert [str(p.place) for p in index.holding("Không tặng hai lần")] == ["Điều 1 khoản 2"]
    assert index.holding("tặng không") == []


def test_what_is_left_out_hides_nothing_that_is_not(tmp_path):
    """However many passages of other documents are nearer."""
    crowd = passages(OLD, **{f"d{n}": f"Điều {n}. Giấy khen" for n in range(1, 1200)})
    corpus = Corpus(
        documents=(document(LAW), document(OLD)),
        passages=(*passages(LAW, d1="Điều 1. Một cuốn sách"), *crowd),
    )
    build(corpus, tmp_path / "a.db", HashEncoder())
    opened = Index(tmp_path / "a.db", HashEncoder())
    hits = opened.search("giấy khen", among=lambda d: float(d.path == LAW))
    assert [(hit.passage.document, hit.words) for hit in hits] == [(LAW, 0.0)]


def test_several_threads_find_what_one_finds(path):
    """Opened anew, so that all of them ask for passages that were never read."""
    questions = ["giấy khen của xã", "cờ thi đua", "thư viện", "hai lần"] * 8
    one, many = Index(path, HashEncoder()), Index(path, HashEncoder())
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(many.search, questions)) == list(map(one.search, questions))


def test_records_and_accents_come_with_the_index(index):
    assert index.lookup.standings(2023)[0].unit == "Hội Sách"
    assert index.accents.restore("giay khen tang cho thon") == "giấy khen tặng cho thôn"


def test_names_of_reports_are_known_and_words_of_the_law_are_not(index):
    assert "binh an" in index.names
    assert "giay khen" not in index.names


def test_an_index_without_passages_opens_and_finds_nothing(tmp_path):
    build(Corpus(scores=(score("Hội Sách", "9"),)), tmp_path / "a.db", HashEncoder())
    opened = Index(tmp_path / "a.db", HashEncoder())
    assert opened.search("giấy khen") == []
    assert opened.lookup.score_years() == (2023,)


def test_an_index_of_headings_alone_finds_nothing(tmp_path):
    held = passages(LAW, Phần_đầu="NGHỊ ĐỊNH về sách")
    build(
        Corpus(documents=(document(LAW),), passages=tuple(held)), tmp_path / "a.db", HashEncoder()
    )
    opened = Index(tmp_path / "a.db", HashEncoder())
    assert opened.search("nghị định về sách") == []
    assert list(opened.passages) == held


def test_every_kind_of_record_survives_a_build(tmp_path):
    build(everything(), tmp_path / "a.db", HashEncoder())
    opened = Index(tmp_path / "a.db", HashEncoder())
    assert list(opened.passages) == list(everything().passages)
    assert list(opened.documents.values()) == list(everything().documents)


# Rebuilding


def test_a_build_says_what_it_encoded(tmp_path):
    encoder, steps = CountingEncoder(), []
    built = build(library(), tmp_path / "a.db", encoder, lambda *step: steps.append(step))
    assert (built.kept, built.encoded) == (0, len(encoder.encoded))
    assert steps[-1] == (built.encoded, built.encoded)
    assert len(set(encoder.encoded)) == len(encoder.encoded)
    assert all(encoder.encoded)


def test_headings_and_signatures_are_not_encoded(tmp_path):
    encoder = CountingEncoder()
    build(library(), tmp_path / "a.db", encoder)
    assert len(encoder.encoded) == 7  # of ten passages
    assert not any("CHÍNH PHỦ" in text for text in encoder.encoded)


def test_a_rebuild_encodes_only_what_is_new(tmp_path):
    path = tmp_path / "a.db"
    first = build(library(), path, CountingEncoder())
    encoder = CountingEncoder()
    again = build(library(), path, encoder)
    assert (again.kept, again.encoded, encoder.encoded) == (first.encoded, 0, [])
    built = build(library(d1_2="2. Được tặng hai lần."), path, encoder)
    assert (built.kept, built.encoded) == (first.encoded - 1, 1)
    assert encoder.encoded[0].endswith("2. Được tặng hai lần.")


def test_a_rebuild_gives_the_same_vectors_as_a_build(tmp_path):
    build(library(), tmp_path / "a.db", HashEncoder())
    build(library(d2="Điều 2. Khác"), tmp_path / "a.db", HashEncoder())
    build(library(d2="Điều 2. Khác"), tmp_path / "b.db", HashEncoder())
    vectors = [
        sqlite3.connect(tmp_path / name).execute("SELECT * FROM vectors").fetchall()
        for name in ("a.db", "b.db")
    ]
    assert vectors[0] == vectors[1]


def test_vectors_of_another_encoder_are_not_taken(tmp_path):
    build(library(), tmp_path / "a.db", CountingEncoder("khác"))
    built = build(library(), tmp_path / "a.db", CountingEncoder())
    assert built.kept == 0 and built.encoded > 0


def test_an_index_of_another_encoder_is_refused_with_the_remedy(path):
    with pytest.raises(IndexFileError, match="thidua build") as caught:
        Index(path, CountingEncoder("khác"))
    assert "hash-64" in str(caught.value) and "khác" in str(caught.value)


def test_a_file_that_is_no_index_is_built_over(tmp_path):
    (tmp_path / "a.db").write_text("rác")
    assert build(library(), tmp_path / "a.db", HashEncoder()).encoded > 0
    Index(tmp_path / "a.db", HashEncoder()).close()


def test_an_encoder_that_fails_leaves_the_old_index(tmp_path):
    class Failing(HashEncoder):
        def passages(self, texts, progress=None):
            raise RuntimeError("hết bộ nhớ")

    path = tmp_path / "a.db"
    build(library(), path, HashEncoder())
    before = path.read_bytes()
    with pytest.raises(RuntimeError):
        build(library(d2="Điều 2. Khác"), path, Failing())
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.db"]


# The fingerprint


def _folder(folder: Path, words: str = "Họp khối ngày 1/2/2023 tại xã.") -> Path:
    (folder / "meetings").mkdir(parents=True)
    (folder / "meetings" / "a.txt").write_text(words)
    return folder


def test_equal_folders_have_equal_fingerprints_wherever_they_are(tmp_path):
    one, two = _folder(tmp_path / "1"), _folder(tmp_path / "2")
    assert fingerprint(read(one)) == fingerprint(read(two))


def test_one_byte_or_one_name_changes_the_fingerprint(tmp_path):
    one = _folder(tmp_path / "1")
    two = _folder(tmp_path / "2", "Họp khối ngày 1/2/2023 tại xã!")
    plain = fingerprint(read(one))
    assert fingerprint(read(two)) != plain
    (one / "meetings" / "a.txt").rename(one / "meetings" / "b.txt")
    assert fingerprint(read(one)) != plain


def test_an_index_knows_what_it_was_built_from(path, tmp_path):
    assert indexed_fingerprint(path, "hash-64") == fingerprint(library())
    assert indexed_fingerprint(path, "khác") == ""
    assert indexed_fingerprint(tmp_path / "không.db", "hash-64") == ""


# A build that is killed

BUILDER = """
import sys
from pathlib import Path
from hashing import HashEncoder
from test_index import library
from index import build
path = Path(sys.argv[1])
versions = [library(), library(d2="Điều 2. Cờ khác")]
build(versions[0], path, HashEncoder())
print("ready", flush=True)
while True:
    for version in versions:
        build(version, path, HashEncoder())
"""


def test_a_killed_build_leaves_a_whole_index(tmp_path):
    path = tmp_path / "a.db"
    whole = {fingerprint(library()), fingerprint(library(d2="Điều 2. Cờ khác"))}
    texts = {"Điều 2. Cờ khác", "Điều 2. Cờ thi đua\nCờ thi đua tặng cho xã dẫn đầu."}
    command = [sys.executable, "-c", BUILDER, str(path)]
    chance = random.Random(8)
    for _ in range(3):
        with subprocess.Popen(
            command, cwd=Path(__file__).parent, stdout=subprocess.PIPE, env={"PYTHONPATH": "..:."}
        ) as builder:
            assert builder.stdout and builder.stdout.readline() == b"ready\n"
            time.sleep(chance.random() * 0.3)
            builder.kill()
            assert builder.wait(20) == -signal.SIGKILL
        opened = Index(path, HashEncoder())
        assert opened.facts["fingerprint"] in whole
        assert opened.within(LAW, Place(article="2"))[0].text in texts
        assert len(opened.passages) == len(library().passages)
        opened.close()
