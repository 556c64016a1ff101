"""Ten conversations as a phone shows them: a real bot on the sample library, pictures in docs/.

    thidua build corpus/documents --index sample.db
    python -m benchmarks.conversations sample.db [--chromium chromium] [--only 4]

A bot process of its own answers people of the tests' strict Telegram over HTTP; what was said is
drawn by a headless Chromium from an HTML page in the manner of Telegram, a picture each, and
docs/conversations.md shows them. Names of people are invented, so are the records of the library.
"""

import argparse
import asyncio
import base64
import html
import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from fake_telegram import FakeTelegram, Json, Sent, units  # noqa: E402

OUT = ROOT / "docs" / "conversations"
BINH, CHI, GROUP = 102, 103, -100700
ASKERS = range(201, 212)  # who asks, called An: somebody new in each scene
WIDTH, TALLEST = 412, 4200  # CSS pixels
COLOURS, LARGEST = 64, 150_000  # of a picture; bytes
NAMES = {BINH: "Bình", CHI: "Chi", **dict.fromkeys(ASKERS, "An")}
INKS = {BINH: "#2f7d32", CHI: "#6a3fa0"}


@dataclass
class Talk:
    """One conversation as it goes on: what is said in a chat, and which buttons were pressed."""

    fake: FakeTelegram
    chat: int
    title: str
    about: str = ""  # what stands below the title in the head
    me: int = 0
    pressed: set[tuple[int, str]] = field(default_factory=set)

    async def say(self, text: str = "", answers: int = 1, **about: Any) -> tuple[Sent, ...]:
        """Somebody writes, and waits for the answers."""
        await self.fake.say(self.chat, text, **about)
        return await self.fake.wait(answers, chat_id=self.chat, timeout=60)

    async def press(
        self, message: Sent, label: str, answers: int = 1, user: int | None = None
    ) -> tuple[Sent, ...]:
        """Somebody presses the button whose label begins so."""
        data = next(data for words, data in message.buttons if words.startswith(label))
        self.pressed.add((message.message_id, data))
        await self.fake.press(message, data, user=user)
        return await self.fake.wait(answers, chat_id=self.chat, timeout=60)


# --- what is said ---------------------------------------------------------------------------------


async def first_minute(talk: Talk) -> None:
    (start,) = await talk.say("/start")
    await talk.press(start, "Tiêu chuẩn")


async def standards(talk: Talk) -> None:
    (answer,) = await talk.say("Điều kiện xét tặng Huân chương Lao động hạng Ba?")
    await talk.press(answer, "📚 Nguồn khác")


async def money(talk: Talk) -> None:
    await talk.say("tap the lao dong xuat sac duoc thuong bao nhieu tien")
    await talk.say("còn cá nhân chiến sĩ thi đua cơ sở?")


async def reading_on(talk: Talk) -> None:
    (answer,) = await talk.say("thi đua là gì")
    await talk.press(answer, "khoản 2")
    page = talk.fake.sent[-1]
    await talk.press(page, "📖 Cả Điều")


async def points(talk: Talk) -> None:
    await talk.say("Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm?")
    await talk.say("còn năm 2022?")
    await talk.say("vì sao bị trừ điểm?")


async def ranking(talk: Talk) -> None:
    await talk.say("Xếp hạng khối năm 2023", answers=2)


async def unclear(talk: Talk) -> None:
    (asked_back,) = await talk.say("điểm hội chữ thập năm 2023")
    await talk.press(asked_back, "Hội Chữ thập đỏ tỉnh")
    message = await talk.fake.say(talk.chat, "Tỉnh đoàn năm 2022 xếp thứ mấy?")
    await talk.fake.wait(1, chat_id=talk.chat, timeout=60)
    await talk.fake.edited(message, "Tỉnh đoàn năm 2023 xếp thứ mấy?")
    await talk.fake.wait(1, chat_id=talk.chat, timeout=60)


