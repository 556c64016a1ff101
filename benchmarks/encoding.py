"""How fast texts become vectors, and what each faster way costs in vectors and in finding.

    OMP_NUM_THREADS=1 python -m benchmarks.encoding ../shared --cache FOLDER [--articles 600]
    OMP_NUM_THREADS=1 python -m benchmarks.encoding ../shared --at-once

The folder holds ``benchmarks/alqac``, as for benchmarks/retrieval.py. Every way has a process of
its own and they take turns, so that a busy machine is busy for all of them; the best of three
turns counts. ``--cache`` keeps the vectors of articles and questions; empty it when encoding has
changed. What vectors are worth is judged on the articles that answer a question and others up to
``--articles``, once by the nearest vectors alone and once by the index as the bot asks it.

``--at-once`` prints another table instead: questions a second when so many threads ask at the same
time, each question encoded by itself or together with those that wait.
"""

import argparse
import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.alqac import Alqac, load
from corpus import Corpus
from index import Encoder, Index, build
from index.database import VectorRows
from index.encoder import Arithmetic

ROUNDS = 3
SAMPLE, ASKED = 64, 24  # passages and questions of a turn
ASKERS, QUESTIONS = (1, 4, 8), 48  # threads that ask at once, and how many questions in all
SAME = 0.9999  # vectors as near as this are not judged by what they find


class Singly(Encoder):
    """Questions that are asked at once wait for each other."""

    def question(self, text):
        """As ``Encoder.question``."""
        return self._encode([text], passage=False)[0]


class Unsorted(Encoder):
    """Batches in the order of the texts."""

    def passages(self, texts, progress=None):
        """As ``Encoder.passages``."""
        starts = range(0, len(texts), self._batch)
        return np.concatenate(
            [self._encode(list(texts[at : at + self._batch]), passage=True) for at in starts]
        )


class Plain(Encoder):
    """sentence-transformers with its defaults: it sorts by length and takes 32 at once."""

    def passages(self, texts, progress=None):
        """As ``Encoder.passages``."""
        self.load()
        return self._loaded.encode(list(texts), prompt=self._prefixes[True])


class Bfloat16(Encoder):
    """Matrices multiplied in 16 bits by torch's autocast."""

    def _encode(self, texts, *, passage):
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16):
            return super()._encode(texts, passage=passage)


class Spinning(Encoder):
    """Threads that wait do not sleep at once: OpenMP as torch comes with it."""

    def _open(self):
        os.environ["GOMP_SPINCOUNT"] = "300000"  # what it is where nothing is said
        return super()._open()


class Dynamic(Encoder):
    """torch's own dynamic int8: one scale for all that comes in, one for a matrix or for each row."""

    per_channel, kept = True, ("pooler",)

    def _open(self):
        from torch.ao import quantization
        from torch.nn import Linear

        model = super()._open()
        scales = "per_channel_dynamic_qconfig" if self.per_channel else "default_dynamic_qconfig"
        quantised = {
            name: getattr(quantization, scales)
            for name, module in model[0].named_modules()
            if isinstance(module, Linear) and not any(part in name for part in self.kept)
        }
        quantization.quantize_dynamic(model[0], quantised, inplace=True)
        return model


class DynamicByMatrix(Dynamic):
    """One scale a matrix, torch's default."""

    per_channel = False


class DynamicButNarrowing(Dynamic):
    """The matrices that narrow what GELU made, where the huge numbers are, left as they were."""

    kept = ("pooler", ".output.dense")


def _way(kind: type[Encoder], arithmetic: Arithmetic, threads: int = 1, batch: int = 8):
    return lambda: kind(arithmetic=arithmetic, threads=threads, batch=batch)


WAYS: Mapping[str, Callable[[], Encoder]] = {  # the first is what the others are compared with
    "float32": _way(Encoder, "float32"),
    "float32, batches of 32": _way(Encoder, "float32", batch=32),
    "float32, unsorted": _way(Unsorted, "float32"),
    "sentence-transformers": _way(Plain, "float32"),
    "bfloat16": _way(Bfloat16, "float32"),
    "int8": _way(Encoder, "int8"),
    "torch int8": _way(DynamicByMatrix, "float32"),
    "torch int8, per channel": _way(Dynamic, "float32"),
    "torch int8, not narrowing": _way(DynamicButNarrowing, "float32"),
    "float32, 2 threads": _way(Encoder, "float32", threads=2),
    "int8, 2 threads": _way(Encoder, "int8", threads=2),
    "float32, 2 spinning": _way(Spinning, "float32", threads=2),
}
ARITHMETICS: Sequence[Arithmetic] = ("float32", "int8")
_made: dict[str, Encoder] = {}  # one, in the process of a way


