"""What a question's vector gains by the adapter of index/adapter.py, and how that was learned.

    python -m benchmarks.adapter INDEX --cache FOLDER [--write index/adapter.npz]

learns from the questions of ``answerable.jsonl`` and ``unanswerable.jsonl`` beside this file (halves
"train" and "tune"; "held" is never read), over the shared documents that INDEX must hold, and from
``told.jsonl``: invented clauses of many fields, each with two questions that it answers.

The matrix is learned by contrast: moved by it, a question shall be nearer to the clause that answers
it than to the clauses that answer others. It is then drawn back towards no change, which costs
nothing here and serves texts that it never saw. The table compares it with the bare encoder: the
Điều that answers a question was never seen with any question (folds by Điều). Then the assistant
is asked everything with the matrix of the fold, and a logistic regression over the signs of
bot/sureness.py and over the products of question and clause, dimension by dimension, gives what each
sign and each dimension counts. Printed: the weights for bot/sureness.py. ``--write`` keeps the rest.
"""

import argparse
import json
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

import bot.provision
from benchmarks.cache import CachedEncoder
from bot import Assistant
from bot.citing import citation_of
from bot.evaluation import Case, _rank, _right_article, judge, places
from bot.evidence import Evidence
from bot.question import Question
from bot.sureness import _WEIGHTS
from corpus import fold, respell
from index import Encoder, Hit, Index
from index.adapter import Adapter, Unmoved
from index.database import VectorRows

_HERE = Path(__file__).parent
_FOLDS = 5
_SEEDS = 3  # matrices that are averaged
_EPOCHS, _BATCH, _RATE, _HEAT = 40, 256, 5e-4, 0.01
_TOLD = 0.25  # what the invented clauses count
_KEPT = 0.7  # of the matrix; the rest is no change
_HELD_BACK = 0.002  # inverse strength of regularisation of the regression
_SIGNS = 3.0  # how much less the signs are held back than single dimensions


class Asked(NamedTuple):
    """A question, the passages that answer it, and those of its Điều, by number."""

    question: str
    text: str  # what is encoded
    allowed: np.ndarray
    answers: frozenset[int]
    article: frozenset[int]
    fold: int


class Seen(NamedTuple):
    """What decided on one answer."""

    signs: list[float]
    product: np.ndarray  # question × clause
    right: bool


class Recording(Adapter):
    """An adapter that keeps the last question that it moved."""

    last: np.ndarray

    def moved(self, question: np.ndarray) -> np.ndarray:
        self.last = super().moved(question)
        return self.last


class Library:
    """The index with the vectors of its passages."""

    def __init__(self, path: Path, encoder: CachedEncoder):
        self.assistant = Assistant(path, encoder)
        self.encoder = encoder
        self.index: Index = self.assistant._index
        self.index.adapter = Unmoved(self.index._drawn)
        self.passages = list(self.index.passages)
        self.vectors = VectorRows(self.index._database)[np.arange(len(self.passages))]
        self.number = {(p.document, p.order): n for n, p in enumerate(self.passages)}
        keys = [(p.document, p.place.article) for p in self.passages]
        self.article = np.unique([f"{a}#{b}" for a, b in keys], return_inverse=True)[1]


def main(path: Path, cache: Path, write: Path | None) -> None:
    """Print the table and the weights."""
    cache.mkdir(parents=True, exist_ok=True)
    library = Library(path, CachedEncoder(cache, Encoder()))
    console = Console(width=120, highlight=False)
    asked = _answerable(library)
    told = _told(library.encoder)
    vectors = np.stack([library.encoder.question(a.text) for a in asked])
    folds = [
        _matrix(asked, vectors, library, told, [a.fold != f for a in asked]) for f in range(_FOLDS)
    ]
    console.print(_table(asked, vectors, folds, library))
    matrix = _matrix(asked, vectors, library, told, [True] * len(asked))
    seen = _seen(library, folds, {a.question: a.fold for a in asked})
    weights, counts, bias = _weighed(seen)
    for name, weight in weights.items():
        console.print(f"{name}: {weight:.3f} (in use: {_WEIGHTS.get(name, 0)})")
    console.print(f"bias: {bias:.3f}")
    if write:
        middle = -float(np.mean([s.product @ counts for s in seen]))
        np.savez_compressed(
            write,
            matrix=matrix.astype(np.float16),
            counts=counts.astype(np.float32),
            bias=np.float32(middle),
        )


def _lines(name: str) -> Iterator[dict]:
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("half") != "held":
            yield row


