"""Record questions over the sample library, each with the answer computed from the workbooks here.

``records.jsonl`` holds the questions, written by hand; what each must be told is computed by this
file from the cells, with openpyxl alone, so that nothing of the program can be wrong twice.
"""

import collections
import functools
import json
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from bot import AnswerKind, Assistant
from bot.reply import plain
from bot.settings import SAMPLE
from conftest import TODAY

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("records.jsonl").read_text(encoding="utf-8").splitlines()
]
FINAL = "council"
SCORERS = {"self": "tự chấm", "block": "khối chấm", "council": "Hội đồng thẩm định"}
NOW_CALLED = {"Hội Khuyến học và Khuyến tài tỉnh": "Hội Khuyến học tỉnh"}
DECIDED = "đã quyết định"

Cell = collections.namedtuple(
    "Cell", "unit year criterion group name self block council reason most"
)
Given = collections.namedtuple("Given", "year unit person title status decision day")


class NoModel:
    """Stands for an encoder that was never loaded: asking it for anything fails."""

    name = "hash"
    dimension = 64

    def passages(self, texts, progress=None):
        raise AssertionError("a record question asked for the encoder")

    def question(self, text):
        raise AssertionError(f"a record question asked for the encoder: {text}")


@pytest.fixture(scope="module")
def without_model(sample_index, assistant):
    encoder = NoModel()
    encoder.name = assistant._encoder.name
    encoder.dimension = assistant._encoder.dimension
    return Assistant(sample_index, encoder, lambda: TODAY)


# --- the workbooks, read by openpyxl alone --------------------------------------------------------


@functools.cache
def cells():
    book = openpyxl.load_workbook(SAMPLE / "scores/diem-thi-dua-2021-2024.xlsx")
    found = []
    for sheet in book:
        year = int(sheet.title.split()[-1])
        for unit, criterion, group, most, self, block, council, why in sheet.iter_rows(
            min_row=5, values_only=True
        ):
            points = (Decimal(str(value)) for value in (self, block, council))
            code, name = criterion.split(" ", 1)
            found.append(
                Cell(NOW_CALLED.get(unit, unit), year, code, group.split(".")[0], name, *points, why,
                     Decimal(str(most)))
            )  # fmt: skip
    return found


@functools.cache
def given():
    book = openpyxl.load_workbook(SAMPLE / "awards/khen-thuong.xlsx")
    found = []
    for year, who, title, _, status, decision, day in book["Khen thưởng"].iter_rows(
        min_row=2, values_only=True
    ):
        person, _, unit = who.rpartition(", ") if who.startswith("Cá nhân") else ("", "", who)
        found.append(
            Given(year, NOW_CALLED.get(unit, unit), person, title, status, decision or "", day)
        )
    return found


def total(unit, year, scorer=FINAL, **only):
    chosen = [c for c in cells() if (c.unit, c.year) == (unit, year)]
    chosen = [c for c in chosen if all(getattr(c, k) == v for k, v in only.items())]
    assert chosen, (unit, year, only)
    return sum(getattr(c, scorer) for c in chosen)


def units(year):
    return list(dict.fromkeys(c.unit for c in cells() if c.year == year))


def ranked(year, **only):
    """Units with points, best first."""
    return sorted(((total(u, year, **only), u) for u in units(year)), key=lambda pair: -pair[0])


def mean(year):
    points = [p for p, _ in ranked(year)]
    return sum(points) / len(points)


def rank(unit, year):
    return 1 + sum(p > total(unit, year) for p, _ in ranked(year))


def figure(value):
    return f"{abs(Decimal(value)).normalize():f}".replace(".", ",")


# --- what must be said: the words in order, and words that must not be there ----------------------


def want_total(c):
    (year,) = c["years"]
    scorer = c.get("scorer", FINAL)
    said = [figure(total(c["unit"], year, scorer)) + " điểm"]
    return ([SCORERS[scorer], *said] if scorer != FINAL else said), []


def want_rank(c):
    (year,) = c["years"]
    return [f"thứ {rank(c['unit'], year)}/{len(units(year))}"], []


def want_criterion(c):
    (year,) = c["years"]
    points = [figure(total(c["unit"], year, s, criterion=c["criterion"])) for s in SCORERS]
    return [c["criterion"], *points], []


def want_group(c):
    (year,) = c["years"]
    return [figure(total(c["unit"], year, group=c["group"])) + " điểm"], []


def want_top(c):
    (year,) = c["years"]
    order = ranked(year)
    shown = sorted(order)[: -c["count"]] if c["count"] < 0 else order[: c["count"]]
    others = [u for _, u in order if u not in {u for _, u in shown}]
    return [word for points, unit in shown for word in (unit, figure(points))], others


def want_nth(c):
    (year,) = c["years"]
    points, unit = ranked(year)[c["count"] - 1]
    return [unit, figure(points)], [u for u in units(year) if u != unit]


