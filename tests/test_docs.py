"""The docs are under test: what they name exists, and what must be named is."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import notices, reply
from bot.cli import SAMPLE_QUESTIONS, main, to_json
from bot.evaluation import Case, Figures
from bot.settings import Settings, read_settings
from corpus import read_deadlines, read_rules
from corpus.award_sheets import read_awards
from corpus.register import read_register
from corpus.score_sheets import read_scores
from corpus.unit_sheets import read_units

ROOT = Path(__file__).parents[1]
ROOMS = ("corpus", "index", "bot")
ENGLISH, VIETNAMESE, EXAMPLE = "README.md", "README.vi.md", ".env.example"
READMES = (ENGLISH, VIETNAMESE)
SETTINGS = {
    str(field.validation_alias or f"THIDUA_{name.upper()}"): field
    for name, field in Settings.model_fields.items()
}
NOT_OURS = {"build", "dist"}  # made by tools; so is everything hidden but .ci and .env.example
# Put together here, so that this file does not hold them.
REGISTRIES = [
    f"{name}.{end}"
    for name, end in (
        ("pypi", "org"), ("pythonhosted", "org"), ("pytorch", "org"), ("huggingface", "co"),
        ("hf-mirror", "com"), ("npmjs", "org"), ("anaconda", "org"), ("tuna.tsinghua", "edu"),
    )
]  # fmt: skip
MACHINE = re.compile(
    r"(?<![\w.$})/-])/(?:" + "|".join(("work", "root", "tmp/w", "opt/py" + "pi", "Users")) + r")\b"
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fenced(text: str) -> list[str]:
    """The blocks between ``` marks."""
    return re.findall(r"^```\w*\n(.*?)^```$", text, re.M | re.S)


def code(text: str) -> list[str]:
    """Every line of code that a page shows: fenced, or between single marks."""
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S))
    return [line for block in fenced(text) for line in block.splitlines()] + inline


def documents() -> list[Path]:
    return sorted(path for path in committed() if path.suffix == ".md")


def committed() -> Iterator[Path]:
    """The files that belong to the repository, whatever tools and runs have left in it."""
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(p.startswith(".") and p not in (".ci", ".gitignore", EXAMPLE) for p in parts)
        made = any(p in NOT_OURS or p == "__pycache__" or p.endswith(".egg-info") for p in parts)
        if path.is_file() and not hidden and not made and ".db" not in path.suffixes:
            yield path


def texts() -> Iterator[tuple[str, str]]:
    for path in committed():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a workbook, a picture


# Settings


@pytest.mark.parametrize("name", [*READMES, EXAMPLE])
def test_settings_are_named_and_exist(name):
    named = set(re.findall(r"THIDUA_[A-Z_]*[A-Z]", text_of(name)))
    assert named == set(SETTINGS)


@pytest.mark.parametrize("name", READMES)
def test_the_table_of_settings_says_the_defaults(name):
    rows = dict(re.findall(r"^\| `(THIDUA_\w+)` \| ([^|]+) \|", text_of(name), re.M))
    assert set(rows) == set(SETTINGS)
    for setting, field in SETTINGS.items():
        if isinstance(field.default, str) and field.default:
            assert rows[setting] == f"`{field.default}`"
    for setting in ("THIDUA_INDEX", "THIDUA_JOURNAL"):
        file = SETTINGS[setting].default_factory()
        assert rows[setting].strip("`").endswith(f"{file.parent.name}/{file.name}")


def test_the_example_is_a_good_env_file(no_settings):
    """As it is copied, and with every line of it in force."""
    example = text_of(EXAMPLE)
    assert not re.findall(r"^[^#\n]", example, re.M)
    (no_settings / ".env").write_text(example, encoding="utf-8")
    assert read_settings() == Settings(_env_file=None)
    (no_settings / ".env").write_text(re.sub(r"^# (?=THIDUA_)", "", example, flags=re.M), "utf-8")
    settings = read_settings()
    assert settings.token.get_secret_value()
    assert settings.members == {111111111, 222222222}
    assert settings.proxy
    for setting in re.findall(r"^# (THIDUA_\w+)=", example, re.M):
        assert setting in SETTINGS


# Commands


