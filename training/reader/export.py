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

from training.reader.network import Network

_CONTRIB = "com.microsoft"  # the domain of ONNX Runtime's own operators
_OPSET = 17
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
        attributes: Mapping[str, int | float] | None = None,
    ) -> str:
        """Add a node of one output."""
        node = helper.make_node(operator, list(inputs), [output], output, domain=domain)
        for name, value in (attributes or {}).items():
            node.attribute.append(helper.make_attribute(name, value))
        self.nodes.append(node)
        return output


def export_onnx(network: Network, path: Path) -> None:
    """Write the network in float32: ``words`` (1, tokens, hidden) to ``logits`` (1, tokens, 2)."""
    graph = _Graph()
    weights = {name: p.detach().cpu().numpy() for name, p in network.named_parameters()}
    states = _embedded(graph, weights, network)
    for number in range(network.shape.layers):
        states = _layer(graph, weights, number, states, network)
    head = graph.constant("head.weight", weights["head.weight"].T)
    scores = graph.node("MatMul", [states, head], "head.scores")
    graph.node("Add", [scores, graph.constant("head.bias", weights["head.bias"])], "logits")
    hidden = network.shape.hidden
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "reader",
            [
                helper.make_tensor_value_info(
                    "words", TensorProto.FLOAT, ["batch", "tokens", hidden]
                )
            ],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "tokens", 2])],
            graph.initializers,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)],
        ir_version=8,
    )
    onnx.save(model, path)


def quantize(source: Path, target: Path) -> None:
    """Write a copy whose matrices are int8.

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
        nodes_to_exclude=["head.scores"],
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


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
    number: int,
    states: str,
    network: Network,
) -> str:
    prefix = f"layers.{number}."

    def constant(name: str, *, transposed: bool = False) -> str:
        array = weights[prefix + name]
        return graph.constant(prefix + name, array.T if transposed else array)

    def normed(change: str, skip: str, norm: str, bias: str) -> str:
        inputs = [change, skip, constant(f"{norm}.weight"), constant(f"{norm}.bias"), bias]
        epsilon = {"epsilon": network.shape.eps}
        return graph.node("SkipLayerNormalization", inputs, prefix + norm, _CONTRIB, epsilon)

    mixed = graph.node(
        "Attention",
        [states, constant("qkv.weight", transposed=True), constant("qkv.bias")],
        prefix + "mixed",
        _CONTRIB,
        {"num_heads": network.shape.heads},
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
