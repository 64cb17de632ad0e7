"""Read the weights of a package's ONNX files back, to go on from them where build/ is gone.

What `training.reader.export.quantize` rounded stays rounded: matrices are int8 times their scales.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from qa.reader.layers import QUESTION_FILE
from training.reader.card import Facts

Arrays = dict[str, npt.NDArray[np.float32]]
_BY_COLUMN, _BY_BLOCK = "_quantized", "_Q8"
_MIDDLE = 128  # of the unsigned weights of a block: what stands for zero


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return the weights of an exported file by the names that the torch module has for them."""
    stored = {i.name: numpy_helper.to_array(i) for i in onnx.load(path).graph.initializer}
    found: Arrays = {}
    for name, array in stored.items():
        if name.endswith(_BY_COLUMN):
            name = name.removesuffix(_BY_COLUMN)
            found[name] = (array * stored[f"{name}_scale"]).T
        elif name.endswith(_BY_BLOCK):
            name = name.removesuffix(_BY_BLOCK)
            scales = stored[f"{name}_scales"]
            blocks = (array.astype(np.float32) - _MIDDLE) * scales.reshape(*array.shape[:2], 1)
            found[name] = blocks.reshape(len(array), -1)
        elif name.endswith(".bias") or "norm." in name:
            found[name] = array
        elif name == "positions":
            found["positions.weight"] = array
        elif name.endswith(".weight"):  # left in float32: the last matrix of each file
            found[name] = array.T
    return {
        name: torch.from_numpy(np.array(array, np.float32, order="C"))  # safetensors asks for it
        for name, array in found.items()
    }


def shipped_facts(folder: Path) -> Facts:
    """Return how long the network and the question encoder in a folder learned."""
    properties = onnx.load(folder / QUESTION_FILE).metadata_props
    origin = {each.key: each.value for each in properties}
    pieces = len(np.load(folder / "embeddings.npy", mmap_mode="r"))
    return Facts(pieces, int(origin["windows"]), int(origin["steps"]))
