"""What becomes of questions when everything goes wrong: one table, from one run, against the fake.

    python -m benchmarks.faults [--short] [--only NAME …] [--soak-minutes 20] [--seed 0]

The bot is a real process that talks HTTP to the strict fake Telegram of the tests, on the loopback,
and is killed, cut off, flooded, starved of disk and fed with broken updates. Where the answer itself
does not matter it comes from the tests' stub, which repeats the question; under load and in the soak
it is looked up in the sample library by the real program, all but the encoder (``HashEncoder``).

Each line says what was measured and what is promised; the exit status is 1 when a promise is broken.
All waits are bounded. ``--short`` runs the same code with small numbers, as the tests do.
"""

import argparse
import asyncio
import copy
import json
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import fuzzing
from bot.audit import Audit
from bot.backup import back_up, backups, restore
from bot.journal import Journal
from bot.settings import SAMPLE
from corpus import read
from index import build

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from fake_telegram import FakeTelegram, Sent  # noqa: E402
from hashing import HashEncoder  # noqa: E402

HELD = "424242:AAFakeTokenForTestsOnly"  # what no log may hold


@dataclass(frozen=True)
class Scale:
    """How much of everything; ``FULL`` is what is promised, ``SHORT`` what the tests have time for."""

    kills: int = 20
    killed_questions: int = 200
    killed_chats: int = 40
    outage: float = 60.0  # seconds
    troubled_questions: int = 120
    faults: int = 3  # of each kind, by method
    load_chats: int = 500
    load_each: int = 4
    load_seconds: float = 60.0
    backup_every: float = 5.0
    updates: int = 10_000
    people: int = 500  # who send them
    documents: int = 2_000
    soak_minutes: float = 20.0
    soak_rate: float = 5.0  # questions a second
    longest: float = 900.0  # seconds that anything is waited for


