"""How well articles of law are found: ours against plain peers that use the same encoder.

    pip install bm25s
    python -m benchmarks.retrieval ../shared --cache FOLDER [--grid]

The folder holds ``benchmarks/alqac``: articles, questions, and which article answers which. Every
ranking is of whole articles; ours finds passages, and an article stands where its best one does.
``--cache`` keeps what the encoder made of the articles, so that a second run takes minutes.
``--grid`` judges the weights in index/ instead.
"""

import argparse
import hashlib
import itertools
import json
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import index.index as mix
import index.words as bm25
from corpus import Corpus, Document, Kind, Passage, fold, respell, syllables, tidy
from corpus.regulation import read_regulation
from index import Encoder, Encodes, Index, build
from index.vectors import Vectors

try:
    import bm25s
except ImportError:
    raise SystemExit("This benchmark compares with bm25s. Please run: pip install bm25s") from None

Ranking = Callable[[str], Sequence[str]]  # a question → ids of articles, best first
DEPTH = 100  # articles (ours: passages) that each ranking gives
NOWHERE = 10_000  # the place of an article that was not found
FOLDS = 5
LEGS = ("PASSAGE_WORDS", "ARTICLE_WORDS", "HEADING_WORDS", "MEANING")
MIXES = np.array(  # the last one is the mix in use
    [
        *([w / 10 for w in m] for m in itertools.product(range(11), repeat=4) if sum(m) == 10),
        [getattr(mix, leg) for leg in LEGS],
    ]
)
TRIED: dict[str, tuple[float, ...]] = {
    "_K1": (0.9, 1.5, 2),
    "_B": (0.3, 0.45, 0.75, 0.9),
    "_CONTEXT": (0, 0.25, 1),
    "_ASKED": (0, 0.1, 0.5, 1),
}


def strip(text: str) -> str:
    """``text`` as typed by somebody who leaves all accents out."""
    bare = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


WAYS: Mapping[str, Callable[[str], str]] = {"typed": str, "stripped": strip}


@dataclass
class Alqac:
    """The benchmark: articles by id as plain text, as a corpus, and the questions."""

    articles: dict[str, str]
    corpus: Corpus
    article_of: dict[tuple[str, int], str]  # (document, order) of a passage → id of its article
    questions: list[tuple[str, frozenset[str]]]  # with the ids that answer it


def load(folder: Path) -> Alqac:
    """Read the benchmark; articles are cut into passages by the reader of regulations."""
    articles: dict[str, str] = {}
    documents: dict[str, Document] = {}
    passages: list[Passage] = []
    article_of: dict[tuple[str, int], str] = {}
    length: Counter[str] = Counter()
    for row in _rows(folder / "corpus.jsonl"):
        law, number = row["id"].rsplit("@", 1)
        title = " ".join(tidy(row["title"]).split())
        body = [line for line in tidy(row["text"]).split("\n") if line]
        lines = [f"Điều {number}. {title}" if title else f"Điều {number}", *body]
        articles[row["id"]] = "\n".join([law, *lines])
        documents.setdefault(law, Document(path=law, kind=Kind.REGULATION, title=law))
        for passage in read_regulation(lines, law).passages:
            passages.append(passage.model_copy(update={"order": length[law]}))
            article_of[law, length[law]] = row["id"]
            length[law] += 1
    answers: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        question, article, _ = line.split("\t")
        answers.setdefault(question, set()).add(article)
    return Alqac(
        articles=articles,
        corpus=Corpus(documents=tuple(documents.values()), passages=tuple(passages)),
        article_of=article_of,
        questions=[
            (row["text"], frozenset(answers[row["id"]])) for row in _rows(folder / "queries.jsonl")
        ],
    )