def _answerable(library: Library) -> list[Asked]:
    """The questions whose clause can be found at all."""
    index = library.index
    found = []
    for row in _lines("answerable.jsonl"):
        searched: list[tuple[str, Collection[str], np.ndarray]] = []
        with _overheard(index, searched):
            library.assistant.ask(row["question"])
        if not searched:
            continue  # not taken for a question about the rules
        text, extra, factors = searched[0]
        allowed = np.flatnonzero(factors)
        answers, article = _cited(row.get("cites", ()), library)
        answers &= set(allowed.tolist())
        if answers:
            key = str(library.article[min(answers)])
            found.append(
                Asked(
                    question=row["question"],
                    text=". ".join([respell(text), *extra]),
                    allowed=allowed,
                    answers=frozenset(answers),
                    article=frozenset(article & set(allowed.tolist())),
                    fold=zlib.crc32(key.encode()) % _FOLDS,
                )
            )
    return found


@contextmanager
def _overheard(index: Index, searched: list) -> Iterator[None]:
    """While this is open, what is searched for is kept: text, phrases, and which passages count."""
    search = index.search

    def overheard(text: str, extra: Collection[str] = (), among=None, limit: int = 20) -> list[Hit]:  # type: ignore[no-untyped-def]
        searched.append((text, extra, index._factors(among) * index._searchable))
        return search(text, extra, among, limit)

    index.search = overheard  # type: ignore[method-assign]
    try:
        yield
    finally:
        del index.search


def _cited(cites: Sequence, library: Library) -> tuple[set[int], set[int]]:
    """The passages at the cited places, and those of their Điều."""
    held = library.index.by_number()
    answers: set[int] = set()
    article: set[int] = set()
    for number, words in cites:
        for place in places(words):
            for n, p in enumerate(library.passages):
                if number not in held or p.document != held[number].path or not place.article:
                    continue
                if p.place.article != place.article:
                    continue
                article.add(n)
                clause = not place.clause or p.place.clause == place.clause
                if clause and (not place.point or p.place.point == place.point):
                    answers.add(n)
    return answers, article


def _told(encoder: CachedEncoder) -> tuple[np.ndarray, np.ndarray]:
    """Invented clauses, (n, dimension), and the questions about each, (2, n, dimension)."""
    rows = list(_lines("told.jsonl"))
    clauses = encoder.passages([row["clause"] for row in rows])
    questions = [[encoder.question(respell(row["questions"][k])) for row in rows] for k in (0, 1)]
    return clauses, np.array(questions)


