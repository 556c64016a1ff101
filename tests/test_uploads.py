"""Files that administrators send: a real bot with a real index, over HTTP against the strict fake."""

import datetime
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import memos, notices
from bot.journal import Journal
from bot.uploads import LARGEST, RefusedFile, Uploads, safe_name
from corpus import write_table
from fake_telegram import FakeTelegram, Sent
from test_members import presses, says
from test_telegram import BotProcess, bot

CHIEFS, CADRE = range(1, 20), 99
LAW = """\
Số: 1/2024/QĐ-KTĐ
QUYẾT ĐỊNH
Ban hành quy chế của khối
Điều 1. Hồ sơ
Hồ sơ đề nghị khen thưởng gửi trước ngày 15 tháng 11 hằng năm.
Điều 2. Hội nghị
Hội nghị tổng kết của khối họp trong tháng 12.
"""
NEWER = (
    LAW.replace("15 tháng 11", "20 tháng 10") + "Điều 3. Kinh phí\nKinh phí do các đơn vị góp.\n"
)
QUESTION = "Hồ sơ đề nghị khen thưởng gửi trước ngày nào?"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[FakeTelegram, BotProcess]]:
    folder = tmp_path_factory.mktemp("uploads")
    library = folder / "library"
    (library / "regulations").mkdir(parents=True)
    (library / "regulations" / "quy-che.txt").write_text(LAW, encoding="utf-8")
    async with FakeTelegram() as fake:
        people(fake)
        async with bot(fake, folder, members=[CADRE], **settings_of(folder)) as process:
            await process.up()
            yield fake, process
        assert fake.faults == []


def people(fake: FakeTelegram) -> None:
    for person in (*CHIEFS, CADRE):
        fake.user(person)


def settings_of(folder: Path) -> dict[str, str]:
    return {
        "program": "hash_bot.py",
        "THIDUA_ADMINISTRATORS": ",".join(map(str, CHIEFS)),
        "THIDUA_DOCUMENTS": str(folder / "library"),
        "THIDUA_INDEX": str(folder / "index.db"),
    }


@pytest.fixture
def fake(running: tuple[FakeTelegram, BotProcess]) -> FakeTelegram:
    return running[0]


@pytest.fixture
def library(running: tuple[FakeTelegram, BotProcess]) -> Path:
    return running[1].journal.with_name("library")


@pytest.fixture(scope="module")
def chiefs() -> Iterator[int]:
    """Administrators who have not written yet: their messages are under no pace."""
    return iter(CHIEFS)


@pytest.fixture
def chief(chiefs: Iterator[int]) -> int:
    return next(chiefs)


async def gives(fake: FakeTelegram, chief: int, name: str, data: bytes | str) -> Sent:
    await fake.give(chief, name, data.encode() if isinstance(data, str) else data)
    (answer,) = await fake.wait(1, chat_id=chief, timeout=30)
    return answer


async def served(fake: FakeTelegram, card: Sent) -> Sent:
    """Confirm, and wait for the word that the bot answers from it."""
    said = await presses(fake, card, "Đưa vào kho")
    assert "Đang cập nhật kho" in said.text
    return await done(fake, card.chat_id)


async def done(fake: FakeTelegram, chief: int) -> Sent:
    while True:  # words of progress may come between
        (said,) = await fake.wait(1, chat_id=chief, timeout=30)
        if "Đang cập nhật kho" not in said.text:
            return said


async def answered(fake: FakeTelegram, words: str) -> bool:
    return words in (await says(fake, CADRE, QUESTION)).text


