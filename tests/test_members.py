"""Who comes in, and who does not: a real bot process over HTTP against the strict fake."""

import datetime
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import notices
from bot.access import Role, Viewer
from bot.journal import Journal
from bot.members import VALID, Members, State
from bot.settings import Settings
from fake_telegram import FakeTelegram, Sent
from test_telegram import BotProcess, bot

CHIEF, NAMED, NEW, LATE, ASKER, GROUP = 1, 2, 3, 4, 5, -100700
NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[FakeTelegram, BotProcess]]:
    async with FakeTelegram() as fake:
        for person in (CHIEF, NAMED, NEW, LATE, ASKER):
            fake.user(person, f"Người <{person}>")
        fake.group(GROUP)
        folder = tmp_path_factory.mktemp("members")
        settings = {"THIDUA_ADMINISTRATORS": str(CHIEF)}
        async with bot(fake, folder, members=[NAMED], **settings) as process:
            await process.up()
            yield fake, process
        assert fake.faults == []


@pytest.fixture
def fake(running: tuple[FakeTelegram, BotProcess]) -> FakeTelegram:
    return running[0]


async def says(fake: FakeTelegram, person: int, text: str) -> Sent:
    """The one message that somebody gets after writing."""
    await fake.say(person, text)
    (answer,) = await fake.wait(1, chat_id=person)
    return answer


async def presses(fake: FakeTelegram, message: Sent, label: str) -> Sent:
    """The message that comes, or takes the place of the old one, after a button."""
    data = dict(message.buttons)[label]
    await fake.press(message, data)
    (answer,) = await fake.wait(1, chat_id=message.chat_id)
    return answer


async def invited(fake: FakeTelegram, words: str) -> str:
    """The payload of a new invitation."""
    link = await says(fake, CHIEF, f"/moi {words}")
    name = re.escape(fake.bot["username"])
    found = re.search(rf"https://t\.me/{name}\?start=(invite_[\w-]{{20,57}})\s", link.text)
    assert found, link.text
    return found[1]


async def test_an_invitation_lets_one_person_in_with_role_and_unit(fake: FakeTelegram) -> None:
    payload = await invited(fake, "lanh dao don vi; hội một")
    assert "Mã của anh/chị" in (await says(fake, NEW, "tôi là ai")).text
    await fake.say(NEW, f"/start {payload}")
    welcome, start = await fake.wait(2, chat_id=NEW)
    assert "lãnh đạo đơn vị" in welcome.text and "Hội Một" in welcome.text
    assert start.buttons
    assert "[leader, Hội Một]" in (await says(fake, NEW, "tôi là ai")).text
    for text in (f"/start {payload}", "/start invite_", "/start invite_" + "A" * 32):
        answer = await says(fake, LATE, text)  # replayed by another, and forged
        assert answer.text == notices.not_member(LATE).plain and not answer.buttons
    # The same person once more, as after a crash between letting in and saying so.
    await fake.say(NEW, f"/start {payload}")
    (again,) = await fake.wait(1, chat_id=NEW)
    assert again.text.startswith("Chào Người <3>!")


async def test_an_invitation_can_be_made_by_buttons(fake: FakeTelegram) -> None:
    roles = await says(fake, CHIEF, "/moi")
    units = await presses(fake, roles, "Phụ trách khối")
    assert [label for label, _ in units.buttons] == ["Hội Một", "Hội Hai", "Không thuộc đơn vị nào"]
    link = await presses(fake, units, "Hội Hai")
    assert "phụ trách khối, Hội Hai" in link.text and "start=invite_" in link.text
    assert "Chưa hiểu" in (await says(fake, CHIEF, "/moi giám đốc; Hội Một")).text
    assert "Chưa hiểu" in (await says(fake, CHIEF, "/moi cán bộ; Hội Không Có")).text


async def test_a_request_is_granted_changed_suspended_and_removed(fake: FakeTelegram) -> None:
    line = await says(fake, ASKER, "/start")
    assert line.text == notices.not_member(ASKER).plain and "\n" not in line.text
    assert "/thamgia" in line.text
    assert (await says(fake, ASKER, "/thamgia")).text == notices.request_noted().plain
    (card,) = await fake.wait(1, chat_id=CHIEF)
    assert "Người <5>" in card.text and "chờ duyệt" in card.text
    # Asking again tells the administrators nothing new.
    assert (await says(fake, ASKER, "/thamgia")).text == notices.request_noted().plain
    assert (await says(fake, ASKER, "Điều 24?")).text == notices.not_member(ASKER).plain

    roles = await presses(fake, card, "Duyệt")
    units = await presses(fake, roles, "Cán bộ")
    card = await presses(fake, units, "Hội Một")
    (welcome,) = await fake.wait(1, chat_id=ASKER)
    assert "cán bộ, Hội Một" in welcome.text
    assert "[cadre, Hội Một]" in (await says(fake, ASKER, "tôi là ai")).text
    await fake.forge(card, f"m:refuse:{ASKER}")  # by who has not seen that it was granted
    (stale,) = await fake.wait(1, chat_id=CHIEF)
    assert stale.text == notices.stale_button().plain

    card = await presses(fake, card, "Tạm dừng")
    assert "đang tạm dừng" in card.text
    for text in ("Điều 24?", "/start", "/thamgia", f"/start {await invited(fake, 'cán bộ')}"):
        assert (await says(fake, ASKER, text)).text == notices.suspended().plain
    card = await presses(fake, card, "Cho hỏi lại")
    assert "[cadre, Hội Một]" in (await says(fake, ASKER, "tôi là ai")).text
    gone = await presses(fake, card, "Xóa")
    assert "Đã xóa" in gone.text
    assert (await says(fake, ASKER, "Điều 24?")).text == notices.not_member(ASKER).plain
    stale = await says(fake, CHIEF, "/thanhvien 5")
    assert "Chưa có thành viên" in stale.text