@dataclass
class Turn:
    """What one turn took: seconds on the clock and of processors, and the memory held."""

    clock: float
    spent: float
    question: float
    question_spent: float
    megabytes: float


def encode(way: str, passages: Sequence[str], questions: Sequence[str]) -> np.ndarray:
    """The vectors of passages, then of questions; in the process of ``way``."""
    encoder = _made.setdefault(way, WAYS[way]())
    return np.concatenate(
        [encoder.passages(passages), [encoder.question(text) for text in questions]]
    )


def take_turn(way: str, passages: Sequence[str], questions: Sequence[str]) -> Turn:
    """Time ``way``; in its process."""
    encoder = _made[way]
    clock, spent = time.perf_counter(), time.process_time()
    encoder.passages(passages)
    clock, spent = time.perf_counter() - clock, time.process_time() - spent
    seconds, cpu = [], time.process_time()
    for text in questions:
        start = time.perf_counter()
        encoder.question(text)
        seconds.append(time.perf_counter() - start)
    cpu = (time.process_time() - cpu) / len(questions)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Turn(clock, spent, median(seconds), cpu, pages * 4096 / 1e6)


class Held:
    """Vectors made before, as an encoder."""

    def __init__(self, name: str, vectors: Mapping[str, np.ndarray]):
        self.name, self._vectors = name, vectors
        self.dimension = len(next(iter(vectors.values())))

    def passages(self, texts, progress=None):
        """The vectors of texts that are held."""
        return np.stack([self._vectors[text] for text in texts])

    def question(self, text):
        """The vector of a question that is held."""
        self.last = self._vectors[text]
        return self.last


class Listening:
    """An encoder that notes what it is asked, to know the texts before there are vectors."""

    name, dimension = "listening", 2

    def __init__(self):
        self.texts: list[str] = []
        self.questions: list[str] = []

    def passages(self, texts, progress=None):
        """Note the texts."""
        self.texts = list(texts)
        return np.eye(2, dtype=np.float32)[np.arange(len(texts)) % 2]

    def question(self, text):
        """Note the question."""
        self.questions.append(text)
        return np.eye(2, dtype=np.float32)[0]


def smaller(alqac: Alqac, count: int) -> Corpus:
    """``count`` articles: all that answer a question first, then others drawn at random."""
    right = sorted(frozenset().union(*(answers for _, answers in alqac.questions)))
    others = [article for article in alqac.articles if article not in set(right)]
    np.random.default_rng(0).shuffle(others)
    chosen = {*right, *others[: max(0, count - len(right))]}
    held = [p for p in alqac.corpus.passages if alqac.article_of[p.document, p.order] in chosen]
    return alqac.corpus.model_copy(update={"passages": tuple(held)})


def recalls(alqac: Alqac, rank: Callable[[str], Sequence[str]]) -> list[float]:
    """R@1 and R@10 over all questions."""
    figures = []
    for question, answers in alqac.questions:
        found = list(rank(question))[:10]
        figures.append([len(answers & set(found[:k])) / len(answers) for k in (1, 10)])
    return [float(mean) for mean in np.mean(figures, axis=0)]


def judged(alqac: Alqac, corpus: Corpus, encoder: Held, path: Path) -> str:
    """The columns of R@1 and R@10, by nearest vectors alone, then by the index."""
    path.unlink(missing_ok=True)
    build(corpus, path, encoder)
    index = Index(path, encoder)
    matrix = VectorRows(index._database)[np.arange(len(index.passages))]
    articles = [alqac.article_of[p.document, p.order] for p in index.passages]

    def nearest(question: str) -> list[str]:
        index.search(index.accents.restore(question), limit=1)
        order = np.argsort(-(matrix @ encoder.last))
        return list(dict.fromkeys(articles[at] for at in order[:300]))

    def ours(question: str) -> list[str]:
        hits = index.search(index.accents.restore(question), limit=100)
        return list(
            dict.fromkeys(alqac.article_of[h.passage.document, h.passage.order] for h in hits)
        )

    figures = [*recalls(alqac, nearest), *recalls(alqac, ours)]
    return "".join(f"{figure:7.3f}" for figure in figures)


def texts_of(alqac: Alqac, corpus: Corpus, path: Path) -> tuple[list[str], list[str]]:
    """What the index asks an encoder for: passages, and questions with their accents given back."""
    listening = Listening()
    path.unlink(missing_ok=True)
    build(corpus, path, listening)
    index = Index(path, listening)
    for question, _ in alqac.questions:
        index.search(index.accents.restore(question), limit=1)
    index.close()
    return listening.texts, list(dict.fromkeys(listening.questions))


