from dataclasses import replace

import numpy as np
import pytest

from index.errors import ModelError
from index.language import main_script
from qa.reader.calibration import (
    AnswerableModel,
    Calibration,
    ConfidenceModel,
    SentenceWeights,
    SpanConfidenceModel,
    bundled_calibration,
    log_odds,
    logistic,
)
from qa.reader.selection import Candidate, ReaderInput, read_sentences, select
from qa.reader.spans import PassageLogits, SentenceReading


def candidate(odds, *, rank=1, late=0.0, similarity=0.5, spelling=0.0):
    reading = SentenceReading(odds, (0, 3), 0.5)
    return Candidate(0, rank, (0, 9), reading, late, similarity, spelling)


def test_a_score_by_hand():
    weights = SentenceWeights(rank=1.5, late=2.0, spelling=0.5)
    found = candidate(1.0, rank=4, late=0.25, spelling=3.0)
    assert found.score(weights) == pytest.approx(1.0 - 1.5 * 2 + 0.5 * 3.0)
    across = replace(found, other_script=True)
    assert across.score(weights) == pytest.approx(1.0 - 1.5 * 2 + 2.0 * 0.25)


def test_the_lead_is_the_log_odds_against_all_others_and_no_answer():
    plain = SentenceWeights(0.0, 0.0, 0.0)
    found = select([candidate(1.0), candidate(2.0), candidate(-1.0)], plain)
    assert found is not None
    assert found.best.reading.log_odds == 2.0
    assert found.lead == pytest.approx(2.0 - np.log(np.e**1 + np.e**-1 + 1))
    assert select([], plain) is None


def test_confidence_is_the_logistic_of_the_weighed_evidence():
    calibration = Calibration(
        SentenceWeights(0, 0, 0),
        ConfidenceModel(bias=-1.0, margin=0.5, lead=0.25, similarity=2.0, other_script=1.5),
        AnswerableModel(bias=-2.0, total=0.5, similarity=1.0, spelling=0.25, other_script=3.0),
        SpanConfidenceModel(bias=1.0, overlap=2.0, margin=0.0),
        0.5,
    )
    found = select([candidate(2.0, similarity=0.5, spelling=4.0)], calibration.sentence)
    assert found is not None
    score = -1.0 + 0.5 * 2.0 + 0.25 * 2.0 + 2.0 * 0.5
    assert found.confidence(calibration.answer) == pytest.approx(1 / (1 + np.exp(-score)))
    assert found.answerable_probability(calibration) == pytest.approx(
        1 / (1 + np.exp(2.0 - 1.0 - 0.5 - 1.0))
    )
    across = select(
        [replace(candidate(2.0, similarity=0.5), other_script=True), candidate(1.0)],
        calibration.sentence,
    )
    assert across is not None
    total = np.log(np.exp(2.0) + np.exp(1.0))
    score = -2.0 + 0.5 * total + 0.5 + 3.0
    assert across.answerable_probability(calibration) == pytest.approx(1 / (1 + np.exp(-score)))
    lead = 2.0 - np.log(np.e + 1)
    score = -1.0 + 0.5 * 2.0 + 0.25 * lead + 2.0 * 0.5 + 1.5
    assert across.confidence(calibration.answer) == pytest.approx(1 / (1 + np.exp(-score)))
    # the expected overlap is one half: its log odds are 0
    assert found.span_confidence(calibration) == pytest.approx(1 / (1 + np.exp(-1.0)))


def test_every_sentence_is_read_in_its_passage():
    texts = ("Amel came. Bob left.", "It rained.")
    inputs = [ReaderInput(texts[0], ((0, 10), (11, 20))), ReaderInput(texts[1], ((0, 10),))]

    def read(question, passage):
        offsets = np.array([(i, i + 1) for i in range(len(passage))], dtype=np.int32)
        return PassageLogits(np.zeros((len(passage), 2), dtype=np.float32), offsets)

    found = read_sentences("who came?", inputs, read)
    assert [(c.passage, c.sentence) for c in found] == [(0, (0, 10)), (0, (11, 20)), (1, (0, 10))]
    assert found[0].late == max(c.late for c in found)


def test_what_a_message_quotes_is_ranked_below_what_it_says():
    text = "We move on 18 March.\n\n> Tom wrote:\n> We move on 11 March, I hear."
    spans = ((0, 20), (22, 34), (37, len(text)))

    def read(question, passage):
        offsets = np.array([(i, i + 1) for i in range(len(passage))], dtype=np.int32)
        return PassageLogits(np.zeros((len(passage), 2), dtype=np.float32), offsets)

    found = read_sentences("when do we move?", [ReaderInput(text, spans)], read)
    assert [c.is_quoted for c in found] == [False, True, True]
    same = [replace(c, reading=SentenceReading(1.0, c.sentence, 0.5)) for c in found]
    best = select(same[::-1], SentenceWeights(0.0, 0.0, 0.0))
    assert best is not None
    assert best.best.sentence == (0, 20)


@pytest.mark.parametrize(
    ("text", "script"),
    [("ما حجم التبادل؟", "Arabic"), ("what is GDP?", "Latin"), ("Какой объём BMW?", "Cyrillic"),
     ("貿易額はいくらですか", "Chinese or Japanese"), ("2022", "Latin"), ("무역", "Korean")],
)  # fmt: skip
def test_the_script_is_that_of_most_letters(text, script):
    assert main_script(text) == script


def test_logistic_and_log_odds():
    assert logistic(0.0) == 0.5
    assert logistic(np.log(3)) == pytest.approx(0.75)
    assert (logistic(-1e9), logistic(1e9)) == (pytest.approx(0.0), pytest.approx(1.0))
    assert log_odds(0.75) == pytest.approx(np.log(3))
    assert log_odds(0.0) == pytest.approx(np.log(1e-4), abs=1e-3)


def test_a_calibration_is_read_as_it_was_saved(tmp_path):
    bundled_calibration().save(tmp_path)
    assert Calibration.load(tmp_path) == bundled_calibration()
    (tmp_path / "calibration.json").write_text('{"sentence": {}}')
    with pytest.raises(ModelError, match=r"calibration.json cannot be read \(.*reinstall"):
        Calibration.load(tmp_path)
