"""The front door of the room: build an index file, open it, search it, look records up in it."""

import copy
import datetime
import hashlib
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from corpus import Corpus, Document, Passage, Place, Reading, Record, respell
from index import headings
from index.accents import Accents
from index.adapter import adapter
from index.database import Arrays, Database, Derived, IndexFileError, VectorRows, write
from index.encoder import Encodes
from index.headings import Headings
from index.lookup import Lookup
from index.names import report_names
from index.passages import Passages
from index.postings import Gathering
from index.vectors import Vectors
from index.words import Words, asked, terms, weighed

# Shares of the three legs in a hit's relevance, and how many candidates each of the two searching
# legs proposes. benchmarks/legs.py shows what each is worth (docs/retrieval.md).
PASSAGE_WORDS = 0.40
HEADING_WORDS = 0.10
MEANING = 0.50
_CANDIDATES = 200
_DRAWN = 400  # passages that tell what a cosine is worth


class Hit(Record):
    """A passage that was found.

    ``relevance`` is 0–1, comparable within one search only. ``words`` is BM25; ``nearness`` is the
    cosine set against that of passages drawn at random: 0 is no nearer than these, 1 the same text;
    ``agreement`` is how well question and passage go together, as learned, in log odds, None where
    nothing was. These are for explaining a refusal.
    """

    passage: Passage
    relevance: float
    words: float
    nearness: float
    agreement: float | None = None


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
    vectors, built = _encoded(searched, path, encoder, progress)
    facts = {
        "encoder": encoder.name,
        "dimension": str(encoder.dimension),
        "fingerprint": fingerprint(corpus),
        "built": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }
    units = (" ".join((u.name, *u.aliases, u.block)) for u in corpus.units)
    derived = Derived(
        facts=facts,
        searched=searched,
        vectors=vectors,
        pairs=Accents.learn([*searched, *units]),
        names=report_names(corpus),
        arrays={**_legs(corpus, searched), "vectors": {"packed": Vectors(vectors).pack()}},
    )
    write(path, corpus, derived)
    return built


def _encoded(
    searched: Sequence[str],
    path: Path,
    encoder: Encodes,
    progress: Callable[[int, int], None] | None,
) -> tuple[np.ndarray, Built]:
    """The vectors of the searched texts, zeros for "", and how many of them are new."""
    known = _old_vectors(path, encoder)
    texts = set(searched) - {""}
    new = sorted(texts - known.keys())
    if new:
        known.update(zip(new, encoder.passages(new, progress), strict=True))
    vectors = np.zeros((len(searched), encoder.dimension), dtype=np.float32)
    for number, text in enumerate(searched):
        if text:
            vectors[number] = known[text]
    return vectors, Built(kept=len(texts) - len(new), encoded=len(new))


def _legs(corpus: Corpus, searched: Sequence[str]) -> dict[str, Arrays]:
    """The arrays of the legs that go by words, and where each passage stands in them."""
    documents = {document.path: number for number, document in enumerate(corpus.documents)}
    own = Gathering()
    for number, passage in itertools.compress(enumerate(corpus.passages), searched):
        context = "\n".join([*passage.headings[-1:], passage.lead])
        own.add(number, weighed(terms(passage.text), terms(context)))
    words = own.arrays(len(searched))
    named = [passage.headings[-1] if passage.headings else "" for passage in corpus.passages]
    return {
        "words": words,
        "headings": headings.gather(named, Words(words).rarity),
        "passages": {
            "document": np.array([documents[p.document] for p in corpus.passages], dtype=np.int32),
            "searchable": np.array([bool(text) for text in searched], dtype=bool),
        },
    }


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