def told(capsys, *arguments: str) -> tuple[int, str]:
    """The exit status of a command that ends at once, and what it printed."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0), capsys.readouterr().out


def commands_named(text: str) -> Iterator[tuple[str, list[str]]]:
    """Every ``thidua <command>`` in code, with the options that follow it."""
    for line in code(text):
        for command, rest in re.findall(r"(?:^|[\s/=])thidua ([a-z]\w*)([^|&;]*)", line):
            yield command, re.findall(r"(?<!\S)--[a-z-]+", rest)


@pytest.mark.parametrize("name", READMES)
def test_commands_and_their_options_exist(name, capsys):
    named = list(commands_named(text_of(name)))
    assert named
    for command, options in named:
        status, help = told(capsys, command, "--help")
        assert status == 0, command
        for option in options:
            assert option in help, f"{command} {option}"
    helps = "".join(told(capsys, command, "--help")[1] for command, _ in named)
    alone = [option for line in code(text_of(name)) for option in re.findall(r"^--[a-z-]+", line)]
    assert alone
    assert [option for option in alone if option not in helps] == []


@pytest.mark.parametrize("name", READMES)
def test_every_command_stands_in_the_table(name, capsys):
    _, help = told(capsys, "--help")
    commands = re.findall(r"^ {4}([a-z]+)\b", help, re.M)
    assert "ask" in commands
    assert re.findall(r"^\| `thidua ([a-z]+)", text_of(name), re.M) == sorted(
        commands,
        key=[
            "build",
            "check",
            "ask",
            "timeline",
            "chat",
            "bot",
            "run",
            "gaps",
            "audit",
            "backup",
            "restore",
            "status",
            "eval",
        ].index,
    )


@pytest.mark.parametrize("name", ["docs/office.md", VIETNAMESE])
def test_every_command_of_the_chat_is_told_and_no_other(name):
    told = set(re.findall(r"`/([a-z]+)[ `]", text_of(name)))
    # @BotFather's own are told too.
    assert told - {"newbot", "setinline", "setprivacy", "token"} <= notices.known_commands()
    assert {n for n, _ in (*notices.commands()[3:], *notices.administrator_commands())} <= told


def test_the_columns_of_the_own_tables_are_read(tmp_path):
    for name, reader in (("access.csv", read_rules), ("deadlines.csv", read_deadlines)):
        said = re.search(rf"^- `{name}`.*?(?=^- |\n\n)", text_of(VIETNAMESE), re.M | re.S)
        marked = re.findall(r"`([^`]+)`", " ".join(said[0].split()))
        columns = [c for c in marked if c[0].isupper()]
        (tmp_path / name).write_text(",".join(dict.fromkeys(columns)) + "\n", encoding="utf-8")
        assert reader(tmp_path) == ((), ()), columns


@pytest.mark.parametrize("name", READMES)
def test_make_targets_exist(name):
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.M))
    named = {t for line in code(text_of(name)) for t in re.findall(r"^make ([a-z]+)", line)}
    assert {"run", "test"} <= named <= targets


# The JSON


def section(text: str, title: str) -> str:
    """What stands below a heading, up to the next of its height or higher."""
    found = re.search(rf"^(#+) {title}\n(.*?)(?=^(?!\1#)#+ |\Z)", text, re.M | re.S)
    assert found, title
    return found[2]


def test_the_json_is_told_field_by_field(assistant):
    json = section(text_of(ENGLISH), "JSON")
    fields = set(re.findall(r"`(\w+)`", json))
    answer = assistant.ask(SAMPLE_QUESTIONS[0])
    one = to_json(answer, 0)
    rows = [r for q in SAMPLE_QUESTIONS for r in to_json(assistant.ask(q), 0)["rows"]]
    assert one["citations"] and rows
    assert {*one, *one["citations"][0], "record", "source"} <= fields
    assert all({"record", "source"} <= row.keys() for row in rows)
    assert {*Case.model_fields, *Figures.model_fields, "summary", "groups", "passed"} <= fields
    assert {*one, *one["citations"][0]} <= set(re.findall(r"`(\w+)`", text_of(VIETNAMESE)))


# The documents folder


@pytest.mark.parametrize("name", READMES)
def test_the_headings_that_are_told_are_read(name, tmp_path):
    """A table with only the headings that the page says it must have, and with all of them."""
    readers = {"scores": read_scores, "awards": read_awards, "units": read_units}
    for folder, reader in readers.items():
        row = re.search(rf"^\| `{folder}` \| (`.+) \| (`.+) \|$", text_of(name), re.M)
        assert row, folder
        needed, more = (re.findall(r"`([^`]+)`", cell) for cell in row.groups())
        for headings in (needed, [*needed, *more]):
            path = tmp_path / f"{folder} 2024.csv"
            path.write_text(",".join(headings) + "\n", encoding="utf-8")
            assert reader(path, path.name).problems == (), headings
            missing = tmp_path / "khác 2024.csv"
            missing.write_text("Một,Hai\n", encoding="utf-8")
            assert reader(missing, missing.name).problems


@pytest.mark.parametrize("name", READMES)
def test_the_columns_of_the_register_are_told(name, tmp_path):
    told = re.search(r"^- `register\.csv`.*?(?=^- |\n\n)", text_of(name), re.M | re.S)
    columns = re.findall(r"`(\w+)`", told[0].split(":", 1)[1])
    assert columns == (ROOT / "corpus/register.csv").read_text("utf-8").splitlines()[0].split(",")
    (tmp_path / "register.csv").write_text(",".join(columns) + "\n", encoding="utf-8")
    assert read_register(tmp_path)[1] == ()


# The session


def session(name: str) -> dict[str, str]:
    """Question → answer, as the page shows them."""
    block = next(block for block in fenced(text_of(name)) if block.startswith("Hỏi> "))
    pairs = [part.split("\n", 1) for part in block.split("Hỏi> ")[1:]]
    return {question.strip(): answer for question, answer in pairs}


@pytest.mark.parametrize("name", READMES)
def test_the_session_shows_the_sample_questions(name):
    assert tuple(session(name)) == SAMPLE_QUESTIONS


@pytest.mark.parametrize("name", READMES)
@pytest.mark.parametrize("question", SAMPLE_QUESTIONS)
def test_the_session_is_what_the_program_says(name, question, assistant):
    """Wrapped lines and […] aside. What else to read is not compared: it depends on the model."""
    said = " ".join(reply.plain(assistant.ask(question)).split())
    for part in session(name)[question].split("\n\n"):
        if not part.startswith("Xem thêm"):
            for piece in part.split("[…]"):
                assert " ".join(piece.split()) in said


# The map


def test_the_map_has_every_file_of_the_rooms_and_no_other():
    told = re.findall(r"^\| `((?:corpus|index|bot)/[\w/]+\.py)` \|", text_of(ENGLISH), re.M)
    there = [
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if path.name != "__init__.py"
    ]
    assert sorted(told) == sorted(there)


@pytest.mark.parametrize("name", READMES)
def test_files_that_are_named_exist(name):
    folders = "|".join((*ROOMS, "tests", "benchmarks", "docs"))
    named = [f for line in code(text_of(name)) for f in re.findall(rf"^(?:{folders})/\S+$", line)]
    assert [file for file in named if not (ROOT / file).exists()] == []
    for module in re.findall(r"python -m (benchmarks\.\w+)", text_of(name)):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file()


# What can go wrong


def test_every_threat_names_tests_that_exist():
    threats = text_of("docs/security.md").split("## The figures")[0]
    rows = re.findall(r"^\| (?!what can|---).+$", threats, re.M)
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", row)
        assert named, row
        for file, test in named:
            assert re.search(rf"^(?:async )?def {test}\(", text_of(f"tests/{file}"), re.M), test


# Every page, every text


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_links_lead_somewhere():
    links = [
        (path, link)
        for path in documents()
        for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
        if not link.startswith(("http://", "https://"))
    ]
    assert links
    for path, link in links:
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), f"{path.name}: {link}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{path.name}: {link}"


def test_no_text_names_a_machine_or_a_registry():
    found = [
        f"{file}:{number} {line.strip()}"
        for file, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE.search(line) or any(host in line for host in REGISTRIES)
    ]
    assert found == []


@pytest.mark.parametrize("name", [*READMES, EXAMPLE])
def test_lines_are_short(name):
    assert [line for line in text_of(name).splitlines() if len(line) > 110] == []


@pytest.mark.parametrize("name", READMES)
def test_shell_lines_can_be_typed(name):
    blocks = re.findall(r"^```sh\n(.*?)^```$", text_of(name), re.M | re.S)
    assert blocks
    for line in "".join(blocks).splitlines():
        assert shlex.split(line)
