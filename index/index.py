"""The front door of the room: build an index file, open it, search it, look records up in it."""

import datetime
import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import numpy as np

from corpus import Corpus, Document, Kind, Passage, Place, Record, fold, respell
from index.accents import Accents
from index.database import Database, IndexFileError, write
from index.encoder import Encodes
from index.lookup import Lookup
from index.vectors import Vectors
from index.words import Words, asked, terms

# Shares of the four legs in a hit's relevance, and how many candidates each of the two searching
# legs proposes. benchmarks/retrieval.py shows that words and meaning both belong; that the article
# and the heading do is not shown there (docs/retrieval.md).
PASSAGE_WORDS = 0.30
ARTICLE_WORDS = 0.20
HEADING_WORDS = 0.10
MEANING = 0.40
_CANDIDATES = 200
_WORDS = re.compile(r"[^\W\d_]+|[^\s\w]|\n")
_OFFICES = (
    "hoi ", "so ", "ban ", "khoi ", "cum ", "truong ", "pho ", "uy ", "chu tich", "viet nam", "tinh ",
    "dang ", "nha nuoc", "to quoc", "mat tran", "lien ", "doan ", "trung uong", "cong an", "quoc hoi",
    "chinh phu", "van phong", "huyen ", "xa ", "phuong ", "thanh pho", "bao cao", "bien ban",
)  # fmt: skip
_ARTICLE_NUMBER = re.compile(r"^Điều \d+\w*\.?\s*")


class Hit(Record):
    """A passage that was found.

    ``relevance`` is 0–1, comparable within one search only. ``words`` is BM25; ``nearness`` is the
    cosine set against that of two passages drawn at random: 0 is no nearer than these, 1 the same
    text. Both are for explaining a refusal.
    """

    passage: Passage
    relevance: float
    words: float
    nearness: float


class Built(Record):
    """What a build did: vectors taken from the old index, and vectors made."""

    kept: int
    encoded: int


def build(
    corpus: Corpus,
    path: Path,
    encoder: Encodes,
    progress: Callable[[int, int], None] | None = None,
) -> Built:
    """Write the index of ``corpus`` to ``path``; the old file stays until the new one is whole.

    Vectors of unchanged text are taken from the old index, so a rebuild costs what is new.
    ``progress(done, total)`` counts passages encoded.
    """
    titles = {document.path: _label(document) for document in corpus.documents}
    searched = [_searched(passage, titles[passage.document]) for passage in corpus.passages]
    known = _old_vectors(path, encoder)
    new = sorted({text for text in searched if text and text not in known})
    if new:
        made = encoder.passages(new, progress)
        known.update(zip(new, made, strict=True))
    nothing = np.zeros(encoder.dimension, dtype=np.float32)
    vectors = np.stack([known.get(text, nothing) for text in searched] or [nothing])
    pairs = Accents.learn(
        [*searched, *(" ".join((u.name, *u.aliases, u.block)) for u in corpus.units)]
    )
    facts = {
        "encoder": encoder.name,
        "dimension": str(encoder.dimension),
        "fingerprint": fingerprint(corpus),
        "built": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }
    write(path, corpus, searched, vectors[: len(searched)], pairs, facts)
    return Built(kept=len({t for t in searched if t}) - len(new), encoded=len(new))


def fingerprint(corpus: Corpus) -> str:
    """SHA-256 over every document's path and bytes, and the register: equal for equal folders."""
    digest = hashlib.sha256()
    for validity in sorted(corpus.validities, key=lambda v: v.number):
        digest.update(validity.model_dump_json().encode())
    for document in sorted(corpus.documents, key=lambda d: d.path):
        digest.update(f"{document.path}\0{document.fingerprint}\n".encode())
    return digest.hexdigest()


def indexed_fingerprint(path: Path, encoder: str) -> str:
    """The fingerprint of the documents that ``path`` was built from by ``encoder``; "" when there is
    no such index that this version can read."""
    try:
        database = Database(path)
    except IndexFileError:
        return ""
    try:
        facts = database.facts()
        return facts.get("fingerprint", "") if facts.get("encoder") == encoder else ""
    finally:
        database.close()


def _label(document: Document) -> str:
    """A document's name in searched text: its title and year, which is how cadres name a law."""
    year = f" năm {document.issued.year}" if document.issued and document.number else ""
    return f"{document.title}{year}"


def _searched(passage: Passage, title: str) -> str:
    """What the encoder reads of a passage; "" for headings and signatures, which nobody asks for."""
    place = passage.place
    if not (place.article or place.paragraph) or place.part.endswith(("Phần đầu", "Phần cuối")):
        return ""
    heading = passage.headings[-1] if passage.headings else ""
    lines = [title]
    if heading and not passage.text.startswith(heading) and heading != title:
        lines.append(heading)
    return respell("\n".join([*lines, *([passage.lead] if passage.lead else []), passage.text]))


