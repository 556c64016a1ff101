"""A build that is killed at any moment leaves the old index serving, and the next one clears up."""

import multiprocessing
import random
import time
from pathlib import Path

from corpus import Corpus, Passage, Place
from hashing import HashEncoder
from index import Index, build
from small import document, passages

KILLS = 50


def small_corpus() -> Corpus:
    path = "regulations/a.txt"
    held = passages(path, d1="Điều 1. Khen thưởng tập thể.", d2="Điều 2. Khen thưởng cá nhân.")
    return Corpus(documents=(document(path, "1/2020/QĐ-A"),), passages=tuple(held))


def grown(corpus: Corpus, by: int) -> Corpus:
    """The corpus with more passages, so that a build takes long enough to be caught in it."""
    path = corpus.passages[0].document
    first = 1 + max(p.order for p in corpus.passages if p.document == path)
    more = [
        Passage(
            document=path, order=first + i, place=Place(part="Phụ lục", paragraph=i + 1),
            text=f"Đoạn thứ {i} nói về việc xét khen thưởng hằng năm.",
        )
        for i in range(by)
    ]  # fmt: skip
    return corpus.model_copy(update={"passages": (*corpus.passages, *more)})


def test_a_build_killed_at_any_moment_leaves_the_old_index(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    old, new = small_corpus(), grown(small_corpus(), 300)
    build(old, path, HashEncoder())
    start = time.perf_counter()
    build(new, tmp_path / "other.db", HashEncoder())
    usual = time.perf_counter() - start
    draw = random.Random(0)
    context = multiprocessing.get_context("fork")
    whole = {len(old.passages), len(new.passages)}
    finished = litter = 0
    for _ in range(KILLS):
        child = context.Process(target=build, args=(new, path, HashEncoder()))
        child.start()
        child.join(draw.random() * usual * 1.3)
        child.kill()
        child.join()
        finished += child.exitcode == 0
        litter = max(litter, len(list(tmp_path.glob(".index.db.*"))))
        index = Index(path, HashEncoder())
        assert len(index.passages) in whole
        assert index.search("khen thưởng")
        index.close()
        if finished:
            build(old, path, HashEncoder())
            finished = 0
    assert litter >= 1, "no build was caught while it wrote"
    build(new, path, HashEncoder())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["index.db", "other.db"]


def test_what_a_running_build_writes_is_left_alone(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    child = context.Process(target=time.sleep, args=(60,))
    child.start()
    try:
        running = tmp_path / f".index.db.{child.pid}.abcd.new"
        running.touch()
        (tmp_path / ".index.db.abcd.new").touch()  # as versions before this one named it
        (tmp_path / ".other.db.1.abcd.new").touch()
        build(small_corpus(), tmp_path / "index.db", HashEncoder())
        left = {p.name for p in tmp_path.iterdir()}
        assert left == {"index.db", running.name, ".other.db.1.abcd.new"}
    finally:
        child.kill()
        child.join()
    build(small_corpus(), tmp_path / "index.db", HashEncoder())
    assert not running.exists()
