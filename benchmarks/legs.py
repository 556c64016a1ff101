"""What each leg of the search is worth: mixes with it against mixes without it.

    python -m benchmarks.legs ../shared --cache FOLDER --index INDEX --questions FILE…

Two sets of questions, as typed and as cadres would type them (benchmarks/noise.py): those of ALQAC
(benchmarks/alqac.py), and those of FILEs that cite an Điều, over the regulations of INDEX. A mix is
chosen by nDCG@10 and judged by other questions than chose it: on four fifths of a set for the other
fifth, in turn; and on one set for the other. ± is one standard error of a difference over questions.

``Index.search`` adds up its legs by the shares in index/index.py. Asked once for each leg with that
share alone, it tells what the leg gives every candidate, and from there any mix follows.
"""

import argparse
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import index.index as search
from benchmarks.alqac import MEASURES, load, measures
from benchmarks.cache import CachedEncoder
from benchmarks.noise import WAYS
from benchmarks.retrieval import TODAY, as_the_bot_puts
from bot.evaluation import places, read_cases
from bot.force import in_force
from corpus import Document, Kind, Passage
from index import Encoder, Index, build

LEGS = ("PASSAGE_WORDS", "HEADING_WORDS", "MEANING")
IN_USE = np.array([getattr(search, leg) for leg in LEGS])
STEPS = 10
MIXES = np.array(  # in the end: the mix in use, and what is left of it without each leg
    [
        *(
            [n / STEPS for n in mix]
            for mix in itertools.product(range(STEPS + 1), repeat=len(LEGS))
            if sum(mix) == STEPS
        ),
        IN_USE,
        *(IN_USE * (np.arange(len(LEGS)) != at) for at in range(len(LEGS))),
    ]
)
FOLDS, SHUFFLES = 5, 10
_CANDIDATES = 1000  # more than any search has
_NOWHERE = 10_000
_CHOSEN_BY = MEASURES.index("nDCG@10")

Article = tuple[str, ...]
Asked = tuple[str, frozenset[Article]]  # a question and the articles that answer it


@contextmanager
def _shares(shares: Sequence[float]) -> Iterator[None]:
    """While this is open, the legs have these shares."""
    try:
        for leg, share in zip(LEGS, shares, strict=True):
            setattr(search, leg, share)
        yield
    finally:
        for leg, share in zip(LEGS, IN_USE.tolist(), strict=True):
            setattr(search, leg, share)


def judged(
    index: Index,
    text: str,
    extra: Sequence[str],
    answers: frozenset[Article],
    article: Callable[[Passage], Article],
    among: Callable[[Document], float] | None,
) -> np.ndarray:
    """The measures of one question for every mix: shape (measures, mixes)."""
    values: dict[Article, dict[int, list[float]]] = {}
    for at, share in enumerate(np.eye(len(LEGS)).tolist()):
        with _shares(share):
            hits = index.search(text, extra, among, limit=_CANDIDATES)
        for hit in hits:
            of_article = values.setdefault(article(hit.passage), {})
            of_article.setdefault(hit.passage.order, [0.0] * len(LEGS))[at] = hit.relevance
    best = {
        name: (np.array(list(passages.values())) @ MIXES.T).max(axis=0)
        for name, passages in values.items()
    }
    every = np.array(list(best.values()))
    nowhere = np.full(len(MIXES), _NOWHERE)
    return measures(
        np.stack([1 + (every > best[a]).sum(axis=0) if a in best else nowhere for a in answers])
    )


def alqac_figures(shared: Path, cache: Path) -> np.ndarray:
    """→ (questions, ways of typing, measures, mixes)."""
    alqac, encoder = load(shared / "benchmarks" / "alqac"), CachedEncoder(cache, Encoder())
    path = cache / "legs.index"
    build(alqac.corpus, path, encoder)
    questions = [(q, frozenset((a,) for a in answers)) for q, answers in alqac.questions]
    return figures(
        Index(path, encoder), questions, lambda p: (alqac.article_of[p.document, p.order],)
    )


def case_figures(path: Path, files: Sequence[Path], cache: Path) -> np.ndarray:
    """The same for the questions of files that cite an Điều of a regulation in the index."""
    index = Index(path, CachedEncoder(cache, Encoder()))
    held = index.by_number()
    questions = []
    for case in itertools.chain.from_iterable(map(read_cases, files)):
        answers = frozenset(
            (held[number].path, place.article)
            for number, words in case.cites
            if number in held and held[number].kind is Kind.REGULATION
            for place in places(words)
            if place.article
        )
        if answers:
            questions.append((case.question, answers))
    return figures(
        index,
        questions,
        lambda p: (p.document, p.place.article),
        lambda d: float(d.kind is Kind.REGULATION and in_force(d, TODAY)),
    )


