"""The fake judged: it refuses what Telegram refuses, and speaks as Telegram speaks.

Driven with raw HTTP and with python-telegram-bot's Bot; tests/test_outsiders.py has grammY and aiogram
judge it. Wordings are those of the published Bot API server.
"""

import asyncio
import json
import time
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import telegram
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TimedOut

from fake_telegram import FakeTelegram, in_thread, parse_html, typed, units

AN, BINH, GROUP, TOPIC = 7, 8, -100200, 5
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x02\x00\x00\x00"
    + bytes(40)
)
pytestmark = pytest.mark.asyncio


class Client:
    """Raw HTTP: (status, answer) of one call."""

    def __init__(self, fake: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self.fake, self.session = fake, session

    async def __call__(self, method: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        url = f"{self.fake.base_url}/bot{self.fake.token}/{method}"
        async with self.session.post(url, json=fields) as answer:
            return answer.status, await answer.json()

    async def form(self, method: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        url = f"{self.fake.base_url}/bot{self.fake.token}/{method}"
        data = aiohttp.FormData()
        for name, value in fields.items():
            if isinstance(value, bytes):
                data.add_field(name, value, filename=f"{name}.png")
            else:
                data.add_field(name, value)
        async with self.session.post(url, data=data) as answer:
            return answer.status, await answer.json()

    async def refused(self, method: str, **fields: Any) -> str:
        """The description of a refusal, which has the same code inside and outside."""
        status, answer = await self(method, **fields)
        assert answer["ok"] is False and answer["error_code"] == status, answer
        return answer["description"]


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        fake.user(AN, "An")
        fake.user(BINH, "Bình")
        fake.group(GROUP, topics=(TOPIC,))
        yield fake


@pytest_asyncio.fixture
async def call(fake: FakeTelegram) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(fake, session)


@pytest_asyncio.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(fake.token, f"{fake.base_url}/bot", f"{fake.base_url}/file/bot") as bot:
        yield bot


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>Điều</b> 24", "Điều 24", [("bold", 0, 4)]),
        ("🏟<i>🏟</i>", "🏟🏟", [("italic", 2, 2)]),
        ("<strong>a</strong><EM>b</EM>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [("strikethrough", i, 1) for i in (0, 1, 2)],
        ),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ("<code>a</code><pre>b</pre>", "ab", [("code", 0, 1), ("pre", 1, 1)]),
        ('<pre><code class="language-py">a</code></pre>', "a", [("pre", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ('<a href="https://example.vn/?a=1&amp;b=2">a</a>', "a", [("text_link", 0, 1)]),
        ('<tg-emoji emoji-id="123">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b></b>a", "a", []),
        ("&lt;&gt;&amp;&quot;&#272;&#x110;", '<>&"ĐĐ', []),
    ],
)
async def test_markup_is_read(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    visible, found, dropped = parse_html(source)
    assert (visible, [(e["type"], e["offset"], e["length"]) for e in found]) == (text, entities)
    assert dropped == []


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("Đ <x>a</x>", 'Unsupported start tag "x" at byte offset 3'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("2 < 3", 'Unsupported start tag "" at byte offset 2'),
        ("điểm<90", "Unclosed start tag at byte offset 7"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a<i>b</b></i>", 'Unmatched end tag at byte offset 8, expected "</i>", found "</b>"'),
        ("<b>a</b  ", "Unclosed end tag at byte offset 4"),
        ('<span class="x">a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a href="x>a</a>', "Unclosed start tag at byte offset 0"),
        ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<tg-emoji>👍</tg-emoji>", "Invalid custom emoji identifier specified"),
        (
            "&#xD83D;",
            "Text contains invalid Unicode characters after decoding HTML entities, check for "
            "unmatched surrogate code units",
        ),
    ],
)
async def test_bad_markup_is_refused(call: Client, source: str, why: str) -> None:
    said = await call.refused("sendMessage", chat_id=AN, text=source, parse_mode="HTML")
    assert said == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("source", "text", "fault"),
    [
        ("a&nbsp;b", "a&nbsp;b", "unknown entity"),
        ("A & B", "A & B", "unknown entity"),
        ("<code><b>a</b></code>", "a", "formatting inside <code> dropped"),
        ('<a href="not a link">a</a>', "a", "dropped"),
        ('<b class="x">a</b>', "a", "ignored"),
        ("<b>a</b> " * 101, "a " * 100 + "a", "101 entities"),
    ],
)
async def test_what_telegram_drops_in_silence_is_a_fault(
    call: Client, source: str, text: str, fault: str
) -> None:
    status, _ = await call("sendMessage", chat_id=AN, text=source, parse_mode="HTML")
    assert status == 200 and call.fake.sent[0].text == text
    assert len(call.fake.faults) == 1 and fault in call.fake.faults[0]


async def test_lengths_are_counted_in_utf16_after_the_markup(call: Client) -> None:
    longest = "<b>" + "🏟" * 2048 + "</b>"
    assert (await call("sendMessage", chat_id=AN, text=longest, parse_mode="HTML"))[0] == 200
    assert call.fake.sent[0].text == "🏟" * 2048 and units(call.fake.sent[0].text) == 4096
    assert (
        await call.refused("sendMessage", chat_id=AN, text="🏟" * 2048 + "a")
        == "Bad Request: message is too long"
    )
    status, answer = await call.form("sendPhoto", chat_id=str(AN), photo=PNG, caption="ă" * 1025)
    assert (status, answer["description"]) == (400, "Bad Request: message caption is too long")
    assert (await call.form("sendPhoto", chat_id=str(AN), photo=PNG, caption="ă" * 1024))[0] == 200


async def test_a_text_must_have_something_in_it(call: Client) -> None:
    empty = "Bad Request: message text is empty"
    assert await call.refused("sendMessage", chat_id=AN) == empty
    assert await call.refused("sendMessage", chat_id=AN, text="") == empty
    for blank in (" \n ", "<b> </b>"):
        said = await call.refused("sendMessage", chat_id=AN, text=blank, parse_mode="HTML")
        assert said == "Bad Request: text must be non-empty"
    for mode in ("MarkdownV2", "Markdown", "BBCode"):
        said = await call.refused("sendMessage", chat_id=AN, text="a", parse_mode=mode)
        assert said.startswith("Bad Request: unsupported parse_mode")


async def test_the_reader_sees_no_blanks_at_the_ends(call: Client) -> None:
    await call("sendMessage", chat_id=AN, text=" \n a\x00\t<b>b</b> \n", parse_mode="HTML")
    (sent,) = call.fake.sent
    assert sent.text == "a  b"
    assert sent.entities == ({"type": "bold", "offset": 3, "length": 1},)


async def test_what_people_type_has_entities() -> None:
    text = "🏟 /hoi@thidua_test_bot @an_nguyen https://x.vn/@y 3/4 a@b.c"
    found = [(e["type"], e["offset"], e["length"]) for e in typed(text)]
    assert found == [("bot_command", 3, 20), ("mention", 24, 10), ("url", 35, 15)]


# --- requests -----------------------------------------------------------------------------------


async def test_tokens_and_methods(call: Client) -> None:
    url = f"{call.fake.base_url}/bot1:wrong/getMe"
    async with call.session.get(url) as answer:
        assert answer.status == 401
        assert await answer.json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }
    assert await call.refused("sendPigeon", chat_id=AN) == "Not Found"
    assert call.fake.faults == ["sendPigeon: unknown method"]
    status, answer = await call("getme")  # names are read without regard to case
    assert status == 200 and answer["result"]["username"] == call.fake.bot["username"]
    for method in ("logOut", "close"):
        assert (await call(method))[1]["result"] is True


async def test_parameters_have_names_and_types(call: Client) -> None:
    assert (await call("sendMessage", chat_id=AN, text="a", colour="red"))[0] == 200
    assert call.fake.faults == ["sendMessage: unknown parameter colour"]
    for field, value, kind in (
        ("message_thread_id", "five", "int"),
        ("disable_notification", "perhaps", "bool"),
    ):
        said = await call.refused("sendMessage", chat_id=AN, text="a", **{field: value})
        assert said == f'Bad Request: parameter "{field}" must be of type {kind}'
    status, answer = await call.form("sendMessage", chat_id=str(AN), text="a", reply_markup="{")
    assert (status, answer["description"]) == (
        400,
        "Bad Request: can't parse reply markup JSON object",
    )
    status, answer = await call.form("sendMessage", chat_id=str(AN), text=b"a")
    assert (status, answer["description"]) == (
        400,
        'Bad Request: parameter "text" must not be a file',
    )


async def test_chats_must_be_known_and_willing(call: Client) -> None:
    fake = call.fake
    assert await call.refused("sendMessage", text="a") == "Bad Request: chat_id is empty"
    for chat in (404, "@nobody", "seven"):
        for method in ("sendMessage", "sendChatAction"):
            said = await call.refused(
                method, chat_id=chat, **({"text": "a"} if method == "sendMessage" else {})
            )
            assert said == "Bad Request: chat not found"
    fake.block(AN)
    status, answer = await call("sendMessage", chat_id=AN, text="a")
    assert (status, answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    fake.block(GROUP)
    assert (await call("sendMessage", chat_id=GROUP, text="a"))[0] == 403
    fake.block(AN, False)
    assert (await call("sendMessage", chat_id=AN, text="a"))[0] == 200


async def test_chat_actions_and_topics_must_exist(call: Client) -> None:
    for action in ("dancing", ""):
        said = await call.refused("sendChatAction", chat_id=AN, action=action)
        assert said == "Bad Request: wrong parameter action in request"
    assert (await call("sendChatAction", chat_id=AN, action="typing"))[1]["result"] is True
    for chat, thread in ((AN, TOPIC), (GROUP, 6)):
        said = await call.refused("sendMessage", chat_id=chat, text="a", message_thread_id=thread)
        assert said == "Bad Request: message thread not found"
    assert (await call("sendMessage", chat_id=GROUP, text="a", message_thread_id=TOPIC))[0] == 200


async def test_a_reply_needs_its_message(call: Client) -> None:
    async def reply(**to: Any) -> tuple[int, dict[str, Any]]:
        return await call("sendMessage", chat_id=AN, text="a", reply_parameters=to)

    assert (await reply(message_id=999))[1]["description"] == (
        "Bad Request: message to be replied not found"
    )
    status, answer = await reply(message_id=999, allow_sending_without_reply=True)
    assert status == 200 and "reply_to_message" not in answer["result"]
    message = await call.fake.say(AN, "hỏi")
    _, answer = await reply(message_id=message["message_id"])
    assert answer["result"]["reply_to_message"]["text"] == "hỏi"
    assert (await reply(message_id="1"))[0] == 400
    assert (await reply(message_id=message["message_id"], shout=True))[0] == 200
    assert call.fake.faults == ["reply_parameters: unknown fields ['shout']"]


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ([[{"text": "a", "callback_data": "b" * 65}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": "đ" * 33}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": ""}]], "BUTTON_DATA_INVALID"),
        (
            [[{"text": "a", "callback_data": 7}]],
            'can\'t parse inline keyboard button: Field "callback_data" must be of type String',
        ),
        ([[{"text": " ", "callback_data": "b"}]], "inline keyboard button text must be non-empty"),
        (
            [[{"callback_data": "b"}]],
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            [[{"text": "a"}]],
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ([["a"]], "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        (
            [{"text": "a", "callback_data": "b"}],
            "can't parse inline keyboard markup JSON object: Array of Array expected",
        ),
        ("a", 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array'),
        (
            [[{"text": "a", "url": "nowhere"}]],
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        ([[{"text": "a", "callback_data": "b"}]] * 101, "reply markup is too long"),
    ],
)
async def test_bad_keyboards_are_refused(call: Client, markup: Any, why: str) -> None:
    keyboard = {"inline_keyboard": markup}
    said = await call.refused("sendMessage", chat_id=AN, text="a", reply_markup=keyboard)
    assert said == f"Bad Request: {why}"
    assert call.fake.sent == []


async def test_good_keyboards_are_shown(call: Client) -> None:
    rows = [
        [{"text": "a", "callback_data": "đ" * 32}, {"text": "b", "url": "https://x.vn"}],
        [{"text": "c", "callback_data": "c"}],
    ]
    await call("sendMessage", chat_id=AN, text="a", reply_markup={"inline_keyboard": rows})
    await call("sendMessage", chat_id=AN, text="a", reply_markup={"inline_keyboard": []})
    await call("sendMessage", chat_id=AN, text="a", reply_markup={"remove_keyboard": True})
    first, empty, removed = call.fake.sent
    assert first.buttons == (("a", "đ" * 32), ("b", ""), ("c", "c"))
    assert empty.reply_markup is None and removed.reply_markup is None
    assert call.fake.faults == []
    await call("sendMessage", chat_id=AN, text="a", reply_markup={"buttons": []})
    both = [[{"text": "a", "callback_data": "b", "url": "https://x.vn"}]]
    await call("sendMessage", chat_id=AN, text="a", reply_markup={"inline_keyboard": both})
    assert len(call.fake.faults) == 2


async def test_edits(call: Client) -> None:
    fake = call.fake
    hers = await fake.say(AN, "hỏi")
    _, answer = await call("sendMessage", chat_id=AN, text="<b>a</b>", parse_mode="HTML")
    number = answer["result"]["message_id"]

    async def edit(message_id: int, **fields: Any) -> str:
        return (await call("editMessageText", chat_id=AN, message_id=message_id, **fields))[1].get(
            "description", "ok"
        )

    unchanged = "Bad Request: message is not modified: specified new message content"
    assert (await edit(number, text="<i></i><b>a</b>", parse_mode="HTML")).startswith(unchanged)
    assert await edit(number, text="a") == "ok"  # the same words without their markup
    assert (await edit(number, text="a")).startswith(unchanged)
    assert await edit(number, text="") == "Bad Request: message text is empty"
    assert await edit(999, text="b") == "Bad Request: message to edit not found"
    assert await edit(hers["message_id"], text="b") == "Bad Request: message can't be edited"
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    fields = {"chat_id": AN, "message_id": number}
    status, _ = await call("editMessageReplyMarkup", **fields, reply_markup=keyboard)
    assert status == 200 and fake.sent[-1].buttons == (("a", "b"),)
    again = await call.refused("editMessageReplyMarkup", **fields, reply_markup=keyboard)
    assert again.startswith(unchanged)
    assert (await call("editMessageReplyMarkup", **fields))[0] == 200
    assert fake.sent[-1].reply_markup is None


async def test_deletions(call: Client) -> None:
    hers = await call.fake.say(GROUP, "hỏi", user=AN)
    _, answer = await call("sendMessage", chat_id=GROUP, text="a")
    mine = {"chat_id": GROUP, "message_id": answer["result"]["message_id"]}
    assert (await call("deleteMessage", **mine))[0] == 200
    assert await call.refused("deleteMessage", **mine) == "Bad Request: message to delete not found"
    said = await call.refused("deleteMessage", chat_id=GROUP, message_id=hers["message_id"])
    assert said == "Bad Request: message can't be deleted"


async def test_files(call: Client) -> None:
    chat = str(AN)
    status, answer = await call.form("sendPhoto", chat_id=chat, photo=PNG, caption="<b>a</b>")
    assert status == 200 and answer["result"]["caption"] == "<b>a</b>"
    size = answer["result"]["photo"][0]
    assert (size["width"], size["height"]) == (2, 3)
    for method, fields, code, why in (
        ("sendPhoto", {"photo": b"not a picture"}, 400, "Bad Request: IMAGE_PROCESS_FAILED"),
        ("sendPhoto", {"photo": b""}, 400, "Bad Request: file must be non-empty"),
        ("sendPhoto", {}, 400, "Bad Request: there is no photo in the request"),
        (
            "sendPhoto",
            {"photo": PNG[:16] + b"\x00\x00\x00\x01\x00\x00\x00\x40" + PNG[24:]},
            400,
            "Bad Request: PHOTO_INVALID_DIMENSIONS",
        ),
        ("sendPhoto", {"photo": PNG + bytes(10 * 2**20)}, 413, "Request Entity Too Large"),
        (
            "sendDocument",
            {"document": "nothing"},
            400,
            "Bad Request: wrong file identifier/HTTP URL specified",
        ),
    ):
        status, answer = await call.form(method, chat_id=chat, **fields)
        assert (status, answer.get("description")) == (code, why)
    status, answer = await call.form("sendDocument", chat_id=chat, document=b"content")
    file_id = answer["result"]["document"]["file_id"]
    status, answer = await call("getFile", file_id=file_id)
    path = answer["result"]["file_path"]
    async with call.session.get(
        f"{call.fake.base_url}/file/bot{call.fake.token}/{path}"
    ) as download:
        assert await download.read() == b"content"
    assert await call.refused("getFile", file_id="x") == "Bad Request: invalid file_id"


async def test_commands_and_descriptions(call: Client) -> None:
    def command(name: str, words: str = "a") -> dict[str, str]:
        return {"command": name, "description": words}

    for commands, why in (
        ([command("Start")], "BOT_COMMAND_INVALID"),
        ([command("hỏi")], "BOT_COMMAND_INVALID"),
        ([command("a" * 33)], "BOT_COMMAND_INVALID"),
        ([command("")], "BOT_COMMAND_INVALID"),
        ([command("a", "")], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([command("a", "b" * 257)], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([command("a")] * 101, "BOT_COMMANDS_TOO_MUCH"),
        ([{"command": "a"}], "can't parse BotCommand: expected command and description"),
    ):
        assert await call.refused("setMyCommands", commands=commands) == f"Bad Request: {why}"
    good = [command("a" * 32, "ă" * 256), command("hoi_2")]
    assert (await call("setMyCommands", commands=good))[1]["result"] is True
    assert (await call("getMyCommands"))[1]["result"] == good
    assert (await call("getMyCommands", language_code="vi"))[1]["result"] == []
    await call("deleteMyCommands")
    assert (await call("getMyCommands"))[1]["result"] == []
    assert (await call("setMyDescription", description="a" * 512))[0] == 200
    assert (await call("setMyDescription", description="a" * 513))[0] == 400
    assert (await call("setMyShortDescription", short_description="a" * 120))[0] == 200
    assert (await call("setMyShortDescription", short_description="a" * 121))[0] == 400


async def test_queries_are_answered_once(call: Client) -> None:
    fake = call.fake
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    await call("sendMessage", chat_id=AN, text="a", reply_markup=keyboard)
    with pytest.raises(AssertionError, match="no button"):
        await fake.press(fake.sent[0], "c")
    query = await fake.press(fake.sent[0], "b")
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await call.refused("answerCallbackQuery", callback_query_id="1") == too_old
    said = await call.refused("answerCallbackQuery", callback_query_id=query, text="a" * 201)
    assert said == "Bad Request: MESSAGE_TOO_LONG"
    assert (await call("answerCallbackQuery", callback_query_id=query, text="cảm ơn"))[0] == 200
    assert fake.notices == ["cảm ơn"]
    assert await call.refused("answerCallbackQuery", callback_query_id=query) == too_old

    inline = await fake.ask_inline(AN, "điều 24")
    content = {"message_text": "<b>a</b>", "parse_mode": "HTML"}
    result = {"type": "article", "id": "1", "title": "a", "input_message_content": content}
    broken = {**content, "message_text": "<b>a"}
    for results, why in (
        ("a", "can't parse inline query results JSON object: expected an Array"),
        ([result] * 51, "RESULTS_TOO_MUCH"),
        ([result, result], "RESULT_ID_DUPLICATE"),
        ([{**result, "id": "a" * 65}], "RESULT_ID_INVALID"),
        ([{**result, "input_message_content": {}}], "message text is empty"),
        (
            [{**result, "input_message_content": broken}],
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
    ):
        said = await call.refused(
            "answerInlineQuery", inline_query_id=inline, results=json.dumps(results)
        )
        assert said == f"Bad Request: {why}"
    fields = {"inline_query_id": inline, "results": [result]}
    assert (await call("answerInlineQuery", **fields))[0] == 200
    assert await call.refused("answerInlineQuery", **fields) == too_old


# --- updates ------------------------------------------------------------------------------------


async def test_updates_stay_until_they_are_confirmed(call: Client) -> None:
    fake = call.fake
    for n in range(3):
        await fake.say(AN, f"câu {n}")

    async def texts(**fields: Any) -> list[str]:
        return [u["message"]["text"] for u in (await call("getUpdates", **fields))[1]["result"]]

    assert await texts() == await texts(offset=0) == ["câu 0", "câu 1", "câu 2"]
    assert await texts(limit=2) == ["câu 0", "câu 1"]
    first = (await call("getUpdates"))[1]["result"][0]["update_id"]
    assert await texts(offset=first + 1) == ["câu 1", "câu 2"]
    assert await texts() == ["câu 1", "câu 2"] and fake.waiting == 2
    assert await texts(offset=-1) == ["câu 2"] == await texts()
    assert await texts(offset=first + 3) == []
    await fake.drained(timeout=0.1)


async def test_a_long_poll_ends_with_the_first_update_or_its_time(call: Client) -> None:
    fake, began = call.fake, time.monotonic()
    polling = asyncio.create_task(call("getUpdates", timeout=5))
    await fake.polled()
    await fake.say(AN, "câu")
    _, answer = await polling
    assert len(answer["result"]) == 1 and time.monotonic() - began < 2
    await call("getUpdates", offset=answer["result"][0]["update_id"] + 1)
    began = time.monotonic()
    assert (await call("getUpdates", timeout=1))[1]["result"] == []
    assert 0.9 < time.monotonic() - began < 2


async def test_only_allowed_updates_are_kept(call: Client) -> None:
    fake = call.fake
    await call("getUpdates", allowed_updates=["callback_query"])
    await fake.say(AN, "câu")
    assert fake.waiting == 0
    await call("getUpdates", allowed_updates=["message", "mesage"])
    await fake.say(AN, "câu")
    assert fake.waiting == 1
    assert fake.faults == ["allowed_updates: unknown kinds ['mesage']"]
    assert (await call("getUpdates", allowed_updates="message"))[0] == 400


async def test_two_pollers_and_webhooks_conflict(call: Client) -> None:
    older = asyncio.create_task(call("getUpdates", timeout=5))
    await call.fake.polled()
    newer = asyncio.create_task(call("getUpdates", timeout=5))
    status, answer = await older
    assert (status, answer["description"]) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
        "is running",
    )
    assert await call.refused("setWebhook", url="http://x.vn") == (
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    )
    assert (await call("setWebhook", url="https://x.vn/"))[0] == 200
    assert (await newer)[0] == 409
    assert (await call.refused("getUpdates")).startswith(
        "Conflict: can't use getUpdates method while webhook is active"
    )
    assert (await call("getWebhookInfo"))[1]["result"]["url"] == "https://x.vn/"
    await call.fake.say(AN, "câu")
    await call("deleteWebhook", drop_pending_updates=True)
    assert (await call("getUpdates"))[1]["result"] == []


async def test_a_poller_that_hangs_up_is_no_conflict(call: Client) -> None:
    polling = asyncio.create_task(call("getUpdates", timeout=5))
    await call.fake.polled()
    assert call.fake.polling
    polling.cancel()
    await asyncio.sleep(0.2)
    assert not call.fake.polling
    assert (await call("getUpdates", timeout=1))[0] == 200


# --- faults that a test sets up -----------------------------------------------------------------


async def test_floods_last_and_early_tries_are_noted(call: Client) -> None:
    fake = call.fake
    fake.flood(0.5, chat_id=AN)
    status, answer = await call("sendMessage", chat_id=AN, text="a")
    assert status == 429 and answer["parameters"] == {"retry_after": 1}
    assert answer["description"] == "Too Many Requests: retry after 1"
    assert fake.faults == []
    assert (await call("sendMessage", chat_id=BINH, text="a"))[0] == 200
    assert (await call("sendMessage", chat_id=AN, text="a"))[0] == 429
    assert "before the flood was over" in fake.faults[0]
    await asyncio.sleep(0.5)
    assert (await call("sendMessage", chat_id=AN, text="a"))[0] == 200


async def test_troubles_come_as_often_as_asked(call: Client) -> None:
    fake = call.fake
    fake.trouble("sendMessage", status=500, times=2, chat_id=AN)
    assert (await call("sendMessage", chat_id=BINH, text="a"))[0] == 200
    for status in (500, 500, 200):
        assert (await call("sendMessage", chat_id=AN, text="a"))[0] == status
    sent = len(fake.sent)
    for when, more in (("before", 0), ("after", 1)):
        fake.trouble("sendMessage", drop=when)
        with pytest.raises(aiohttp.ClientError):
            await call("sendMessage", chat_id=AN, text="a")
        sent += more
        assert len(fake.sent) == sent
    fake.trouble("sendMessage", delay=0.3)
    began = time.monotonic()
    assert (await call("sendMessage", chat_id=AN, text="a"))[0] == 200
    assert time.monotonic() - began >= 0.3
    fake.trouble("getUpdates", status=502)
    assert await call.refused("getUpdates") == "Bad Gateway"


# --- waiting ------------------------------------------------------------------------------------


async def test_waiting_gives_each_message_once_and_never_for_ever(call: Client) -> None:
    fake = call.fake
    for chat, text in ((AN, "một"), (BINH, "hai"), (AN, "ba")):
        await call("sendMessage", chat_id=chat, text=text)
    assert [s.text for s in await fake.wait(1, chat_id=BINH)] == ["hai"]
    assert [s.text for s in await fake.wait(2)] == ["một", "ba"]
    for waiting in (
        fake.wait(1, timeout=0.05),
        fake.called("sendPhoto", timeout=0.05),
        fake.polled(timeout=0.05),
    ):
        with pytest.raises(AssertionError, match=r"after 0\.05 s: 0 of 1"):
            await waiting
    await fake.say(AN, "a")
    with pytest.raises(AssertionError, match="1 updates not confirmed"):
        await fake.drained(timeout=0.05)
    assert len(await fake.called("sendMessage", 3)) == 3


async def test_numbers_of_messages_are_of_their_chat(fake: FakeTelegram) -> None:
    numbers = [(await fake.say(c, "a", user=AN))["message_id"] for c in (AN, GROUP, BINH, GROUP)]
    assert numbers == [1, 1, 2, 2]  # private chats share one count, each group has its own


async def test_it_serves_tests_that_are_not_async() -> None:
    def test() -> str:
        with in_thread() as (fake, call):
            fake.user(AN)
            call(fake.say(AN, "câu"))
            url = f"{fake.base_url}/bot{fake.token}/getUpdates"
            with urllib.request.urlopen(url, timeout=5) as answer:
                return json.load(answer)["result"][0]["message"]["text"]

    assert await asyncio.to_thread(test) == "câu"


# --- two outsiders ------------------------------------------------------------------------------


async def test_python_telegram_bot_understands_it(bot: telegram.Bot, fake: FakeTelegram) -> None:
    assert bot.username == fake.bot["username"]
    await fake.say(AN, "/hoi Điều 24")
    await fake.say(GROUP, "nhóm", user=AN, thread=TOPIC)
    private, group = await bot.get_updates(timeout=1)
    assert private.message is not None and group.message is not None
    assert private.message.parse_entities() == {private.message.entities[0]: "/hoi"}
    assert group.message.is_topic_message and group.message.chat.is_forum
    keyboard = telegram.InlineKeyboardMarkup.from_button(
        telegram.InlineKeyboardButton("a", callback_data="b")
    )
    sent = await bot.send_message(
        AN,
        "<b>a</b>",
        parse_mode="HTML",
        reply_markup=keyboard,
        link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        reply_parameters=telegram.ReplyParameters(private.message.message_id),
    )
    assert sent.text == "a" and sent.reply_to_message is not None
    await fake.press(fake.sent[0], "b")
    (update,) = await bot.get_updates(offset=group.update_id + 1)
    assert update.callback_query is not None and await update.callback_query.answer("c")
    await bot.edit_message_text("b", AN, sent.message_id)
    await bot.edit_message_reply_markup(AN, sent.message_id, reply_markup=keyboard)
    photo = await bot.send_photo(AN, PNG, caption="ảnh")
    assert photo.photo[0].width == 2
    document = await bot.send_document(AN, b"content", filename="a.txt")
    assert document.document is not None and document.document.file_name == "a.txt"
    assert await (await document.document.get_file()).download_as_bytearray() == b"content"
    assert await bot.send_chat_action(AN, "typing")
    assert await bot.set_my_commands([("start", "Bắt đầu")])
    assert (await bot.get_my_commands())[0].description == "Bắt đầu"
    assert await bot.set_my_description("a") and await bot.set_my_short_description("a")
    assert await bot.delete_message(AN, sent.message_id)
    assert await bot.set_webhook("https://x.vn/") and await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    assert fake.faults == []


async def test_python_telegram_bot_raises_its_own_errors(
    bot: telegram.Bot, fake: FakeTelegram
) -> None:
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(AN, "<x>", parse_mode="HTML")
    fake.flood(30)
    with pytest.raises(RetryAfter):
        await bot.send_message(AN, "a")
    fake.block(AN)
    with pytest.raises(Forbidden):
        await bot.send_message(AN, "a")
    await bot.set_webhook("https://x.vn/")
    with pytest.raises(Conflict):
        await bot.get_updates()
    fake.trouble("getMe", delay=1)
    with pytest.raises(TimedOut):
        await bot.get_me(read_timeout=0.2)
    with pytest.raises(InvalidToken):
        await telegram.Bot("1:wrong", f"{fake.base_url}/bot").initialize()


async def test_every_kind_of_message_update_and_answer_is_shown_to_the_judges(
    call: Client,
) -> None:
    """What is sent here is read by aiogram's models at the end of the run (test_outsiders.py)."""
    fake = call.fake
    asked = await fake.say(AN, "/hoi Điều 24, xem https://x.vn")
    await fake.edited(asked, "Điều 25 @thidua_test_bot")
    await fake.say(GROUP, "nhóm", user=AN, thread=TOPIC)
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    markup = (
        "<b>a</b><i>b</i><u>c</u><s>d</s><tg-spoiler>e</tg-spoiler><code>f</code><pre>g</pre>"
        '<pre><code class="language-py">h</code></pre><a href="https://x.vn">i</a>'
        "<blockquote>k</blockquote><blockquote expandable>l</blockquote>"
        '<tg-emoji emoji-id="123">👍</tg-emoji>'
    )
    reply = {"message_id": asked["message_id"]}
    for fields in (
        {"chat_id": AN, "reply_markup": keyboard, "reply_parameters": reply},
        {"chat_id": GROUP, "message_thread_id": TOPIC},
    ):
        status, answer = await call("sendMessage", text=markup, parse_mode="HTML", **fields)
        assert status == 200
    await fake.press(fake.sent[0], "b")
    await fake.say(AN, "trả lời", reply_to=fake.sent[0])
    await fake.ask_inline(AN, "điều")
    updates = (await call("getUpdates"))[1]["result"]
    kinds = ["message", "edited_message", "message", "callback_query", "message", "inline_query"]
    assert [next(k for k in u if k != "update_id") for u in updates] == kinds
    fields = {"chat_id": AN, "message_id": fake.sent[0].message_id}
    assert (await call("editMessageText", text="khác", **fields))[0] == 200
    for method, name in (("sendPhoto", "photo"), ("sendDocument", "document")):
        status, answer = await call.form(method, chat_id=str(AN), caption="a", **{name: PNG})
        assert status == 200
    file_id = answer["result"]["document"]["file_id"]
    assert (await call("getFile", file_id=file_id))[0] == 200
    assert (await call("getMe"))[0] == 200
    assert (await call("getWebhookInfo"))[0] == 200
    commands = [{"command": "start", "description": "Bắt đầu"}]
    await call("setMyCommands", commands=commands)
    assert (await call("getMyCommands"))[0] == 200
    fake.flood(9, chat_id=AN)
    assert (await call("sendMessage", chat_id=AN, text="a"))[0] == 429
    assert fake.faults == []