async def in_a_group(talk: Talk) -> None:
    name = f"@{talk.fake.bot['username']}"
    await talk.fake.say(GROUP, "Các anh chị ơi, lao động tiên tiến năm nay cần gì nhỉ?", user=BINH)
    question = f"{name} tiêu chuẩn Lao động tiên tiến"
    (answer,) = await talk.say(question, user=CHI)
    await talk.say("thế còn chiến sĩ thi đua cơ sở?", user=BINH, reply_to=answer)
    await talk.say("/hoi bảng điểm có chỗ nào cộng sai không?", user=talk.me)


async def meetings(talk: Talk) -> None:
    await talk.say("Sơ kết 6 tháng đầu năm 2023 của khối họp ngày nào, ở đâu?")
    await talk.say("ai là trưởng khối?")


async def not_known(talk: Talk) -> None:
    await talk.say("Hội Sinh viên tỉnh năm 2023 được bao nhiêu điểm?")
    await talk.say("Điều 250 luật thi đua khen thưởng 2022")
    await talk.say("Giá vàng hôm nay bao nhiêu?")
    await talk.say(voice={"file_id": "v", "file_unique_id": "u", "duration": 4})


@dataclass(frozen=True)
class Scene:
    """One picture: its file's name, the line under it, what is said."""

    name: str
    line: str
    said: Callable[[Talk], Awaitable[None]]
    group: bool = False


SCENES = (
    Scene("first-minute", "The first minute: four examples that fit the library", first_minute),
    Scene("standards", "The gist, the clause folded, the citation; what else came near", standards),
    Scene("money", "Typed without accents; a sum with both clauses; a follow-up", money),
    Scene("reading-on", "The clause after it, then the whole Điều in its place", reading_on),
    Scene("points", "Points with their cells; follow-ups lean on what was asked", points),
    Scene("ranking", "A chart where it says more than words", ranking),
    Scene("unclear", "Which one is meant; an edited question changes its answer", unclear),
    Scene("group", "In a group: only when called; what only the asker may see goes to them alone", in_a_group, True),
    Scene("meetings", "A meeting, with the sentence that says it", meetings),
    Scene("not-known", "What is not held is said not to be", not_known),
)  # fmt: skip


# --- the bot --------------------------------------------------------------------------------------