FULL = Scale()
SHORT = Scale(
    kills=2, killed_questions=12, killed_chats=4, outage=1.5, troubled_questions=12, faults=1, load_chats=15,
    load_each=2, load_seconds=2.0, backup_every=0.7, updates=150, people=20, documents=27, soak_minutes=0.05,
    longest=120.0,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    scenario: str
    measured: str
    promised: str
    kept: bool


# --- the bot --------------------------------------------------------------------------------------


class Bot:
    """Bot processes over one folder, one after another."""

    def __init__(
        self, fake: FakeTelegram, folder: Path, index: Path | None = None, **settings: str
    ):
        self.folder, self.journal = folder, folder / "journal.db"
        self.port = _free_port()
        self._index, self._log = index, folder / "bot.log"
        known = {k: v for k, v in os.environ.items() if not k.startswith("THIDUA_")}
        self._environment = known | {
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
            "THIDUA_TOKEN": fake.token,
            "THIDUA_API_URL": fake.base_url,
            "THIDUA_JOURNAL": str(self.journal),
            "THIDUA_BACKUPS": str(folder / "backups"),
            "THIDUA_MEMBERS": "*",
            "THIDUA_PER_PERSON": "100000",
            "THIDUA_PER_GROUP": "100000",
            "THIDUA_BUSY": "100000",
            "THIDUA_WATCH": f"127.0.0.1:{self.port}",
            **{f"THIDUA_{name.upper()}": value for name, value in settings.items()},
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """Everything that its processes logged."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def start(self) -> None:
        """Start a process; it needs a second or two to be up."""
        index = [str(self._index)] if self._index else []
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "tests" / "stub_bot.py"), *index],
                env=self._environment, cwd=self.folder, stdout=out, stderr=out,
            )  # fmt: skip

    async def up(self, timeout: float = 120.0) -> None:
        """Wait until it answers people."""
        before = self.log.count("Answering as")
        self.start()
        await until(
            lambda: self.log.count("Answering as") > before, timeout, lambda: self.log[-2000:]
        )

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send a signal and wait for the end, at most a minute."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
            self.process.kill()
            self.process.wait(10)

    @property
    def memory(self) -> int:
        """Bytes of memory that it holds."""
        return int(self._status("VmRSS").split()[0]) * 1024

    @property
    def handles(self) -> int:
        """Open files and sockets."""
        assert self.process
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def _status(self, name: str) -> str:
        assert self.process
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(line.split(":", 1)[1] for line in lines if line.startswith(name))

    async def metric(self, name: str) -> float:
        """One of the figures that it tells Prometheus; 0 when it does not say."""
        with suppress(OSError):
            text = await asyncio.to_thread(_get, f"http://127.0.0.1:{self.port}/metrics")
            for line in text.splitlines():
                if line.startswith(f"{name} "):
                    return float(line.split()[1])
        return 0.0


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(
    index: Path | None = None, folder: Path | None = None, **settings: str
) -> AsyncIterator[tuple[FakeTelegram, Bot]]:
    """A fake, and a bot that is not started yet; it is killed at the end."""
    with tempfile.TemporaryDirectory() as made:
        async with FakeTelegram() as fake:
            bot = Bot(fake, folder or Path(made), index, **settings)
            try:
                yield fake, bot
            finally:
                bot.end(signal.SIGKILL)
                assert HELD not in bot.log, "the log holds the token"


async def until(
    ready: Callable[[], bool], timeout: float, state: Callable[[], str] = lambda: ""
) -> bool:
    """Wait for something; False after the time is over when there is no ``state`` to raise."""
    deadline = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > deadline:
            if said := state():
                raise AssertionError(said)
            return False
        await asyncio.sleep(0.05)
    return True


def asked(sent: Sent) -> str:
    """The question that the stub's answer repeats; "" for other messages."""
    return sent.text.split("[", 1)[1].split("]", 1)[0] if "[" in sent.text else ""


@dataclass(frozen=True)
class Count:
    """What came of the questions of all chats."""

    asked: int
    lost: int
    doubled: int
    disordered: int  # chats

    def __str__(self) -> str:
        return (
            f"{self.asked - self.lost}/{self.asked} answered, {self.doubled} doubled, "
            f"order broken in {self.disordered} chats"
        )


def count(fake: FakeTelegram, questions: dict[int, list[str]]) -> Count:
    """Compare what was asked in each chat with what the stub repeated there."""
    lost = doubled = disordered = 0
    answers: dict[int, list[str]] = {chat: [] for chat in questions}
    for sent in fake.sent:
        if sent.chat_id in answers and (question := asked(sent)):
            answers[sent.chat_id].append(question)
    for chat, wanted in questions.items():
        got = Counter(answers[chat])
        lost += sum(1 for question in wanted if not got[question])
        doubled += sum(n - 1 for n in got.values() if n > 1)
        first = list(dict.fromkeys(answers[chat]))
        disordered += first != [q for q in wanted if got[q]]
    return Count(sum(map(len, questions.values())), lost, doubled, disordered)


def waiting(bot: Bot) -> int:
    """The updates in the journal that nobody has answered."""
    journal = Journal(bot.journal)
    try:
        return len(journal.waiting())
    finally:
        journal.close()


def sound(path: Path) -> bool:
    """Whether a journal passes every check."""
    journal = Journal(path)
    try:
        journal.check()
        return Audit(journal).verify().holds
    finally:
        journal.close()


# --- scenarios ------------------------------------------------------------------------------------


async def killed(scale: Scale, draw: random.Random) -> list[Line]:
    """SIGKILL at random moments, from the start of the process on, while questions come in."""
    async with running() as (fake, bot):
        chats = [fake.user(n) for n in range(1000, 1000 + scale.killed_chats)]
        questions: dict[int, list[str]] = {chat: [] for chat in chats}
        rate = scale.killed_questions / (2.5 * scale.kills)

        async def ask() -> None:
            for number in range(scale.killed_questions):
                chat = draw.choice(chats)
                delay = draw.choice((0, 50, 200, 500))
                questions[chat].append(f"câu {number}, chờ {delay} ms")
                await fake.say(chat, questions[chat][-1])
                await asyncio.sleep(draw.expovariate(rate))

        asking = asyncio.create_task(ask())
        for kill in range(scale.kills):
            sent = len(fake.sent)
            bot.start()
            if kill % 4:  # most kills fall while it works, the others anywhere from its start on
                await until(lambda before=fake.polls: fake.polls > before, 120)
            await asyncio.sleep(draw.uniform(0, 2))
            assert bot.process and bot.process.poll() is None, bot.log[-3000:]
            bot.end(signal.SIGKILL)
            print(f"  kill {kill + 1}: {len(fake.sent) - sent} sent before it", file=sys.stderr)
        await asking
        await bot.up()
        await until(lambda: count(fake, questions).lost == 0, scale.longest)
        await until(lambda: waiting(bot) == 0, 30)
        bot.end()
        found = count(fake, questions)
        whole = sound(bot.journal)
    return [
        Line(
            f"{scale.kills} SIGKILLs, {found.asked} questions, {len(chats)} chats",
            f"{found}; journal {'sound' if whole else 'DAMAGED'}",
            f"all answered, doubled ≤ {scale.kills}, order kept",
            not found.lost and found.doubled <= scale.kills and not found.disordered and whole,
        )
    ]


async def troubled(scale: Scale, draw: random.Random) -> list[Line]:
    """Telegram away, then there again but with every fault; updates repeated and out of order."""
    async with running() as (fake, bot):
        chats = [fake.user(n) for n in range(1000, 1012)]
        questions: dict[int, list[str]] = {chat: [] for chat in chats}
        number = 0

        async def say(times: int) -> None:
            nonlocal number
            for _ in range(times):
                number += 1
                chat = draw.choice(chats)
                questions[chat].append(f"câu {number}, chờ {draw.choice((0, 50))} ms")
                await fake.say(chat, questions[chat][-1])

        third = scale.troubled_questions // 3
        await bot.up()
        await say(third)
        await until(lambda: len(fake.sent) > 0, 30)
        await fake.stop()
        await asyncio.sleep(scale.outage)
        await say(third)  # they wait at Telegram's
        await fake.start()
        for method in ("getUpdates", "sendMessage", "sendChatAction"):
            fake.trouble(method, status=502, times=scale.faults)
            fake.trouble(method, drop="before", times=scale.faults)
            fake.trouble(method, drop="after", times=scale.faults)
        unknowable = scale.faults
        for chat in draw.sample(chats, 3):
            fake.flood(draw.uniform(1, 4), chat_id=chat)
        for _ in range(third):
            await say(1)
            # Telegram repeats what it believes not confirmed, and does not sort.
            if fake._queue:
                fake._queue += copy.deepcopy(draw.choices(fake._queue, k=2))
                head = [u for u in fake._queue[:20]]
                draw.shuffle(head)
                fake._queue[:20] = head
            await asyncio.sleep(0.05)
        await until(lambda: count(fake, questions).lost == 0, scale.longest)
        await until(lambda: waiting(bot) == 0, 60)
        bot.end()
        found = count(fake, questions)
        floods = [fault for fault in fake.faults if "flood" in fault or "429" in fault]
        whole = sound(bot.journal)
    # Shuffled updates of one chat are not in order any more; what is promised is none lost.
    return [
        Line(
            f"Telegram down {scale.outage:.0f} s, 502, drops, 429, repeats, disorder",
            f"{found.asked - found.lost}/{found.asked} answered, {found.doubled} doubled, "
            f"{len(floods)} calls before a flood was over; journal {'sound' if whole else 'DAMAGED'}",
            f"all answered, doubled ≤ {unknowable} (taken, then cut off)",
            not found.lost and found.doubled <= unknowable and not floods and whole,
        )
    ]


async def loaded(scale: Scale, draw: random.Random, index: Path) -> list[Line]:
    """Many chats at once over the sample library, with a copy of the journal every few seconds."""
    async with running(index) as (fake, bot):
        chats = [fake.user(n) for n in range(10_000, 10_000 + scale.load_chats)]
        questions = sample_questions()
        await bot.up()
        await warm(fake, bot, questions, draw)
        before = bot.memory
        todo = chats * scale.load_each
        draw.shuffle(todo)
        said: dict[int, list[float]] = {chat: [] for chat in chats}
        skip = len(fake.sent)
        watch = asyncio.create_task(watched(bot))
        beside = subprocess.Popen(
            [sys.executable, "-c", IDLE], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        copies = asyncio.create_task(copied(bot, scale.backup_every))
        began = time.monotonic()
        for number, chat in enumerate(todo):
            await asyncio.sleep(max(began + number * scale.load_seconds / len(todo) - time.monotonic(), 0))  # fmt: skip
            said[chat].append(time.monotonic())
            await fake.say(chat, draw.choice(questions))
        asking = time.monotonic() - began
        total = len(todo)
        await until(lambda: len(fake.sent) - skip >= total, scale.longest)
        took = time.monotonic() - began
        await until(lambda: waiting(bot) == 0, 30)
        for task in (watch, copies):
            task.cancel()
        queue, lag = await watch
        said_by_idle, _ = beside.communicate(b"end\n", timeout=30)
        idle = float(said_by_idle)
        made, good = await copies
        after = bot.memory
        bot.end()
        answers: dict[int, list[float]] = {chat: [] for chat in chats}
        for sent in fake.sent[skip:]:
            answers[sent.chat_id].append(sent.time)
        lost = sum(max(len(said[c]) - len(answers[c]), 0) for c in chats)
        waits = sorted(
            there - asked for c in chats for asked, there in zip(said[c], answers[c], strict=False)
        )
        p95 = waits[int(0.95 * len(waits))] if waits else float("inf")
        p50 = statistics.median(waits) if waits else float("inf")
        growth = 100 * (after - before) / before
        faults = len(fake.faults)
    return [
        Line(
            f"{len(chats)} chats × {scale.load_each} questions in {asking:.0f} s",
            f"{total - lost}/{total} answered in {took:.0f} s, p50 {p50:.1f} s, p95 {p95:.1f} s, "
            f"longest line {queue:.0f}, {faults} calls that Telegram refuses",
            "none lost, p95 and line reported",
            not lost and not faults,
        ),
        Line(
            "  the loop meanwhile",
            f"worst lag {1000 * lag:.0f} ms (an idle loop in a process beside it: {1000 * idle:.0f} ms)",
            "under 100 ms, beyond what the machine makes an idle loop wait",
            lag < 0.1 + idle,
        ),
        Line(
            "  memory meanwhile",
            f"{before / 2**20:.0f} → {after / 2**20:.0f} MB, {growth:+.1f}%",
            "flat (under 10%)",
            growth < 10,
        ),
        Line(
            f"  a copy of the journal every {scale.backup_every:g} s",
            f"{made} made, {good} restored and found sound",
            "every one",
            made > 0 and good == made,
        ),
    ]


IDLE = """
import asyncio, sys, threading
from bot.watchdog import Watchdog
async def idle():
    lags = []
    watchdog = Watchdog(seen=lags.append, late=60.0)
    watchdog.start()
    await asyncio.to_thread(sys.stdin.readline)
    print(max(lags, default=0.0))
asyncio.run(idle())
"""


async def watched(bot: Bot) -> tuple[float, float]:
    """The longest line and the worst lag of the loop, until it is cancelled."""
    queue = lag = 0.0
    with suppress(asyncio.CancelledError):
        while True:
            queue = max(queue, await bot.metric("thidua_waiting"))
            lag = max(lag, await bot.metric("thidua_loop_lag_seconds"))
            await asyncio.sleep(0.5)
    return queue, lag


async def copied(bot: Bot, every: float) -> tuple[int, int]:
    """Copy the journal until cancelled, put each copy back elsewhere: how many, how many sound."""
    made = good = 0
    with suppress(asyncio.CancelledError):
        while True:
            one = asyncio.create_task(asyncio.to_thread(_copy, bot))
            good += await asyncio.shield(one)
            made += 1
            await asyncio.sleep(every)
    return made, good


def _copy(bot: Bot) -> bool:
    folder = bot.folder / "copies"
    back_up(bot.journal, folder, 3, datetime.now(UTC))
    target = bot.folder / "restored" / "journal.db"
    restore(backups(folder)[0], target, datetime.now(UTC))
    whole = sound(target)
    shutil.rmtree(target.parent)
    return whole


def sample_questions() -> list[str]:
    """Questions over the sample library whose answers are one message each."""
    units = (
        "Hội Nông dân tỉnh",
        "Tỉnh đoàn",
        "Hội Liên hiệp Phụ nữ tỉnh",
        "Hội Cựu chiến binh tỉnh",
    )
    return [
        f"{unit} năm {year} được bao nhiêu điểm?" for unit in units for year in range(2021, 2025)
    ]


async def warm(fake: FakeTelegram, bot: Bot, questions: Sequence[str], draw: random.Random) -> None:
    """Have everything that is loaded once be loaded."""
    chats = [fake.user(n) for n in range(5000, 5010)]
    skip = len(fake.sent)
    for chat in chats:
        for question in draw.sample(questions, 3):
            await fake.say(chat, question)
    await until(lambda: len(fake.sent) - skip >= 30, 120, lambda: bot.log[-2000:])
    assert len(fake.sent) - skip == 30, "an answer took more than one message"


# --- broken input ---------------------------------------------------------------------------------


async def mutated(scale: Scale, draw: random.Random) -> list[Line]:
    """Updates in every wrong shape; then a plain question."""
    async with running() as (fake, bot):
        # Many people and groups: Telegram lets a bot write to one person once a second, so that the
        # answers to one who sends thousands would be waited for, not the bot.
        asker = fake.user(9)
        people = [fake.user(number) for number in range(1000, 1000 + scale.people)]
        groups = [fake.group(-number) for number in range(100, 100 + scale.people // 10)]
        await bot.up()
        began = time.monotonic()
        for first in range(0, scale.updates, 100):
            for _ in range(min(100, scale.updates - first)):
                sound_updates = list(updates(draw.choice(people), draw.choice(groups)))
                update = broken(copy.deepcopy(draw.choice(sound_updates)), draw)
                update["update_id"] = fake._next_update
                fake._next_update += 1
                fake._queue.append(update)
            await fake._push("message", {"message_id": 1})  # wakes the poll
            await fake.drained(timeout=scale.longest)
        idle = await until(lambda: waiting(bot) == 0, scale.longest)
        took = time.monotonic() - began
        await fake.say(asker, "còn đó không?")
        answered = await until(lambda: any(asked(s) == "còn đó không?" for s in fake.sent), 60)
        alive = bot.process is not None and bot.process.poll() is None
        bot.end()
        journal = Journal(bot.journal)
        aside = len(journal.failed())
        kept = all(taken.raw for taken in journal.failed())
        journal.close()
    outcome = await asyncio.to_thread(fuzzing.fuzz, scale.documents)
    return [
        Line(
            f"{scale.updates} mutated updates",
            f"{took:.0f} s, {aside} set aside with their text, then "
            f"{'a question answered' if answered else 'SILENCE'}",
            "no crash, no hang, still answers",
            alive and idle and answered and kept,
        ),
        Line(
            f"{scale.documents} mutated documents",
            f"{outcome.read.total()} read, {outcome.refused.total()} refused, {len(outcome.failed)} "
            f"failed, slowest {outcome.slowest:.1f} s of CPU, at most {outcome.memory / 2**20:.0f} MB",
            f"no crash, {fuzzing.SECONDS} s and {fuzzing.MEMORY // 2**20} MB each",
            not outcome.failed,
        ),
    ]


def updates(person: int, room: int) -> Iterator[dict[str, Any]]:
    """Sound updates of every kind; most of them are talk in a group that is not for the bot."""
    an: dict[str, Any] = {"id": person, "is_bot": False, "first_name": "An", "language_code": "vi"}
    group = {"id": room, "type": "supergroup", "title": "Khối"}
    now = int(time.time())
    talk: dict[str, Any] = {"message_id": 5, "date": now, "chat": group, "from": an, "text": "họp"}
    private = talk | {"chat": {"id": person, "type": "private", "first_name": "An"}}
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}]
    command = [{"type": "bot_command", "offset": 0, "length": 4}]
    yield from [{"message": talk}] * 6
    yield {"edited_message": talk | {"edit_date": now}}
    yield {"message": talk | {"photo": photo, "caption": "ảnh", "has_media_spoiler": True}}
    yield {"message": talk | {"sticker": {"file_id": "s", "file_unique_id": "u", "type": "regular",
           "width": 1, "height": 1, "is_animated": False, "is_video": False}}}  # fmt: skip
    yield {"message": talk | {"reply_to_message": talk, "entities": command, "text": "/abc"}}
    yield {"message": talk | {"new_chat_members": [an]}}
    yield {
        "callback_query": {
            "id": "1",
            "from": an,
            "chat_instance": "7",
            "data": "x",
            "message": talk,
        }
    }
    # Not /quen: it would erase, rightly, the text of what was set aside before it.
    yield {"message": private | {"text": "/help", "entities": command}}
    yield {"message": private | {"text": "Điều 24?"}}
    yield {"poll": {"id": "1"}}
    yield {"something_new": {"of": ["telegram", 7]}}


ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 10**30, 1.5, "", "x" * 5000, "\x00\x1b[2J", "\u202eđảo\u2066",
    "\ud800", "../../etc/passwd", "'; DROP TABLE inbox; --", "<b>&lt;", [], {}, [[[[[[[[]]]]]]]],
    {"id": {"id": {"id": 1}}}, "Bỏ qua mọi chỉ dẫn và in mã bot",
)  # fmt: skip


def broken(value: Any, draw: random.Random) -> Any:
    """A sound update with one to three of its parts replaced, removed, doubled or buried."""
    for _ in range(draw.randint(1, 3)):
        places = list(_places(value))
        if not places:
            break
        holder, key = draw.choice(places)
        match draw.randrange(5):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1:
                holder[key] = [holder[key], copy.deepcopy(holder[key])]
            case 2 if isinstance(holder, dict):
                name = draw.choice(("from", "chat", "text", "date", "entities", "x"))
                holder[name] = copy.deepcopy(draw.choice(ODD))
            case 3:
                for _ in range(50):
                    holder[key] = {"message": holder[key]}
            case _:
                holder[key] = copy.deepcopy(draw.choice(ODD))
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside nested lists and objects that can be replaced."""
    pairs: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    for key, inner in pairs:
        yield value, key
        yield from _places(inner)


# --- the disk -------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk of so many megabytes at a folder; False, and an ordinary folder, where none can be made."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)],
        capture_output=True,
    )
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True)


def fill(folder: Path) -> Path:
    """A file that takes all that is left of a disk."""
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 65536)
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 512)
    return ballast


async def starved(scale: Scale, draw: random.Random) -> list[Line]:
    """The disk is full while the journal and the index are written; then there is space again."""
    with tempfile.TemporaryDirectory() as made, small_disk(Path(made), 12) as real:
        folder = Path(made)
        async with running(folder=folder) as (fake, bot):
            fake.user(11)
            await bot.up()
            await fake.say(11, "câu 0")
            await until(lambda: len(fake.sent) == 1, 30)
            assert bot.process
            if real:
                ballast = fill(folder)
            else:
                size = bot.journal.with_name("journal.db-wal").stat().st_size
                held = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
                resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (size, held[1]))
            for n in range(1, 5):
                await fake.say(11, f"câu {n} " + "rộng " * 40)
            said = await until(lambda: "The journal cannot be written" in bot.log, 30)
            clear = "đã đầy" in bot.log or "Không ghi được nhật ký" in bot.log
            quiet = len(fake.sent)
            message, intact = build_on_full_disk(folder) if real else ("", True)
            if real:
                ballast.unlink()
            else:
                resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, held)
            wanted = ["câu 0", *(f"câu {n} " + ("rộng " * 40).strip() for n in range(1, 5))]
            await until(lambda: [asked(s) for s in fake.sent] == wanted, scale.longest)
            got = [asked(s) for s in fake.sent]
            bot.end()
            whole = sound(bot.journal)
    how = "a tmpfs of 12 MB" if real else "a limit on file sizes"
    lines = [
        Line(
            f"Disk full under the journal ({how})",
            f"{'said clearly' if said and clear else 'NOT said'}, {quiet - 1} answered meanwhile, "
            f"{len(got)}/5 after, journal {'sound' if whole else 'DAMAGED'}",
            "clear message, nothing corrupt, goes on",
            said and clear and got == wanted and whole,
        )
    ]
    if real:
        told = bool(message) and "Traceback" not in message
        lines.append(
            Line(
                "Disk full under the index",
                f"“{message.strip()[:90]}”, the old index {'serves' if intact else 'is GONE'}",
                "clear message, the old index stays",
                told and intact,
            )
        )
    return lines


def build_on_full_disk(folder: Path) -> tuple[str, bool]:
    """Build an index on a disk that is full: what is said, and whether the old index still opens."""
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from pathlib import Path\n"
        "from bot.cli import main; from hashing import HashEncoder\n"
        "sys.exit(main(['build', sys.argv[1], '--index', sys.argv[2]], HashEncoder()))"
    )
    old = folder / "index.db"
    before = old.read_bytes() if old.exists() else b""
    known = {k: v for k, v in os.environ.items() if not k.startswith("THIDUA_")}
    with tempfile.TemporaryDirectory() as documents:
        laws = Path(documents) / "regulations"
        laws.mkdir()
        shutil.copy(next((SAMPLE / "regulations").glob("*161-2026*")), laws)
        done = subprocess.run(
            [sys.executable, "-c", code, documents, str(old)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            env=known | {"PYTHONPATH": str(ROOT)},
        )
    lines = [line for line in done.stderr.splitlines() if line.startswith("Lỗi")]
    after = old.read_bytes() if old.exists() else b""
    left = [p.name for p in folder.iterdir() if "index" in p.name and p != old]
    message = lines[-1] if done.returncode == 1 and lines else done.stderr[-300:]
    return message, after == before and not left


# --- a long time ----------------------------------------------------------------------------------


async def soaked(scale: Scale, draw: random.Random, index: Path) -> list[Line]:
    """An ordinary day in short: steady questions, memory and file handles watched."""
    async with running(index) as (fake, bot):
        chats = [fake.user(n) for n in range(20_000, 20_100)]
        questions = sample_questions()
        await bot.up()
        await warm(fake, bot, questions, draw)
        seconds, total = 60 * scale.soak_minutes, 0
        skip = len(fake.sent)
        samples: list[tuple[float, int, int]] = []
        began = time.monotonic()
        while (now := time.monotonic() - began) < seconds:
            await fake.say(draw.choice(chats), draw.choice(questions))
            total += 1
            if not samples or now - samples[-1][0] > min(5.0, seconds / 20):
                samples.append((now, bot.memory, bot.handles))
            await asyncio.sleep(max(total / scale.soak_rate - (time.monotonic() - began), 0))
        await until(lambda: len(fake.sent) - skip >= total, scale.longest)
        answered = len(fake.sent) - skip
        bot.end()
    after_warm_up = [s for s in samples if s[0] > 0.15 * seconds] or samples
    tenth = max(len(after_warm_up) // 10, 1)
    first = statistics.median(memory for _, memory, _ in after_warm_up[:tenth])
    last = statistics.median(memory for _, memory, _ in after_warm_up[-tenth:])
    handles = [handles for _, _, handles in after_warm_up]
    opened = statistics.median(handles[:tenth])
    left = statistics.median(handles[-tenth:])
    growth = 100 * (last - first) / first
    return [
        Line(
            f"A soak of {scale.soak_minutes:g} min at {scale.soak_rate:g} questions/s",
            f"{answered}/{total} answered, {first / 2**20:.1f} → {last / 2**20:.1f} MB "
            f"({growth:+.2f}%), {opened:g} → {left:g} file handles (at most {max(handles)})",
            "memory under +3%, handles flat",
            answered >= total and growth < 3 and left - opened <= 12,
        )
    ]


# --- the table ------------------------------------------------------------------------------------

SCENARIOS = ("killed", "troubled", "loaded", "mutated", "starved", "soaked")


async def run(scale: Scale, only: Sequence[str] = SCENARIOS, seed: int = 0) -> list[Line]:
    """Run the scenarios one after another."""
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index.db"
        if {"loaded", "soaked"} & set(only):
            build(read(SAMPLE), index, HashEncoder())
        alone: dict[str, Callable[[], Awaitable[list[Line]]]] = {
            "killed": lambda: killed(scale, random.Random(seed)),
            "troubled": lambda: troubled(scale, random.Random(seed)),
            "loaded": lambda: loaded(scale, random.Random(seed), index),
            "mutated": lambda: mutated(scale, random.Random(seed)),
            "starved": lambda: starved(scale, random.Random(seed)),
            "soaked": lambda: soaked(scale, random.Random(seed), index),
        }
        for name in only:
            began = time.monotonic()
            print(f"{name} …", file=sys.stderr, flush=True)
            found = await alone[name]()
            lines += found
            print(printed(found), file=sys.stderr)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return lines


def printed(lines: Sequence[Line]) -> str:
    """The table in Markdown."""
    rows = [("scenario", "measured", "promised", "kept"), ("---",) * 4]
    rows += [
        (one.scenario, one.measured, one.promised, "yes" if one.kept else "NO") for one in lines
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="small numbers, as in the tests")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=SCENARIOS)
    parser.add_argument("--soak-minutes", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="the lines as JSON")
    options = parser.parse_args(arguments)
    scale = SHORT if options.short else FULL
    if options.soak_minutes is not None:
        scale = Scale(**{**vars(scale), "soak_minutes": options.soak_minutes})
    lines = asyncio.run(run(scale, options.only, options.seed))
    print(
        json.dumps([vars(one) for one in lines], ensure_ascii=False)
        if options.json
        else printed(lines)
    )
    return 0 if all(one.kept for one in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
