"""What others offer for the same task, each used as its own documentation shows.

A builder takes texts (id of the article, text; of whole articles or of passages) and the encoder,
and gives a ranking. Every library is imported by its own builder, so that one that is missing
costs one row.
"""

from collections.abc import Callable, Sequence

from benchmarks.cache import CachedEncoder
from corpus import fold, syllables

Texts = Sequence[tuple[str, str]]
Ranking = Callable[[str], Sequence[str]]  # a question → ids of articles, best first, some repeated
Builder = Callable[[Texts, CachedEncoder], Ranking]
DEPTH = 100  # texts that each ranking gives; defaults of 3 or 4 could not fill ten places


def bm25s(texts: Texts, encoder: CachedEncoder) -> Ranking:
    """bm25s with its default settings; only its English stop words ("an", "in") are left out."""
    import bm25s

    def tokens(some: list[str]) -> object:
        return bm25s.tokenize(some, stopwords=None, show_progress=False)

    ranker = bm25s.BM25()
    ranker.index(tokens([text for _, text in texts]), show_progress=False)

    def rank(question: str) -> list[str]:
        found = ranker.retrieve(tokens([question]), k=DEPTH, show_progress=False)
        return [texts[n][0] for n in found.documents[0]]

    return rank


def bm25s_folded(texts: Texts, encoder: CachedEncoder) -> Ranking:
    """The same over texts and questions without accents."""
    rank = bm25s([(article, fold(text)) for article, text in texts], encoder)
    return lambda question: rank(fold(question))


def e5_faiss(texts: Texts, encoder: CachedEncoder) -> Ranking:
    """Nearest vectors, exactly."""
    import faiss

    index = faiss.IndexFlatIP(encoder.dimension)
    index.add(encoder.passages([text for _, text in texts]))

    def rank(question: str) -> list[str]:
        _, numbers = index.search(encoder.question(question)[None], DEPTH)
        return [texts[n][0] for n in numbers[0]]

    return rank


def txtai_hybrid(texts: Texts, encoder: CachedEncoder) -> Ranking:
    """txtai's hybrid index by its defaults: BM25 and vectors, half and half.

    The vectors come from our encoder through txtai's way for that, with the words that e5 wants in
    front; search is exact, where txtai by itself would approximate from 5,000 texts on.
    """
    from txtai import Embeddings

    asks, tells = "query: ", "passage: "

    def transform(some: list[str]) -> object:
        if some[0].startswith(tells):
            return encoder.passages([text.removeprefix(tells) for text in some])
        return [encoder.question(text.removeprefix(asks)) for text in some]

    embeddings = Embeddings(
        hybrid=True,
        method="external",
        transform=transform,
        instructions={"query": asks, "data": tells},
        faiss={"components": "IDMap,Flat"},
    )
    embeddings.index((n, text, None) for n, (_, text) in enumerate(texts))
    return lambda question: [texts[n][0] for n, _ in embeddings.search(question, DEPTH)]


def langchain_ensemble(
    texts: Texts,
    encoder: CachedEncoder,
    split: Callable[[str], list[str]] | None = None,
) -> Ranking:
    """LangChain's EnsembleRetriever by its defaults: BM25 over what blanks separate (or ``split``)
    and FAISS, fused by their ranks, half and half."""
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings

    class Vectors(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return encoder.passages(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            return encoder.question(text).tolist()

    documents = [Document(text, metadata={"article": article}) for article, text in texts]
    words = BM25Retriever.from_documents(
        documents, k=DEPTH, **({"preprocess_func": split} if split else {})
    )
    meaning = FAISS.from_documents(documents, Vectors()).as_retriever(search_kwargs={"k": DEPTH})
    ensemble = EnsembleRetriever(retrievers=[words, meaning])
    return lambda question: [d.metadata["article"] for d in ensemble.invoke(question)]


def langchain_with_ours(texts: Texts, encoder: CachedEncoder) -> Ranking:
    """The same with what this project does to text: folded syllables for BM25, and for the encoder
    the accents given back. What is left between this row and ours is the ranking itself."""
    from index.accents import Accents

    accents = Accents(Accents.learn(text for _, text in texts))
    rank = langchain_ensemble(texts, encoder, lambda text: syllables(fold(text)))
    return lambda question: rank(accents.restore(question))


ARTICLES, PASSAGES = "articles", "passages"
PEERS: dict[str, tuple[Builder, str]] = {  # name → builder, the texts that it ranks
    "bm25s, articles": (bm25s, ARTICLES),
    "bm25s, passages": (bm25s, PASSAGES),
    "bm25s folded, articles": (bm25s_folded, ARTICLES),
    "bm25s folded, passages": (bm25s_folded, PASSAGES),
    "e5 + FAISS, articles": (e5_faiss, ARTICLES),
    "e5 + FAISS, passages": (e5_faiss, PASSAGES),
    "txtai hybrid, articles": (txtai_hybrid, ARTICLES),
    "txtai hybrid, passages": (txtai_hybrid, PASSAGES),
    "LangChain ensemble, articles": (langchain_ensemble, ARTICLES),
    "LangChain ensemble, passages": (langchain_ensemble, PASSAGES),
    "LangChain, our folding and accents": (langchain_with_ours, PASSAGES),
}
