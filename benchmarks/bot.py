"""How long somebody waits who writes to the bot, beside bots that only echo.

    thidua build corpus/documents --index sample.db
    python -m benchmarks.bot sample.db [--rounds 4]

A `thidua bot` of its own process answers people of the tests' strict Telegram over HTTP, one question
at a time, each from somebody else in turn (a chat takes five messages in five seconds). Timed from the
moment a question is there to be fetched: until the first sign of life ("typing" or a message), and
until the words of the answer; a chart comes after them and is timed by itself. In the same run an
echo bot of python-telegram-bot, and one of grammY where `make outsiders` has fetched it, show what the
way to Telegram and back costs without an answer. Machines differ: compare lines, not figures.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from fake_telegram import FakeTelegram  # noqa: E402

GRAMMY = ROOT / ".outsiders" / "node_modules" / "grammy"
PEOPLE = range(101, 161)
QUESTIONS = {
    "regulations": (
        "Tiêu chuẩn Chiến sĩ thi đua cơ sở là gì?",
        "tap the lao dong xuat sac duoc thuong bao nhieu tien",
        "Hồ sơ đề nghị tặng Bằng khen gồm những gì?",
        "thi đua là gì",
        "Ai quyết định tặng Bằng khen của Chủ tịch UBND tỉnh?",
        "dieu kien xet huan chuong lao dong hang ba",
    ),
    "records": (
        "Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm?",
        "tinh doan nam 2022 xep thu may",
        "Tỉnh đoàn được mấy lần bằng khen?",
        "So sánh Hội Nông dân tỉnh và Tỉnh đoàn năm 2023",
    ),
    "meetings": (
        "Sơ kết 6 tháng đầu năm 2023 của khối họp ngày nào, ở đâu?",
        "tong ket nam 2022 hop khi nao",
    ),
    "with a chart": ("Xếp hạng khối năm 2023", "Điểm Tỉnh đoàn qua các năm"),
    "refusals": ("Giá vàng hôm nay bao nhiêu?", "Hội Sinh viên tỉnh năm 2023 được mấy điểm?"),
}
ECHO = """
import logging, os
from telegram import Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters
async def echo(update, context):
    await update.message.reply_text(update.message.text)
root = os.environ["API_ROOT"]
app = ApplicationBuilder().token(os.environ["TOKEN"]).base_url(root + "/bot").build()
app.add_handler(MessageHandler(filters.TEXT, echo))
app.run_polling()
"""
GRAMMY_ECHO = """
const { Bot } = require(process.env.GRAMMY);
const bot = new Bot(process.env.TOKEN, { client: { apiRoot: process.env.API_ROOT } });
bot.on("message:text", (ctx) => ctx.reply(ctx.msg.text));
bot.start();
process.once("SIGTERM", () => bot.stop());
"""


@asynccontextmanager
async def running(
    fake: FakeTelegram, command: Sequence[str], folder: Path, **environment: str
) -> AsyncIterator[None]:
    """A bot process for the length of the block."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("THIDUA_")}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        env=kept | environment | {"PYTHONPATH": str(ROOT), "API_ROOT": fake.base_url, "TOKEN": fake.token},
    )  # fmt: skip
    try:
        await fake.polled(timeout=180)
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)


async def timed(fake: FakeTelegram, person: int, question: str) -> tuple[float, float, float]:
    """Seconds until the first sign of life, the first words, and the last message."""
    before, sent = len(fake.calls), len(fake.sent)
    began = time.monotonic()
    await fake.say(person, question)
    await fake.until(lambda: any(s.chat_id == person for s in fake.sent[sent:]), 60)
    first = next(c for c in fake.calls[before:] if c.payload.get("chat_id") == person)
    words = fake.sent[sent].time
    calls = len(fake.calls)
    await asyncio.sleep(0.05)  # the next question of a person comes later than this
    while (
        any(c.method == "sendChatAction" for c in fake.calls[calls:]) and len(fake.sent) == sent + 1
    ):
        await asyncio.sleep(0.02)  # a chart is under way
        if time.monotonic() - began > 60:
            raise SystemExit(f"no chart came for {question!r}")
    return first.time - began, words - began, fake.sent[-1].time - began


async def measured(
    command: Sequence[str], rounds: int, kinds: dict[str, tuple[str, ...]], **environment: str
) -> dict[str, list[tuple[float, float, float]]]:
    """Every question of every kind, asked of one bot after a round that does not count."""
    found: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        async with FakeTelegram() as fake:
            for person in PEOPLE:
                fake.user(person)
            environment["THIDUA_API_URL"], environment["THIDUA_TOKEN"] = fake.base_url, fake.token
            environment["THIDUA_JOURNAL"] = f"{folder}/journal.db"
            async with running(fake, command, Path(folder), **environment):
                at = 0
                for number in range(rounds + 1):
                    for kind, questions in kinds.items():
                        for question in questions:
                            at += 1
                            seconds = await timed(fake, PEOPLE[at % len(PEOPLE)], question)
                            if number:
                                found[kind].append(seconds)
    return found


def row(name: str, seconds: list[tuple[float, float, float]]) -> list[str]:
    """A line of the table: how many, then milliseconds."""
    told = [name, str(len(seconds))]
    for column in zip(*seconds, strict=True):
        cuts = quantiles(column, n=20, method="inclusive")
        told += [f"{1000 * cuts[9]:.0f}", f"{1000 * cuts[18]:.0f}"]
    return told[:6] if seconds and all(a[1] == a[2] for a in seconds) else told


async def compare(index: Path, rounds: int) -> None:
    """Measure the bot and its peers, and print the table."""
    table = Table("milliseconds", "asked", "sign p50", "p95", "words p50", "p95", "all p50", "p95")
    code = "import sys; from bot.cli import main; sys.exit(main(['bot']))"
    ours = await measured(
        [sys.executable, "-c", code], rounds, QUESTIONS, THIDUA_INDEX=str(index.resolve()),
        THIDUA_ADMINISTRATORS=",".join(map(str, PEOPLE)),
    )  # fmt: skip
    for kind, seconds in ours.items():
        table.add_row(*row(f"thidua, {kind}", seconds))
    everything = [one for seconds in ours.values() for one in seconds]
    table.add_row(*row("thidua, all", everything), end_section=True)
    plain = {"echo": tuple(q for questions in QUESTIONS.values() for q in questions)}
    echo = await measured([sys.executable, "-c", ECHO], rounds, plain)
    table.add_row(*row("python-telegram-bot, echo", echo["echo"]))
    if GRAMMY.exists() and shutil.which("node"):
        echo = await measured(["node", "-e", GRAMMY_ECHO], rounds, plain, GRAMMY=str(GRAMMY))
        table.add_row(*row("grammY, echo", echo["echo"]))
    Console(width=110).print(table)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    asyncio.run(compare(options.index, options.rounds))


if __name__ == "__main__":
    main()