def want_change(c):
    before, after = total(c["unit"], c["from"]), total(c["unit"], c["to"])
    word = "tăng" if after > before else "giảm"
    return [f"{word} {figure(after - before)} điểm", figure(before), figure(after)], []


def want_rises(c):
    moved = {u: total(u, c["to"]) - total(u, c["from"]) for u in units(c["to"])}
    best = (max if c["direction"] == "up" else min)(moved.values())
    names = [u for u, m in moved.items() if m == best]
    return [*names, f"{'tăng' if c['direction'] == 'up' else 'giảm'} {figure(best)} điểm"], []


def want_versus(c):
    (year,) = c["years"]
    mine, theirs = total(c["unit"], year), total(c["other"], year)
    better = c["unit"] if mine > theirs else c["other"]
    worse = c["other"] if mine > theirs else c["unit"]
    return [better, "cao hơn", worse, figure(mine - theirs) + " điểm"], []


def want_mean(c):
    (year,) = c["years"]
    away = total(c["unit"], year) - mean(year)
    word = "cao hơn" if away > 0 else "thấp hơn"
    return [f"{word} trung bình", figure(away), figure(mean(year))], []


def want_blockmean(c):
    return [figure(mean(c["years"][0]))], []


def want_gap(c):
    (year,) = c["years"]
    own, final = total(c["unit"], year, "self"), total(c["unit"], year)
    return [f"chênh {figure(own - final)} điểm"], []


def want_penalty(c):
    (year,) = c["years"]
    taken = [x for x in cells() if (x.unit, x.year) == (c["unit"], year) and x.council < 0]
    assert taken
    lost = figure(sum(x.council for x in taken))
    return [f"bị trừ {lost} điểm", *(x.reason for x in taken)], []


def want_nopenalty(c):
    assert not [
        x for x in cells() if (x.unit, x.year) == (c["unit"], c["years"][0]) and x.council < 0
    ]
    return ["không có điểm trừ"], []


def want_penalties(c):
    taken = [x for x in cells() if x.year == c["years"][0] and x.council < 0]
    return [w for x in taken for w in (x.unit, x.reason)], []


def want_loss(c):
    (year,) = c["years"]
    mine = [x for x in cells() if (x.unit, x.year) == (c["unit"], year) and x.most > 0]
    short = [x for x in mine if x.council < x.most and x.group in ("I", "II", "III")]
    assert short
    return [w for x in short for w in (x.criterion, f"{figure(x.council)}/{figure(x.most)}")], []


def want_reason(c):
    (one,) = [x for x in cells() if (x.unit, x.year, x.criterion)
              == (c["unit"], c["years"][0], c["criterion"])]  # fmt: skip
    return [one.reason], []


def want_spared(c):
    (year,) = c["years"]
    hurt = {x.unit for x in cells() if x.year == year and x.council < 0}
    spared = [u for u in units(year) if u not in hurt]
    return [f"{len(spared)}/{len(units(year))} đơn vị", *spared], hurt


def want_gaps(c):
    (year,) = c["years"]
    gaps = {u: total(u, year, "self") - total(u, year) for u in units(year)}
    order = sorted(gaps, key=lambda u: -gaps[u])
    return [order[0], f"{figure(gaps[order[0]])} điểm", *(figure(gaps[u]) for u in order)], []


def want_members(c):
    (year,) = c["years"]
    return [f"{len(units(year))} đơn vị", *sorted(units(year))], []


def want_criteria(c):
    codes = dict.fromkeys(x.criterion for x in cells() if x.year == c["years"][0])
    return [f"{len(codes)} tiêu chí", *codes], []


def want_leaders(c):
    counts = collections.Counter(g.unit for g in awards(c))
    most = max(counts.values())
    each = [f"{unit}: {count} lần" for unit, count in counts.items()]
    return [*(u for u in counts if counts[u] == most), f"{most} lần", *each], []


def want_final(c):
    return ["Hội đồng thẩm định", "điểm cuối cùng"], ["chưa phải"]


def want_over(c, under=False):
    (year,) = c["years"]
    limit = Decimal(c["points"])
    found = [(p, u) for p, u in ranked(year) if (p < limit if under else p > limit)]
    others = [u for u in units(year) if u not in {u for _, u in found}]
    return [f"{len(found)} đơn vị", *(w for p, u in found for w in (u, figure(p)))], others


def want_under(c):
    return want_over(c, under=True)


def want_bestin(c, **only):
    (year,) = c["years"]
    order = ranked(year, **(only or {"criterion": c["criterion"]}))
    return [u for p, u in order if p == order[0][0]] + [figure(order[0][0])], []


def want_bestgroup(c):
    return want_bestin(c, group=c["group"])


def want_series(c):
    years = c.get("years") or sorted({x.year for x in cells()})
    return [w for y in years for w in (str(y), figure(total(c["unit"], y)))], []


def want_bestyear(c):
    points = {y: total(c["unit"], y) for y in sorted({x.year for x in cells()})}
    best = (max if c["direction"] == "up" else min)(points, key=points.get)
    return [f"năm {best}", figure(points[best]) + " điểm"], []


