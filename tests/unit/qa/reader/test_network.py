import shutil
import struct
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.errors import ModelError
from qa.reader.embeddings import BLOCK_BYTES, EmbeddingTable, unpack
from qa.reader.layers import FOLDER, LowerLayers
from qa.reader.network import ReaderNetwork, bundled_network


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
    network = ReaderNetwork(LowerLayers())
    first = network.read("who came?", "Amel came on Monday.")
    network.read("who came?", "Something else, and longer than that, was said on Tuesday.")
    again = ReaderNetwork(LowerLayers()).read("who came?", "Amel came on Monday.")
    assert (first.logits == again.logits).all()
    assert network.read("who came?", "Amel came on Monday.") is first


def test_an_empty_passage_has_no_tokens():
    assert bundled_network().read("who?", "").logits.shape == (0, 2)


def test_a_passage_of_several_windows_reads_as_its_windows_do():
    network = bundled_network()
    passage = "Amel came on Monday. " * 80 + "Bob left on Friday."
    read = network.read("who left?", passage)
    assert len(read.offsets) > 320
    # Far from every window's edge each token is read with all that stands around it.
    start, end = read.offsets[-2]
    assert passage[start:end] == "Friday"
    assert read.logits[:, 0].argmax() > len(read.offsets) - 10


def test_many_threads_read_the_same():
    network, other = ReaderNetwork(LowerLayers()), ReaderNetwork(LowerLayers())
    questions = [f"who came on day {number}?" for number in range(12)]
    alone = [other.read(q, "Amel came on Monday.").logits for q in questions[:2]]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda q: network.read(q, "Amel came on Monday.").logits, questions))
    for one, two in zip(alone, found, strict=False):
        assert (one == two).all()


def test_what_was_read_is_forgotten():
    network = ReaderNetwork(LowerLayers())
    first = network.read("who?", "Amel came.")
    network.forget()
    assert network.read("who?", "Amel came.") is not first


def test_files_of_several_models_are_one_line(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    np.save(folder / "embeddings.npy", np.load(FOLDER / "embeddings.npy", mmap_mode="r")[:-1])
    with pytest.raises(ModelError, match="are of several models; reinstall article-qa"):
        ReaderNetwork(LowerLayers(folder))


@pytest.mark.parametrize("name", ["lower.onnx", "upper.onnx", "embeddings.npy", "tokenizer.json"])
def test_a_damaged_model_is_one_line(tmp_path, name):
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:1_000])
    with pytest.raises(ModelError, match=rf"{name} .*reinstall article-qa") as raised:
        ReaderNetwork(LowerLayers(folder)).read("who?", "Amel came.")
    assert "\n" not in str(raised.value)
