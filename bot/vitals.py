"""How the bot is: what a probe and Prometheus are told, in figures that name nobody."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

QUIET = 120.0  # seconds without word from Telegram after which the bot is not well
LEFT = 100 * 2**20  # bytes on the journal's disk below which the bot is not well


class Vitals:
    """Counts what happens and says how things stand. ``waiting`` and ``lag`` are asked when needed.
    Safe to use from several threads."""

    def __init__(self, journal: Path, waiting: Callable[[], int], lag: Callable[[], float]):
        self._journal, self._waiting, self._lag = journal, waiting, lag
        self._heard = time.monotonic()
        self.stuck = 0  # threads whose questions were given up and that have not ended
        self.all_stuck = False  # no thread is left that could take the place of another such one
        self.trouble = ""  # what keeps the bot from taking updates; "" for nothing
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._taken = Counter("thidua_updates", "Updates taken from Telegram", registry=registry)
        self._answers = Counter("thidua_answers", "Answers given", ["kind"], registry=registry)
        self._failed = Counter("thidua_failed", "Updates that were set aside", registry=registry)
        self._refused = Counter("thidua_refused", "Questions over a limit", registry=registry)
        self._given_up = Counter(
            "thidua_given_up", "Questions that took too long", registry=registry
        )
        self._seconds = Histogram(
            "thidua_answer_seconds", "From a question's turn to its answer's words",
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30), registry=registry,
        )  # fmt: skip
        for name, about, read in (
            ("thidua_waiting", "Updates in line", lambda: float(waiting())),
            ("thidua_loop_lag_seconds", "Worst lag of the loop in a minute", lag),
            ("thidua_telegram_silence_seconds", "Since Telegram last answered", self._silence),
            (
                "thidua_stuck_threads",
                "Threads whose questions were given up",
                lambda: float(self.stuck),
            ),
            ("thidua_journal_bytes", "Size of the journal", lambda: float(size_of(journal))),
            ("thidua_disk_free_bytes", "Left on its disk", lambda: float(free_at(journal))),
        ):
            Gauge(name, about, registry=registry).set_function(read)

    def heard(self) -> None:
        """Telegram answered."""
        self._heard = time.monotonic()

    def took(self, updates: int) -> None:
        """Updates were taken."""
        self._taken.inc(updates)

    def answered(self, kind: str, milliseconds: int) -> None:
        """A question got its answer."""
        self._answers.labels(kind).inc()
        self._seconds.observe(milliseconds / 1000)

    def set_aside(self) -> None:
        """An update failed for good."""
        self._failed.inc()

    def refused(self) -> None:
        """A question was over a limit."""
        self._refused.inc()

    def gave_up(self) -> None:
        """A question took too long."""
        self._given_up.inc()

    def _silence(self) -> float:
        return time.monotonic() - self._heard

    def ills(self) -> list[str]:
        """What is wrong, in Vietnamese; [] when the bot is well."""
        found = []
        if self._silence() > QUIET:
            found.append(f"Telegram không trả lời {self._silence():.0f} giây")
        if self.trouble:
            found.append(self.trouble)
        if self.all_stuck:
            found.append(f"{self.stuck} luồng xử lý câu hỏi bị kẹt, cần khởi động lại bot")
        if free_at(self._journal) < LEFT:
            found.append("ổ đĩa chứa nhật ký sắp đầy")
        return found

    def health(self) -> dict[str, object]:
        """What the probe is told."""
        ills = self.ills()
        return {
            "well": not ills,
            "ills": ills,
            "waiting": self._waiting(),
            "lag": round(self._lag(), 3),
            "silence": round(self._silence(), 1),
        }

    def metrics(self) -> bytes:
        """What Prometheus reads."""
        return generate_latest(self._registry)


def size_of(journal: Path) -> int:
    """The bytes of a journal with its log; 0 where there is none."""
    files = (journal, journal.with_name(journal.name + "-wal"))
    return sum(os.stat(file).st_size for file in files if file.exists())


def free_at(path: Path) -> int:
    """The bytes left on the disk that holds a path."""
    folder = next((p for p in (path, *path.parents) if p.exists()), Path("/"))
    return shutil.disk_usage(folder).free
