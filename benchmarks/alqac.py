"""ALQAC: articles of Vietnamese statutes, questions about them, and which article answers which.

A folder with ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``; its terms are not stated, so it
is no part of this project.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus import Corpus, Document, Kind, Passage, respell, tidy
from corpus.regulation import read_regulation

MEASURES = ("R@1", "R@5", "R@10", "MRR@10", "nDCG@10")
_NOWHERE = 10_000  # the place of an article that was not found


@dataclass(frozen=True)
class Alqac:
    """The benchmark. An article is named by its id, a passage by its document and order."""

    articles: Mapping[str, str]  # id → the law's name, the heading and the text
    corpus: Corpus  # the same, cut into passages by the reader of regulations
    article_of: Mapping[tuple[str, int], str]  # passage → id of its article
    questions: tuple[tuple[str, frozenset[str]], ...]  # with the ids that answer it

    def passages(self) -> list[tuple[str, str]]:
        """The id of its article and the text of every passage: the words that ``index`` searches,
        so that whoever ranks passages reads the same."""
        return [
            (self.article_of[p.document, p.order], _text(p))
            for p in self.corpus.passages
            if p.place.article
        ]


def load(folder: Path) -> Alqac:
    """Read the benchmark. Blanks, alike letters and the placing of tones are made one everywhere."""
    articles: dict[str, str] = {}
    passages: list[Passage] = []
    article_of: dict[tuple[str, int], str] = {}
    laws: dict[str, int] = {}  # → how many passages it has so far
    for row in _rows(folder / "corpus.jsonl"):
        law, number = row["id"].rsplit("@", 1)
        title = " ".join(tidy(row["title"]).split())
        body = [line for line in tidy(row["text"]).split("\n") if line]
        lines = [f"Điều {number}. {title}" if title else f"Điều {number}", *body]
        articles[row["id"]] = respell("\n".join([law, *lines]))
        for passage in read_regulation(lines, law).passages:
            order = laws.setdefault(law, 0)
            passages.append(passage.model_copy(update={"order": order}))
            article_of[law, order] = row["id"]
            laws[law] += 1
    answers: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        question, article, _ = line.split("\t")
        answers.setdefault(question, set()).add(article)
    documents = [Document(path=law, kind=Kind.REGULATION, title=law) for law in laws]
    return Alqac(
        articles=articles,
        corpus=Corpus(documents=tuple(documents), passages=tuple(passages)),
        article_of=article_of,
        questions=tuple(
            (row["text"], frozenset(answers[row["id"]])) for row in _rows(folder / "queries.jsonl")
        ),
    )


def _rows(path: Path) -> Iterable[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _text(passage: Passage) -> str:
    heading = passage.headings[-1] if passage.headings else ""
    lines = [passage.document, passage.lead, passage.text]
    if not passage.text.startswith(heading) and heading != passage.document:
        lines.insert(1, heading)
    return respell("\n".join(line for line in lines if line))


def measured(ranking: Iterable[str], answers: Iterable[str]) -> np.ndarray:
    """``MEASURES`` of one question, whose right articles are ``answers``."""
    places = {article: place for place, article in enumerate(ranking, start=1)}
    return measures(np.array([places.get(a, _NOWHERE) for a in answers]))


def measures(places: np.ndarray) -> np.ndarray:
    """``MEASURES`` from the places, counted from 1, of the right articles.

    ``places``: shape (right articles, …); the result: shape (measures, …).
    """
    gain = np.where(places <= 10, 1 / np.log2(1 + places), 0).sum(axis=0)
    ideal = (1 / np.log2(1 + np.arange(1, len(places) + 1))).sum()
    first = places.min(axis=0)
    recall = [(places <= k).mean(axis=0) for k in (1, 5, 10)]
    return np.stack([*recall, np.where(first <= 10, 1 / first, 0), gain / ideal])
