"""One line for each thing that happens, as text or JSON, and no secret in any of them."""

import datetime
import json
import logging
import re
from collections.abc import Sequence

_TOKEN = re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{20,}")  # whatever bot's it is
_HIDDEN = "<secret>"


class OneLine(logging.Formatter):
    """A record in one line: what broke follows on the same line, and secrets are blotted out."""

    def __init__(self, secrets: Sequence[str], *, as_json: bool):
        super().__init__()
        self._secrets, self._as_json = tuple(s for s in secrets if s), as_json

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        message = record.getMessage()
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if self._as_json:
            fields = {
                "at": at.isoformat(timespec="milliseconds"),
                "level": record.levelname,
                "from": record.name,
                "message": self._clean(message),
            }
            if trace:
                fields["trace"] = self._clean(trace)
            return json.dumps(fields, ensure_ascii=False)
        lines = self._clean(f"{message}\n{trace}".strip()).splitlines()
        return f"{at:%Y-%m-%dT%H:%M:%SZ} {record.levelname} {record.name} " + " ⏎ ".join(lines)

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        text = _TOKEN.sub(_HIDDEN, text)
        # A question in a message must not draw lines of its own, nor turn the rest around.
        return re.sub(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "�", text)


def write_logs(level: str, secrets: Sequence[str], *, as_json: bool = False) -> None:
    """Write everything that is logged in this process to the error stream from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(secrets, as_json=as_json))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in ("httpx", "httpcore"):  # their lines hold URLs, and those hold the token
        logging.getLogger(name).setLevel(logging.WARNING)