async def test_a_changed_regulation_is_shown_confirmed_served_and_undone(
    fake: FakeTelegram, chief: int, library: Path
) -> None:
    assert await answered(fake, "15 tháng 11")
    card = await gives(fake, chief, "quy-che.txt", NEWER)
    for words in ("1/2024/QĐ-KTĐ", "3 điều", "Thay cho regulations/quy-che.txt",
                  "Mới: Điều 3.", "Sửa: Điều 1."):  # fmt: skip
        assert words in card.text
    assert await answered(fake, "15 tháng 11")  # nothing happens before it is confirmed
    said = await served(fake, card)
    assert "bot đang trả lời theo kho" in said.text
    assert await answered(fake, "20 tháng 10")
    back = await presses(fake, said, "Hoàn tác")
    assert "Đang cập nhật kho" in back.text
    assert "dùng lại regulations/quy-che.txt" in (await done(fake, chief)).text
    assert await answered(fake, "15 tháng 11")
    assert (library / "regulations" / "quy-che.txt").read_text("utf-8") == LAW


async def test_the_same_regulation_under_another_name_takes_the_place_of_the_old(
    fake: FakeTelegram, chief: int, library: Path
) -> None:
    card = await presses(
        fake, await gives(fake, chief, "Quy chế mới.md", NEWER), "Văn bản quy định"
    )
    assert "Thay cho regulations/quy-che.txt" in card.text and "Sửa: Điều 1." in card.text
    await served(fake, card)
    assert [p.name for p in (library / "regulations").iterdir()] == ["Quy chế mới.md"]
    assert await answered(fake, "20 tháng 10")
    offer = await says(fake, chief, "/hoantac")
    await presses(fake, offer, "Hoàn tác")
    await done(fake, chief)
    assert [p.name for p in (library / "regulations").iterdir()] == ["quy-che.txt"]
    assert (await says(fake, chief, "/hoantac")).text == memos.undo_offer(None).plain


async def test_a_workbook_is_read_row_by_row_with_its_problems(
    fake: FakeTelegram, chief: int, library: Path, tmp_path: Path
) -> None:
    rows = [["Đơn vị", "Tiêu chí", "Điểm Hội đồng thẩm định"], ["Hội Một", "I.1 Chỉ tiêu", "9,5"],
            ["Hội Hai", "I.1 Chỉ tiêu", "chín"]]  # fmt: skip
    write_table(tmp_path / "bang.xlsx", rows)
    card = await gives(fake, chief, "Điểm năm 2024.xlsx", (tmp_path / "bang.xlsx").read_bytes())
    card = await presses(fake, card, "Bảng điểm")
    assert "1 ô điểm" in card.text and "Mới: Hội Một, 2024, I.1" in card.text
    assert "⚠️" in card.text and "chín" in card.text
    cancelled = await presses(fake, card, "Hủy")
    assert "kho không thay đổi" in cancelled.text
    assert not (library / "scores").exists()
    await fake.forge(cancelled, card.buttons[0][1])  # confirmed after it was cancelled
    (stale,) = await fake.wait(1, chat_id=chief)
    assert stale.text == notices.stale_button().plain


async def test_rules_count_at_once(fake: FakeTelegram, chief: int, library: Path) -> None:
    table = "Tài liệu,Khối,Năm,Ai được xem\nregulations/quy-che.txt,,,quản trị viên\n"
    card = await gives(fake, chief, "access.csv", table)
    assert "1 dòng quyền xem" in card.text
    said = await served(fake, card)
    assert "chỉ dành cho quản trị viên" in (await says(fake, CADRE, QUESTION)).text
    await presses(fake, said, "Hoàn tác")
    await done(fake, chief)
    assert not (library / "access.csv").exists()
    assert await answered(fake, "15 tháng 11")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("chuong-trinh.exe", b"MZ", "Không đọc được định dạng"),
        ("khong-duoi", b"x", "Không đọc được định dạng"),
        ("to.txt", b"x" * (LARGEST + 1), "Tệp quá lớn"),
        ("../../access.csv", b"linh tinh", "Không đọc được gì"),
    ],
)
async def test_what_cannot_be_read_is_not_taken(
    fake: FakeTelegram, chief: int, library: Path, name: str, data: bytes, words: str
) -> None:
    before = sorted(library.parent.rglob("*.*"))
    said = await gives(fake, chief, name, data)
    assert words in said.text and not said.buttons
    left = {p for p in library.parent.rglob("*.*") if "journal" not in p.name} - set(before)
    assert left == set()


