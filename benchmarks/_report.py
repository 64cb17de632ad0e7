"""What every benchmark says of itself: the machine, the command, and where its figures go."""

from __future__ import annotations

import json
import os
import platform
import shlex
import sys
from pathlib import Path
from typing import Any

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
RESULTS = Path(__file__).parent / "results"


def write(name: str, data: str, figures: dict[str, Any]) -> None:
    """Keep the figures of a run with its data, command and machine, and print them."""
    # Where the data lies on one machine is of no use on another.
    arguments = [Path(argument).name for argument in sys.argv[1:]]
    report = {
        "data": data,
        "command": shlex.join(["python", "-m", f"benchmarks.{name}", *arguments]),
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            # BLAS and FAISS, and the tokenizers' own pool
            "threads": {name: os.environ.get(name, "not set") for name in THREADS},
            "python": platform.python_version(),
        },
        "figures": figures,
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)