def figures(
    index: Index,
    questions: Sequence[Asked],
    article: Callable[[Passage], Article],
    among: Callable[[Document], float] | None = None,
) -> np.ndarray:
    """→ (questions, ways of typing, measures, mixes)."""
    found, as_put = [], as_the_bot_puts(index)
    for done, (question, answers) in enumerate(questions, start=1):
        found.append(
            [
                judged(index, *as_put(typed(question)), answers, article, among)
                for typed in WAYS.values()
            ]
        )
        print(f"\r{done} of {len(questions)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return np.array(found, dtype=np.float32)


def trials() -> dict[str, np.ndarray]:
    """The mixes that each line of the table may choose among, as a mask over ``MIXES``."""
    number = np.arange(len(MIXES))
    free = number < len(MIXES) - 1 - len(LEGS)
    base = int(free.sum())
    found = {"the mix in use": number == base}
    found |= {f"in use, {leg} left out": number == base + 1 + at for at, leg in enumerate(LEGS)}
    found["any mix"] = free
    found |= {f"any without {leg}": free & (MIXES[:, at] == 0) for at, leg in enumerate(LEGS)}
    found["any of PASSAGE_WORDS and MEANING"] = free & (MIXES[:, 1:3] == 0).all(axis=1)
    found |= {f"{leg} alone": free & (MIXES[:, at] == 1) for at, leg in enumerate(LEGS)}
    return found


def crossed(figures: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Each question's measures under the mix that the other folds choose: (questions, measures).

    The mean of ``SHUFFLES`` ways to deal the folds.
    """
    found = np.zeros(figures.shape[:2])
    for seed in range(SHUFFLES):
        folds = np.random.default_rng(seed).permutation(len(figures)) % FOLDS
        for n in range(FOLDS):
            chosen = _best(figures[folds != n], allowed)
            found[folds == n] += figures[folds == n][..., chosen] / SHUFFLES
    return found


def _best(figures: np.ndarray, allowed: np.ndarray) -> int:
    return int(np.where(allowed, figures[:, _CHOSEN_BY].mean(axis=0), -1).argmax())


def show(name: str, figures: np.ndarray, other: np.ndarray) -> None:
    """Print, for one set of questions, what each choice of mixes gives; ``other`` is the other set.

    Both are figures as ``figures`` makes them; the ways of typing count alike.
    """
    figures, other = figures.mean(axis=1), other.mean(axis=1)
    print(f"\n| {name}, {len(figures)} questions | {' | '.join(MEASURES)} ", end="")
    print(
        "| nDCG@10 less the mix in use | less any mix | chosen on the other set, less in use ",
        end="",
    )
    print("| chosen by all of them |\n" + "|---" * (len(MEASURES) + 5) + "|")
    base = {}
    for trial, allowed in trials().items():
        held = crossed(figures, allowed)
        base[trial] = held[:, _CHOSEN_BY]
        moved = figures[:, _CHOSEN_BY, _best(other, allowed)]
        in_use = base["the mix in use"]
        cells = [f"{mean:.3f}" for mean in held.mean(axis=0)]
        cells.append(_error(base[trial] - in_use))
        cells.append(_error(base[trial] - base["any mix"]) if "any mix" in base else "")
        cells.append(_error(moved - in_use))
        cells.append(str(MIXES[_best(figures, allowed)].round(2).tolist()))
        print(f"| {trial} | {' | '.join(cells)} |")


def _error(values: np.ndarray) -> str:
    if not values.any():
        return ""
    return f"{values.mean():+.4f} ± {values.std() / len(values) ** 0.5:.4f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="folder with benchmarks/alqac")
    parser.add_argument("--cache", type=Path, required=True, help="folder to keep vectors in")
    parser.add_argument("--index", type=Path, required=True, help="index that FILEs are asked of")
    parser.add_argument("--questions", type=Path, nargs="+", required=True, metavar="FILE")
    options = parser.parse_args(arguments)
    options.cache.mkdir(parents=True, exist_ok=True)
    cases = case_figures(options.index, options.questions, options.cache)
    alqac = alqac_figures(options.shared, options.cache)
    show("ALQAC", alqac, cases)
    show("cadres' questions", cases, alqac)


if __name__ == "__main__":
    main()