@asynccontextmanager
async def running(fake: FakeTelegram, index: Path, folder: Path) -> AsyncIterator[None]:
    """`thidua bot` in a process of its own, on the index, for the length of the block."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("THIDUA_")}
    code = "import sys; from bot.cli import main; sys.exit(main(['bot']))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=folder, stderr=(folder / "log").open("wb"),
        env=kept | {
            "PYTHONPATH": str(ROOT), "THIDUA_TOKEN": fake.token, "THIDUA_API_URL": fake.base_url,
            "THIDUA_INDEX": str(index.resolve()), "THIDUA_JOURNAL": str(folder / "journal.db"),
            "THIDUA_MEMBERS": f"{BINH},{CHI}", "THIDUA_ADMINISTRATORS": ",".join(map(str, ASKERS)),
        },
    )  # fmt: skip
    try:
        await fake.polled(timeout=120)
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)


async def recorded(scene: Scene, fake: FakeTelegram, person: int) -> str:
    """Act one scene, and give its page."""
    talk = Talk(fake, person, "Thi đua", "bot", person)
    if scene.group:
        talk.chat = fake.group(GROUP, "Khối thi đua các Hội tỉnh", administrators=(person,))
        talk.title, talk.about = "Khối thi đua các Hội tỉnh", "11 thành viên"
    await scene.said(talk)
    await asyncio.sleep(0.3)
    return page(talk)


# --- the page -------------------------------------------------------------------------------------

STYLE = """
*{box-sizing:border-box;margin:0}
body{background:#c9d8c5;font:15px/1.36 'Noto Sans','Noto Color Emoji',sans-serif;color:#111}
header{background:#517da2;color:#fff;padding:9px 14px;display:flex;gap:11px;align-items:center}
header i{width:36px;height:36px;border-radius:50%;background:#7fa8c9;display:flex;align-items:center;
 justify-content:center;font-style:normal;font-weight:600}
header b{display:block;font-size:15.5px}header span{font-size:12.5px;opacity:.85}
main{padding:9px 8px 12px;display:flex;flex-direction:column;gap:6px}
.m{max-width:356px;align-self:flex-start}.m.me{align-self:flex-end}
.b{background:#fff;border-radius:13px;padding:6px 10px 5px;overflow-wrap:break-word;white-space:pre-wrap}
.me .b{background:#e6fdd0}
.n{font-weight:600;font-size:13.5px;margin-bottom:1px}
.r{border-left:3px solid #4a8fc2;background:#eef5fa;border-radius:4px;padding:2px 8px;font-size:13.5px;
 margin:1px 0 4px;white-space:normal}.me .r{border-color:#5ba34a;background:#d7f3bd}
.r b{color:#2f7bb0;font-size:13px}
.t{float:right;font-size:11px;color:#8a9a86;margin:7px 0 0 9px;white-space:nowrap}
q{display:block;quotes:none;border-left:3px solid #4a8fc2;background:#eef5fa;border-radius:4px;
 padding:4px 9px;margin:3px 0;font-size:14.5px;position:relative}
q.f>span{display:block;max-height:calc(3*1.36em);overflow:hidden}
q.f::after{content:"⌄";position:absolute;right:7px;bottom:0;color:#4a8fc2;font-size:16px}
q.f{padding-right:24px}
a,.l{color:#2678b6;text-decoration:none}
img{display:block;width:340px;border-radius:9px;margin:-1px 0 4px -2px}
.k{display:flex;gap:4px;margin-top:4px}.k u{flex:1;text-decoration:none;text-align:center;font-size:13.5px;
 background:#00000033;color:#fff;border-radius:8px;padding:7px 5px;font-weight:500;
 text-shadow:0 0 2px #00000055}
.k u.p{background:#1f5a93}.k u::after{font-size:10px;vertical-align:top;opacity:.8}
.k u.link::after{content:" ↗"}.k u.copy::after{content:" ⧉"}
.v{display:flex;align-items:center;gap:8px;color:#4b8a3b}
.e{font-style:italic}
"""


def page(talk: Talk) -> str:
    """The conversation as an HTML page."""
    messages = [m for (chat, _), m in sorted(talk.fake._messages.items()) if chat == talk.chat]
    rows = "".join(drawn(message, talk) for message in messages)
    head = f"<header><i>{talk.title[0]}</i><div><b>{talk.title}</b><span>{talk.about}</span></div></header>"
    return f"<meta charset=utf-8><style>{STYLE}</style><body style='width:{WIDTH}px'>{head}<main>{rows}</main>"


def drawn(message: Json, talk: Talk) -> str:
    """One message with what it replies to and its buttons."""
    person = message["from"]["id"]
    mine = person == talk.me
    parts = []
    if talk.chat < 0 and not mine and person in NAMES:
        parts.append(f'<div class=n style="color:{INKS[person]}">{NAMES[person]}</div>')
    elif talk.chat < 0 and not mine:
        parts.append('<div class=n style="color:#2678b6">Thi đua</div>')
    if former := message.get("reply_to_message"):
        who = NAMES.get(former["from"]["id"], "Thi đua")
        line = (former.get("text") or "").split("\n")[0]
        line = line if len(line) < 34 else f"{line[: line.rfind(' ', 0, 34)]} …"
        words = html.escape(line)
        parts.append(f"<div class=r><b>{who}</b><br>{words}</div>")
    if photo := message.get("photo"):
        data = base64.b64encode(talk.fake._files[photo[0]["file_id"]].data).decode()
        parts.append(f'<img src="data:image/png;base64,{data}">')
    if "voice" in message:
        parts.append("<div class=v>▶ ▁▃▅▂▆▃▁▂▅▃▁ 0:04</div>")
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    edited = "đã sửa " if "edit_date" in message else ""
    parts.append(
        f"{marked(text, entities)}<span class=t>{edited}10:2{message['message_id'] % 10}</span>"
    )
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    keys = "".join(
        f"<div class=k>{''.join(key(b, message, talk) for b in row)}</div>" for row in rows
    )
    return f"<div class='m{' me' if mine else ''}'><div class=b>{''.join(parts)}</div>{keys}</div>"


def key(button: Json, message: Json, talk: Talk) -> str:
    """One button; a pressed one is darker."""
    kind = "link" if "url" in button else "copy" if "copy_text" in button else ""
    if (message["message_id"], button.get("callback_data")) in talk.pressed:
        kind = "p"
    return f'<u class="{kind}">{html.escape(button["text"])}</u>'


TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<span class=e>", "</span>"),
    "blockquote": ("<q><span>", "</span></q>"),
    "expandable_blockquote": ("<q class=f><span>", "</span></q>"),
    "bot_command": ("<span class=l>", "</span>"),
    "mention": ("<span class=l>", "</span>"),
}


def marked(text: str, entities: list[Json]) -> str:
    """A text with its entities, which count in UTF-16 units, as HTML."""
    opened: dict[int, list[str]] = {}
    closed: dict[int, list[str]] = {}
    for entity in entities:
        if entity["type"] in TAGS:
            first, last = TAGS[entity["type"]]
            opened.setdefault(entity["offset"], []).append(first)
            closed.setdefault(entity["offset"] + entity["length"], []).insert(0, last)
    shown, at = [], 0
    for character in text:
        shown += [*closed.pop(at, ()), *opened.pop(at, ()), html.escape(character)]
        at += units(character)
    shown += closed.pop(at, ())
    # A quote is a block of its own: the line feeds around it are not shown twice.
    return "".join(shown).replace("</q>\n", "</q>").replace("\n<q", "<q")


# --- the picture ----------------------------------------------------------------------------------


def photographed(text: str, chromium: str) -> bytes:
    """The page as a PNG, cut where it ends."""
    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder) / "page.html", Path(folder) / "page.png"
        source.write_text(text, encoding="utf-8")
        subprocess.run(
            [
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
                "--force-device-scale-factor=1.5", f"--window-size={WIDTH},{TALLEST}",
                f"--screenshot={shot}", source.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        picture = Image.open(shot).convert("RGB")
    ground = picture.getpixel((2, picture.height - 2))
    lines = (y for y in range(picture.height - 1, 0, -1) if not _plain(picture, y, ground))
    picture = picture.crop((0, 0, round(1.5 * WIDTH), next(lines) + 18))
    made = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def _plain(picture: Image.Image, y: int, ground: Any) -> bool:
    return all(picture.getpixel((x, y)) == ground for x in range(0, picture.width, 3))


async def act(index: Path, chromium: str, only: int) -> None:
    """Act the scenes with one bot, each with somebody it does not know yet; write what was said."""
    OUT.mkdir(parents=True, exist_ok=True)
    pages: dict[int, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with FakeTelegram() as fake:
            for person, name in NAMES.items():
                fake.user(person, name)
            async with running(fake, index, Path(folder)):
                for number, scene in enumerate(SCENES, start=1):
                    if only in (0, number):
                        pages[number] = await recorded(scene, fake, ASKERS[number])
            assert not fake.faults, fake.faults
    for number, text in pages.items():
        path = OUT / f"{number:02}-{SCENES[number - 1].name}.png"
        path.write_bytes(photographed(text, chromium))
        size = path.stat().st_size
        warning = f", more than {LARGEST // 1000} kB" if size > LARGEST else ""
        print(f"{path.relative_to(ROOT)}  {size / 1000:.0f} kB{warning}", flush=True)
    lines = [
        "# Ten conversations",
        "",
        "Made by `python -m benchmarks.conversations INDEX` from what a bot process said on the sample",
        "library, whose people, units and figures are invented. A pressed button is blue.",
    ]
    for number, scene in enumerate(SCENES, start=1):
        lines += ["", f"**{number}. {scene.line}**", ""]
        lines.append(f"![{scene.line}](conversations/{number:02}-{scene.name}.png)")
    (OUT.parent / "conversations.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Read the arguments and act."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("--chromium", default="chromium")
    parser.add_argument("--only", type=int, default=0, help="the number of one scene")
    options = parser.parse_args()
    asyncio.run(act(options.index, options.chromium, options.only))


if __name__ == "__main__":
    main()