async def test_a_library_that_cannot_be_written_is_said(
    fake: FakeTelegram, chief: int, library: Path
) -> None:
    (library / "meetings").write_text("a file where the folder should be")
    report = "Hội nghị sơ kết của khối\n\nSáng 09/7/2024, khối họp sơ kết 6 tháng đầu năm 2024.\n"
    card = await presses(
        fake, await gives(fake, chief, "so-ket.txt", report), "Báo cáo, biên bản họp"
    )
    said = await served(fake, card)
    assert "Chưa đưa được “so-ket.txt” vào kho" in said.text
    (library / "meetings").unlink()
    assert "Không có tệp nào" in (await says(fake, chief, "/hoantac")).text


async def test_only_administrators_send_files(fake: FakeTelegram, chief: int) -> None:
    await fake.give(CADRE, "quy-che.txt", LAW.encode())
    (said,) = await fake.wait(1, chat_id=CADRE)
    assert said.text == notices.only_administrators().plain
    for data in ("u:yes:1", "u:undo:1", "u:to:1:units"):
        await fake.forge(said, data)
        (said,) = await fake.wait(1, chat_id=CADRE)
        assert said.text == notices.only_administrators().plain
    seen = await says(fake, chief, "/help")
    for data in ("u:to:999:units", "u:to:1:../..", "u:yes:x", "u:"):
        await fake.forge(seen, data)
        (said,) = await fake.wait(1, chat_id=chief)
        assert not said.buttons and "Đang cập nhật" not in said.text


async def test_a_build_holds_nobody_up_and_outlives_a_kill(tmp_path: Path) -> None:
    (tmp_path / "library" / "regulations").mkdir(parents=True)
    (tmp_path / "library" / "regulations" / "quy-che.txt").write_text(LAW, encoding="utf-8")
    settings, chief = settings_of(tmp_path), CHIEFS[0]
    async with FakeTelegram() as fake:
        people(fake)
        async with bot(fake, tmp_path, members=[CADRE], HOLD="20", **settings) as process:
            await process.up()
            card = await gives(fake, chief, "quy-che.txt", NEWER)
            await presses(fake, card, "Đưa vào kho")
            assert await answered(fake, "15 tháng 11")  # the old index serves meanwhile
            assert (await process.end(signal.SIGKILL)) == -signal.SIGKILL
        async with bot(fake, tmp_path, members=[CADRE], **settings) as process:
            await process.up()
            assert "bot đang trả lời theo kho" in (await done(fake, chief)).text
            # What was asked just before the kill may be answered once more.
            assert await answered(fake, "20 tháng 10") or await answered(fake, "20 tháng 10")
            assert await process.end(signal.SIGTERM) == 0
        with sqlite3.connect(tmp_path / "journal.db") as db:
            assert db.execute("SELECT state FROM upload").fetchall() == [("served",)]


# Names and places


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\a.txt", "a.txt"),
        (".env", "env"),
        ("a\x00b\u202e.txt", "ab.txt"),
        ("  ~$Báo cáo.docx ", "Báo cáo.docx"),
        ('a<b>:"|?*.csv', "ab.csv"),
        ("", "tai-lieu"),
        ("...", "tai-lieu"),
        ("ă" * 300 + ".txt", "ă" * 90 + ".txt"),
    ],
)
async def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


async def test_no_path_leads_out_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "library" / "units").symlink_to(tmp_path / "outside")
    uploads = Uploads(Journal(tmp_path / "j.db"), tmp_path / "aside", tmp_path / "library")
    upload = uploads.keep("a.csv", b"x", 1, datetime.datetime.now(datetime.UTC))
    for folder in ("units", "..", "../outside", "/"):
        with pytest.raises(RefusedFile):
            uploads.aim(upload.place, folder)
