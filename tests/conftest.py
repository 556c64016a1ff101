"""Fixtures: an assistant over the sample library that needs no model, and no settings."""

import datetime
import os
from pathlib import Path

import pytest

from bot import Assistant
from bot.settings import SAMPLE
from corpus import read
from hashing import HashEncoder
from index import build

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who judges what the other tests sent comes after them."""
    items.sort(key=lambda item: "aiogram" in item.keywords)
