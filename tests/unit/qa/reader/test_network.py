import shutil
import struct

import numpy as np
import pytest

from index.errors import ModelError
from qa.reader.embeddings import BLOCK_BYTES, EmbeddingTable, unpack
from qa.reader.network import FOLDER, ReaderNetwork, embedded_network


def block(scale, weights):
    """Pack 32 weights as ggml's Q4_0 does."""
    low, high = weights[:16], weights[16:]
    halves = [(a + 8) | (b + 8) << 4 for a, b in zip(low, high, strict=True)]
    return np.frombuffer(struct.pack("<e16B", scale, *halves), dtype=np.uint8)


def test_a_block_unpacks_to_its_weights():
    weights = [*range(-8, 8), *reversed(range(-8, 8))]
    packed = block(0.25, weights)
    assert len(packed) == BLOCK_BYTES
    assert unpack(packed[None]).tolist() == [[0.25 * w for w in weights]]


def test_rows_are_looked_up_by_id(tmp_path):
    rows = np.stack([block(number, [number % 8] * 32) for number in range(5)])
    np.save(tmp_path / "table.npy", rows)
    table = EmbeddingTable(tmp_path / "table.npy")
    assert len(table) == 5
    found = table.look_up(np.array([[3, 0], [3, 4]]))
    assert found.shape == (2, 2, 32)
    assert found[:, :, 0].tolist() == [[9.0, 0.0], [9.0, 16.0]]


def test_a_table_of_another_kind_is_one_line(tmp_path):
    np.save(tmp_path / "table.npy", np.zeros((3, 18), dtype=np.float32))
    with pytest.raises(ModelError, match="is not a table of 4-bit rows; reinstall article-qa"):
        EmbeddingTable(tmp_path / "table.npy")
    (tmp_path / "table.npy").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"cannot be read \(.*reinstall article-qa"):
        EmbeddingTable(tmp_path / "table.npy")


def test_a_passage_reads_the_same_whatever_is_read_beside_it():
    network = ReaderNetwork()
    first = network.read("who came?", "Amel came on Monday.")
    network.read("who came?", "Something else, and longer than that, was said on Tuesday.")
    again = ReaderNetwork().read("who came?", "Amel came on Monday.")
    assert (first.logits == again.logits).all()
    assert network.read("who came?", "Amel came on Monday.") is first


def test_an_empty_passage_has_no_tokens():
    assert embedded_network().read("who?", "").logits.shape == (0, 2)


@pytest.mark.parametrize("name", ["encoder.onnx", "embeddings.npy", "tokenizer.json"])
def test_a_damaged_model_is_one_line(tmp_path, name):
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:1_000])
    with pytest.raises(ModelError, match=rf"{name} .*reinstall article-qa") as raised:
        ReaderNetwork(folder).read("who?", "Amel came.")
    assert "\n" not in str(raised.value)
