"""A picture of an answer: bars or a line. The sole owner of matplotlib, which is imported late.

Every word in it comes from ``bot/picture.py``; the typeface DejaVu Sans, which matplotlib brings along,
has all Vietnamese letters.
"""

import io
import textwrap
from decimal import Decimal

from bot.figures import number
from bot.picture import Picture
from bot.timeline import Line, Timeline, beside

_WIDTH = 4.8  # inches; a phone shows the whole width, so that letters must be large in it
_INK, _PALE, _FALL = "#1f5a93", "#d5e0ec", "#b5482f"
_DOTS = 200
_WIDE, _WIDE_DOTS = 7.2, 150  # of a timeline, whose years need room
_DOUBT = "#c77f1a"


def draw(picture: Picture) -> bytes:
    """The picture as PNG."""
    # The object-oriented way: pyplot would keep every figure and is not safe in threads.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = len(picture.values)
    labels = ["\n".join(textwrap.wrap(label, 22)) for label in picture.labels]
    lines = sum(label.count("\n") + 1 for label in labels)
    height = 4.2 if picture.over_time else 1.3 + 0.24 * rows + 0.17 * lines
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    values = [float(value) for value in picture.values]
    told = [number(value) for value in picture.values]
    if picture.over_time:
        _line(axes, labels, values, told)
    else:
        _bars(axes, labels, values, told, picture)
    if picture.mean is not None and not picture.over_time:
        axes.axvline(float(picture.mean), color="#555555", linestyle="--", linewidth=1)
        axes.set_xlabel(picture.mean_label, fontsize=9, color="#555555")
    title = "\n".join(textwrap.wrap(picture.title, 52))
    figure.suptitle(title, x=0.01, ha="left", fontsize=10, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    made = io.BytesIO()
    figure.savefig(made, format="png", dpi=_DOTS, metadata={"Description": picture.alt})
    return made.getvalue()


def draw_timeline(timeline: Timeline) -> bytes:
    """The regulations over time as PNG: a bar each, from its first day to its last."""
    import matplotlib.dates as dates
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    lines = timeline.lines
    figure = Figure(figsize=(_WIDE, 2.1 + 0.36 * len(lines)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    first, last = (dates.date2num(day) for day in timeline.span)
    for place, line in enumerate(lines):
        _life(axes, place, line, first, last, dates.date2num)
    axes.axvline(dates.date2num(timeline.today), color=_FALL, linewidth=1.4, linestyle="--")
    axes.set_ylim(-0.7, len(lines) - 0.3)
    axes.set_yticks(range(len(lines)), [line.number for line in lines], fontsize=10)
    axes.invert_yaxis()
    axes.set_xlim(first - 0.02 * (last - first), last)
    axes.xaxis_date()
    axes.xaxis.set_major_locator(dates.YearLocator(2 if last - first > 8 * 366 else 1))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%Y"))
    axes.tick_params(axis="x", labelsize=10, labeltop=True, top=True)
    axes.grid(axis="x", color="#e5e5e5")
    axes.set_axisbelow(True)
    axes.spines[["right"]].set_visible(False)
    _legend(figure, timeline.legend)
    title = "\n".join(textwrap.wrap(timeline.title, 60))
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
    made = io.BytesIO()
    figure.savefig(made, format="png", dpi=_WIDE_DOTS, metadata={"Description": timeline.alt})
    return made.getvalue()


def _life(axes, place: int, line: Line, first, last, number):  # type: ignore[no-untyped-def]
    end = number(line.until) if line.until else last
    began = line.since or line.issued
    start = number(began) if began else max(first, end - 0.03 * (last - first))
    axes.barh(
        place, end - start, left=start, height=0.56, color=_INK if line.held else _PALE,
        edgecolor=_DOUBT if line.unchecked else _INK, linewidth=1.6 if line.unchecked else 0.8,
        hatch="" if line.held or not line.unchecked else "//",
    )  # fmt: skip
    for day, _ in (*line.changes, *line.parts):
        if start <= number(day) < end:
            axes.plot([number(day)], [place], marker="v", markersize=8, color=_FALL,
                      markeredgecolor="white")  # fmt: skip
    if not (text := beside(line)):
        return
    room = 0.012 * (last - first)
    right = last - end > 0.27 * (last - first)
    inside = not right and end - start > 0.3 * (last - first)
    at = end - room if inside else end + room if right else start - room
    box = (
        {}
        if inside and line.held
        else {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
    )
    axes.annotate(
        text, (at, place), va="center", fontsize=8, ha="left" if right and not inside else "right",
        color="white" if inside and line.held else "black", bbox=box or None,
    )  # fmt: skip


def _legend(figure, names):  # type: ignore[no-untyped-def]
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    held, lacking, doubtful, changed, today = names
    marks = [
        Patch(facecolor=_INK, edgecolor=_INK, label=held),
        Patch(facecolor=_PALE, edgecolor=_INK, label=lacking),
        Patch(facecolor="white", edgecolor=_DOUBT, linewidth=1.6, label=doubtful),
        Line2D([], [], marker="v", color=_FALL, linestyle="", markersize=8, label=changed),
        Line2D([], [], color=_FALL, linestyle="--", label=today),
    ]
    figure.legend(handles=marks, loc="outside lower left", ncols=2, fontsize=9, frameon=False)


def _line(axes, labels, values, told):  # type: ignore[no-untyped-def]
    axes.plot(labels, values, color=_INK, marker="o", linewidth=2)
    for label, value, text in zip(labels, values, told, strict=True):
        axes.annotate(
            text, (label, value), (0, 9), textcoords="offset points", ha="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    spread = max(values) - min(values) or 1.0
    axes.set_ylim(min(values) - 0.25 * spread, max(values) + 0.3 * spread)
    axes.yaxis.set_major_formatter(lambda value, _: _told(value))
    axes.grid(axis="y", color="#e5e5e5")


def _bars(axes, labels, values, told, picture):  # type: ignore[no-untyped-def]
    """The first on top. Bars begin at nought: cut short they would lie about the differences."""
    places = range(len(values))
    reach = [max(value, 0.0) for value in values]
    if picture.limits:
        limits = [float(limit) for limit in picture.limits]
        axes.barh(places, limits, color=_PALE, height=0.7)
        reach = [max(pair) for pair in zip(reach, limits, strict=True)]
        told = [
            f"{text}/{_told(limit)}" if limit else text
            for text, limit in zip(told, limits, strict=True)
        ]
    colors = [_INK if value >= 0 else _FALL for value in values]
    axes.barh(places, values, color=colors, height=0.5 if picture.limits else 0.7)
    low, high = min(0.0, *values), max(0.0, *reach)
    for place, end, value, text in zip(places, reach, values, told, strict=True):
        inside = not picture.limits and value > 0.4 * (high - low)
        left = inside or (value < 0 and not picture.limits)
        axes.annotate(
            text, (end if value >= 0 or picture.limits else value, place), (-5 if left else 5, 0),
            textcoords="offset points", va="center", ha="right" if left else "left", fontsize=9,
            color="white" if inside else "black",
        )  # fmt: skip
    axes.set_yticks(list(places), labels, fontsize=9)
    axes.invert_yaxis()
    room = 0.14 * (high - low) or 1.0
    axes.set_xlim(low - (room if low < 0 else 0), high + room)
    axes.xaxis.set_major_formatter(lambda value, _: _told(value))
    axes.tick_params(axis="x", labelsize=8)


def _told(value: float) -> str:
    """A number on an axis, the Vietnamese way."""
    return number(Decimal(str(round(value, 4))))