def _rows(path: Path) -> Iterable[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def by_bm25s(articles: Mapping[str, str], prepare: Callable[[str], str] = str.lower) -> Ranking:
    """bm25s with its default settings over the syllables of whole articles."""
    ids, ranker = list(articles), bm25s.BM25()
    ranker.index([syllables(prepare(text)) for text in articles.values()], show_progress=False)

    def rank(question: str) -> list[str]:
        asked = [syllables(prepare(question))]
        return [ids[n] for n in ranker.retrieve(asked, k=DEPTH, show_progress=False).documents[0]]

    return rank


def by_vectors(articles: Mapping[str, str], encoder: Encodes, cache: Path) -> Ranking:
    """The encoder's vectors of whole articles (it reads their first 512 tokens) in FAISS."""
    ids, texts = list(articles), list(articles.values())
    digest = hashlib.sha256("\0".join([encoder.name, *texts]).encode()).hexdigest()[:12]
    path = cache / f"articles-{digest}.npy"
    if not path.exists():
        np.save(path, encoder.passages(texts, _progress))
    vectors = Vectors(np.load(path))
    return lambda question: [ids[n] for n in vectors.nearest(encoder.question(question), DEPTH)]


def fused(*rankings: Ranking) -> Ranking:
    """Reciprocal rank fusion with the usual constant, 60."""

    def rank(question: str) -> list[str]:
        worth: Counter[str] = Counter()
        for ranking in rankings:
            for place, article in enumerate(ranking(question), start=1):
                worth[article] += 1 / (60 + place)  # type: ignore[assignment]
        return [article for article, _ in worth.most_common(DEPTH)]

    return rank


def ours(index: Index, article_of: Mapping[tuple[str, int], str]) -> Ranking:
    """The index as the bot asks it: accents given back, then words, headings and meaning."""

    def rank(question: str) -> list[str]:
        hits = index.search(index.accents.restore(question), limit=DEPTH)
        return list(dict.fromkeys(article_of[h.passage.document, h.passage.order] for h in hits))

    return rank


def _progress(done: int, total: int) -> None:
    print(f"\rencoded {done} of {total}", end="\n" if done == total else "", flush=True)


def measures(places: np.ndarray) -> np.ndarray:
    """R@1, R@5, R@10, MRR@10, nDCG@10 from the places, counted from 1, of the right articles."""
    gain = np.where(places <= 10, 1 / np.log2(1 + places), 0).sum(axis=0)
    ideal = (1 / np.log2(1 + np.arange(1, len(places) + 1))).sum()
    first = places.min(axis=0)
    recall = [(places <= k).mean(axis=0) for k in (1, 5, 10)]
    return np.stack([*recall, np.where(first <= 10, 1 / first, 0), gain / ideal])


def table(rankings: Mapping[str, Ranking], alqac: Alqac) -> None:
    """Print one line a ranking and way of typing; the time is the median of all questions."""
    print(f"{'':<32}{'':<10}{'R@1':>6}{'R@5':>6}{'R@10':>6}{'MRR':>6}{'nDCG':>6}{'ms':>7}")
    for (name, ranking), way in itertools.product(rankings.items(), WAYS):
        figures, seconds = [], []
        for question, answers in alqac.questions:
            asked = WAYS[way](question)
            start = time.perf_counter()
            found = {article: place for place, article in enumerate(ranking(asked), start=1)}
            seconds.append(time.perf_counter() - start)
            figures.append(measures(np.array([found.get(a, NOWHERE) for a in answers])))
        line = "".join(f"{figure:6.3f}" for figure in np.mean(figures, axis=0))
        print(f"{name:<32}{way:<10}{line}{1000 * np.median(seconds):7.1f}", flush=True)


def grid(alqac: Alqac, encoder: Encodes, path: Path) -> None:
    """Judge the weights: every mix of the legs, with each setting of BM25 changed alone."""
    index = Index(path, encoder)
    asked = [[index.accents.restore(way(q)) for way in WAYS.values()] for q, _ in alqac.questions]
    vectors = [[encoder.question(respell(text)) for text in ways] for ways in asked]

    def judge(question: str, vector: np.ndarray, answers: frozenset[str]) -> np.ndarray:
        """The measures of one question for every mix: ``Index.search``, taken apart."""
        weights, can = bm25.asked(question), index._searchable
        words = index.words.relevance(weights) * can
        whole = index._article_words.relevance(weights)[index._article_of] * can
        chosen = index._candidates(words + whole, vector, can)
        legs = [
            mix._share(words[chosen]),
            mix._share(whole[chosen]),
            index._heading_match(weights)[chosen],
        ]
        assert index._vectors is not None
        legs.append(mix._spread(index._vectors.cosine(vector, chosen)))
        scores = np.stack(legs, axis=1) @ MIXES.T
        order = np.argsort(numbers[chosen], kind="stable")
        held, starts = np.unique(numbers[chosen][order], return_index=True)
        best = np.maximum.reduceat(scores[order], starts)
        row = {names[number]: at for at, number in enumerate(held)}
        nowhere = np.full(len(MIXES), NOWHERE)
        places = [1 + (best > best[row[a]]).sum(axis=0) if a in row else nowhere for a in answers]
        return measures(np.stack(places)).astype(np.float32)

    now = {name: getattr(bm25, name) for name in TRIED}
    settings = [now, *({**now, name: value} for name in TRIED for value in TRIED[name])]
    figures = []  # → settings, questions, ways, measures, mixes
    print(f"nDCG@10 of all questions, with the mix as it is and with the best mix of {LEGS}")
    for setting in settings:
        for name, value in setting.items():
            setattr(bm25, name, value)
        index = Index(path, encoder)
        articles = [alqac.article_of[p.document, p.order] for p in index.passages]
        names, numbers = np.unique(articles, return_inverse=True)
        found = [
            [judge(text, vector, answers) for text, vector in zip(*ways, strict=True)]
            for *ways, (_, answers) in zip(asked, vectors, alqac.questions, strict=True)
        ]
        figures.append(np.array(found))
        mean = figures[-1][:, :, -1].mean(axis=(0, 1))
        best = MIXES[mean.argmax()].tolist()
        print(f"{setting}: {mean[-1]:.4f}, {mean.max():.4f} {best}", flush=True)
    _crossed(np.stack(figures), settings)


def _crossed(figures: np.ndarray, settings: Sequence[Mapping[str, float]]) -> None:
    """Choose on four folds, quote on the fifth; then what all questions together would choose."""
    every = np.ones((len(settings), len(MIXES)), dtype=bool)
    plain = every & (np.arange(len(settings)) == 0)[:, None]
    trials = {"as it is": plain & (np.arange(len(MIXES)) == len(MIXES) - 1), "best mix": plain}
    trials |= {f"  without {leg}": plain & (MIXES[:, i] == 0) for i, leg in enumerate(LEGS)}
    trials |= {f"  only {leg}": plain & (MIXES[:, i] == 1) for i, leg in enumerate(LEGS)}
    trials["best mix and setting"] = every
    folds = np.random.default_rng(0).permutation(figures.shape[1]) % FOLDS
    quality = figures[:, :, :, -1].mean(axis=2)  # nDCG@10, both ways of typing
    base = figures[0, ..., -1]
    print(f"\n{FOLDS} folds{'typed: R@1, R@10, nDCG@10; stripped; nDCG@10 gained':>72}")
    for name, allowed in trials.items():
        held = np.empty_like(base)
        for n in range(FOLDS):
            setting, chosen = _best(quality[:, folds != n], allowed)
            held[folds == n] = figures[setting, folds == n][..., chosen]
        gain = (held - base)[..., -1].mean(axis=1)
        setting, chosen = _best(quality, allowed)
        line = " ".join(f"{value:.3f}" for value in held.mean(axis=0)[:, [0, 2, 4]].ravel())
        print(f"{name:<24}{line}  {gain.mean():+.4f} ± {gain.std() / len(gain) ** 0.5:.4f}", end="")
        print(f"  {MIXES[chosen].tolist()} {list(settings[setting].values())}")


def _best(quality: np.ndarray, allowed: np.ndarray) -> tuple[int, int]:
    mean = np.where(allowed, quality.mean(axis=1), -1)
    setting, chosen = divmod(int(mean.argmax()), len(MIXES))
    return setting, chosen


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or the judgement of the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="folder with benchmarks/alqac")
    parser.add_argument("--cache", type=Path, required=True, help="folder to keep vectors in")
    parser.add_argument("--grid", action="store_true", help="judge the weights in index/")
    options = parser.parse_args(arguments)
    options.cache.mkdir(parents=True, exist_ok=True)
    alqac, encoder = load(options.shared / "benchmarks" / "alqac"), Encoder()
    path = options.cache / "alqac.index"
    build(alqac.corpus, path, encoder, _progress)
    if options.grid:
        grid(alqac, encoder, path)
        return
    words = by_bm25s(alqac.articles)
    vectors = by_vectors(alqac.articles, encoder, options.cache)
    index = Index(path, encoder)
    index.search("khởi động")
    table(
        {
            "bm25s, syllables": words,
            "bm25s, folded syllables": by_bm25s(alqac.articles, fold),
            "e5 + FAISS": vectors,
            "rank fusion of bm25s and e5": fused(words, vectors),
            "ours": ours(index, alqac.article_of),
        },
        alqac,
    )


if __name__ == "__main__":
    main()
