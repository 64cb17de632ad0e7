"""Keep a half-done stage on disk, so that a stopped run goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

EVERY = 1_000  # steps; a save takes about a second


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One file with the table, Adam's moments and the number of the next step; no pickle.

    ``key`` names the run (stage, seed, recipe): the file of another run is not taken up.
    """

    path: Path
    key: str

    def load(self, table: torch.nn.Parameter, optimizer: torch.optim.Adam) -> int:
        """Put the saved state into both, and return the step to go on with, 0 if none is saved."""
        if not self.path.exists():
            return 0
        with np.load(self.path, allow_pickle=False) as saved:
            if saved["key"].item() != self.key:
                return 0
            step = int(saved["step"])
            table.data = torch.from_numpy(saved["table"])
            optimizer.state[table] = {
                "step": torch.tensor(float(step)),
                "exp_avg": torch.from_numpy(saved["first"]),
                "exp_avg_sq": torch.from_numpy(saved["second"]),
            }
        return step

    def save(self, table: torch.nn.Parameter, optimizer: torch.optim.Adam, step: int) -> None:
        """Write the state before ``step``, whole or not at all, every EVERY steps."""
        if step == 0 or step % EVERY:
            return
        state = optimizer.state[table]
        half_written = self.path.with_suffix(".part.npz")
        np.savez(
            half_written,
            key=np.array(self.key),
            step=np.array(step),
            table=table.detach().numpy(),
            first=state["exp_avg"].numpy(),
            second=state["exp_avg_sq"].numpy(),
        )
        half_written.replace(self.path)

    def clear(self) -> None:
        """Remove the file of a stage that is done."""
        self.path.unlink(missing_ok=True)
