"""Reads JSON lines of calls and updates, says which of them aiogram's models do not take.

It runs in an environment of its own (`make outsiders`), not in that of the tests.
"""

import json
import sys
from typing import Any

import aiogram.methods
from aiogram.types import Update
from pydantic import TypeAdapter, ValidationError

FILES = {"photo", "document", "thumbnail", "certificate"}


def extras(value: Any, path: str) -> list[str]:
    """The fields of a pydantic object, at any depth, that its models do not know."""
    if isinstance(value, list | tuple):
        return [e for i, item in enumerate(value) for e in extras(item, f"{path}[{i}]")]
    if not hasattr(type(value), "model_fields"):
        return []
    found = [f"{path}.{name} is unknown" for name in value.model_extra or ()]
    for name in type(value).model_fields:
        found += extras(getattr(value, name), f"{path}.{name}")
    return found


def faults(line: dict[str, Any]) -> list[str]:
    """What is wrong with one update, or with one call and its answer."""
    if "update" in line:
        return checked(TypeAdapter(Update), line["update"], "update")
    method = line["method"]
    model = getattr(aiogram.methods, method[0].upper() + method[1:], None)
    if model is None:
        return [f"{method} is unknown"]
    payload = {name: value for name, value in line["payload"].items() if name not in FILES}
    given = {name: "file" for name in FILES & line["payload"].keys()}
    found = checked(TypeAdapter(model), payload | given, method)
    return found + checked(TypeAdapter(model.__returning__), line["result"], f"{method}'s answer")


def checked(model: TypeAdapter[Any], value: Any, name: str) -> list[str]:
    try:
        return extras(model.validate_python(value), name)
    except ValidationError as error:
        return [f"{name}: {one['loc']} {one['msg']}" for one in error.errors()]


if __name__ == "__main__":
    lines = [json.loads(line) for line in sys.stdin]
    wrong = {fault for line in lines for fault in faults(line)}
    print("\n".join(sorted(wrong)))
    print(f"aiogram {aiogram.__version__} read {len(lines)} lines", file=sys.stderr)
    sys.exit(bool(wrong))
