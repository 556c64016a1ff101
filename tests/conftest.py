"""Fixtures: an assistant over the sample library that needs no model, no settings, and a judge."""

import datetime
import json
import os
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import Assistant
from bot.settings import SAMPLE
from corpus import read
from fake_telegram import RECORD
from hashing import HashEncoder
from index import build

AIOGRAM = Path(__file__).resolve().parents[1] / ".outsiders" / "aiogram" / "bin" / "python"
JUDGE = Path(__file__).resolve().parent / "outsiders" / "aiogram_judge.py"
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory) -> Path:
    """The index of the embedded sample library, with the vectors of ``HashEncoder``."""
    path = tmp_path_factory.mktemp("sample") / "index.db"
    build(read(SAMPLE), path, HashEncoder())
    return path


@pytest.fixture(scope="session")
def assistant(sample_index) -> Assistant:
    """Answers from the sample library as on 2026-11-23; words carry the search, not meaning."""
    return Assistant(sample_index, HashEncoder(), lambda: TODAY)


@pytest.fixture
def ask(assistant):
    """Ask one question, with the questions before it and the day that counts."""

    def asked(question, *previous, as_of=None):
        return assistant.ask(question, previous=previous, as_of=as_of)

    return asked


@pytest.fixture
def no_settings(monkeypatch, tmp_path) -> Path:
    """No THIDUA_ variable, and an empty folder without .env as the working folder."""
    for name in [n for n in os.environ if n.startswith("THIDUA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session", autouse=True)
def judged_by_aiogram() -> Iterator[None]:
    """At the end aiogram's models read all that the tests of this process sent to the fake."""
    yield
    if not AIOGRAM.exists():
        warnings.warn("aiogram is not here to judge what was sent: make outsiders", stacklevel=1)
    elif RECORD:
        lines = "\n".join(map(json.dumps, RECORD))
        judged = subprocess.run(
            [str(AIOGRAM), str(JUDGE)], input=lines, capture_output=True, text=True,
            timeout=120, env={"PATH": ""},
        )  # fmt: skip
        assert judged.returncode == 0, judged.stdout or judged.stderr
        assert f"read {len(RECORD)} lines" in judged.stderr