def timed(turns: Sequence[Turn]) -> str:
    """The columns of time and memory."""
    best = Turn(*(min(column) for column in zip(*map(astuple, turns), strict=True)))
    return (
        f"{SAMPLE / best.clock:6.1f}{SAMPLE / best.spent:7.1f}"
        f"{1000 * best.question:7.1f}{1000 * best.question_spent:7.1f}{best.megabytes:6.0f}"
    )


def at_once(questions: Sequence[str]) -> None:
    """Print questions a second by threads that ask at once; the best of three turns counts."""
    print(f"{'threads that ask':<18}{'arithmetic':<12}{'singly':>8}{'batched':>9}{'differ by':>12}")
    for arithmetic in ARITHMETICS:
        encoders = [kind(arithmetic=arithmetic, threads=1) for kind in (Singly, Encoder)]
        for encoder in encoders:
            encoder.load()
        for askers in ASKERS:
            best, made = [0.0, 0.0], [np.zeros(0), np.zeros(0)]
            with ThreadPoolExecutor(askers) as pool:
                for _ in range(ROUNDS):
                    for at, encoder in enumerate(encoders):
                        start = time.perf_counter()
                        made[at] = np.stack(list(pool.map(encoder.question, questions)))
                        best[at] = max(best[at], len(questions) / (time.perf_counter() - start))
            apart = np.abs(made[0] - made[1]).max()
            print(
                f"{askers:<18}{arithmetic:<12}{best[0]:8.1f}{best[1]:9.1f}{apart:12.1e}", flush=True
            )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="folder with benchmarks/alqac")
    parser.add_argument("--cache", type=Path, help="folder to keep vectors in")
    parser.add_argument("--at-once", action="store_true", help="only questions asked at once")
    parser.add_argument("--articles", type=int, default=10_000, help="how many are searched")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS), help="only these")
    options = parser.parse_args(arguments)
    if not (options.cache or options.at_once):
        parser.error("--cache names the folder to keep vectors in")
    alqac = load(options.shared / "benchmarks" / "alqac")
    if options.at_once:
        at_once([question for question, _ in alqac.questions][:QUESTIONS])
        return
    options.cache.mkdir(parents=True, exist_ok=True)
    path = options.cache / "encoding.index"
    corpus = smaller(alqac, options.articles)
    texts, questions = texts_of(alqac, corpus, path)
    print(
        f"{len(texts)} passages of at most {options.articles} articles, {len(questions)} questions"
    )

    spawn = multiprocessing.get_context("spawn")
    ways = dict.fromkeys(["float32", *options.ways])
    pools = {way: ProcessPoolExecutor(1, mp_context=spawn) for way in ways}
    drawn = np.random.default_rng(0).choice(len(texts), SAMPLE, replace=False)
    sample = [texts[at] for at in drawn], questions[:ASKED]
    made = {way: pool.submit(encode, way, *sample).result() for way, pool in pools.items()}
    turns: dict[str, list[Turn]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, pool in pools.items():
            turns[way].append(pool.submit(take_turn, way, *sample).result())

    def held(way: str) -> dict[str, np.ndarray]:
        digest = hashlib.sha256("\0".join([way, *texts, *questions]).encode()).hexdigest()
        file = options.cache / f"vectors-{digest[:12]}.npy"
        if not file.exists():
            np.save(file, pools[way].submit(encode, way, texts, questions).result())
        return dict(zip([*texts, *questions], np.load(file), strict=True))

    print(f"{'passages':>39}{'question':>14}{'RSS':>6}{'cosine':>17}{'nearest':>14}{'ours':>14}")
    print(
        f"{'/s':>32}{'/cpu-s':>7}{'ms':>7}{'cpu-ms':>7}{'MB':>6}{'mean':>9}{'least':>8}"
        f"{'R@1':>7}{'R@10':>7}{'R@1':>7}{'R@10':>7}"
    )
    for way in ways:
        cosines = (made[way] * made["float32"]).sum(axis=1)
        line = f"{way:<26}{timed(turns[way])}{cosines.mean():9.4f}{cosines.min():8.4f}"
        if way == "float32" or cosines.min() < SAME:
            line += judged(alqac, corpus, Held(way, held(way)), path)
        print(line, flush=True)
    if "int8" in ways:
        mixed = held("int8") | {text: held("float32")[text] for text in questions}
        found = judged(alqac, corpus, Held("mixed", mixed), path)
        print(f"{'int8, questions in float32':<76}{found}")
    for pool in pools.values():
        pool.shutdown()


if __name__ == "__main__":
    main()
