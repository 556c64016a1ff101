"""A strict Bot API server on the loopback, for tests: it refuses what Telegram refuses.

A real bot process connects to `fake.base_url` with `fake.token`; the test plays the people:

    async with FakeTelegram() as fake:
        an = fake.user(7, "An")
        ...start a bot with fake.base_url and fake.token...
        await fake.say(an, "Thời hạn nộp hồ sơ?")
        (answer,) = await fake.wait(1, chat_id=an)
        await fake.press(answer, "vote:up")

Real Telegram is lenient in places where a bot is plainly wrong: it ignores unknown parameters,
drops formatting inside <code> and shows an unknown entity as it stands. Those calls succeed here
too, and each leaves a line in `fake.faults`: a test of a bot ends with `assert not fake.faults`.

Wording and rules follow the Bot API documentation and the behaviour of the published server.
Times are `time.monotonic()` seconds. Nothing leaves 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

Json = dict[str, Any]

TEXT_LIMIT = 4096  # UTF-16 units, counted after the markup is parsed
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100  # Telegram shows no formatting past the hundredth entity
BUTTON_LIMIT = 100
DEEP_LINK = r"[\w-]{1,64}"  # what may follow ?start=
POLL_LIMIT = 50  # seconds, the longest long poll


class ApiError(Exception):
    """What the server answers instead of a result: HTTP status, description, parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


# --- text -----------------------------------------------------------------------------------


def units(text: str) -> int:
    """Length in UTF-16 code units, the unit of every offset and limit of Telegram."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]{1,6})|#(?P<dec>\d{1,7})|(?P<name>[a-zA-Z]+));?")


def _reference(match: re.Match[str]) -> str | None:
    """The character of `&lt;` or `&#225;`; None where Telegram leaves the text as it stands."""
    if match["name"]:
        return NAMED.get(match["name"])
    code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
    return chr(code) if 0 < code < 0x10FFFF else None


def parse_html(source: str) -> tuple[str, list[Json], list[str]]:
    """Telegram's HTML -> (visible text, entities, what Telegram silently drops).

    Raises ApiError 400 "can't parse entities: …", with the byte offset in the source.
    """

    def broken(what: str, at: int | None = None) -> ApiError:
        where = "" if at is None else f" at byte offset {len(source[:at].encode())}"
        return bad(f"can't parse entities: {what.replace(' @', where, 1)}")

    visible: list[str] = []
    length = 0  # of `visible`, in UTF-16 units
    stack: list[tuple[str, str, int, int]] = []  # tag, argument, offset, index into `visible`
    entities: list[Json] = []
    dropped: list[str] = []
    pos = 0
    while pos < len(source):
        char = source[pos]
        if char == "&":
            match = REFERENCE.match(source, pos)
            decoded = match and _reference(match)
            if match and decoded:
                visible.append(decoded)
                length += units(decoded)
                pos = match.end()
                continue
            dropped.append(f"bare or unknown entity {source[pos : pos + 8]!r} shown as it stands")
        if char != "<":
            visible.append(char)
            length += units(char)
            pos += 1
            continue

        begin = pos
        if source.startswith("</", pos):
            if not stack:
                raise broken("Unexpected end tag @", begin)
            end = re.compile(r"</([^\s>]*)\s*").match(source, pos)
            assert end is not None
            name, pos = end[1].lower(), end.end()
            if not source.startswith(">", pos):
                raise broken("Unclosed end tag @", begin)
            pos += 1
            tag, argument, offset, index = stack.pop()
            if name and name != tag:
                raise broken(f'Unmatched end tag @, expected "</{tag}>", found "</{name}>"', begin)
            if length > offset:
                entity = {"type": TAGS[tag], "offset": offset, "length": length - offset}
                inner = "".join(visible[index:])
                _close(entity, tag, argument, inner, entities, dropped)
            continue

        start = re.compile(r"<([^\s>]*)").match(source, pos)
        assert start is not None
        tag, pos = start[1].lower(), start.end()
        if pos == len(source):
            raise broken("Unclosed start tag @", begin)
        if tag not in TAGS:
            raise broken(f'Unsupported start tag "{tag}" @', begin)
        argument = ""
        while True:
            pos = re.compile(r"\s*").match(source, pos).end()  # type: ignore[union-attr]
            if pos == len(source):
                raise broken("Unclosed start tag @", begin)
            if source[pos] == ">":
                pos += 1
                break
            attribute = re.compile(r"([^\s=>]*)\s*(=\s*)?").match(source, pos)
            assert attribute is not None
            if not attribute[1]:
                raise broken(f'Empty attribute name in the tag "{tag}" @', begin)
            pos, value = attribute.end(), ""
            if attribute[2] is not None:
                if pos == len(source):
                    raise broken(f'Unclosed start tag "{tag}" @', begin)
                if source[pos] in "'\"":
                    close = source.find(source[pos], pos + 1)
                    if close < 0:
                        raise broken("Unclosed start tag @", begin)
                    raw, pos = source[pos + 1 : close], close + 1
                    value = REFERENCE.sub(lambda m: _reference(m) or m[0], raw)
                else:
                    token = re.compile(r"[A-Za-z0-9.-]*").match(source, pos)
                    assert token is not None
                    if token.end() < len(source) and not re.match(r"[\s>]", source[token.end()]):
                        raise broken("Unexpected end of name token @", pos)
                    value, pos = token[0].lower(), token.end()
            known = {
                ("a", "href"): value,
                ("code", "class"): value.removeprefix("language-"),
                ("span", "class"): value,
                ("tg-emoji", "emoji-id"): value,
                ("blockquote", "expandable"): "expandable",
            }.get((tag, attribute[1]))
            if known is None:
                dropped.append(f'attribute "{attribute[1]}" of <{tag}> ignored')
            argument = argument if known is None else known
        if tag == "span" and argument != "tg-spoiler":
            raise broken('Tag "span" must have class "tg-spoiler" @', begin)
        stack.append((tag, argument, length, len(visible)))
    if stack:
        raise broken(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    text = "".join(visible)
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise broken(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    for outer in entities:
        ends = outer["offset"] + outer["length"]
        if outer["type"] in ("code", "pre") and any(
            e is not outer and outer["offset"] <= e["offset"] and e["offset"] + e["length"] <= ends
            for e in entities
        ):
            dropped.append(f"formatting inside <{outer['type']}> dropped")
    return text, entities, dropped


def _close(
    entity: Json, tag: str, argument: str, inner: str, entities: list[Json], dropped: list[str]
) -> None:
    """Add the entity of a tag just closed, as far as Telegram shows it."""
    if tag == "a":
        url = _http_url(argument or inner)
        if not url:
            dropped.append(f"link to {argument or inner!r} dropped")
            return
        entity["url"] = url
    elif tag == "tg-emoji":
        if not argument.isdigit():
            raise bad("can't parse entities: Invalid custom emoji identifier specified")
        entity["custom_emoji_id"] = argument
    elif tag == "blockquote" and argument == "expandable":
        entity["type"] = "expandable_blockquote"
    elif tag == "pre" and entities and entities[-1].get("_language"):
        inside = entities[-1]
        if (inside["offset"], inside["length"]) == (entity["offset"], entity["length"]):
            entities.pop()
            entity["language"] = inside["_language"]
    elif tag == "code" and argument:
        # Only <pre> around it makes it a programme text; the mark goes with the message's JSON.
        entity["_language"] = argument
    entities.append(entity)


def _http_url(text: str) -> str:
    """A link as Telegram keeps it, "" if it would not be one."""
    if text.startswith(("tg://", "ton://", "mailto:", "tel:")):
        return text
    url = text if "://" in text else f"http://{text}"
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https", "ftp") or "." not in host.strip(".") or " " in url:
        return ""
    return url if parts.path else f"{url}/"


def tidy(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """The text as it is shown: no control characters, no blanks at its ends."""
    text = "".join(" " if c < " " and c != "\n" else c for c in text.replace("\r", ""))
    stripped = text.strip()
    shift = units(text[: len(text) - len(text.lstrip())])
    size = units(stripped)
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, size)
        if end > begin:
            shown = {k: v for k, v in entity.items() if not k.startswith("_")}
            kept.append({**shown, "offset": begin, "length": end - begin})
    return stripped, kept


def typed(text: str) -> list[Json]:
    """The entities that Telegram's servers find in what a person types."""
    found = []
    for kind, pattern in (
        ("bot_command", r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])"),
        ("mention", r"(?<!\w)@[a-zA-Z0-9_]{2,32}(?!\w)"),
        ("url", r"https?://[^\s]+"),
    ):
        for match in re.finditer(pattern, text):
            span = {"offset": units(text[: match.start()]), "length": units(match[0])}
            found.append({"type": kind, **span})
    inside = [e for e in found if e["type"] != "mention"]
    found = [
        e
        for e in found
        if e["type"] != "mention"
        or not any(o["offset"] <= e["offset"] < o["offset"] + o["length"] for o in inside)
    ]
    return sorted(found, key=lambda e: e["offset"])


