import numpy as np
import pytest

from index.models import load_embedder
from qa.question_vectors import embed_question
from qa.reader.layers import LowerLayers
from qa.reader.network import ReaderNetwork
from qa.reader.question_encoder import QuestionEncoder, bundled_question_encoder
from tests.writer import Stub

QUESTION = "what is the trade volume?"


def test_the_network_was_made_for_the_table_beside_it(embedder):
    assert bundled_question_encoder().embedder_id == embedder.id


def test_a_question_is_what_the_table_and_the_network_make_of_it(embedder):
    own, read = embedder.embed_query(QUESTION), bundled_question_encoder().encode(QUESTION)
    found = embed_question(QUESTION, embedder, 4.0)
    assert found.dtype == np.float32
    assert np.linalg.norm(read) == pytest.approx(1, abs=1e-5)
    expected = own + 4 * read
    np.testing.assert_allclose(found, expected / np.linalg.norm(expected), atol=1e-6)


def test_a_question_has_the_same_vector_whatever_was_read_before():
    layers = LowerLayers()
    network, encoder = ReaderNetwork(layers), QuestionEncoder(layers)
    logits = network.read("who?", "Amel came.").logits
    first = encoder.encode(QUESTION)
    network.forget()
    np.testing.assert_array_equal(network.read("who?", "Amel came.").logits, logits)
    np.testing.assert_array_equal(QuestionEncoder(layers).encode(QUESTION), first)


def test_a_translation_is_nearer_than_another_question(embedder):
    asked = bundled_question_encoder().encode("Who was the first president of the republic?")
    passages = ["أول رئيس للجمهورية", "حجم التبادل التجاري", "الطقس غدا", "مباراة كرة القدم"]
    assert (embedder.embed_passages(passages) @ asked).argmax() == 0


@pytest.mark.parametrize("question", ["何年ですか", "?", "😀", "a " * 3_000])
def test_a_question_of_other_signs_or_without_end_has_a_vector(embedder, question):
    found = embed_question(question, embedder, 4.0)
    assert np.isfinite(found).all()
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)


def test_another_embedder_embeds_its_questions_itself():
    stub = Stub()
    np.testing.assert_array_equal(embed_question(QUESTION, stub, 4.0), stub.embed_query(QUESTION))


def test_a_table_that_the_network_does_not_know_embeds_its_questions_itself(monkeypatch):
    other = load_embedder()
    monkeypatch.setattr(other, "_id", "article-qa-static@another")
    np.testing.assert_array_equal(embed_question(QUESTION, other, 4.0), other.embed_query(QUESTION))