def _old_vectors(path: Path, encoder: Encodes) -> dict[str, np.ndarray]:
    """Searched text → vector of the index that stands at ``path``; {} where it cannot be used."""
    try:
        old = Database(path)
    except IndexFileError:
        return {}
    try:
        if old.facts().get("encoder") != encoder.name:
            return {}
        held = old.vectors().items()
        return {text: np.frombuffer(vector, dtype="<f4") for text, vector in held if text}
    except IndexFileError:
        return {}
    finally:
        old.close()


class Index:
    """One opened index file. Reading only; safe to use from several threads."""

    def __init__(self, path: Path, encoder: Encodes):
        """Open ``path``. Raises IndexFileError, with the remedy, when it cannot be served."""
        self.path = path
        self._database = Database(path)
        self._encoder = encoder
        self.facts = self._database.facts()
        if self.facts["encoder"] != encoder.name:
            raise IndexFileError(
                f"Kho {path} được lập bằng mô hình {self.facts['encoder']}, đang dùng {encoder.name}. "
                "Hãy chạy lại thidua build, hoặc đặt lại THIDUA_ENCODER."
            )
        self.documents: dict[str, Document] = {
            document.path: document for document in self._database.records(Document)
        }
        self.lookup = Lookup(self._database)
        self.passages, searched, matrix = self._database.passages()
        self._searchable = np.array([bool(text) for text in searched], dtype=bool)
        self._vectors = Vectors(matrix) if len(matrix) else None
        own, articles = self._terms(searched)
        self.words = Words(own)
        self._article_words = Words((text, ()) for text in articles)
        self._read_headings()
        self.accents = Accents(self._database.pairs())
        self._of_document: dict[str, list[Passage]] = defaultdict(list)
        for passage in self.passages:
            self._of_document[passage.document].append(passage)
        self.names = self._report_names()
        self._typical = _typical(matrix[self._searchable])

    def _report_names(self) -> frozenset[str]:
        """Proper names of two or more syllables in meeting reports ("Điện Bàn"), folded.

        A question that says one of them is about that report, however it is put. What begins like an
        office or a block is left out: those are matched as units and blocks.
        """
        known = fold(" | ".join(f"{u.name} {u.block}" for u in self.lookup.units()))
        found: set[str] = set()
        for passage in self.passages:
            if self.documents[passage.document].kind is Kind.MEETING:
                for name in map(fold, _proper_names(passage.text)):
                    if name not in known and not f"{name} ".startswith(_OFFICES):
                        found.add(name)
        # "Luật Thi đua" looks like a name; what regulations say too is a word of the field.
        law = fold(
            "\n".join(
                p.text for p in self.passages
                if self.documents[p.document].kind is Kind.REGULATION
            )
        )  # fmt: skip
        return frozenset(name for name in found if name not in law)

    def _terms(
        self, searched: list[str]
    ) -> tuple[list[tuple[list[str], list[str]]], list[list[str]]]:
        """Terms of every passage (text, context), and of every Điều as a whole."""
        own: list[tuple[list[str], list[str]]] = []
        groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        keys: list[tuple[str, str, str]] = []
        for passage, text in zip(self.passages, searched, strict=True):
            place = passage.place
            document = self.documents[passage.document]
            local = place.part if document.kind is Kind.REGULATION else ""
            key = (passage.document, local, place.article)
            keys.append(key)
            if not text:
                own.append(([], []))
                continue
            mine = terms(passage.text)
            context = "\n".join([*passage.headings[-1:], passage.lead])
            own.append((mine, terms(context) if context.strip() else []))
            groups[key] += mine
        numbers = {key: number for number, key in enumerate(groups)}
        self._article_of = np.array([numbers.get(key, -1) for key in keys], dtype=np.int64)
        return own, list(groups.values())

    def search(
        self,
        question: str,
        extra: Collection[str] = (),
        among: Callable[[Document], float] | None = None,
        limit: int = 20,
    ) -> list[Hit]:
        """The passages that best answer ``question``, best first.

        ``extra`` are further phrases to look for (full names of what was abbreviated), at half
        weight. ``among`` gives each document a factor: 0 leaves it out, 1 takes it as it is.
        """
        weights = asked(question, extra)
        words = self.words.relevance(weights)
        articles = self._article_words.relevance(weights)
        headings = self._heading_match(weights)
        factors = self._factors(among) * self._searchable
        words = words * factors
        of_article = np.where(self._article_of >= 0, articles[self._article_of], 0) * factors
        vector = self._encoder.question(". ".join([respell(question), *extra]))
        candidates = self._candidates(words + of_article, vector, factors)
        if not len(candidates):
            return []
        assert self._vectors is not None
        meaning = self._vectors.cosine(vector, candidates)
        relevance = (
            PASSAGE_WORDS * _share(words[candidates])
            + ARTICLE_WORDS * _share(of_article[candidates])
            + HEADING_WORDS * headings[candidates]
            + MEANING * _spread(meaning)
        ) * factors[candidates]
        best = np.argsort(-relevance, kind="stable")[:limit]
        return [
            Hit(
                passage=self.passages[candidates[i]],
                relevance=float(relevance[i]),
                words=float(words[candidates[i]]),
                nearness=(float(meaning[i]) - self._typical) / (1 - self._typical),
            )
            for i in best
        ]

    def _read_headings(self) -> None:
        """Which headings hold a term, how long each is, and which one a passage stands under."""
        named = [p.headings[-1] if p.headings else "" for p in self.passages]
        numbers = {heading: number for number, heading in enumerate(dict.fromkeys(named))}
        self._heading_of = np.array([numbers[heading] for heading in named], dtype=np.int64)
        holding: dict[str, list[int]] = defaultdict(list)
        squares = np.zeros(len(numbers), dtype=np.float32)
        for heading, number in numbers.items():
            for term in _heading_terms(heading):
                holding[term].append(number)
                squares[number] += self.words.rarity(term) ** 2
        self._headings_with = {term: np.array(found) for term, found in holding.items()}
        self._heading_length = np.sqrt(np.maximum(squares, 1e-9))

    def _heading_match(self, weights: Counter[str]) -> np.ndarray:
        """How far each passage's heading and the question speak of the same thing: 0–1.

        The cosine of their terms, each weighted by its rarity: a short heading whose every word is
        asked for ("Hình thức khen thưởng") beats a long one that holds the same words.
        """
        asked_for = {t: self.words.rarity(t) for t, w in weights.items() if w == 1.0}
        length = math.sqrt(sum(v * v for v in asked_for.values())) or 1.0
        match = np.zeros(len(self._heading_length), dtype=np.float32)
        for term, rarity in asked_for.items():
            if term in self._headings_with:
                match[self._headings_with[term]] += rarity * rarity
        return (match / length / self._heading_length)[self._heading_of]

    def _factors(self, among: Callable[[Document], float] | None) -> np.ndarray:
        if among is None:
            return np.ones(len(self.passages), dtype=np.float32)
        factor = {path: among(document) for path, document in self.documents.items()}
        return np.array([factor[p.document] for p in self.passages], dtype=np.float32)

    def _candidates(self, words: np.ndarray, vector: np.ndarray, factors: np.ndarray) -> np.ndarray:
        count = min(_CANDIDATES, len(words))
        if not count or self._vectors is None:
            return np.zeros(0, dtype=np.int64)
        by_words = np.argpartition(-words, count - 1)[:count]
        by_words = by_words[words[by_words] > 0]
        # Documents left out may fill the nearest places, so more are asked for than are kept.
        wanted = count if factors.all() else min(len(words), 5 * count)
        near = self._vectors.nearest(vector, wanted)
        near = near[factors[near] > 0][:count]
        return np.unique(np.concatenate([by_words, near]))

    def within(self, document: str, place: Place) -> list[Passage]:
        """The passages of one document at a place, in order: put together they are its text."""
        return [p for p in self._of_document.get(document, ()) if place.holds(p.place)]

    def within_document(self, document: str) -> list[Passage]:
        """All passages of one document, in order."""
        return list(self._of_document.get(document, ()))

    def by_number(self) -> Mapping[str, Document]:
        """Documents by số hiệu."""
        return {d.number: d for d in self.documents.values() if d.number}

    def close(self) -> None:
        self._database.close()


