"""Watching: the loop's lag, health and metrics, one-line logs without secrets, limits, deployment."""

import asyncio
import configparser
import datetime
import json
import logging
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.journal import Journal
from bot.listener import Heard, Listener, ListenerError, Said
from bot.logs import OneLine, write_logs
from bot.settings import Settings, SettingsError, read_settings
from bot.telegram.intray import _environment
from bot.telegram.limits import Limits
from bot.vitals import Vitals
from bot.watchdog import Watchdog

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
TOKEN = "424242:AAFakeTokenForTestsOnly-0123456789abcdef"
SECRET = "a-secret-of-the-webhook"


# --- the loop -----------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_late_loop_is_measured_and_its_stack_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lags: list[float] = []
    watchdog = Watchdog(late=0.1, seen=lags.append)
    watchdog.start()

    def block_the_loop() -> None:
        time.sleep(0.5)

    while not lags:
        await asyncio.sleep(0.02)
    with caplog.at_level(logging.WARNING):
        block_the_loop()
        while watchdog.worst < 0.1:
            await asyncio.sleep(0.02)
    watchdog.stop()
    assert watchdog.worst >= 0.1 and max(lags) == watchdog.worst
    assert "The loop is late" in caplog.text and "block_the_loop" in caplog.text


# --- health and metrics -------------------------------------------------------------------------


@pytest.fixture
def vitals(tmp_path: Path) -> Vitals:
    Journal(tmp_path / "journal.db").close()
    return Vitals(tmp_path / "journal.db", lambda: 3, lambda: 0.02)


def test_metrics_count_and_name_nobody(vitals: Vitals) -> None:
    vitals.took(5)
    vitals.answered("answer", 120)
    vitals.answered("not_found", 40)
    vitals.set_aside()
    vitals.refused()
    told = vitals.metrics().decode()
    for line in (
        "thidua_updates_total 5.0", 'thidua_answers_total{kind="answer"} 1.0',
        "thidua_answer_seconds_count 2.0", 'thidua_answer_seconds_bucket{le="0.05"} 1.0',
        "thidua_failed_total 1.0", "thidua_refused_total 1.0", "thidua_waiting 3.0",
        "thidua_loop_lag_seconds 0.02",
    ):  # fmt: skip
        assert f"\n{line}\n" in told
    for name in ("thidua_journal_bytes", "thidua_disk_free_bytes", "process_resident_memory_bytes"):
        (value,) = re.findall(rf"^{name} (\S+)$", told, re.M)
        assert float(value) > 0