async def test_the_list_shows_everybody_and_leads_to_their_cards(fake: FakeTelegram) -> None:
    listed = await says(fake, CHIEF, "/thanhvien người")
    assert "Người <3>: lãnh đạo đơn vị, Hội Một" in listed.text
    card = await presses(fake, listed, "Người <3>")
    assert [label for label, _ in card.buttons] == ["Đổi vai trò", "Tạm dừng", "Xóa"]


async def test_only_administrators_administer_and_only_in_private(fake: FakeTelegram) -> None:
    for text in ("/moi cán bộ", "/thanhvien"):
        assert (await says(fake, NAMED, text)).text == notices.only_administrators().plain
    await fake.say(GROUP, "/moi cán bộ", user=CHIEF)
    (answer,) = await fake.wait(1, chat_id=GROUP)
    assert answer.text == notices.only_in_private().plain


async def test_in_a_group_nobody_sees_more_than_every_member(fake: FakeTelegram) -> None:
    for person in (CHIEF, NEW):
        await fake.say(GROUP, "/hoi tôi là ai", user=person)
        (answer,) = await fake.wait(1, chat_id=GROUP)
        assert "[cadre, ]" in answer.text


@pytest.mark.parametrize(
    "data",
    [
        "m:admit:4:administrator:-", "m:new:administrator", "m:restore:4", "m:remove:1", "m:",
        "m:admit:x", "m:card:99999999999999999999", "vote:up", "q:0", "Zz:1",
    ],
)  # fmt: skip
async def test_a_forged_button_gives_nothing(fake: FakeTelegram, data: str) -> None:
    """Data that no button of ours holds, under a message that somebody did get."""
    for person, line in ((LATE, notices.not_member(LATE)), (NAMED, notices.only_administrators())):
        seen = await says(fake, person, "/help")
        before = len(fake.sent)
        await fake.forge(seen, data)
        await fake.drained()
        if person == LATE or data.startswith("m:"):
            (answer,) = await fake.wait(1, chat_id=person)
            assert answer.text == line.plain
        else:
            await says(fake, person, "/help")
            assert all(s.text in (notices.help().plain,) for s in fake.sent[before:])
    assert "[administrator, ]" not in (await says(fake, LATE, "tôi là ai")).text


async def test_administrators_see_their_commands(fake: FakeTelegram) -> None:
    await fake.called("setMyDescription")
    shown = {
        str(c.payload.get("scope", "")): c.payload["commands"]
        for c in await fake.called("setMyCommands", 2)
    }
    of_chief = next(commands for scope, commands in shown.items() if f"{CHIEF}" in scope)
    names = [c["command"] for c in of_chief]
    assert names == [n for n, _ in (*notices.commands(), *notices.administrator_commands())]
    assert [c["command"] for c in shown[""]] == [n for n, _ in notices.commands()]


# The list itself


@pytest.fixture
def members(tmp_path: Path) -> Members:
    settings = Settings(
        _env_file=None, THIDUA_ADMINISTRATORS="1", THIDUA_MEMBERS="2", journal=tmp_path / "j.db"
    )
    return Members(Journal(settings.journal), settings)


async def test_an_invitation_expires_and_is_kept_as_a_hash_only(members: Members) -> None:
    token = members.invite(Role.CADRE, "", 1, NOON)
    assert members.redeem(token, 9, "Chín", NOON + VALID) is None
    assert members.redeem(token, 9, "Chín", NOON + VALID / 2) is not None
    assert members.redeem(token, 10, "Mười", NOON) is None
    kept = members._journal.read("SELECT * FROM invitation")
    assert token not in str(kept)


async def test_who_may_ask(members: Members) -> None:
    assert members.viewer(1) == Viewer(role=Role.ADMINISTRATOR)
    assert members.viewer(2) == Viewer(listed=True)
    assert members.viewer(3) is None and members.viewer(None) is None
    assert not members.admit(3, Role.ADMINISTRATOR, "", 1, NOON)  # who never asked
    assert members.request(3, "Ba", NOON) and not members.request(3, "Ba", NOON)
    assert members.viewer(3) is None and members.find(3).state is State.ASKING
    assert members.admit(3, Role.LEADER, "Hội Một", 1, NOON)
    assert members.viewer(3) == Viewer(role=Role.LEADER, unit="Hội Một")
    assert members.suspend(3, NOON) and members.viewer(3) is None
    token = members.invite(Role.ADMINISTRATOR, "", 1, NOON)
    assert members.redeem(token, 3, "Ba", NOON) is None  # who is suspended stays so
    assert not members.admit(3, Role.CADRE, "", 1, NOON)
    assert members.restore(3, NOON) and members.remove(3) and members.viewer(3) is None
    assert members.redeem(token, 4, "Bốn", NOON).role is Role.ADMINISTRATOR
    assert members.administrators() == {1, 4}
