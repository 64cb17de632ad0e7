import json
import lzma
from dataclasses import replace

import numpy as np
import pytest

from index.articles import Article
from qa.datasets import Dataset, Gold, LabelledQuestion
from qa.reader.calibration import ConfidenceModel, SentenceWeights
from qa.reader.selection import Candidate
from qa.reader.spans import SentenceReading
from training.reader.calibrate import ReadTrial, fit, fit_sentence_weights
from training.reader.questions import arcd_rows, training_rows
from training.reader.trials import Trial, Trials, only


@pytest.fixture(scope="module")
def dataset():
    texts = {
        "York": ("The Ouse rose by 3.2 metres on Monday. Nobody was hurt.", "York has a minster."),
        "Oran": ("The port of Oran was closed for two days.", "Oran lies in the west of Algeria."),
    }
    articles = [
        Article.of(text, title=title, source="s", language="en")
        for title, paragraphs in texts.items()
        for text in paragraphs
    ]

    def question(number, text, article, words):
        start = article.text.index(words)
        gold = Gold(article.id, (0, len(article.text)), ((start, start + len(words)),))
        return LabelledQuestion(str(number), text, "en", gold)

    questions = (
        question(1, "How far did the Ouse rise?", articles[0], "3.2 metres"),
        question(2, "How long was the port closed?", articles[2], "two days"),
    )
    spans = {article.id: ((0, len(article.text)),) for article in articles}
    return Dataset(tuple(articles), spans, questions)


@pytest.mark.parametrize(
    ("setting", "texts", "answered"),
    [
        ("given", {"The Ouse rose by 3.2 metres on Monday. Nobody was hurt."}, True),
        (
            "own",
            {"The Ouse rose by 3.2 metres on Monday. Nobody was hurt.", "York has a minster."},
            True,
        ),
        ("without", {"York has a minster."}, False),
        (
            "other",
            {"The port of Oran was closed for two days.", "Oran lies in the west of Algeria."},
            False,
        ),
    ],
)  # fmt: skip
def test_a_trial_has_the_passages_of_its_setting(dataset, embedder, setting, texts, answered):
    trial = Trials(dataset, embedder).trial(dataset.questions[0], setting)
    assert {given.text for given in trial.inputs} == texts
    found = [
        given.text[start:end]
        for given, answers in zip(trial.inputs, trial.answers, strict=True)
        for start, end in answers
    ]
    assert found == (["3.2 metres"] if answered else [])


def test_a_library_has_all_passages_and_articles_can_be_chosen(dataset, embedder):
    trials = Trials(dataset, embedder)
    assert len(trials.trial(dataset.questions[0], "library").inputs) == 4
    york = only(dataset, ("York",))
    assert [article.title for article in york.articles] == ["York", "York"]
    assert [question.id for question in york.questions] == ["1"]


def read_trials(dataset, embedder, count=800):
    """Candidates whose log odds say little: late interaction says the right sentence.

    Spellings say as much as the log odds. Half of the questions are in another script.
    """
    trials = Trials(dataset, embedder)
    rng = np.random.default_rng(3)
    found = []
    for number in range(count):
        setting = ("own", "library", "other", "without")[number % 4]
        trial = trials.trial(dataset.questions[0], setting)
        candidates = []
        for place, given in enumerate(trial.inputs):
            for sentence in given.sentences:
                one = Candidate(
                    place, place + 1, sentence, SentenceReading(0.0, sentence, 0.5), 0.0, 0.5, 0.0,
                    other_script=number % 8 < 4,
                )  # fmt: skip
                odds = 1.0 * trial.holds(one) + float(rng.normal())
                late = 4.0 * trial.holds(one) + float(rng.normal())
                spelling = 1.0 * trial.holds(one) + float(rng.normal())
                reading = SentenceReading(odds, sentence, 0.5)
                candidates.append(replace(one, reading=reading, late=late, spelling=spelling))
        found.append(ReadTrial("en-en", setting, trial, (tuple(candidates),) * 2))
    return found