def test_health_says_what_is_wrong(vitals: Vitals, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vitals.health()["well"] is True
    vitals.trouble = "Ổ đĩa chứa nhật ký đã đầy."
    monkeypatch.setattr("bot.vitals.QUIET", -1.0)
    told = vitals.health()
    assert told["well"] is False and len(told["ills"]) == 2 and "đã đầy" in str(told["ills"])
    vitals.trouble = ""
    monkeypatch.setattr("bot.vitals.QUIET", 120.0)
    monkeypatch.setattr("bot.vitals.LEFT", 2**62)
    assert vitals.ills() == ["ổ đĩa chứa nhật ký sắp đầy"]


@pytest.mark.asyncio
async def test_the_listener_answers_its_paths_and_bounds_what_it_reads() -> None:
    async def length(request: Heard) -> Said:
        return Said(status=201, body=str(len(request.body)).encode())

    listener = Listener("127.0.0.1:0", [("POST", "/a", length)])
    await listener.start()

    def ask(path: str, body: bytes | None) -> tuple[int, bytes]:
        url = f"http://127.0.0.1:{listener.port}{path}"
        try:
            with urllib.request.urlopen(url, body, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, b""

    try:
        assert await asyncio.to_thread(ask, "/a", b"123") == (201, b"3")
        assert (await asyncio.to_thread(ask, "/a", None))[0] == 405
        assert (await asyncio.to_thread(ask, "/../etc/passwd", b""))[0] == 404
        assert (await asyncio.to_thread(ask, "/a", b"x" * (2**20 + 1)))[0] == 413
        with pytest.raises(ListenerError, match="chọn cổng khác"):
            await Listener(f"127.0.0.1:{listener.port}", []).start()
    finally:
        await listener.stop()


# --- logs ---------------------------------------------------------------------------------------


def logged(*, as_json: bool, message: str, error: Exception | None = None) -> str:
    record = logging.LogRecord("bot.x", logging.ERROR, "", 0, message, (), None)
    if error:
        try:
            raise error
        except Exception as raised:
            record.exc_info = (type(raised), raised, raised.__traceback__)
    return OneLine([TOKEN, SECRET], as_json=as_json).format(record)


@pytest.mark.parametrize("as_json", [False, True])
def test_each_record_is_one_line_without_secrets(as_json: bool) -> None:
    other = "987654321:BBanotherBotsTokenThatWeDoNotKnow_99"
    line = logged(
        as_json=as_json,
        message=f"POST /bot{TOKEN}/sendMessage\nINFO forged \x1b[31m\u202e {other}",
        error=ValueError(f"refused {SECRET} for https://api.telegram.org/bot{TOKEN}"),
    )
    assert "\n" not in line and "\x1b" not in line and "\u202e" not in line
    assert not any(secret in line for secret in (TOKEN, SECRET, other, "AAFake", "BBanother"))
    assert "ValueError" in line and "Traceback" in line
    if as_json:
        fields = json.loads(line)
        assert fields["level"] == "ERROR" and fields["from"] == "bot.x" and "trace" in fields


def test_what_http_logs_and_handlers_write_holds_no_token(capsys: pytest.CaptureFixture) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        write_logs("DEBUG", [TOKEN])
        logging.getLogger("httpx").info("HTTP Request: POST https://x/bot%s/getMe", TOKEN)
        logging.getLogger("telegram.ext").debug("Token: %s", TOKEN)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    said = capsys.readouterr().err
    assert "HTTP Request" not in said and TOKEN not in said and said.count("\n") == 1


def test_secrets_are_in_no_settings_and_no_error(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THIDUA_TOKEN", TOKEN)
    monkeypatch.setenv("THIDUA_WEBHOOK", "https://office.example/tg")
    with pytest.raises(SettingsError, match="THIDUA_WEBHOOK_SECRET"):
        read_settings()
    monkeypatch.setenv("THIDUA_WEBHOOK_SECRET", "short secret!")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert "short secret" not in str(refused.value)
    monkeypatch.setenv("THIDUA_WEBHOOK_SECRET", SECRET)
    settings = read_settings()
    assert settings.secrets == (TOKEN, SECRET)
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert TOKEN not in shown and SECRET not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [("WATCH", "9464"), ("WATCH", "127.0.0.1:port"), ("WEBHOOK", "http://plain.example"),
     ("LOG_FORMAT", "xml"), ("BACKUPS_KEPT", "0"), ("BUSY", "many")],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_named(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"THIDUA_{name}", value)
    with pytest.raises(SettingsError, match=f"THIDUA_{name}"):
        read_settings()


# --- what is read in a process of its own ---------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "status", "said"),
    [("bytearray(2**33)", 1, "MemoryError"), ("while True: pass", -signal.SIGXCPU, "")],
)
def test_the_process_that_reads_what_was_sent_is_confined(
    work: str, status: int, said: str
) -> None:
    code = f"from corpus import preview\npreview.SECONDS = 1\npreview.confine()\n{work}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == status and said in done.stderr


def test_the_process_that_reads_what_was_sent_knows_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("THIDUA_TOKEN", TOKEN)
    monkeypatch.setenv("THIDUA_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("THIDUA_DOCUMENTS", "/srv")
    told = _environment()
    assert told["THIDUA_DOCUMENTS"] == "/srv"
    assert not {TOKEN, SECRET} & set(told.values())


# --- limits -------------------------------------------------------------------------------------


def test_a_person_and_a_group_may_ask_so_much_a_minute() -> None:
    limits, second = Limits(3, 5), datetime.timedelta(seconds=1)
    assert [limits.refuses(1, 1, NOON + n * second) for n in range(5)] == [0, 0, 0, 3, 3]
    assert limits.refuses(1, 1, NOON + 61 * second) == 0
    asked = [limits.refuses(n, -9, NOON + second) for n in range(10, 17)]
    assert asked == [0] * 5 + [5] * 2
    assert limits.refuses(16, 16, NOON + second) == 0  # what the group refused does not count
    assert [limits.tells(1, NOON + n * second) for n in (0, 1, 59, 60)] == [
        True,
        False,
        False,
        True,
    ]


# --- deployment ---------------------------------------------------------------------------------


@pytest.fixture
def unit() -> Iterator[configparser.SectionProxy]:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(ROOT / "deploy" / "thidua.service", encoding="utf-8")
    yield parser["Service"]


def test_the_service_runs_as_nobody_in_particular_and_writes_to_its_own_folders(unit) -> None:
    assert unit["User"] not in ("", "root")
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"):
        assert unit[name] == "yes"
    assert unit["ProtectSystem"] == "strict" and unit["CapabilityBoundingSet"] == ""
    assert unit["Restart"] == "on-failure" and int(unit["TimeoutStopSec"]) > 30
    assert "THIDUA_TOKEN" not in (ROOT / "deploy" / "thidua.service").read_text(encoding="utf-8")


def test_the_container_is_non_root_probed_and_needs_no_writable_root() -> None:
    text = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    last = text[text.rindex("\nFROM ") :]
    user = re.search(r"^USER (\d+)$", last, re.M)
    assert user and int(user[1]) > 0
    assert "HEALTHCHECK" in last and "/health" in last and "--read-only" in text
    assert re.search(r"XDG_DATA_HOME=/data\b", last) and "VOLUME /data" in last
    assert "THIDUA_TOKEN" not in text
    watch = re.search(r"THIDUA_WATCH=(\S+)", last)
    assert watch and Settings(watch=watch[1]).watch in last
