"""A picture of an answer: bars or a line. The sole owner of matplotlib, which is imported late.

Every word in it comes from ``bot/picture.py``; the typeface DejaVu Sans, which matplotlib brings along,
has all Vietnamese letters.
"""

import io
import textwrap
from decimal import Decimal

from bot.figures import number
from bot.picture import Picture

_WIDTH = 4.8  # inches; a phone shows the whole width, so that letters must be large in it
_INK, _PALE, _FALL = "#1f5a93", "#d5e0ec", "#b5482f"
_DOTS = 200


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