def readings(path: Path) -> tuple[Reading, ...]:
    """What the index at ``path`` keeps of files as they were read; () when there is none."""
    try:
        database = Database(path)
    except IndexFileError:
        return ()
    try:
        return tuple(database.records(Reading))
    except IndexFileError:
        return ()
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
        return {t: np.frombuffer(vector, dtype="<f4") for t, vector in old.searched() if t}
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
        self._held = tuple(self.documents.values())  # by the number that passages know them by
        self.lookup = Lookup(self._database)
        self.passages = Passages(self._database)
        self.words = Words(self._database.arrays("words"))
        self.accents = Accents(self._database.pairs())
        self.names = self._database.names()
        self._headings = Headings(self._database.arrays("headings"), self.words.rarity)
        places = self._database.arrays("passages")
        self._document_of, self._searchable = places["document"], places["searchable"]
        packed = self._database.arrays("vectors")["packed"]
        self._vectors = Vectors(VectorRows(self._database), packed)
        self._drawn = self._some()
        self.adapter = adapter(encoder.name, self._drawn)

    def without(self, hidden: Collection[str]) -> "Index":
        """The same index as one sees it who may not see these documents (paths): no passage, meeting
        or award of them is found. Points are not left out, since a rank of a part would be wrong."""
        seen = copy.copy(self)
        seen.documents = {path: d for path, d in self.documents.items() if path not in hidden}
        seen.lookup = self.lookup.without(hidden)
        return seen

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
        headed = self._headings.match(weights)
        factors = self._factors(among) * self._searchable
        words = self.words.relevance(weights) * factors
        vector = self.adapter.moved(self._encoder.question(". ".join([respell(question), *extra])))
        candidates = self._candidates(words, vector, factors)
        if not len(candidates):
            return []
        meaning = self._vectors.cosine(vector, candidates)
        relevance = (
            PASSAGE_WORDS * _share(words[candidates])
            + HEADING_WORDS * headed[candidates]
            + MEANING * _spread(meaning)
        ) * factors[candidates]
        best = np.argsort(-relevance, kind="stable")[:limit]
        nearness = self.adapter.nearness(meaning[best], vector, self._drawn)
        agreement = self.adapter.agreement(vector, self._vectors.rows(candidates[best]))
        return [
            Hit(
                passage=self.passages[int(candidates[i])],
                relevance=float(relevance[i]),
                words=float(words[candidates[i]]),
                nearness=float(near),
                agreement=agrees,
            )
            for i, near, agrees in zip(best, nearness, agreement, strict=True)
        ]

    def _some(self) -> np.ndarray:
        """Passages drawn at random: what a cosine is worth differs by encoder and question."""
        numbers = np.flatnonzero(self._searchable)
        drawn = np.random.default_rng(0).choice(numbers, min(_DRAWN, len(numbers)), replace=False)
        return VectorRows(self._database)[np.sort(drawn)]

    def _factors(self, among: Callable[[Document], float] | None) -> np.ndarray:
        factors = [
            (among(document) if among else 1.0) if document.path in self.documents else 0.0
            for document in self._held
        ]
        return np.array(factors, dtype=np.float32)[self._document_of]

    def _candidates(self, words: np.ndarray, vector: np.ndarray, factors: np.ndarray) -> np.ndarray:
        count = min(_CANDIDATES, len(words))
        if not count:
            return np.zeros(0, dtype=np.int64)
        by_words = np.argpartition(-words, count - 1)[:count]
        by_words = by_words[words[by_words] > 0]
        near = self._vectors.nearest(vector, count, factors > 0)
        return np.unique(np.concatenate([by_words, near]))

    def within(self, document: str, place: Place) -> list[Passage]:
        """The passages of one document at a place, in order: put together they are its text."""
        return self.passages.within(document, place) if document in self.documents else []

    def within_document(self, document: str) -> list[Passage]:
        """All passages of one document, in order."""
        return list(self.passages.of(document)) if document in self.documents else []

    def holding(self, phrase: str) -> list[Passage]:
        """The passages that hold every word of ``phrase``, and every two neighbours in it, folded."""
        found = (self.passages[int(number)] for number in self.words.holding(terms(phrase)))
        return [passage for passage in found if passage.document in self.documents]

    def by_number(self) -> Mapping[str, Document]:
        """Documents by số hiệu; their annexes are not among them."""
        return {d.number: d for d in self.documents.values() if d.number and not d.parent}

    def annexes(self, document: str) -> list[Document]:
        """The annexes and forms of one document, in its order."""
        return [d for d in self.documents.values() if d.parent == document]

    def close(self) -> None:
        self._database.close()


def _share(scores: np.ndarray) -> np.ndarray:
    top = float(scores.max(initial=0.0))
    return scores / top if top > 0 else scores


def _spread(scores: np.ndarray) -> np.ndarray:
    """Cosines of one model crowd together (.75–.92 for e5), so only their spread tells anything."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)