# --- what is recorded -------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """One message that the bot sent or edited, as its reader sees it."""

    method: str
    chat_id: int
    message_id: int
    text: str
    entities: tuple[Json, ...]
    reply_markup: Json | None
    payload: Json
    message: Json
    time: float

    @property
    def buttons(self) -> tuple[tuple[str, str], ...]:
        """(label, callback data) of every inline button, row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return tuple((b["text"], b.get("callback_data", "")) for row in rows for b in row)


@dataclass(frozen=True)
class Call:
    """One HTTP request to the server: what was asked, what came back (None: no answer)."""

    method: str
    payload: Json
    status: int | None
    result: Any
    description: str
    time: float


RECORD: list[Json] = []  # all that any fake of this process sent and took without a fault


def _recorded(value: Any) -> Any:
    """What goes into the record in place of a value: bytes are not kept."""
    if isinstance(value, Upload):
        return "file"
    if isinstance(value, dict):
        return {name: _recorded(one) for name, one in value.items()}
    return value


@dataclass
class Trouble:
    """A fault of the network or of Telegram, for the next `times` calls that match."""

    method: str
    times: int
    chat_id: int | None = None
    status: int | None = None
    description: str = ""
    drop: str = ""  # "before" or "after" the call takes effect
    delay: float = 0.0


@dataclass
class Chat:
    """A private chat or a supergroup: its JSON, who is in it, its message numbers."""

    json: Json
    topics: frozenset[int] = frozenset()
    blocked: bool = False
    moved_to: int = 0  # a group that became a supergroup
    started: bool = True  # a person who wrote to the bot in private
    administrators: frozenset[int] = frozenset()
    numbers: list[int] = field(default_factory=lambda: [0])


# --- parameters -------------------------------------------------------------------------------

# kinds: chat, int, bool, str, json (parsed), file. What is not named here is unknown to Telegram.
SENDING = {
    "business_connection_id": "str",
    "chat_id": "chat",
    "message_thread_id": "int",
    "direct_messages_topic_id": "int",
    "disable_notification": "bool",
    "protect_content": "bool",
    "allow_paid_broadcast": "bool",
    "message_effect_id": "str",
    "suggested_post_parameters": "json",
    "reply_parameters": "json",
    "reply_to_message_id": "int",
    "allow_sending_without_reply": "bool",
    "reply_markup": "json",
}
CAPTION = {
    "caption": "str",
    "parse_mode": "str",
    "caption_entities": "json",
    "show_caption_above_media": "bool",
}
EDITING = {
    "business_connection_id": "str",
    "chat_id": "chat",
    "message_id": "int",
    "inline_message_id": "str",
    "reply_markup": "json",
}
LANGUAGE = {"language_code": "str"}
PARAMETERS: dict[str, dict[str, str]] = {
    "getMe": {},
    "logOut": {},
    "close": {},
    "getUpdates": {
        "offset": "int",
        "limit": "int",
        "timeout": "int",
        "allowed_updates": "json",
    },
    "setWebhook": {
        "url": "str",
        "certificate": "file",
        "ip_address": "str",
        "max_connections": "int",
        "allowed_updates": "json",
        "drop_pending_updates": "bool",
        "secret_token": "str",
    },
    "deleteWebhook": {"drop_pending_updates": "bool"},
    "getWebhookInfo": {},
    "sendMessage": SENDING
    | {
        "text": "str",
        "parse_mode": "str",
        "entities": "json",
        "link_preview_options": "json",
        "disable_web_page_preview": "bool",
    },
    "sendPhoto": SENDING | CAPTION | {"photo": "file", "has_spoiler": "bool"},
    "sendDocument": SENDING
    | CAPTION
    | {"document": "file", "thumbnail": "file", "disable_content_type_detection": "bool"},
    "sendChatAction": {
        "business_connection_id": "str",
        "chat_id": "chat",
        "message_thread_id": "int",
        "action": "str",
    },
    "editMessageText": EDITING
    | {
        "text": "str",
        "parse_mode": "str",
        "entities": "json",
        "link_preview_options": "json",
        "disable_web_page_preview": "bool",
    },
    "editMessageReplyMarkup": EDITING,
    "deleteMessage": {"chat_id": "chat", "message_id": "int"},
    "answerCallbackQuery": {
        "callback_query_id": "str",
        "text": "str",
        "show_alert": "bool",
        "url": "str",
        "cache_time": "int",
    },
    "answerInlineQuery": {
        "inline_query_id": "str",
        "results": "json",
        "cache_time": "int",
        "is_personal": "bool",
        "next_offset": "str",
        "button": "json",
    },
    "setMyCommands": LANGUAGE | {"commands": "json", "scope": "json"},
    "getMyCommands": LANGUAGE | {"scope": "json"},
    "deleteMyCommands": LANGUAGE | {"scope": "json"},
    "setMyDescription": LANGUAGE | {"description": "str"},
    "setMyShortDescription": LANGUAGE | {"short_description": "str"},
    "getFile": {"file_id": "str"},
    "getChatMember": {"chat_id": "chat", "user_id": "int"},
}
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
UPDATES = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "message_reaction",
        "message_reaction_count",
        "chat_boost",
        "removed_chat_boost",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "purchased_paid_media",
    }
)
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
BUTTON_KINDS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
REPLY_FIELDS = frozenset(
    {
        "message_id",
        "chat_id",
        "allow_sending_without_reply",
        "quote",
        "quote_parse_mode",
        "quote_entities",
        "quote_position",
        "checklist_task_id",
    }
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _snake(method: str) -> str:
    return "_" + re.sub(r"[A-Z]", lambda m: f"_{m[0].lower()}", method)


@dataclass(frozen=True)
class Upload:
    """A file part of a multipart request."""

    name: str
    data: bytes


# --- the server -------------------------------------------------------------------------------


class FakeTelegram:
    """The server and the people who write to the bot. See the module's docstring.

    `sent` holds the messages that the bot sent or edited, `calls` every request but getUpdates,
    `faults` what a bot should not do though Telegram lets it pass, `notices` the texts shown by
    answerCallbackQuery.
    """

    def __init__(self, token: str = "424242:AAFakeTokenForTestsOnly-0123456789abcdef") -> None:
        self.token = token
        self.bot = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "Thi đua",
            "username": "thidua_test_bot",
        }
        self.base_url = ""
        self.sent: list[Sent] = []
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.notices: list[str] = []
        self.polls = 0  # getUpdates requests so far
        self._chats: dict[int, Chat] = {}
        self._users: dict[int, Json] = {}
        self._private_numbers = [0]
        self._messages: dict[tuple[int, int], Json] = {}
        self._files: dict[str, Upload] = {}
        self._callbacks: dict[str, bool] = {}  # id -> answered
        self._inline: set[str] = set()
        self._commands: dict[str, list[Json]] = {}
        self._queue: list[Json] = []
        self._next_update = 700_000_001
        self._allowed = UPDATES - NOT_BY_DEFAULT
        self._webhook = ""
        self._poller: asyncio.Future[None] | None = None
        self._troubles: list[Trouble] = []
        self._floods: dict[int | None, tuple[float, float]] = {}  # chat -> seconds, until
        self._seen: set[int] = set()
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> FakeTelegram:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen on a free port of the loopback; the same port again after `stop`."""
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        # A poller that hangs up must be noticed, as Telegram notices it.
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.2
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        server = site._server
        assert isinstance(server, asyncio.Server)
        self._port = server.sockets[0].getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Stop listening: Telegram out of reach. Everything recorded stays."""
        if self._poller and not self._poller.done():
            self._poller.cancel()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    # -- what a test sets up

    def user(self, id: int, name: str = "An", *, username: str = "", started: bool = True) -> int:
        """A person, who has started a private chat with the bot or not; returns the chat's id."""
        user: Json = {"id": id, "is_bot": False, "first_name": name, "language_code": "vi"}
        chat: Json = {"id": id, "type": "private", "first_name": name}
        if username:
            user["username"] = chat["username"] = username
        self._users[id] = user
        self._chats[id] = Chat(chat, started=started, numbers=self._private_numbers)
        return id

    def group(
        self,
        id: int,
        title: str = "Khối thi đua",
        *,
        topics: tuple[int, ...] = (),
        administrators: tuple[int, ...] = (),
    ) -> int:
        """A supergroup with the bot in it (ids are negative); `topics` makes it a forum. Whoever is
        known is in it."""
        json: Json = {"id": id, "type": "supergroup", "title": title}
        if topics:
            json["is_forum"] = True
        self._chats[id] = Chat(json, frozenset(topics), administrators=frozenset(administrators))
        return id

    async def upgrade(self, id: int, new: int, *, said: bool = True) -> int:
        """A group becomes a supergroup of another number; both are told of it unless not `said`."""
        old = self._chats[id]
        self.group(new, old.json["title"], administrators=tuple(old.administrators))
        old.json["type"], old.moved_to = "group", new
        if said:
            await self._push("message", self._new_message(old) | {"migrate_to_chat_id": new})
            moved = self._new_message(self._chats[new])
            await self._push("message", moved | {"migrate_from_chat_id": id})
        return new

    def block(self, chat_id: int, blocked: bool = True) -> None:
        """The person blocks the bot (or the group removes it): 403 from now on."""
        self._chats[chat_id].blocked = blocked

    def flood(self, seconds: float, chat_id: int | None = None) -> None:
        """From its next message on, the bot is refused with 429 for so many seconds."""
        self._floods[chat_id] = (seconds, 0.0)

    def trouble(
        self,
        method: str,
        *,
        times: int = 1,
        chat_id: int | None = None,
        status: int | None = None,
        description: str = "",
        drop: str = "",
        delay: float = 0.0,
    ) -> None:
        """The next `times` calls of a method fail: HTTP `status` (500, 502, 400, …) with its
        description, the connection dropped "before" or "after" the call took effect, or an answer
        late by `delay` seconds.
        """
        assert drop in ("", "before", "after") and (status or drop or delay)
        self._troubles.append(Trouble(method, times, chat_id, status, description, drop, delay))

    # -- what people do

    async def say(
        self,
        chat_id: int,
        text: str = "",
        *,
        user: int | None = None,
        thread: int | None = None,
        reply_to: Sent | Json | None = None,
        **content: Any,
    ) -> Json:
        """A person writes; `user` is needed in groups. Other content (`sticker=…`, `photo=…`,
        `caption=…`) goes into the message as given. Returns the message as the bot gets it.
        """
        chat = self._chats[chat_id]
        message: Json = self._new_message(chat) | {
            "from": self._users[chat_id if user is None else user],
        }
        if thread is not None:
            assert thread in chat.topics, f"no topic {thread} in chat {chat_id}"
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            quoted = reply_to.message if isinstance(reply_to, Sent) else reply_to
            message["reply_to_message"] = {
                k: v for k, v in quoted.items() if k != "reply_to_message"
            }
        if text:
            message["text"] = text
            if entities := typed(text):
                message["entities"] = entities
        message |= content
        self._messages[chat_id, message["message_id"]] = message
        await self._push("message", message)
        return message

    async def give(self, chat_id: int, name: str, data: bytes, **content: Any) -> Json:
        """A person sends a file; the bot may ask for its bytes."""
        file_id = f"given{len(self._files) + 1}"
        self._files[file_id] = Upload(name, data)
        document = {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_name": name,
            "file_size": len(data),
        }
        return await self.say(chat_id, document=document | content)

    async def edited(self, message: Json, text: str) -> Json:
        """A person edits what they wrote."""
        changed = message | {"text": text, "edit_date": int(time.time())}
        changed.pop("entities", None)
        if entities := typed(text):
            changed["entities"] = entities
        self._messages[message["chat"]["id"], message["message_id"]] = changed
        await self._push("edited_message", changed)
        return changed

    async def press(self, message: Sent, data: str, *, user: int | None = None) -> str:
        """A person presses the inline button with this data; it must stand under the message."""
        current = self._messages[message.chat_id, message.message_id]
        rows = current.get("reply_markup", {}).get("inline_keyboard", [])
        shown = [b.get("callback_data") for row in rows for b in row]
        assert data in shown, f"no button {data!r} under message {message.message_id}: {shown}"
        return await self.forge(message, data, user=user)

    async def forge(self, message: Sent, data: str, *, user: int | None = None) -> str:
        """A changed client sends any data it likes, as if it were that of a button."""
        current = self._messages[message.chat_id, message.message_id]
        query = f"{len(self._callbacks) + 1}7700"
        self._callbacks[query] = False
        await self._push(
            "callback_query",
            {
                "id": query,
                "from": self._users[message.chat_id if user is None else user],
                "message": current,
                "chat_instance": str(abs(message.chat_id) * 31),
                "data": data,
            },
        )
        return query

    async def ask_inline(self, user: int, query: str) -> str:
        """A person types @bot and a query in some chat."""
        number = f"{len(self._inline) + 1}8800"
        self._inline.add(number)
        body = {"id": number, "from": self._users[user], "query": query, "offset": ""}
        await self._push("inline_query", body)
        return number

    # -- what a test waits for

    async def wait(
        self, n: int = 1, *, chat_id: int | None = None, timeout: float = 30.0
    ) -> tuple[Sent, ...]:
        """The next `n` messages (of that chat) that no `wait` has given yet.

        Raises AssertionError after `timeout` seconds, with what did come.
        """

        def fresh() -> list[int]:
            return [
                i
                for i, s in enumerate(self.sent)
                if i not in self._seen and chat_id in (None, s.chat_id)
            ]

        await self.until(
            lambda: len(fresh()) >= n,
            timeout,
            lambda: f"{len(fresh())} of {n} messages: {[self.sent[i].text for i in fresh()]}",
        )
        indexes = fresh()[:n]
        self._seen.update(indexes)
        return tuple(self.sent[i] for i in indexes)

    async def called(self, method: str, n: int = 1, *, timeout: float = 30.0) -> tuple[Call, ...]:
        """Every call of a method so far, once there are `n`; AssertionError after `timeout` s."""

        def calls() -> list[Call]:
            return [c for c in self.calls if c.method == method]

        await self.until(
            lambda: len(calls()) >= n, timeout, lambda: f"{len(calls())} of {n} calls of {method}"
        )
        return tuple(calls())

    async def drained(self, *, timeout: float = 30.0) -> None:
        """Wait until the bot has confirmed every update."""
        await self.until(
            lambda: not self._queue, timeout, lambda: f"{len(self._queue)} updates not confirmed"
        )

    async def polled(self, n: int = 1, *, timeout: float = 30.0) -> None:
        """Wait until getUpdates was asked `n` times in all: the bot is up."""
        await self.until(lambda: self.polls >= n, timeout, lambda: f"{self.polls} of {n} polls")

    @property
    def waiting(self) -> int:
        """Updates that the bot has not confirmed."""
        return len(self._queue)

    @property
    def troubled(self) -> bool:
        """Whether every fault that was set up has begun."""
        return not self._troubles

    @property
    def polling(self) -> bool:
        """Whether a long poll is being held open now."""
        return self._poller is not None

    async def until(
        self,
        ready: Callable[[], bool],
        timeout: float = 30.0,
        state: Callable[[], str] = lambda: "not yet",
    ) -> None:
        """Wait until `ready()`, looked at after every request; AssertionError after `timeout` s."""
        try:
            async with asyncio.timeout(timeout), self._changed:
                await self._changed.wait_for(ready)
        except TimeoutError:
            raise AssertionError(f"after {timeout} s: {state()}; faults: {self.faults}") from None

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # -- requests

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        method = next((m for m in PARAMETERS if m.lower() == name.lower()), name)
        payload: Json = {}
        result: Any = None
        refusal: ApiError | None = None
        drop, faults = "", len(self.faults)
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            if method not in PARAMETERS:
                self.faults.append(f"{name}: unknown method")
                raise ApiError(404, "Not Found")
            raw = await self._read(request)
            payload = self._typed(method, raw)
            drop = await self._trouble(method, payload)
            if drop != "before":
                handler: Callable[[Json], Awaitable[Any]] = getattr(self, _snake(method))
                result = await handler(payload)
        except ApiError as error:
            refusal = error
        status = None if drop else refusal.code if refusal else 200
        if method != "getUpdates":
            what = refusal.description if refusal else ""
            self.calls.append(Call(method, payload, status, result, what, time.monotonic()))
        if status == 200 and method in PARAMETERS and len(self.faults) == faults:
            kept = {"payload": _recorded(payload), "result": result}
            RECORD.append(json.loads(json.dumps({"method": method, **kept})))
        await self._notify()
        if drop:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if refusal is None:
            return web.json_response({"ok": True, "result": result})
        body: Json = {
            "ok": False,
            "error_code": refusal.code,
            "description": refusal.description,
        }
        if refusal.parameters:
            body["parameters"] = refusal.parameters
        return web.json_response(body, status=refusal.code)

    async def _read(self, request: web.Request) -> dict[str, str | Upload]:
        """The parameters as Telegram's server holds them: strings and files."""
        values: dict[str, str | Upload] = dict(request.query)
        if request.content_type == "application/json":
            try:
                body = json.loads(await request.read() or b"{}")
            except ValueError:
                raise bad("can't parse JSON object") from None
            if not isinstance(body, dict):
                raise bad("object expected as a request body")
            for key, value in body.items():
                values[key] = value if isinstance(value, str) else json.dumps(value)
        elif request.can_read_body:
            for key, part in (await request.post()).items():
                if isinstance(part, web.FileField):
                    values[key] = Upload(part.filename, part.file.read())
                else:
                    values[key] = part if isinstance(part, str) else bytes(part).decode()
        return values

    def _typed(self, method: str, raw: dict[str, str | Upload]) -> Json:
        """Every value in the type of its parameter; a stranger is a fault of the bot."""
        payload: Json = {}
        attached = {
            value.removeprefix("attach://")
            for value in raw.values()
            if isinstance(value, str) and value.startswith("attach://")
        }
        for name, value in raw.items():
            kind = PARAMETERS[method].get(name)
            if kind is None:
                if name not in attached:
                    self.faults.append(f"{method}: unknown parameter {name}")
                continue
            if kind == "file":
                if isinstance(value, str) and value.startswith("attach://"):
                    value = raw.get(value.removeprefix("attach://"), "")
                payload[name] = value
                continue
            if not isinstance(value, str):
                self.faults.append(f"{method}: {name} is a file")
                raise bad(f'parameter "{name}" must not be a file')
            payload[name] = self._value(method, name, kind, value)
        return payload

    def _value(self, method: str, name: str, kind: str, value: str) -> Any:
        if kind == "str":
            return value
        if kind == "chat":
            return int(value) if re.fullmatch(r"-?\d+", value) else value
        if kind == "json":
            try:
                return json.loads(value)
            except ValueError:
                raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None
        if kind == "int" and re.fullmatch(r"-?\d+", value):
            return int(value)
        if kind == "bool" and value.lower() in ("true", "false", "1", "0"):
            return value.lower() in ("true", "1")
        # Telegram reads such a value as 0 or false; a bot that sends it is wrong all the same.
        self.faults.append(f"{method}: {name}={value!r} is no {kind}")
        raise bad(f'parameter "{name}" must be of type {kind}')

    async def _trouble(self, method: str, payload: Json) -> str:
        """Apply a fault that a test set up; returns when to drop the connection, if at all."""
        for trouble in self._troubles:
            if trouble.method != method or trouble.chat_id not in (None, payload.get("chat_id")):
                continue
            trouble.times -= 1
            if trouble.times == 0:
                self._troubles.remove(trouble)
            await asyncio.sleep(trouble.delay)
            if trouble.status:
                known = {500: "Internal Server Error", 502: "Bad Gateway"}
                raise ApiError(
                    trouble.status, trouble.description or known.get(trouble.status, "Error")
                )
            return trouble.drop
        return ""

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return web.json_response({"ok": False, "error_code": 401}, status=401)
        found = self._files.get(request.match_info["path"].rsplit("/", 1)[-1])
        return web.Response(body=found.data) if found else web.Response(status=404)

    # -- checks shared by methods

    def _chat(self, payload: Json, *, flooding: bool = True) -> Chat:
        chat_id = payload.get("chat_id", "")
        if chat_id == "":
            raise bad("chat_id is empty")
        chat = self._chats.get(chat_id)
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.moved_to,
            )
        if chat.blocked:
            private = chat.json["type"] == "private"
            raise ApiError(
                403,
                "Forbidden: bot was blocked by the user"
                if private
                else "Forbidden: bot was kicked from the supergroup chat",
            )
        if not chat.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        if flooding:
            self._check_flood(chat_id)
        return chat

    def _check_flood(self, chat_id: int) -> None:
        now = time.monotonic()
        for key in (chat_id, None):
            if key not in self._floods:
                continue
            seconds, until = self._floods[key]
            if not until:
                until = now + seconds
                self._floods[key] = (seconds, until)
            elif now < until:
                self.faults.append(f"sent {until - now:.1f} s before the flood was over")
            if now < until:
                left = math.ceil(until - now)
                raise ApiError(429, f"Too Many Requests: retry after {left}", retry_after=left)
            del self._floods[key]

    def _thread(self, chat: Chat, payload: Json) -> Json:
        thread = payload.get("message_thread_id")
        if not thread:
            return {}
        if thread not in chat.topics:
            raise bad("message thread not found")
        return {"message_thread_id": thread, "is_topic_message": True}

    def _formatted(
        self, method: str, payload: Json, name: str, limit: int, long: str
    ) -> tuple[str, list[Json]]:
        """A text with its markup -> the text that is shown and its entities."""
        source = payload.get(name, "")
        mode = payload.get("parse_mode", "")
        entities = payload.get("entities" if name == "text" else "caption_entities") or []
        dropped: list[str] = []
        if mode.lower() == "html":
            source, entities, dropped = parse_html(source)
        elif mode.lower() in ("markdown", "markdownv2"):
            raise bad(f"unsupported parse_mode {mode!r} (this fake knows HTML only)")
        elif mode:
            raise bad("unsupported parse_mode")
        elif not isinstance(entities, list) or not all(
            isinstance(e, dict) and {"type", "offset", "length"} <= set(e) for e in entities
        ):
            raise bad("can't parse entities: expected an Array of MessageEntity")
        text, entities = tidy(source, entities)
        if units(text) > limit:
            raise bad(long)
        if len(entities) > ENTITY_LIMIT:
            dropped.append(f"{len(entities)} entities, those past {ENTITY_LIMIT} dropped")
        self.faults.extend(f"{method}: {what}" for what in dropped)
        return text, entities[:ENTITY_LIMIT]

    def _text(self, method: str, payload: Json) -> tuple[str, list[Json]]:
        if not payload.get("text"):
            raise bad("message text is empty")
        text, entities = self._formatted(method, payload, "text", TEXT_LIMIT, "message is too long")
        if not text:
            raise bad("text must be non-empty")
        return text, entities

    def _markup(self, method: str, payload: Json, *, inline_only: bool = False) -> Json | None:
        markup = payload.get("reply_markup")
        if markup is None:
            return None
        if not isinstance(markup, dict):
            raise bad("object expected as reply markup")
        if "inline_keyboard" not in markup:
            if inline_only and markup:
                raise bad("inline keyboard expected")
            known = {"keyboard", "remove_keyboard", "force_reply"} & set(markup)
            if markup and not known:
                self.faults.append(f"{method}: reply markup of no known kind: {sorted(markup)}")
            return None
        rows = markup["inline_keyboard"]
        if not isinstance(rows, list):
            raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
        total = 0
        for row in rows:
            if not isinstance(row, list):
                raise bad("can't parse inline keyboard markup JSON object: Array of Array expected")
            total += len(row)
            for button in row:
                self._button(method, button)
        if total > BUTTON_LIMIT:
            raise bad("reply markup is too long")
        return {"inline_keyboard": rows} if total else None

    def _button(self, method: str, button: Any) -> None:
        def refuse(what: str) -> ApiError:
            return bad(f"can't parse inline keyboard button: {what}")

        if not isinstance(button, dict):
            raise refuse("InlineKeyboardButton must be an Object")
        if "text" not in button:
            raise refuse('Can\'t find field "text"')
        if not isinstance(button["text"], str):
            raise refuse('Field "text" must be of type String')
        if not button["text"].strip():
            raise bad("inline keyboard button text must be non-empty")
        kinds = BUTTON_KINDS & set(button)
        if not kinds:
            raise refuse("Text buttons are unallowed in the inline keyboard")
        strangers = set(button) - BUTTON_KINDS - {"text", "style", "icon_custom_emoji_id"}
        if strangers or len(kinds) > 1:
            self.faults.append(f"{method}: inline button with {sorted(set(button))}")
        if "callback_data" in button:
            data = button["callback_data"]
            if not isinstance(data, str):
                raise refuse('Field "callback_data" must be of type String')
            if not 1 <= len(data.encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
        if "url" in button:
            if not (isinstance(button["url"], str) and _http_url(button["url"])):
                raise bad(
                    f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
                )
            payload = urlsplit(button["url"]).query.removeprefix("start=")
            if "t.me" in button["url"] and not re.fullmatch(DEEP_LINK, payload, re.ASCII):
                self.faults.append(f"{method}: a deep link with {payload!r} opens nothing")
        if "copy_text" in button:
            copied = button["copy_text"]
            if not isinstance(copied, dict) or not isinstance(copied.get("text"), str):
                raise refuse('Field "copy_text" must be an Object with a text')
            if not 1 <= units(copied["text"]) <= 256:
                raise bad("BUTTON_COPY_TEXT_INVALID")

    def _reply(self, chat: Chat, payload: Json) -> Json:
        reply = payload.get("reply_parameters")
        if reply is None and "reply_to_message_id" in payload:
            reply = {
                "message_id": payload["reply_to_message_id"],
                "allow_sending_without_reply": payload.get("allow_sending_without_reply", False),
            }
        if reply is None:
            return {}
        if not isinstance(reply, dict):
            raise bad("object expected as reply parameters")
        if strangers := set(reply) - REPLY_FIELDS:
            self.faults.append(f"reply_parameters: unknown fields {sorted(strangers)}")
        number = reply.get("message_id")
        if not isinstance(number, int) or isinstance(number, bool):
            raise bad('can\'t parse reply parameters: Field "message_id" must be of type Number')
        found = self._messages.get((reply.get("chat_id", chat.json["id"]), number))
        if found is None:
            if reply.get("allow_sending_without_reply"):
                return {}
            raise bad("message to be replied not found")
        return {"reply_to_message": {k: v for k, v in found.items() if k != "reply_to_message"}}

    def _new_message(self, chat: Chat) -> Json:
        chat.numbers[0] += 1
        return {"message_id": chat.numbers[0], "chat": chat.json, "date": int(time.time())}

    def _send(self, method: str, payload: Json, content: Callable[[], Json]) -> Json:
        """Check what every sending method shares, make the message and record it."""
        chat = self._chat(payload)
        made = content()
        markup = self._markup(method, payload)
        around = self._thread(chat, payload) | self._reply(chat, payload)
        message = self._new_message(chat) | {"from": self.bot} | around | made
        if markup:
            message["reply_markup"] = markup
        self._messages[chat.json["id"], message["message_id"]] = message
        self._record(method, payload, message)
        return message

    def _record(self, method: str, payload: Json, message: Json) -> None:
        in_text = "text" in message
        shown = message.get("text", message.get("caption", ""))
        self.sent.append(
            Sent(
                method,
                message["chat"]["id"],
                message["message_id"],
                shown,
                tuple(message.get("entities" if in_text else "caption_entities", ())),
                message.get("reply_markup"),
                payload,
                message,
                time.monotonic(),
            )
        )

    async def _push(self, kind: str, body: Json) -> None:
        if kind not in self._allowed:
            return
        self._queue.append({"update_id": self._next_update, kind: json.loads(json.dumps(body))})
        RECORD.append(json.loads(json.dumps({"update": self._queue[-1]})))
        self._next_update += 1
        if self._poller and not self._poller.done():
            self._poller.set_result(None)

    # -- methods, in the order of PARAMETERS

    async def _get_me(self, _: Json) -> Json:
        return self.bot | {
            "can_join_groups": True,
            "can_read_all_group_messages": True,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def _log_out(self, _: Json) -> bool:
        return True

    async def _close(self, _: Json) -> bool:
        return True

    def _allow(self, payload: Json) -> None:
        if "allowed_updates" not in payload:
            return
        names = payload["allowed_updates"]
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            raise bad('can\'t parse "allowed_updates": expected an Array of String')
        if strangers := set(names) - UPDATES:
            self.faults.append(f"allowed_updates: unknown kinds {sorted(strangers)}")
        self._allowed = frozenset(names) & UPDATES or UPDATES - NOT_BY_DEFAULT

    async def _get_updates(self, payload: Json) -> list[Json]:
        if self._webhook:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook "
                "to delete the webhook first",
            )
        self._allow(payload)
        self.polls += 1
        offset = payload.get("offset", 0)
        limit = payload.get("limit", 100)
        limit = limit if 1 <= limit <= 100 else 100
        timeout = min(max(payload.get("timeout", 0), 0), POLL_LIMIT)
        if offset > 0:
            self._queue = [u for u in self._queue if u["update_id"] >= offset]
        elif offset < 0:
            self._queue = self._queue[offset:]
        await self._notify()
        if not self._queue and timeout:
            # The newer poller wins; the older one is told of the conflict.
            if self._poller and not self._poller.done():
                self._poller.set_exception(
                    ApiError(
                        409,
                        "Conflict: terminated by other getUpdates request; make sure that only "
                        "one bot instance is running",
                    )
                )
            mine = self._poller = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout):
                    await mine
            except TimeoutError:
                pass
            finally:
                if self._poller is mine:
                    self._poller = None
        return self._queue[:limit]

    async def _set_webhook(self, payload: Json) -> bool:
        url = payload.get("url", "")
        if url and not url.startswith("https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self._allow(payload)
        self._webhook = url
        if payload.get("drop_pending_updates"):
            self._queue.clear()
        if url and self._poller and not self._poller.done():
            self._poller.set_exception(ApiError(409, "Conflict: terminated by setWebhook request"))
        return True

    async def _delete_webhook(self, payload: Json) -> bool:
        return await self._set_webhook({"url": "", **payload})

    async def _get_webhook_info(self, _: Json) -> Json:
        return {
            "url": self._webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue),
        }

    async def _send_message(self, payload: Json) -> Json:
        def content() -> Json:
            text, entities = self._text("sendMessage", payload)
            return {"text": text} | ({"entities": entities} if entities else {})

        return self._send("sendMessage", payload, content)

    def _caption(self, method: str, payload: Json) -> Json:
        if not payload.get("caption"):
            return {}
        text, entities = self._formatted(
            method, payload, "caption", CAPTION_LIMIT, "message caption is too long"
        )
        return {"caption": text} | ({"caption_entities": entities} if entities else {})

    def _file(self, payload: Json, name: str, limit: int) -> tuple[str, Upload]:
        value = payload.get(name)
        if not value:
            raise bad(f"there is no {name} in the request")
        if isinstance(value, str):
            if value not in self._files:
                raise bad("wrong file identifier/HTTP URL specified")
            return value, self._files[value]
        if not value.data:
            raise bad("file must be non-empty")
        if len(value.data) > limit:
            raise ApiError(413, "Request Entity Too Large")
        file_id = f"AgAC{len(self._files) + 1:08d}"
        self._files[file_id] = value
        return file_id, value

    async def _send_photo(self, payload: Json) -> Json:
        def content() -> Json:
            file_id, upload = self._file(payload, "photo", 10 * 2**20)
            width, height = _picture_size(upload.data)
            if width + height > 10_000 or max(width, height) > 20 * min(width, height):
                raise bad("PHOTO_INVALID_DIMENSIONS")
            size = {
                "file_id": file_id,
                "file_unique_id": f"u{file_id}",
                "width": width,
                "height": height,
                "file_size": len(upload.data),
            }
            return {"photo": [size]} | self._caption("sendPhoto", payload)

        return self._send("sendPhoto", payload, content)

    async def _send_document(self, payload: Json) -> Json:
        def content() -> Json:
            file_id, upload = self._file(payload, "document", 50 * 2**20)
            document = {
                "file_id": file_id,
                "file_unique_id": f"u{file_id}",
                "file_name": upload.name,
                "file_size": len(upload.data),
            }
            return {"document": document} | self._caption("sendDocument", payload)

        return self._send("sendDocument", payload, content)

    async def _send_chat_action(self, payload: Json) -> bool:
        chat = self._chat(payload, flooding=False)
        if payload.get("action") not in ACTIONS:
            raise bad("wrong parameter action in request")
        self._thread(chat, payload)
        return True

    def _editable(self, payload: Json) -> Json:
        if payload.get("inline_message_id"):
            raise bad("MESSAGE_ID_INVALID")
        chat = self._chat(payload)
        if "message_id" not in payload:
            raise bad("message identifier is not specified")
        message = self._messages.get((chat.json["id"], payload["message_id"]))
        if message is None:
            raise bad("message to edit not found")
        if message["from"]["id"] != self.bot["id"]:
            raise bad("message can't be edited")
        return message

    def _edit(self, method: str, payload: Json, message: Json, content: Json) -> Json:
        """Replace the text and its entities (an empty `content` keeps them) and the keyboard."""
        markup = self._markup(method, payload, inline_only=True)
        replaced = {"reply_markup", "edit_date"} | ({"text", "entities"} if content else set())
        edited = {k: v for k, v in message.items() if k not in replaced}
        edited |= content | ({"reply_markup": markup} if markup else {})
        if edited == {k: v for k, v in message.items() if k != "edit_date"}:
            raise bad(NOT_MODIFIED)
        edited["edit_date"] = int(time.time())
        self._messages[message["chat"]["id"], message["message_id"]] = edited
        self._record(method, payload, edited)
        return edited

    async def _edit_message_text(self, payload: Json) -> Json:
        message = self._editable(payload)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        text, entities = self._text("editMessageText", payload)
        content = {"text": text} | ({"entities": entities} if entities else {})
        return self._edit("editMessageText", payload, message, content)

    async def _edit_message_reply_markup(self, payload: Json) -> Json:
        return self._edit("editMessageReplyMarkup", payload, self._editable(payload), {})

    async def _delete_message(self, payload: Json) -> bool:
        chat = self._chat(payload)
        key = (chat.json["id"], payload.get("message_id", 0))
        if key not in self._messages:
            raise bad("message to delete not found")
        mine = self._messages[key]["from"]["id"] == self.bot["id"]
        if not mine and chat.json["type"] != "private":
            raise bad("message can't be deleted")
        del self._messages[key]
        return True

    async def _answer_callback_query(self, payload: Json) -> bool:
        query = payload.get("callback_query_id", "")
        if self._callbacks.get(query, True):
            raise bad("query is too old and response timeout expired or query ID is invalid")
        text = payload.get("text", "")
        if units(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self._callbacks[query] = True
        if text:
            self.notices.append(text)
        return True

    async def _answer_inline_query(self, payload: Json) -> bool:
        results = payload.get("results")
        if not isinstance(results, list):
            raise bad("can't parse inline query results JSON object: expected an Array")
        if len(results) > 50:
            raise bad("RESULTS_TOO_MUCH")
        for result in results:
            self._inline_result(result)
        if (button := payload.get("button")) is not None:
            if not isinstance(button, dict) or not button.get("text"):
                raise bad("can't parse inline query results button")
            if not re.fullmatch(DEEP_LINK, button.get("start_parameter", ""), re.ASCII):
                raise bad("START_PARAM_INVALID")
        if len({r["id"] for r in results}) != len(results):
            raise bad("RESULT_ID_DUPLICATE")
        if payload.get("inline_query_id") not in self._inline:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self._inline.discard(payload["inline_query_id"])
        return True

    def _inline_result(self, result: Any) -> None:
        if not isinstance(result, dict) or not {"type", "id"} <= set(result):
            raise bad('can\'t parse inline query result: Can\'t find field "type" or "id"')
        if not 1 <= len(str(result["id"]).encode()) <= 64:
            raise bad("RESULT_ID_INVALID")
        if result["type"] != "article":
            raise bad(f"unsupported inline query result {result['type']!r} (this fake: articles)")
        if not result.get("title"):
            raise bad("can't parse inline query result: Can't find field \"title\"")
        content = result.get("input_message_content")
        if not isinstance(content, dict) or not content.get("message_text"):
            raise bad("message text is empty")
        known = {"message_text", "parse_mode", "entities", "link_preview_options"}
        if strangers := set(content) - known:
            self.faults.append(f"answerInlineQuery: content with {sorted(strangers)}")
        self._text("answerInlineQuery", {**content, "text": content["message_text"]})
        self._markup("answerInlineQuery", result, inline_only=True)

    async def _get_chat_member(self, payload: Json) -> Json:
        chat = self._chat(payload, flooding=False)
        user = self._users.get(payload.get("user_id", 0))
        if user is None or chat.json["type"] == "private":
            raise bad("PARTICIPANT_ID_INVALID")
        if user["id"] not in chat.administrators:
            return {"status": "member", "user": user}
        rights = {
            name: False
            for name in (
                "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
                "can_manage_video_chats", "can_restrict_members", "can_promote_members",
                "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
                "can_delete_stories", "can_send_welcome_messages",
            )
        }  # fmt: skip
        return {"status": "administrator", "user": user, **rights}

    def _commands_key(self, payload: Json) -> str:
        scope = payload.get("scope", {"type": "default"})
        return f"{json.dumps(scope, sort_keys=True)} {payload.get('language_code', '')}"

    async def _set_my_commands(self, payload: Json) -> bool:
        commands = payload.get("commands")
        if not isinstance(commands, list):
            raise bad("can't parse commands: expected an Array of BotCommand")
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not isinstance(command, dict) or set(command) != {"command", "description"}:
                raise bad("can't parse BotCommand: expected command and description")
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command["command"])):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= units(str(command["description"])) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self._commands[self._commands_key(payload)] = commands
        return True

    async def _get_my_commands(self, payload: Json) -> list[Json]:
        return self._commands.get(self._commands_key(payload), [])

    async def _delete_my_commands(self, payload: Json) -> bool:
        self._commands.pop(self._commands_key(payload), None)
        return True

    async def _set_my_description(self, payload: Json) -> bool:
        if units(payload.get("description", "")) > 512:
            raise bad("BOT_DESCRIPTION_TOO_LONG")
        return True

    async def _set_my_short_description(self, payload: Json) -> bool:
        if units(payload.get("short_description", "")) > 120:
            raise bad("BOT_SHORT_DESCRIPTION_TOO_LONG")
        return True

    async def _get_file(self, payload: Json) -> Json:
        file_id = payload.get("file_id", "")
        if file_id not in self._files:
            raise bad("invalid file_id")
        upload = self._files[file_id]
        if len(upload.data) > 20 * 2**20:
            raise bad("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": len(upload.data),
            "file_path": f"documents/{file_id}",
        }


def _picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG; ApiError for anything that is no picture."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data.startswith(b"\xff\xd8"):
        at = 2
        while at + 9 < len(data) and data[at] == 0xFF:
            if data[at + 1] in (0xC0, 0xC1, 0xC2):
                height, width = struct.unpack(">HH", data[at + 5 : at + 9])
                return width, height
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    raise bad("IMAGE_PROCESS_FAILED")


@contextmanager
def in_thread() -> Iterator[tuple[FakeTelegram, Callable[[Awaitable[Any]], Any]]]:
    """A fake for tests that are not async: (fake, call), where `call(fake.say(…))` waits."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def call(waited: Awaitable[Any]) -> Any:
        async def inner() -> Any:
            return await waited

        return asyncio.run_coroutine_threadsafe(inner(), loop).result(60)

    fake = FakeTelegram()
    try:
        call(fake.start())
        yield fake, call
        call(fake.stop())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
