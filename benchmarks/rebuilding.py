"""Are people answered while the index is built anew? Times of answers, idle and during a build.

    python -m benchmarks.rebuilding INDEX FOLDER

Questions are asked of INDEX one after the other while the index of FOLDER is built from nothing: not at
all, by the process that the bot starts for it (``bot/telegram/intray.py``), and, as the peer, by a thread
of the same process, which is what a bot without that process would do.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bot import Assistant
from bot.cli import SAMPLE_QUESTIONS
from bot.telegram.intray import BUILD
from corpus import read
from index import Encoder, build

ROUNDS = 12  # times that the questions are asked


def times(assistant: Assistant, rounds: int = ROUNDS) -> list[float]:
    """Seconds of each answer."""
    taken = []
    for question in SAMPLE_QUESTIONS * rounds:
        began = time.perf_counter()
        assistant.ask(question)
        taken.append(time.perf_counter() - began)
    return taken


def row(name: str, taken: list[float]) -> str:
    """One line of the table."""
    p50, p95 = statistics.median(taken), sorted(taken)[int(0.95 * len(taken))]
    return f"| {name} | {1000 * p50:.0f} | {1000 * p95:.0f} | {1000 * max(taken):.0f} |"


def main(index: Path, folder: Path) -> None:
    """Print the table."""
    encoder = Encoder()
    encoder.load()
    assistant = Assistant(index, encoder)
    times(assistant, 1)  # warm
    print("| build | p50, ms | p95, ms | longest, ms |\n|---|---|---|---|", flush=True)
    print(row("none", times(assistant)), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        command = [*BUILD, str(folder), "--index", str(Path(scratch) / "process.db")]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        quiet = subprocess.DEVNULL
        builder = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
        time.sleep(15)  # past reading, into encoding
        taken = times(assistant)
        running = builder.poll() is None
        builder.kill()
        builder.wait()
        print(row("process of its own" + ("" if running else " (ended early)"), taken), flush=True)
        corpus = read(folder)
        target = Path(scratch) / "thread.db"
        thread = threading.Thread(target=build, args=(corpus, target, encoder), daemon=True)
        thread.start()
        time.sleep(5)
        print(row("thread of the bot", times(assistant)), flush=True)
        os._exit(0)  # the thread cannot be told to stop


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
