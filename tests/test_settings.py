"""Settings: from the environment or .env, once, with a Vietnamese word for what is wrong."""

import datetime
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

import bot.settings
from bot.settings import SAMPLE, SettingsError, read_settings

TOKEN = "424242:AAFakeTokenForTestsOnly"

pytestmark = pytest.mark.usefixtures("no_settings")


def test_every_setting_but_the_token_has_a_default(no_settings):
    settings = read_settings()
    assert settings.token.get_secret_value() == ""
    assert settings.documents == SAMPLE
    assert settings.index == no_settings / "data" / "thidua" / "index.db"
    assert settings.journal == no_settings / "data" / "thidua" / "journal.db"
    assert settings.api_url == "https://api.telegram.org"
    assert settings.time_zone == "Asia/Ho_Chi_Minh"
    assert (SAMPLE / "regulations").is_dir()


def test_nobody_may_ask_until_somebody_is_named():
    settings = read_settings()
    assert settings.members == frozenset()
    assert settings.administrators == frozenset()


@pytest.mark.parametrize(
    "text, members",
    [
        ("*", None),
        (" * ", None),
        ("1, 2", {1, 2}),
        ("1,2,", {1, 2}),
        ("-100123", {-100123}),
        ("", set()),
    ],
)
def test_members_are_ids_or_everybody(monkeypatch, text, members):
    monkeypatch.setenv("THIDUA_MEMBERS", text)
    assert read_settings().members == members


def test_administrators_are_members_too(monkeypatch):
    monkeypatch.setenv("THIDUA_MEMBERS", "1")
    monkeypatch.setenv("THIDUA_ADMINISTRATORS", "7, 8")
    settings = read_settings()
    assert settings.members == {1, 7, 8}
    assert settings.administrators == {7, 8}


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("THIDUA_MEMBERS", "1, an", "“an” không phải mã số"),
        ("THIDUA_MEMBERS", "1 2", "“1 2” không phải mã số"),
        ("THIDUA_MEMBERS", "--5", "“--5” không phải mã số"),
        ("THIDUA_MEMBERS", "²", "“²” không phải mã số"),
        ("THIDUA_ADMINISTRATORS", "@an", "“@an” không phải mã số"),
        ("THIDUA_ADMINISTRATORS", "*", "“*” không phải mã số"),
        ("THIDUA_API_URL", "api.telegram.org", "http://"),
        ("THIDUA_TIME_ZONE", "Hà Nội", "múi giờ"),
        ("THIDUA_TIME_ZONE", "../etc", "múi giờ"),
        ("THIDUA_LOG_LEVEL", "ồn", "INFO"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_name(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert name in str(refused.value)
    assert said in str(refused.value)


def test_a_name_that_does_not_exist_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("THIDUA_TOKENN", TOKEN)
    with pytest.raises(SettingsError, match="THIDUA_TOKENN") as refused:
        read_settings()
    assert TOKEN not in str(refused.value)


def test_a_name_that_does_not_exist_in_env_file_is_refused_by_name(no_settings):
    (no_settings / ".env").write_text("THIDUA_MENBERS=1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="THIDUA_MENBERS"):
        read_settings()


def test_the_env_file_is_read_and_the_environment_goes_before_it(monkeypatch, no_settings):
    (no_settings / ".env").write_text(
        f"# bot của khối\nTHIDUA_TOKEN={TOKEN}\nTHIDUA_MEMBERS=1, 2\nTHIDUA_DOCUMENTS=tài liệu\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("THIDUA_MEMBERS", "*")
    settings = read_settings()
    assert settings.token.get_secret_value() == TOKEN
    assert settings.documents == Path("tài liệu")
    assert settings.members is None


def test_an_env_file_from_notepad_is_read(no_settings):
    (no_settings / ".env").write_text("THIDUA_MEMBERS=5\r\n", encoding="utf-8-sig")
    assert read_settings().members == {5}
    (no_settings / ".env").write_text("THIDUA_MEMBERS=5\n", encoding="utf-16")
    with pytest.raises(SettingsError, match="UTF-8"):
        read_settings()


def test_other_names_in_the_env_file_are_not_ours(no_settings):
    (no_settings / ".env").write_text("PATH_OF_ANOTHER=1\nTHIDUA_MEMBERS=5\n", encoding="utf-8")
    assert read_settings().members == {5}


def test_the_token_is_never_shown(monkeypatch):
    monkeypatch.setenv("THIDUA_TOKEN", TOKEN)
    settings = read_settings()
    assert settings.token.get_secret_value() == TOKEN
    for shown in (repr(settings), str(settings), settings.model_dump_json(),
                  json.dumps(settings.model_dump(mode="json"))):  # fmt: skip
        assert TOKEN not in shown


def test_the_token_is_not_shown_when_another_setting_is_wrong(monkeypatch):
    monkeypatch.setenv("THIDUA_TOKEN", TOKEN)
    monkeypatch.setenv("THIDUA_MEMBERS", "an")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert TOKEN not in str(refused.value)
    assert TOKEN not in str(refused.value.__cause__)


def test_settings_do_not_change_after_they_are_read():
    with pytest.raises(ValidationError):
        read_settings().api_url = "http://x"


@pytest.mark.parametrize(
    "utc, day",
    [("2026-11-22T16:59:59", "2026-11-22"), ("2026-11-22T17:00:00", "2026-11-23")],
)
def test_today_is_the_day_where_the_office_is(monkeypatch, utc, day):
    now = datetime.datetime.fromisoformat(utc).replace(tzinfo=datetime.UTC)

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return now.astimezone(tz)

    monkeypatch.setattr(bot.settings.datetime, "datetime", Clock)
    assert read_settings().today() == datetime.date.fromisoformat(day)
