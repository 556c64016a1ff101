"""How the index bears more passages: building, opening, asking, memory, and what FAISS loses.

    python -m benchmarks.scale INDEX QUESTIONS --folder FOLDER [--sizes 10000 100000 1000000]

INDEX is an index file of real texts, such as benchmarks.legs leaves in its cache; QUESTIONS are
lines of JSON with a "text" each. From the index come the passages, repeated with one syllable in
twenty changed, and the vectors, each repeated with as much noise as tells two neighbouring passages
apart. Texts and vectors are not tied to each other: this is about speed and recall, not quality.
Every size is built in one process and asked in another (Linux: memory is read from /proc). Behind
each time stands, in brackets, that of the processor alone: with OMP_NUM_THREADS=1 it is what an idle
machine takes, whatever else runs on this one.
"""

import argparse
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from corpus import Corpus, Document, Passage, respell
from index import Encoder, Index, build
from index.database import Database, VectorRows
from index.vectors import Rows, Sizes, Vectors

SIZES = (10_000, 100_000, 1_000_000)
ASKED = 200  # questions
WANTED = 200  # vectors, as many as Index.search takes
CHANGED = 0.05  # of the syllables, so that the vocabulary grows as that of real texts does
BLOCK = 20_000
KINDS = {"Flat": Sizes(), "SQ8": Sizes(flat=0), "IVF,SQ8": Sizes(flat=0, bytes=0, cells=128)}
_SYLLABLE = re.compile(r"[^\W\d_]+")


class Drawn:
    """An encoder that draws the vectors of passages and remembers those of questions."""

    def __init__(self, name: str, real: np.ndarray, questions: dict[str, np.ndarray]):
        self.name, self.dimension = name, real.shape[1]
        self.taken = np.zeros(2)  # by drawing
        self._real, self._questions = real, questions
        apart = (real[1:] - real[:-1]) / np.sqrt(2)
        values, axes = np.linalg.eigh(np.cov(apart, rowvar=False))
        self._noise = (axes * np.sqrt(values.clip(0))).T.astype(np.float32)

    def passages(self, texts: Sequence[str], progress: Any = None) -> np.ndarray:
        """Every real vector once, then each again and again with noise."""
        vectors = np.resize(self._real, (len(texts), self.dimension))

        def draw() -> None:
            for at in range(len(self._real), len(texts), BLOCK):
                some = vectors[at : at + BLOCK]
                chance = np.random.default_rng(at)
                some += chance.standard_normal(some.shape, np.float32) @ self._noise
                some /= np.linalg.norm(some, axis=1, keepdims=True)

        self.taken += _taken(draw)
        return vectors

    def question(self, text: str) -> np.ndarray:
        """The real vector of a question, made before."""
        return self._questions[text]