def _matrix(
    asked: Sequence[Asked],
    vectors: np.ndarray,
    library: Library,
    told: tuple[np.ndarray, np.ndarray],
    taken: Sequence[bool],
) -> np.ndarray:
    """The matrix learned from the questions that are ``taken``: (dimension, dimension)."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    passages, questions = torch.tensor(library.vectors), torch.tensor(vectors)
    clauses, about = torch.tensor(told[0]), torch.tensor(told[1])
    each = torch.arange(len(clauses))
    mine = np.flatnonzero(taken)

    answers, articles = (
        torch.tensor(_marked([getattr(a, of) for a in asked], len(passages)))
        for of in ("answers", "article")
    )

    def loss_of(some: np.ndarray, matrix) -> "torch.Tensor":  # type: ignore[no-untyped-def]
        used = answers[some].any(dim=0)
        right = answers[some][:, used]
        # The rest of the Điều neither answers nor misses.
        beside = articles[some][:, used] & ~right
        likeness = normalize(questions[some] @ matrix, dim=1) @ passages[used].T / _HEAT
        likeness = likeness.masked_fill(beside, -1e4)
        good = likeness.masked_fill(~right, -1e4)
        loss = sum((likeness.logsumexp(d) - good.logsumexp(d)).mean() for d in (0, 1))
        for one in about:
            likeness = normalize(one @ matrix, dim=1) @ clauses.T / _HEAT
            both = cross_entropy(likeness, each) + cross_entropy(likeness.T, each)
            loss = loss + _TOLD * both
        return loss

    learned = []
    for seed in range(_SEEDS):
        rng = np.random.default_rng(seed)
        matrix = torch.nn.Parameter(torch.eye(vectors.shape[1]))
        optimiser = torch.optim.Adam([matrix], lr=_RATE)
        for _ in range(_EPOCHS):
            order = rng.permutation(mine)
            for start in range(0, len(order), _BATCH):
                optimiser.zero_grad()
                loss_of(order[start : start + _BATCH], matrix).backward()
                optimiser.step()
        learned.append(matrix.detach().numpy())
    return _KEPT * np.mean(learned, axis=0) + (1 - _KEPT) * np.eye(vectors.shape[1])


def _marked(numbers: Sequence[frozenset[int]], among: int) -> np.ndarray:
    """A row for each set, true at its numbers: (sets, among) bool."""
    marks = np.zeros((len(numbers), among), dtype=bool)
    for row, held in zip(marks, numbers, strict=True):
        row[list(held)] = True
    return marks


def _table(
    asked: Sequence[Asked], vectors: np.ndarray, folds: Sequence[np.ndarray], library: Library
) -> Table:
    table = Table("nearest vectors alone, Điều never seen", "R@1", "R@5", "R@10")
    bare = [_place(a, v, library) for a, v in zip(asked, vectors, strict=True)]
    moved = [_place(a, v @ folds[a.fold], library) for a, v in zip(asked, vectors, strict=True)]
    for name, found in (("peer: bare encoder", bare), ("with the adapter", moved)):
        shares = [np.mean(np.array(found) <= at) for at in (1, 5, 10)]
        table.add_row(f"{name}, {len(asked)} questions", *(f"{s:.3f}" for s in shares))
    return table


def _place(asked: Asked, vector: np.ndarray, library: Library) -> int:
    """At which place the first Điều stands that answers, by meaning alone."""
    order = asked.allowed[np.argsort(-(library.vectors[asked.allowed] @ vector), kind="stable")]
    articles = list(dict.fromkeys(library.article[order].tolist()))
    return 1 + min(articles.index(a) for a in {int(library.article[n]) for n in asked.article})


def _seen(library: Library, folds: Sequence[np.ndarray], of: dict[str, int]) -> list[Seen]:
    """Every question asked with the matrix of its fold; those of "tune" also without accents."""
    dimension = library.encoder.dimension
    adapters = [Recording(matrix, np.zeros(dimension), 0.0) for matrix in folds]
    weighed: list[tuple[list[Evidence], Sequence[Hit], np.ndarray]] = []
    weigh = bot.provision.weigh

    def overheard(
        question: Question, hits: Sequence[Hit], index: Index, limit: int = 5
    ) -> list[Evidence]:
        found = weigh(question, hits, index, limit)
        weighed.append((found, hits, library.index.adapter.last))  # type: ignore[attr-defined]
        return found

    bot.provision.weigh = overheard
    seen = []
    try:
        for name in ("answerable", "unanswerable"):
            for row in _lines(f"{name}.jsonl"):
                question = row["question"]
                at = of.get(question, zlib.crc32(question.encode()) % _FOLDS)
                library.index.adapter = adapters[at]
                # Stories are many enough as they are typed.
                for typed in (question, fold(question))[: 1 if row["half"] == "train" else 2]:
                    weighed.clear()
                    case = Case(question=typed, cites=row.get("cites", ()), refuses=False)
                    (judged,) = judge(library.assistant, [case])
                    if one := _decided(case, judged.answer, weighed, name == "answerable", library):
                        seen.append(one)
    finally:
        bot.provision.weigh = weigh
    return seen


def _decided(case, answer, weighed, answerable: bool, library: Library) -> Seen | None:  # type: ignore[no-untyped-def]
    """What decided on an answer by the rules; None where sureness did not."""
    if answer.signs is None or answer.signs.plain:
        return None
    for found, hits, moved in weighed:
        first = next((e for e in found if e.signs == answer.signs), None)
        if first is None:
            continue
        at = [h for h in hits if _of_article(h, first)]
        nearest = max(at, key=lambda h: h.nearness).passage
        clause = library.vectors[library.number[nearest.document, nearest.order]]
        order = [first, *(e for e in found if e is not first)]
        shown = answer.model_copy(update={"citations": tuple(map(citation_of, order))})
        right = answerable and (not case.cites or 1 <= _rank(shown, case, _right_article) <= 5)
        signs = [float(getattr(first.signs, name)) for name in _WEIGHTS if name != "agreement"]
        return Seen(signs=signs, product=moved * clause, right=right)
    return None


def _of_article(hit: Hit, evidence: Evidence) -> bool:
    own, place = hit.passage.place, evidence.place
    return (
        hit.passage.document == evidence.document.path
        and own.part == place.part
        and own.article == place.article
        and (bool(own.article) or own.paragraph == place.paragraph)
    )


def _weighed(seen: Sequence[Seen]) -> tuple[dict[str, float], np.ndarray, float]:
    """Weights of the signs, what each dimension counts, and the bias."""
    from sklearn.linear_model import LogisticRegression

    names = [name for name in _WEIGHTS if name != "agreement"]
    signs = np.array([s.signs for s in seen])
    products = np.stack([s.product for s in seen])
    scale = np.concatenate([_SIGNS / (signs.std(axis=0) + 1e-9), 1 / products.std(axis=0)])
    both = np.hstack([signs, products - products.mean(axis=0)])
    right = [s.right for s in seen]
    model = LogisticRegression(C=_HELD_BACK, max_iter=5000).fit(both * scale, right)
    weights = model.coef_[0] * scale
    named = dict(zip(names, weights.tolist(), strict=False)) | {"agreement": 1.0}
    return named, weights[len(names) :], float(model.intercept_[0])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], prog="python -m benchmarks.adapter"
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="folder to keep vectors in")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    main(options.index, options.cache, options.write)