def _typical(matrix: np.ndarray) -> float:
    """Mean cosine of two passages drawn at random: what a cosine is worth differs by encoder."""
    if len(matrix) < 2:
        return 0.0
    drawn = np.random.default_rng(0).choice(len(matrix), min(400, len(matrix)), replace=False)
    cosines = matrix[drawn] @ matrix[drawn].T
    return float(cosines[np.triu_indices(len(drawn), 1)].mean())


def _proper_names(text: str) -> list[str]:
    """Runs of two or more capitalised syllables. The first word of a sentence is capital anyway, so
    it belongs to a name only when two more follow; lines in capitals tell nothing."""
    names: list[str] = []
    run: list[str] = []
    opening = starts = True
    for word in [*_WORDS.findall(text), "\n"]:
        if word.isalpha() and word[0].isupper() and not (len(word) > 1 and word.isupper()):
            if not run:
                starts = opening
            run.append(word)
        else:
            if len(run) > (2 if starts else 1):
                names.append(" ".join(run))
            run = []
        opening = not word.isalpha() and word not in ',()"“”'
    return names


def _heading_terms(heading: str) -> frozenset[str]:
    return frozenset(t for t, w in asked(_ARTICLE_NUMBER.sub("", heading)).items() if w == 1.0)


def _share(scores: np.ndarray) -> np.ndarray:
    top = float(scores.max(initial=0.0))
    return scores / top if top > 0 else scores


def _spread(scores: np.ndarray) -> np.ndarray:
    """Cosines of one model crowd together (.75–.92 for e5), so only their spread tells anything."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)
