"""How well articles of law are found: ours against peers that use the same encoder.

    pip install -e '.[bench]'
    python -m benchmarks.retrieval ../shared --cache FOLDER

The folder holds ``benchmarks/alqac`` (see benchmarks/alqac.py). Every ranking is of whole articles:
where passages are ranked, an article stands where its best one does. The questions are asked as
typed and as cadres would type them (benchmarks/noise.py).

Each ranking is built and asked in a process of its own, one after the other. Texts are encoded once
for all and kept in ``--cache``: the first run takes half an hour for that, a further one minutes.
"""

import argparse
import datetime
import functools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.alqac import MEASURES, Alqac, load, measured
from benchmarks.cache import CachedEncoder
from benchmarks.noise import WAYS
from benchmarks.peers import ARTICLES, DEPTH, PEERS, Ranking
from bot.question import understand
from bot.vocabulary import ABBREVIATIONS, PROVINCES, TYPED_ABBREVIATIONS
from index import ASKING, Encoder, Index, Spelling, build

OURS = "ours"
TODAY = datetime.date(2026, 1, 1)
_TIMED = 12  # one question of so many is encoded and timed
_SECONDS = 3600  # that one ranking may take


def ours(alqac: Alqac, encoder: CachedEncoder, folder: Path) -> Ranking:
    """The index of this project, asked as the bot asks it."""
    path = folder / "alqac.index"
    path.unlink(missing_ok=True)
    build(alqac.corpus, path, encoder)
    index = Index(path, encoder)
    put = as_the_bot_puts(index)

    def rank(question: str) -> list[str]:
        text, extra = put(question)
        found = (hit.passage for hit in index.search(text, extra, limit=DEPTH))
        return [alqac.article_of[p.document, p.order] for p in found]

    return rank


def as_the_bot_puts(index: Index) -> Callable[[str], tuple[str, Sequence[str]]]:
    """From a question as typed to what the bot puts to ``Index.search``, with the phrases that it
    looks for besides: the steps of ``Assistant.ask``."""
    spelling = Spelling(index.accents, [*ABBREVIATIONS, *TYPED_ABBREVIATIONS, *PROVINCES, *ASKING])

    def put(question: str) -> tuple[str, Sequence[str]]:
        repaired = spelling.repair(question).text
        understood = understand(
            repaired,
            accented=index.accents.restore(repaired),
            units=index.lookup.units(),
            documents=index.by_number(),
            names=index.names,
            today=TODAY,
        )
        return understood.accented, understood.full_names

    return put


def examine(name: str, alqac: Alqac, folder: Path) -> dict:
    """Build and ask one ranking; what it cost and, by way of typing, the measures of every question."""
    encoder = CachedEncoder(folder, Encoder())
    began = time.process_time()
    if name == OURS:
        texts, ranking = alqac.passages(), ours(alqac, encoder, folder)
    else:
        builder, kind = PEERS[name]
        texts = list(alqac.articles.items()) if kind == ARTICLES else alqac.passages()
        ranking = builder(texts, encoder)
    built = time.process_time() - began
    once = functools.cache(ranking)  # most questions are the same when abbreviated
    figures = {
        way: [
            measured(dict.fromkeys(once(put(question))), answers).tolist()
            for question, answers in alqac.questions
        ]
        for way, put in WAYS.items()
    }
    encoded = encoder.encoded
    encoder.live = True
    ranking("khởi động")
    seconds = {way: [_seconds(ranking, put(q)) for q, _ in alqac.questions[::_TIMED]]
               for way, put in WAYS.items()}  # fmt: skip
    return {
        "encoded": encoded,
        "built": built,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "figures": figures,
        "seconds": {way: float(np.median(some)) for way, some in seconds.items()},
        "encoding": 0.0 if "bm25s" in name else encoder.seconds([text for _, text in texts]),
    }


def _seconds(ranking: Ranking, question: str) -> float:
    began = time.process_time()
    ranking(question)
    return time.process_time() - began


def examined(name: str, options: argparse.Namespace) -> dict:
    """``examine`` in a process of its own, and again when the first had texts to encode: its time
    and memory would be the encoder's."""
    command = [sys.executable, "-W", "ignore", "-m", __spec__.name, str(options.shared)]
    command += ["--cache", str(options.cache), "--only", name]
    for _ in range(2):
        done = subprocess.run(command, stdout=subprocess.PIPE, timeout=_SECONDS, check=True)
        report = json.loads(done.stdout.splitlines()[-1])
        if not report.get("encoded"):
            break
    return report


def show(reports: Mapping[str, dict], changed: Mapping[str, np.ndarray]) -> None:
    """Print the tables; ``changed`` says which questions a way of typing changes.

    Times are of the processor, not of the clock, so that a busy machine does not slow anybody. ± is
    one standard error over questions.
    """
    for way in WAYS:
        figures = {n: np.array(r["figures"][way]) for n, r in reports.items() if "figures" in r}
        some = changed[way]
        _show_way(f"{way}, {len(some)} questions", figures, reports, way)
        if way != "as typed" and not some.all():
            figures = {name: rows[some] for name, rows in figures.items()}
            _show_way(f"{way}, the {some.sum()} that it changes", figures, reports, way)
    print("\n| ranking | build s | encoding s, shared | peak MB |\n|---|---|---|---|")
    for name, report in reports.items():
        if "failed" in report:
            print(f"| {name} | {report['failed']} | | |")
        else:
            print(
                f"| {name} | {report['built']:.1f} | {report['encoding']:.0f} "
                f"| {report['megabytes']:.0f} |"
            )


def _show_way(
    title: str, figures: Mapping[str, np.ndarray], reports: Mapping[str, dict], way: str
) -> None:
    print(f"\n| {title} | {' | '.join(MEASURES)} | ms |\n|---|{'---|' * (len(MEASURES) + 1)}")
    for name, rows in figures.items():
        means = " | ".join(f"{mean:.3f}" for mean in rows.mean(axis=0))
        print(f"| {name} | {means} | {1000 * reports[name]['seconds'][way]:.1f} |")
    others = [rows for name, rows in figures.items() if name != OURS]
    if OURS in figures and others:
        leads = []
        for at in range(len(MEASURES)):
            best = max((rows[:, at] for rows in others), key=np.mean)
            lead = figures[OURS][:, at] - best
            leads.append(f"{lead.mean():+.3f} ± {lead.std() / len(lead) ** 0.5:.3f}")
        print(f"| ours less the best of the others | {' | '.join(leads)} | |")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, or one ranking's report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="folder with benchmarks/alqac")
    parser.add_argument("--cache", type=Path, required=True, help="folder to keep vectors in")
    parser.add_argument("--only", choices=[*PEERS, OURS], help="report this ranking, as JSON")
    options = parser.parse_args(arguments)
    options.cache.mkdir(parents=True, exist_ok=True)
    alqac = load(options.shared / "benchmarks" / "alqac")
    if options.only:
        try:
            report = examine(options.only, alqac, options.cache)
        except ImportError as missing:
            report = {"failed": f"{missing}"}
        print(json.dumps(report))
        return
    reports = {}
    for name in [*PEERS, OURS]:
        print(f"{name}…", file=sys.stderr, flush=True)
        reports[name] = examined(name, options)
    changed = {
        way: np.array([put(question) != question for question, _ in alqac.questions])
        for way, put in WAYS.items()
    }
    show(reports, changed)


if __name__ == "__main__":
    main()
