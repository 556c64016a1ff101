"""benchmarks/faults.py, shortened: the same code with small numbers."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import faults
from benchmarks.faults import SHORT, Count, Line
from fake_telegram import RECORD, FakeTelegram


@pytest.fixture(autouse=True)
def _unjudged() -> Iterator[None]:
    """What is broken on purpose here is nothing for other people's models (test_outsiders.py)."""
    before = len(RECORD)
    yield
    del RECORD[before:]


@pytest.mark.parametrize("name", ["killed", "troubled", "mutated", "starved"])
def test_promises_are_kept(name: str) -> None:
    lines = asyncio.run(faults.run(SHORT, [name], seed=3))
    assert lines and all(isinstance(one, Line) for one in lines)
    assert [one for one in lines if not one.kept] == []


def test_load_and_time_lose_nothing() -> None:
    """Speed, lag and memory are for the benchmark to judge, on a machine that has time."""
    lines = asyncio.run(faults.run(SHORT, ["loaded", "soaked"]))
    table = faults.printed(lines)
    assert "30/30 answered" in table and "15/15 answered" in table
    (copies,) = [one for one in lines if "copy of the journal" in one.scenario]
    assert copies.kept


@pytest.mark.asyncio
async def test_what_is_lost_doubled_or_out_of_order_is_seen() -> None:
    async with FakeTelegram() as fake:
        fake.user(1)
        fake.user(2)
        for chat, question in ((1, "b"), (1, "a"), (1, "a"), (2, "c")):
            message = {"message_id": 1, "chat": {"id": chat}, "text": f"lời [{question}] sau []"}
            fake._record("sendMessage", {}, message)
        assert faults.count(fake, {1: ["a", "b"], 2: ["c", "d"]}) == Count(4, 1, 1, 1)


def test_broken_updates_are_of_many_shapes() -> None:
    draw = random.Random(1)
    sound = list(faults.updates(11, -100))
    made = {repr(faults.broken(faults.copy.deepcopy(draw.choice(sound)), draw)) for _ in range(300)}
    assert len(made) > 250 and sum("'text': 'họp'" in one for one in made) < 250


def test_a_full_disk_is_really_full(tmp_path: Path) -> None:
    with faults.small_disk(tmp_path, 1) as real:
        if not real:
            pytest.skip("no disk can be made here")
        faults.fill(tmp_path)
        with pytest.raises(OSError):
            (tmp_path / "more").write_bytes(b"x" * 4096)
