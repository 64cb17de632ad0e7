"""The network in numpy, against the one in torch that trains it."""

import numpy as np
import pytest

from index.errors import ModelError
from index.text import sentence_spans
from qa.features import Told
from qa.reader import embedded_reading
from qa.scorer import IMPOSSIBLE, LONGEST, SpanScorer, embedded_scorer

TEXT = "Trade reached 3 billion dollars. They met in Moscow in April 2022, and signed nothing."


def read(question="When did they meet?", texts=(TEXT,)):
    told = [Told(text, sentence_spans(text, "en"), "en") for text in texts]
    return embedded_reading().read(question, told)


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    import torch

    from training.network import Example, Network, Recipe, save, weights_of

    asked, (passage,) = read()
    example = Example("title", asked, passage, ((3, 2),))
    torch.manual_seed(5)
    made = []
    for _ in range(2):
        network = Network(example, Recipe(hidden=16)).eval()
        with torch.no_grad():  # zeros would hide a part that is left out
            for weight in (network.by_kind, network.length, network.sentence):
                weight.copy_(torch.randn_like(weight) / 4)
        made.append(network)
    path = tmp_path_factory.mktemp("scorer") / "reader.npz"
    save([weights_of(network) for network in made], path)
    return made, SpanScorer.load(path), example


def test_numpy_gives_what_torch_gives(networks):
    import torch
    from torch.nn.functional import log_softmax

    from training.reader import collated

    made, scorer, example = networks
    with torch.no_grad():
        batch = collated([example])
        chances = torch.stack([log_softmax(n(batch).flatten(1), -1)[0] for n in made])
        mean = log_softmax(chances.mean(0), -1).reshape(-1, LONGEST).numpy()
    prior = np.zeros(2, dtype=np.float32)
    (found,), _ = scorer.log_probabilities(example.asked, [example.passage], prior)
    possible = mean > IMPOSSIBLE / 2
    assert (found > IMPOSSIBLE / 2).tolist() == possible.tolist()
    # The weights are kept in half precision.
    np.testing.assert_allclose(found[possible], mean[possible], atol=0.05)


def test_probabilities_sum_to_one_over_all_passages_and_stay_in_sentences():
    asked, passages = read(texts=(TEXT, "Another day. It rained."))
    prior = np.zeros(4, dtype=np.float32)
    spans, _ = embedded_scorer().log_probabilities(asked, passages, prior)
    assert sum(np.exp(rows).sum() for rows in spans) == pytest.approx(1.0, abs=1e-4)
    for passage, rows in zip(passages, spans, strict=True):
        assert rows.shape == (len(passage.words), LONGEST)
        for first, extra in np.argwhere(rows > IMPOSSIBLE / 2):
            assert passage.sentence_of[first] == passage.sentence_of[first + extra]


def test_the_prior_moves_a_sentence():
    asked, (passage,) = read()
    first = passage.sentence_of == 0
    prior = np.zeros(2, dtype=np.float32)
    (before,), _ = embedded_scorer().log_probabilities(asked, [passage], prior)
    (after,), _ = embedded_scorer().log_probabilities(asked, [passage], prior + np.float32([5, 0]))
    assert np.exp(after[first]).sum() > np.exp(before[first]).sum()


def test_a_damaged_file_says_so(tmp_path):
    path = tmp_path / "reader.npz"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ModelError, match=r"reader.npz cannot be read .* reinstall article-qa"):
        SpanScorer.load(path)
