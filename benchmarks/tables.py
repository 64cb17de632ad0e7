"""Write the tables of README.md and docs/ anew from the figures in results/.

python -m benchmarks.tables. A table stands between <!-- table: NAME --> and the next blank line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks._report import RESULTS

ROOT = Path(__file__).parent.parent
PAGES = (
    ROOT / "README.md", ROOT / "docs/benchmarks.md", ROOT / "docs/serving.md",
    ROOT / "docs/scale.md", ROOT / "docs/formats.md",
)  # fmt: skip
Figures = dict[str, Any]
_NOT_IN_THE_ROW = ("n", "risk at coverage", "in words")
_TABLE = re.compile(r"(<!-- table: (\w+) -->\n)(?:\|.*\n)*")
# EM and F1 on XQuAD in Arabic, zero-shot: published figures, not run here.
_PUBLISHED = {"XLM-R base": (0.521, 0.679), "mBERT": (0.451, 0.615)}
_WAITED = ("answers", *(f"{part}, milliseconds" for part in ("p50", "p95", "p99")))
_KINDS = ("ar-ar", "en-en", "en-ar")  # the directions whose kinds of question are shown
_SUMMARY = (*_KINDS, "ru-ar")


def main() -> None:
    """Replace every table."""
    for page in PAGES:
        page.write_text(renewed(page.read_text("utf-8")), encoding="utf-8")


def renewed(text: str) -> str:
    """Return a text with its tables made of the figures as they are now."""
    names = (
        "quality", "rerank", "reading", "speed", "serving", "scale", "load", "engine", "fuzz",
        "formats", "page", "languages",
    )  # fmt: skip
    (
        quality,
        rerank,
        reading,
        speed,
        serving,
        scale,
        load,
        engine,
        fuzz,
        formats,
        page,
        languages,
    ) = (json.loads((RESULTS / f"{name}.json").read_text("utf-8"))["figures"] for name in names)
    made: dict[str, Callable[[], str]] = {
        "summary": lambda: _summary(quality, reading),
        "retrieval": lambda: _retrieval(quality),
        "rerank": lambda: _rerank(rerank),
        "languages": lambda: _languages(languages),
        "reading": lambda: _reading(reading["reading"]),
        "kinds": lambda: _kinds(reading["reading"]),
        "refusals": lambda: _refusals(reading["refusals"]),
        "article": lambda: _article(quality["article (tuning data)"]),
        "speed": lambda: _markdown(
            ("speed", ""), [[name, f"{value:,}"] for name, value in speed.items()]
        ),
        "serving": lambda: _serving(serving),
        "page": lambda: _page(page),
        "growth": lambda: _columns(scale["growth"], "chunks"),
        "vectors": lambda: _columns(scale["kinds"], "wanted"),
        "load": lambda: _load(load),
        "engine": lambda: _engine(engine),
        "fuzz": lambda: _fuzz(fuzz["targets"]),
        "formats": lambda: _formats(formats),
    }
    return _TABLE.sub(lambda found: found[1] + made[found[2]](), text)


def _languages(figures: Figures) -> str:
    measured = {name: found for name, found in figures.items() if isinstance(found, dict)}
    columns = ("questions", "paragraphs", "dense", "bm25", "all")
    rows = [
        [name, *(_shown(v) if isinstance(v := found[c], float) else str(v) for c in columns)]
        for name, found in measured.items()
    ]
    return _markdown(("language", *columns), rows)


def _summary(quality: Figures, reading: Figures) -> str:
    rows = []
    for name in _SUMMARY:
        found = reading["reading"][name]
        refused = reading["refusals"].get(name, {})
        cells = (
            quality[f"xquad {name}"]["all"]["ndcg@10"], found["all paragraphs"]["sentence"],
            found["paragraph given"]["sentence"], found["paragraph given"]["f1"],
            refused.get("wrongly refused"),
        )  # fmt: skip
        rows.append([_arrow(name), *map(_shown, cells)])
    head = ("question → article", "retrieval: nDCG@10", "right sentence, of 240 paragraphs",
            "right sentence, paragraph given", "short answer: F1", "wrongly refused")  # fmt: skip
    return _markdown(head, rows)


def _retrieval(figures: Figures) -> str:
    rows = []
    for name, parts in figures.items():
        if not name.startswith(("xquad", "arcd")):
            continue
        every = parts["all"]
        cells = [parts[part]["ndcg@10"] for part in ("dense", "late", "bm25")]
        scores = [every["recall@1"], every["recall@5"]]
        best = f"**{_shown(every['ndcg@10'])}**"
        rows.append([_named(name), *map(_shown, cells), best, *map(_shown, scores)])
    head = ("questions → article", "dense", "late interaction", "BM25", "**all** nDCG@10",
            "recall@1", "recall@5")  # fmt: skip
    return _markdown(head, rows)


def _rerank(figures: Figures) -> str:
    columns = [f"{how}, {what}" for what in ("ndcg@10", "recall@1", "ms")
               for how in ("retrieved", "reranked")]  # fmt: skip
    rows = []
    for name, found in figures.items():
        scores = [_shown(found[column]) for column in columns[:4]]
        rows.append(
            [_named(name), str(found["n"]), *scores, *(f"{found[c]:g}" for c in columns[4:])]
        )
    return _markdown(("questions → article", "n", *columns), rows)


def _reading(figures: Figures) -> str:
    rows = []
    for name, found in figures.items():
        parts = (found["paragraph given"], found.get("all paragraphs", {}))
        cells = [part.get(score) for part in parts for score in ("sentence", "exact_match", "f1")]
        shown = [str(found["n"]), *map(_shown, cells)]
        shown.insert(4, str(parts[1].get("n", "-")))
        given = found["paragraph given"]
        cells = [
            given["emphasised"],
            given["emphasised rightly"],
            found["floor: late interaction"],
        ]
        rows.append(
            [_named(name if name == "arcd" else f"xquad {name}"), *shown, *map(_shown, cells)]
        )
    rows += [
        [f"{name}, published, ar → ar", "1190", "-", *map(_shown, scores), *["-"] * 7]
        for name, scores in _PUBLISHED.items()
    ]
    head = ("question → article", "n", "sentence", "EM", "F1", "all paragraphs: n", "sentence",
            "EM", "F1", "emphasised", "rightly", "floor: sentence")  # fmt: skip
    return _markdown(head, rows)


def _kinds(figures: Figures) -> str:
    by_kind = [figures[name]["by kind, paragraph given"] for name in _KINDS]
    kinds = dict.fromkeys(kind for found in by_kind for kind in found)
    rows = [[kind, *(_kind(found.get(kind)) for found in by_kind)] for kind in kinds]
    return _markdown(("asked for", *map(_arrow, _KINDS)), rows)


def _kind(found: Figures | None) -> str:
    return "-" if found is None else f"{_shown(found['f1'])} ({found['n']})"


def _refusals(figures: Figures) -> str:
    rows = []
    for name, found in figures.items():
        cells = [value for key, value in found.items() if key not in _NOT_IN_THE_ROW]
        risks = ", ".join(_shown(risk) for risk in found["risk at coverage"].values())
        rows.append([_arrow(name), str(found["n"]), *map(_shown, cells), risks])
    head = ("question → article", "n", "wrongly refused", "refused: other article",
            "refused: own without its paragraph", "AUROC, other article", "AUROC, without",
            "calibration error", "wrong sentence at coverage 25, 50, 75, 100 %")  # fmt: skip
    return _markdown(head, rows)


def _article(figures: Figures) -> str:
    names = ("recall@1", "recall@3", "sentence_accuracy", "refusal_precision", "refusal_recall")
    rows = [[name, *(f"{found[score]:.2f}" for score in names)] for name, found in figures.items()]
    head = ("questions in", "recall@1", "recall@3", "sentence", "refusals that were right",
            "unanswerable refused")  # fmt: skip
    return _markdown(head, rows)


def _serving(figures: Figures) -> str:
    rows = [
        [name, *(f"{found[part]:,.0f}" for part in _WAITED)]
        for name, found in figures.items()
        if isinstance(found, dict)
    ]
    head = ("milliseconds for one `ask`", "answers", "p50", "p95", "p99")
    return _markdown(head, rows)


def _page(figures: Figures) -> str:
    (columns, *_) = figures.values()
    rows = [[name, *(f"{value:,}" for value in found.values())] for name, found in figures.items()]
    return _markdown(("a visitor waits for", *columns), rows)


def _columns(found: Sequence[Figures], head: str) -> str:
    """Lay measurements side by side, a column each."""
    rows = [[name, *(_plain(one[name]) for one in found)] for name in found[0] if name != head]
    return _markdown((head, *(_plain(one[head]) for one in found)), rows)


def _load(figures: Figures) -> str:
    rows = []
    for name, value in figures.items():
        if isinstance(value, dict) and value:
            value = ", ".join(f"{part}: {_plain(number)}" for part, number in value.items())
        rows.append([name, _plain(value)])
    return _markdown(("under load", ""), rows)


def _engine(figures: Figures) -> str:
    stores = {name: found for name, found in figures.items() if isinstance(found, dict)}
    lines = dict.fromkeys(line for found in stores.values() for line in found)
    rows = [[line, *(_plain(found.get(line, "-")) for found in stores.values())] for line in lines]
    return _markdown((f"{_plain(figures['chunks'])} chunks", *stores), rows)


def _formats(figures: Figures) -> str:
    names = list(next(iter(figures.values())))
    rows = [[name, *(f"{found[part]:,}" for part in names)] for name, found in figures.items()]
    return _markdown(("format", *names), rows)


def _fuzz(targets: Figures) -> str:
    (first, *_) = targets.values()
    rows = [[name, *map(_plain, found.values())] for name, found in targets.items()]
    return _markdown(("reader", *first), rows)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _named(name: str) -> str:
    source, _, direction = name.partition(" ")
    return f"ARCD test {_arrow('ar-ar')}" if source == "arcd" else f"XQuAD {_arrow(direction)}"


def _arrow(direction: str) -> str:
    return direction.replace("-", " → ")


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


if __name__ == "__main__":
    main()
