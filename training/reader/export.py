"""Write the network as ONNX: fused operators of ONNX Runtime, weights in int8."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from torch import nn

from qa.reader.layers import LOWER_FILE, QUESTION_FILE, UPPER_FILE
from training.reader.network import Network, Shape
from training.reader.question_encoder import SHARED, QuestionEncoder

_CONTRIB = "com.microsoft"  # the domain of ONNX Runtime's own operators
_OPSET = 17
_LAST = ".scores"
_INT8_INPUTS = 4  # accuracy_level: inputs in int8 by block


class _Graph:
    """Nodes and initializers as they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def constant(self, name: str, array: npt.NDArray[np.generic]) -> str:
        """Add an initializer."""
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        output: str,
        domain: str = "",
        attributes: Mapping[str, int | float | Sequence[int]] | None = None,
    ) -> str:
        """Add a node of one output."""
        node = helper.make_node(operator, list(inputs), [output], output, domain=domain)
        for name, value in (attributes or {}).items():
            node.attribute.append(helper.make_attribute(name, value))
        self.nodes.append(node)
        return output

    def linear(
        self, states: str, name: str, weights: dict[str, npt.NDArray[np.float32]], output: str
    ) -> str:
        """Add a matrix and its bias."""
        matrix = self.constant(f"{name}.weight", weights[f"{name}.weight"].T)
        scores = self.node("MatMul", [states, matrix], f"{name}{_LAST}")
        return self.node(
            "Add", [scores, self.constant(f"{name}.bias", weights[f"{name}.bias"])], output
        )

    def save(
        self,
        path: Path,
        given: onnx.ValueInfoProto,
        found: onnx.ValueInfoProto,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        """Write the graph from one input to one output."""
        graph = helper.make_graph(self.nodes, path.stem, [given], [found], self.initializers)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        helper.set_model_props(model, dict(properties or {}))
        onnx.save(model, path)


def export_onnx(
    network: Network, questions: QuestionEncoder, origin: Mapping[str, str], folder: Path
) -> None:
    """Write the network and the question encoder in float32, in the three files that run them.

    ``words`` (1, tokens, hidden) to ``states`` of the same shape by the layers that both share;
    these to ``logits`` (1, tokens, 2), and to ``question`` (1, dim). Its file says of itself what
    ``origin`` says: in the space of which embedder, and how long both learned.
    """
    shape, weights = network.shape, _weights(network)
    shared = min(SHARED, shape.layers)
    words, states = (_value(name, "batch", "tokens", shape.hidden) for name in ("words", "states"))

    lower = _Graph()
    last = _embedded(lower, weights, network)
    for number in range(shared):
        last = _layer(lower, weights, f"layers.{number}.", last, shape)
    lower.node("Identity", [last], "states")
    lower.save(folder / LOWER_FILE, words, states)

    upper, last = _Graph(), "states"
    for number in range(shared, shape.layers):
        last = _layer(upper, weights, f"layers.{number}.", last, shape)
    upper.linear(last, "head", weights, "logits")
    upper.save(folder / UPPER_FILE, states, _value("logits", "batch", "tokens", 2))

    branch, last, weights = _Graph(), "states", _weights(questions)
    for number in range(len(questions.layers)):
        last = _layer(branch, weights, f"layers.{number}.", last, shape)
    mean = branch.node("ReduceMean", [last], "mean", "", {"axes": [1], "keepdims": 0})
    branch.linear(mean, "out", weights, "question")
    found = _value("question", "batch", questions.out.out_features)
    branch.save(folder / QUESTION_FILE, states, found, origin)


def quantize(source: Path, target: Path) -> None:
    """Write a copy whose matrices are int8, but for the last one.

    Most have one scale a column, and their inputs one for all, found as they come. Seven bits of
    the eight are used: processors without VNNI add pairs of products in 16 bits, which eight bits
    overflow. The second matrix of each feed-forward, whose inputs have outliers, and with them the
    input, has a scale for each 32 weights: a sixth more time, and half of what int8 costs.
    """
    whole = onnx.load(source)
    names = [node.name for node in whole.graph.node if node.op_type == "MatMul"]
    by_block = MatMulNBitsQuantizer(
        whole,
        algo_config=DefaultWeightOnlyQuantConfig(
            block_size=32, is_symmetric=True, accuracy_level=_INT8_INPUTS, bits=8
        ),
        nodes_to_exclude=[name for name in names if not name.endswith("narrowed")],
    )
    by_block.process()
    onnx.save(by_block.model.model, target)
    quantize_dynamic(
        target,
        target,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[name for name in names if name.endswith(_LAST)],
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
    written = onnx.load(target)  # the quantizers leave out what the file says of itself
    helper.set_model_props(written, {p.key: p.value for p in whole.metadata_props})
    onnx.save(written, target)


def _value(name: str, *shape: str | int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _weights(module: nn.Module) -> dict[str, npt.NDArray[np.float32]]:
    return {name: p.detach().cpu().numpy() for name, p in module.named_parameters()}


def _embedded(graph: _Graph, weights: dict[str, npt.NDArray[np.float32]], network: Network) -> str:
    shape = graph.node("Shape", ["words"], "shape", attributes={"start": 1, "end": 2})
    zero = graph.constant("zero", np.array([0], dtype=np.int64))
    table = graph.constant("positions", weights["positions.weight"])
    positions = graph.node("Slice", [table, zero, shape, zero], "positions.used")
    summed = graph.node("Add", ["words", positions], "embedded.sum")
    scale = graph.constant("norm.weight", weights["norm.weight"])
    bias = graph.constant("norm.bias", weights["norm.bias"])
    attributes = {"axis": -1, "epsilon": network.shape.eps}
    return graph.node(
        "LayerNormalization", [summed, scale, bias], "embedded", attributes=attributes
    )


def _layer(
    graph: _Graph,
    weights: dict[str, npt.NDArray[np.float32]],
    prefix: str,
    states: str,
    shape: Shape,
) -> str:
    def constant(name: str, *, transposed: bool = False) -> str:
        array = weights[prefix + name]
        return graph.constant(prefix + name, array.T if transposed else array)

    def normed(change: str, skip: str, norm: str, bias: str) -> str:
        inputs = [change, skip, constant(f"{norm}.weight"), constant(f"{norm}.bias"), bias]
        epsilon = {"epsilon": shape.eps}
        return graph.node("SkipLayerNormalization", inputs, prefix + norm, _CONTRIB, epsilon)

    mixed = graph.node(
        "Attention",
        [states, constant("qkv.weight", transposed=True), constant("qkv.bias")],
        prefix + "mixed",
        _CONTRIB,
        {"num_heads": shape.heads},
    )
    attended = graph.node(
        "MatMul", [mixed, constant("attended.weight", transposed=True)], prefix + "attended"
    )
    states = normed(attended, states, "attended_norm", constant("attended.bias"))
    wide = graph.node(
        "MatMul", [states, constant("widened.weight", transposed=True)], prefix + "widened"
    )
    active = graph.node("BiasGelu", [wide, constant("widened.bias")], prefix + "active", _CONTRIB)
    narrow = graph.node(
        "MatMul", [active, constant("narrowed.weight", transposed=True)], prefix + "narrowed"
    )
    return normed(narrow, states, "norm", constant("narrowed.bias"))