def repeated(source: Path, size: int) -> Corpus:
    """``size`` passages: those of an index, then copies of its documents with changed words."""
    database = Database(source)
    documents, passages = database.records(Document), database.records(Passage)
    database.close()
    spoken = np.array([s for p in passages for s in _SYLLABLE.findall(p.text)])
    chance = np.random.default_rng(0)
    drawn = iter(lambda: str(spoken[chance.integers(len(spoken))]), None)

    def changed(passage: Passage, copy: int) -> Passage:
        pieces = re.split(r"(\s+)", passage.text)
        for at in np.flatnonzero(chance.random(len(pieces)) < CHANGED):
            if pieces[at].strip():
                pieces[at] = next(drawn)
        new = {"document": f"{passage.document} {copy}", "text": "".join(pieces)}
        return passage.model_copy(update=new)

    def every() -> Iterator[Passage]:
        yield from passages[:size]
        for number in range(len(passages), size):
            copy, place = divmod(number, len(passages))
            yield changed(passages[place], copy)

    copies = range(-(-size // len(passages)))
    return Corpus.model_construct(
        passages=tuple(every()),
        documents=tuple(
            d.model_copy(update={"path": f"{d.path} {copy}" if copy else d.path})
            for copy in copies for d in documents
        ),
    )  # fmt: skip


def encoder_of(source: Path, questions: Path, folder: Path) -> tuple[Drawn, list[str]]:
    """The drawing encoder for an index, and the questions."""
    lines = questions.read_text(encoding="utf-8").splitlines()
    texts = [respell(json.loads(line)["text"]) for line in lines]
    texts = texts[:: max(1, len(lines) // ASKED)][:ASKED]
    kept = folder / "questions.npy"
    if not kept.exists():
        model = Encoder()
        np.save(kept, np.stack([model.question(text) for text in texts]))
    vectors = dict(zip(texts, np.load(kept), strict=True))
    database = Database(source)
    rows = VectorRows(database)
    real = rows[np.arange(rows.shape[0])]
    name = database.facts()["encoder"]
    return Drawn(f"drawn like {name}", real[real.any(axis=1)], vectors), texts


def built(source: Path, questions: Path, folder: Path, size: int) -> dict[str, str]:
    """Build one size: seconds without the vectors, and megabytes of the file and of memory."""
    encoder, _ = encoder_of(source, questions, folder)
    corpus, path = repeated(source, size), folder / f"{size}.index"
    path.unlink(missing_ok=True)
    taken = _taken(lambda: build(corpus, path, encoder)) - encoder.taken
    return {
        "build s": _times(taken),
        "build MB": f"{_memory('VmHWM'):.0f}",
        "file MB": f"{path.stat().st_size / 1e6:.0f}",
    }


def asked(source: Path, questions: Path, folder: Path, size: int) -> dict[str, str]:
    """Open one size and ask it: seconds, megabytes, milliseconds, recall of its FAISS index."""
    encoder, texts = encoder_of(source, questions, folder)
    found = {"MB before": f"{_memory('VmRSS'):.0f}"}
    opened: list[Index] = []
    taken = _taken(lambda: opened.append(Index(folder / f"{size}.index", encoder)))
    found |= {"open s": _times(taken), "open MB": f"{_memory('VmRSS'):.0f}"}
    index = opened[0]
    left_out = set(list(index.documents)[::2])
    for name, among in (("all", None), ("half", lambda d: float(d.path not in left_out))):
        found |= _asking(name, lambda text, among=among: index.search(text, (), among), texts)
    found["most MB"] = f"{_memory('VmHWM'):.0f}"
    vectors = index._vectors
    found["FAISS"] = type(vectors._index).__name__.removeprefix("Index")
    allowed = index._searchable
    half = allowed & (index._factors(lambda d: float(d.path not in left_out)) > 0)
    wanted = np.stack([encoder.question(text) for text in texts])
    found.update(_recalls(vectors, VectorRows(Database(index.path)), wanted, allowed, "all"))
    found.update(_recalls(vectors, VectorRows(Database(index.path)), wanted, half, "half"))
    return found


def kinds(source: Path, questions: Path, folder: Path) -> dict[str, dict[str, str]]:
    """Every kind of FAISS index on the real vectors alone, whatever their number."""
    encoder, texts = encoder_of(source, questions, folder)
    real, wanted = encoder._real, np.stack([encoder.question(text) for text in texts])
    one_in_ten = np.arange(len(real)) // 500 % 10 == 0
    found = {}
    for name, sizes in KINDS.items():
        vectors = Vectors(real, sizes=sizes)
        found[name] = {
            **_asking("all", lambda vector, of=vectors: of.nearest(vector, WANTED), wanted),
            **_recalls(vectors, real, wanted, np.ones(len(real), bool), "all"),
            **_recalls(vectors, real, wanted, one_in_ten, "a tenth"),
        }
    return found


def _recalls(
    vectors: Vectors, rows: Rows, questions: np.ndarray, allowed: np.ndarray, name: str
) -> dict[str, str]:
    """The share of the truly nearest 10 and ``WANTED`` allowed rows that are found."""
    best = _nearest(rows, questions, allowed)
    found = [vectors.nearest(question, WANTED, allowed) for question in questions]
    return {
        f"{name} @{k}": f"{np.mean([np.isin(b[:k], f) for b, f in zip(best, found, strict=True)]):.3f}"
        for k in (10, WANTED)
    }


def _nearest(rows: Rows, questions: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """The ``WANTED`` rows nearest to each question, by comparing it with every row."""
    numbers = np.zeros((len(questions), 0), dtype=np.int64)
    cosines = np.zeros((len(questions), 0), dtype=np.float32)
    held = np.flatnonzero(allowed)
    for start in range(0, len(held), BLOCK):
        some = held[start : start + BLOCK]
        cosines = np.hstack([cosines, questions @ rows[some].T])
        numbers = np.hstack([numbers, np.broadcast_to(some, (len(questions), len(some)))])
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :WANTED]
        cosines = np.take_along_axis(cosines, best, axis=1)
        numbers = np.take_along_axis(numbers, best, axis=1)
    return numbers


def _taken(work: Callable[[], Any]) -> np.ndarray:
    """Seconds that passed, and those of the processor."""
    start = time.perf_counter(), time.process_time()
    work()
    return np.array([time.perf_counter(), time.process_time()]) - start


def _times(taken: np.ndarray) -> str:
    return f"{taken[0]:.1f} ({taken[1]:.1f})"


def _asking(name: str, ask: Callable[[Any], Any], questions: Iterable[Any]) -> dict[str, str]:
    taken = np.stack([_taken(lambda q=question: ask(q)) for question in questions])
    half, most = 1000 * np.quantile(taken, (0.5, 0.95), axis=0)
    return {f"{name} p50 ms": _times(half), f"{name} p95 ms": _times(most)}


def _memory(what: str) -> float:
    """Megabytes of this process: "VmRSS" now, "VmHWM" at most so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"^{what}:\s+(\d+) kB", status, re.M)
    return int(found[1]) * 1024 / 1e6 if found else float("nan")


def _table(rows: Mapping[str, Mapping[str, str]]) -> None:
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    print("| |", " | ".join(columns), "|")
    print("|---" * (len(columns) + 1) + "|")
    for name, row in rows.items():
        print(f"| {name} |", " | ".join(row.get(column, "") for column in columns), "|", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table of the kinds of FAISS index on real vectors, and one of the sizes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", type=Path, help="an index file of real texts")
    parser.add_argument("questions", type=Path, help="lines of JSON with a text each")
    parser.add_argument("--folder", type=Path, required=True, help="folder for the index files")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of passages")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    given = (options.index, options.questions, options.folder)
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as processes:
        _table(processes.submit(kinds, *given).result())
        rows: dict[str, dict[str, str]] = {}
        for size in options.sizes:
            made = processes.submit(built, *given, size).result()
            rows[f"{size:,}"] = {**made, **processes.submit(asked, *given, size).result()}
            _table(rows)
            (options.folder / f"{size}.index").unlink()


if __name__ == "__main__":
    main()