def awards(c, status=DECIDED, people=False):
    return [
        g for g in given()
        if (status is None or g.status == status)
        and ("unit" not in c or g.unit == c["unit"])
        and ("title" not in c or g.title == c["title"])
        and ("years" not in c or g.year in c["years"])
        and (people or not g.person)
    ]  # fmt: skip


def want_acount(c):
    return [f"{len(awards(c))} lần"], []


def want_atotal(c):
    people = c["title"].startswith("Bằng khen")
    return [f"{len(awards(c, people=people))} trường hợp"], []


def want_awho(c):
    found = awards(c, people=True)
    assert found
    return sorted({g.person or g.unit for g in found}), []


def want_alist(c):
    found = awards(c)
    assert found
    return [w for g in found for w in {g.title, g.decision}], []


def want_arun(c):
    years = {g.year for g in awards(c)}
    runs = [[y] for y in sorted(years)]
    for run in runs:
        while run[-1] + 1 in years:
            run.append(run[-1] + 1)
    longest = max(runs, key=len)
    said = f"{len(longest)} năm liên tiếp"
    return ([said, str(longest[0]), str(longest[-1])] if len(longest) > 1 else [said]), []


def want_anewest(c):
    newest = max(awards(c), key=lambda g: (g.year, g.day))
    older = [g.day.strftime("%d/%m/%Y") for g in awards(c) if g.day != newest.day]
    return [newest.title, newest.day.strftime("%d/%m/%Y")], older


def want_ahas(c):
    if found := awards(c):
        return ["đã có quyết định", *(str(g.year) for g in found)], ["chưa có quyết định"]
    return ["chưa có"], ["đã có quyết định"]


def want_adecision(c):
    found = [g for g in given() if g.decision == c["decision"]]
    assert found
    return [f"{len(found)} trường hợp", *sorted({g.person or g.unit for g in found})], []


def want_anumber(c):
    (one,) = awards(c)
    return [one.decision, one.day.strftime("%d/%m/%Y")], []


def want_astatus(c):
    found = awards(c, status=c["status"], people=True)
    others = {g.decision for g in given() if g.decision}
    return [*sorted({g.unit for g in found}), c["status"]], others


def want_aperson(c):
    found = [g for g in given() if g.person == c["person"]]
    return [w for g in found for w in (g.title, g.decision) if w], []


def want_say(c):
    return c["says"], []


UNORDERED = {"alist", "awho", "adecision", "astatus", "say", "no", "rises", "bestin", "bestgroup",
             "ahas", "penalties", "aperson", "spared", "members", "leaders"}  # fmt: skip


def at(text, word, start=0):
    """Where a word stands by itself: 104 is not in 104,5 nor in 2104."""
    match = re.compile(rf"(?<![\w,.]){re.escape(word)}(?![\w]|[,.]\d)").search(text, start)
    return match.end() if match else -1


def missing(text, words, ordered):
    """The first word that does not stand in the text, in order where that counts; "" when all do."""
    place = 0
    for word in words:
        found = at(text, word, place if ordered else 0)
        if found < 0:
            return word
        place = found
    return ""


def told(answer):
    """What the answer says, without the line of the sources: a cell's name is no figure."""
    return re.sub(r"(?m)^Nguồn: .*$", "", plain(answer))


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["want"] != "no"], ids=lambda c: c["question"][:60]
)
def test_a_record_question_is_answered_exactly(case, without_model):
    answer = without_model.ask(case["question"], previous=case.get("previous", ()))
    text = told(answer)
    assert answer.kind is AnswerKind.ANSWER, text
    words, others = globals()[f"want_{case['want']}"](case)
    low = text.casefold()
    assert missing(low, [w.casefold() for w in words], case["want"] not in UNORDERED) == "", text
    assert [w for w in others if at(low, w.casefold()) >= 0] == [], text
    assert answer.citations or "Nguồn: " in plain(answer), text


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["want"] == "no"], ids=lambda c: c["question"][:60]
)
def test_what_no_record_says_is_refused_with_the_reason(case, without_model):
    answer = without_model.ask(case["question"])
    text = plain(answer)
    assert answer.kind is AnswerKind.NOT_FOUND, text
    assert missing(text.casefold(), [w.casefold() for w in case["says"]], False) == "", text


def test_there_are_as_many_questions_as_promised():
    wanted = collections.Counter(c["want"] == "no" for c in CASES)
    assert wanted[False] >= 200 and wanted[True] >= 40
    assert len({c["question"] + str(c.get("previous")) for c in CASES}) == len(CASES)


def test_years_in_a_row_are_of_one_unit(ask):
    """Three units that were given a title in three years are no run of three."""
    (found,) = ask("Đơn vị nào 6 năm liền được Bằng khen của Chủ tịch UBND tỉnh?").findings
    assert found.wanted == 6 > found.runs[0].length
    assert "Không có ai" in plain(
        ask("Đơn vị nào 6 năm liền được Bằng khen của Chủ tịch UBND tỉnh?")
    )
