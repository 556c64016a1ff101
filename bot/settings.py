"""Settings, read once from the environment and ``.env``, frozen, secrets hidden."""

import datetime
import logging
import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SAMPLE = Path(__file__).resolve().parent.parent / "corpus" / "documents"
_PREFIX = "THIDUA_"
_ENV_FILE = ".env"
_ENV_ENCODING = "utf-8-sig"  # Notepad puts a mark before the first name


class SettingsError(Exception):
    """A setting cannot be used. The message is Vietnamese and names it."""


def _data() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "thidua"


class Settings(BaseSettings):
    """Every setting, with its default; in the environment each is ``THIDUA_`` and its name.

    ``members`` and ``administrators`` are Telegram user ids divided by commas; ``members`` may be
    ``*`` for everybody. Nobody may ask until somebody is named.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=_ENV_FILE,
        env_file_encoding=_ENV_ENCODING,
        env_ignore_empty=True,  # "THIDUA_INDEX=" in a copied .env means the default
        frozen=True,
        extra="ignore",  # .env may serve other programs too; our own names are checked below
    )

    token: SecretStr = SecretStr("")
    api_url: str = "https://api.telegram.org"
    proxy: str = ""
    members_text: str = Field(default="", validation_alias=f"{_PREFIX}MEMBERS")
    administrators_text: str = Field(default="", validation_alias=f"{_PREFIX}ADMINISTRATORS")
    documents: Path = SAMPLE
    index: Path = Field(default_factory=lambda: _data() / "index.db")
    journal: Path = Field(default_factory=lambda: _data() / "journal.db")
    encoder: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    log_level: str = "INFO"
    log_format: str = "text"
    backups: Path = Field(default_factory=lambda: _data() / "backups")
    backups_kept: int = Field(default=14, ge=1)
    questions_kept: int = Field(default=90, ge=1)  # days
    audit_kept: int = Field(default=730, ge=1)  # days
    dropped_after: int = Field(default=24, ge=1)  # hours
    busy: int = Field(default=200, ge=1)  # questions
    per_person: int = Field(default=20, ge=1)  # questions a minute
    per_group: int = Field(default=60, ge=1)  # questions a minute
    inline_per_person: int = Field(default=60, ge=1)  # looked up inline a minute
    answer_seconds: int = Field(default=30, ge=1)  # from when it is begun
    watch: str = ""
    webhook: str = ""
    webhook_listen: str = "127.0.0.1:8443"
    webhook_secret: SecretStr = SecretStr("")

    @field_validator("members_text", "administrators_text")
    @classmethod
    def _ids(cls, text: str, info: ValidationInfo) -> str:
        if text.strip() != "*" or info.field_name != "members_text":
            for word in filter(None, map(str.strip, text.split(","))):
                if not re.fullmatch(r"-?[0-9]+", word):
                    raise ValueError(f"“{word}” không phải mã số người dùng Telegram")
        return text.strip()

    @field_validator("documents", "index", "journal", "backups")
    @classmethod
    def _path(cls, path: Path) -> Path:
        return path.expanduser()

    @field_validator("api_url")
    @classmethod
    def _url(cls, text: str) -> str:
        if not text.startswith(("http://", "https://")):
            raise ValueError("phải bắt đầu bằng http:// hoặc https://")
        return text.rstrip("/")

    @field_validator("log_format")
    @classmethod
    def _format(cls, name: str) -> str:
        if name not in ("text", "json"):
            raise ValueError("phải là text hoặc json")
        return name

    @field_validator("watch", "webhook_listen")
    @classmethod
    def _address(cls, text: str) -> str:
        if text and not re.fullmatch(r"(?:[\w.-]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}", text):
            raise ValueError("phải có dạng địa_chỉ:cổng, ví dụ 127.0.0.1:9464")
        return text

    @field_validator("webhook")
    @classmethod
    def _webhook(cls, text: str) -> str:
        if text and not re.fullmatch(r"https://[^/\s]+(?:/\S*)?", text):
            raise ValueError("phải là địa chỉ https:// mà Telegram gọi tới được")
        return text

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        text = secret.get_secret_value()
        if (text or info.data.get("webhook")) and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", text):
            raise ValueError("phải có 16 đến 256 chữ cái không dấu, chữ số, dấu _ hoặc -")
        return secret

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("không phải tên múi giờ, ví dụ Asia/Ho_Chi_Minh") from error
        return name

    @field_validator("log_level")
    @classmethod
    def _level(cls, name: str) -> str:
        if name.upper() not in logging.getLevelNamesMapping():
            raise ValueError("phải là DEBUG, INFO, WARNING hoặc ERROR")
        return name.upper()

    @property
    def members(self) -> frozenset[int] | None:
        """Who may ask; None is everybody. Administrators always may."""
        if self.members_text == "*":
            return None
        return _numbers(self.members_text) | self.administrators

    @property
    def administrators(self) -> frozenset[int]:
        """Who administers the bot."""
        return _numbers(self.administrators_text)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be seen nowhere."""
        both = (self.token.get_secret_value(), self.webhook_secret.get_secret_value())
        return tuple(filter(None, both))

    def today(self) -> datetime.date:
        """Today where the office is, whatever the server's clock is set to."""
        return datetime.datetime.now(ZoneInfo(self.time_zone)).date()


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(word) for word in map(str.strip, text.split(",")) if word)


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError naming the setting and what is wrong."""
    known = {
        str(field.validation_alias or f"{_PREFIX}{name}").upper()
        for name, field in Settings.model_fields.items()
    }
    try:
        in_file = dotenv_values(_ENV_FILE, encoding=_ENV_ENCODING)
    except UnicodeDecodeError as error:
        raise SettingsError("Tệp .env không phải UTF-8. Hãy lưu lại với mã UTF-8.") from error
    given = {name.upper() for name in (*os.environ, *in_file)}
    unknown = sorted(name for name in given - known if name.startswith(_PREFIX))
    if unknown:
        raise SettingsError(f"Không có cài đặt {', '.join(unknown)}. Xem tên đúng trong README.")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        name = name if name.startswith(_PREFIX) else f"{_PREFIX}{name}"
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"Cài đặt {name} không dùng được: {reason}.") from error