def test_the_weights_follow_what_tells_the_right_sentence(dataset, embedder):
    made = read_trials(dataset, embedder)
    weights = fit_sentence_weights(made)
    assert weights.late > 1.5
    # Of one variance and one difference, both count the same (linear discriminant).
    assert weights.spelling == pytest.approx(1.0, abs=0.3)
    calibration = fit(made)
    chosen = [r.select(calibration.sentence, calibration.answer) for r in made]
    own = [c for c in chosen if c.read_trial.setting == "own"]
    across = [c for c in own if c.selection.best.other_script]
    within = [c for c in own if not c.selection.best.other_script]
    assert np.mean([c.holds for c in across]) > 0.95 > np.mean([c.holds for c in within])
    for questions, share in ((within, 0.04), (across, 0.09)):
        refused = [
            c.selection.answerable_probability(calibration) < calibration.threshold
            for c in questions
        ]
        assert np.mean(refused) == pytest.approx(share, abs=0.015)
    # among equally weighed settings of right and wrong sentences the mean confidence is their share
    share = sum(c.holds * w for c, w in weighed(chosen)) / sum(w for _, w in weighed(chosen))
    mean = sum(c.selection.confidence(calibration.answer) * w for c, w in weighed(chosen))
    assert mean / sum(w for _, w in weighed(chosen)) == pytest.approx(share, abs=0.03)


def weighed(chosen):
    shares = {"own": 2.5, "library": 2.5, "other": 1.0, "without": 1.0}
    return [(c, shares[c.read_trial.setting]) for c in chosen]


def test_the_first_passages_decide_where_they_are_certain(dataset, embedder):
    trial = Trials(dataset, embedder).trial(dataset.questions[0], "own")
    sentence = trial.inputs[0].sentences[0]
    near = Candidate(0, 1, sentence, SentenceReading(9.0, sentence, 0.5), 0.0, 0.5, 0.0)
    far = replace(near, reading=SentenceReading(12.0, sentence, 0.4))
    read_trial = ReadTrial("en-en", "own", trial, ((near,), (near, far)))
    plain = SentenceWeights(0.0, 0.0, 0.0)
    certain, unsure = (ConfidenceModel(bias, 0.0, 0.0, 0.0, 0.0) for bias in (9.0, -9.0))
    assert read_trial.select(plain, certain).selection.best == near
    assert read_trial.select(plain, unsure).selection.best == far
    assert read_trial.select(plain).selection.best == far


def test_held_out_contexts_are_left_out_of_every_set(tmp_path):
    def write(name, rows):
        lines = [
            json.dumps({
                "lang": "ar", "question": f"q{number}?", "context": context, "title": title,
                "answers": [{"text": context[0], "start": 0}],
            })
            for number, (context, title) in enumerate(rows)
        ]  # fmt: skip
        (tmp_path / "qa").mkdir(exist_ok=True)
        (tmp_path / "qa" / name).write_bytes(lzma.compress("\n".join(lines).encode()))

    write("ar.arcd-train.jsonl.xz", [(f"a{n}", f"t{n}") for n in range(10)])
    write("xx.other.jsonl.xz", [("a0", "t"), ("a1", "t"), ("b", "t")])
    held = {row.context for row in arcd_rows(tmp_path, "hold")}
    assert held == {"a0", "a5"}
    assert {row.context for row in arcd_rows(tmp_path, "train")} == {
        f"a{n}" for n in range(10)
    } - held
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "xquad.tune.ids").write_text("")
    for language in ("ar", "en", "ru", "es", "de", "tr", "zh"):
        raw = lzma.compress(b'{"data": []}')
        (tmp_path / "eval" / f"xquad.{language}.json.xz").write_bytes(raw)
    seen = {(row.dataset, row.context) for row in training_rows(tmp_path)}
    assert not {context for _, context in seen} & held
    assert {("xx.other", "a1"), ("xx.other", "b"), ("ar.arcd-train", "a1")} <= seen


def test_trials_say_how_right_a_candidate_is(dataset, embedder):
    trial: Trial = Trials(dataset, embedder).trial(dataset.questions[0], "given")
    start = trial.inputs[0].text.index("3.2")
    first, second = trial.inputs[0].sentences
    right = Candidate(0, 1, first, SentenceReading(0.0, (start, start + 10), 0.5), 0.0, 0.5, 0.0)
    assert trial.holds(right)
    assert trial.span_scores(right) == (1.0, 1.0)
    near = replace(right, reading=SentenceReading(0.0, (start, start + 3), 0.5))
    assert trial.span_scores(near) == (0.0, pytest.approx(2 / 3))
    assert not trial.holds(replace(right, sentence=second))
