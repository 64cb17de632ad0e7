"""Feed every reader of untrusted bytes what it did not expect, by atheris, for an hour.

python -m benchmarks.fuzz [--seconds 3600] [--jobs 2] [--finds FOLDER] (needs the extra `audit`). A
find is an exception outside our error tree, a hang of 20 seconds, or two gigabytes of memory; its
bytes lie in FOLDER then.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks._fuzz_seeds import seeds_of
from benchmarks._report import write

TARGETS = (
    "txt", "md", "html", "pdf", "docx", "docx body", "odt", "rtf", "epub", "pptx", "xlsx", "csv",
    "eml", "srt", "lines", "feed", "manifest", "dataset", "questions", "address", "talk",
)  # fmt: skip
_DONE = re.compile(r"Done (\d+) runs in (\d+) second")
_HANG, _MEMORY = 20, 2048  # seconds, megabytes


def main() -> None:
    """Fuzz and write results/fuzz.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=3600, help="of all targets together")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--finds", type=Path, default=Path(f"build/fuzz-{os.getpid()}"))
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=TARGETS)
    options = parser.parse_args()
    options.finds.mkdir(parents=True, exist_ok=False)  # what lay there would count as found now
    each = max(options.seconds // len(options.targets), 5)
    with ThreadPoolExecutor(options.jobs) as pool:
        runs = pool.map(lambda target: _fuzzed(target, each, options.finds), options.targets)
        found = dict(zip(options.targets, runs, strict=True))
    figures = {"seconds a target": each, "jobs": options.jobs, "targets": found}
    write("fuzz", "made seeds of each format, changed by libFuzzer", figures)


def _fuzzed(target: str, seconds: int, finds: Path) -> dict[str, int]:
    """Fuzz a target; begin again after what stops the fuzzer."""
    runs, stopped, end = 0, 0, time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds_of(target)):
            Path(corpus, f"seed{number}").write_bytes(seed)
        while (left := int(end - time.monotonic())) > 2:
            command = [
                sys.executable, "-m", "benchmarks._fuzz_target", target, str(finds),
                f"-max_total_time={left}", f"-timeout={_HANG}", f"-rss_limit_mb={_MEMORY}",
                f"-artifact_prefix={finds}/{target}-", "-max_len=20000", "-verbosity=1", corpus,
            ]  # fmt: skip
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            last = _DONE.search(done.stderr)
            runs += int(last[1]) if last else _last_run(done.stderr)
            if last is None:
                stopped += 1
                (finds / f"{target}.log").write_text(done.stderr[-20_000:], encoding="utf-8")
    kept = len(list(finds.glob(f"{target}-*.txt")))
    return {"runs": runs, "finds": kept, "hangs, crashes and too much memory": stopped}


def _last_run(last: str) -> int:
    numbers = re.findall(r"^#(\d+)", last, re.M)
    return int(numbers[-1]) if numbers else 0


if __name__ == "__main__":
    main()
