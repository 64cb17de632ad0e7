import numpy as np
import pytest
from hypothesis import given, settings

from index.articles import Article, seed_articles
from index.models import load_embedder
from index.store import Store
from qa import ask, retrieve
from qa.reader.reader import MAX_PASSAGES, PASSAGES_PER_ROUND, UNCALIBRATED, Reader, _without_marks
from qa.reader.spans import PassageLogits
from qa.retriever import Retriever
from tests.texts import mixed_text


@pytest.fixture(scope="module")
def embedder():
    return load_embedder()


@pytest.fixture(scope="module")
def kept(embedder):
    return lambda text: Store.build([Article.of(text, title="t", source="s")], embedder)


class Fixed:
    """Gives one span of a passage a score, all others next to nothing."""

    def __init__(self, scores):
        self.scores = scores  # words: score
        self.read_passages = []

    def read(self, question, passage):
        self.read_passages.append(passage)
        offsets = np.array([(i, i + 1) for i in range(len(passage))], dtype=np.int32)
        logits = np.full((len(passage), 2), -20.0, dtype=np.float32)
        for words, score in self.scores.items():
            at = passage.find(words)
            if at >= 0:
                logits[at, 0] = logits[at + len(words) - 1, 1] = score / 2
        return PassageLogits(logits.reshape(-1, 2), offsets.reshape(-1, 2))


def readable(text):
    return bool(text.strip())


def test_the_answer_is_cited_and_its_words_stand_in_the_citation():
    (article,) = seed_articles()
    answer = ask("ما هو حجم التبادل التجاري؟")
    (citation,) = answer.citations
    assert answer.text == citation.quote == article.text[citation.start : citation.end]
    assert answer.span.quote == article.text[answer.span.start : answer.span.end]
    assert citation.start <= answer.span.start < answer.span.end <= citation.end
    assert "3 مليارات دولار" in answer.span.quote


@settings(max_examples=40, deadline=None)
@given(text=mixed_text().filter(readable), question=mixed_text(10))
def test_any_text_and_question_give_true_slices(kept, embedder, text, question):
    store = kept(text)
    passages = Retriever(store, embedder).retrieve(question if question.strip() else "who?")
    answer = Reader(store).read(question, passages)
    assert 0.0 <= answer.confidence <= 1.0
    for place in (*answer.citations, *filter(None, [answer.span])):
        assert store.articles[0].text[place.start : place.end] == place.quote


def test_nothing_to_read_is_refused(kept):
    answer = Reader(kept("Some text.")).read("who?", ())
    assert (answer.status, answer.confidence, answer.span) == ("not_in_article", 0.0, None)


def test_the_likeliest_span_of_all_passages_is_the_answer(kept, embedder):
    store = kept("Amel came on Monday.\n\n" + "It rained. " * 80 + "\n\nBob left on Friday.")
    passages = Retriever(store, embedder).retrieve("who left?", MAX_PASSAGES)
    network = Fixed({"Monday": 2.0, "Friday": 4.0})
    answer = Reader(store, network).read("when?", passages)
    assert (answer.text, answer.span.quote) == ("Bob left on Friday.", "Friday")
    # the logistic of the log odds against "no answer": another model is not calibrated
    assert answer.confidence == pytest.approx(1 / (1 + np.exp(-4.0)), abs=1e-3)
    assert answer.emphasis is None


@pytest.mark.parametrize(
    ("text", "short"),
    [("3 مليارات دولار،", "3 مليارات دولار"), ("in May 2021.", "in May 2021"), ("…", "…"),
     ("“at once”", "“at once”"), (".", ".")],
)  # fmt: skip
def test_a_short_answer_ends_with_no_mark_that_separates(text, short):
    assert slice_of(text, _without_marks(text, (0, len(text)))) == short


def slice_of(text, span):
    return text[slice(*span)]


def test_below_the_null_score_is_refused(kept, embedder):
    store = kept("Amel came on Monday.")
    passages = Retriever(store, embedder).retrieve("when?")
    answer = Reader(store, Fixed({"Monday": -1.0})).read("when?", passages)
    assert (answer.status, answer.citations) == ("not_in_article", ())
    assert answer.confidence == pytest.approx(1 / (1 + np.exp(1.0)), abs=1e-3)


@pytest.mark.parametrize(
    ("score", "passages_read"), [(9.0, PASSAGES_PER_ROUND), (0.5, MAX_PASSAGES)]
)
def test_more_passages_are_read_only_while_the_answer_is_uncertain(
    kept, embedder, score, passages_read
):
    text = "\n\n".join(f"Part {number}. " + "It rained a lot. " * 45 for number in range(14))
    store = kept(text)
    passages = Retriever(store, embedder).retrieve("part", 14)
    assert len(passages) == 14
    network = Fixed({passages[0].chunk.text.split(".")[0]: score})
    Reader(store, network, UNCALIBRATED).read("which part?", passages)
    assert len(set(network.read_passages)) == passages_read


def test_passages_are_ordered_by_what_the_reader_finds_in_them(kept, embedder):
    store = kept("\n\n".join(f"Guest {n} came on day{n}. " + "It rained. " * 50 for n in range(20)))
    found = Retriever(store, embedder).retrieve("when did they come?", 14)
    network = Fixed({f"day{n}.": 0.5 * n for n in range(20)})
    ordered = Reader(store, network).rerank("when?", found)
    assert {p.chunk for p in ordered} == {p.chunk for p in found}
    assert [p.rank for p in ordered] == list(range(1, 15))
    days = [int(p.chunk.text.split("day")[1].split(".")[0]) for p in ordered]
    assert days == sorted(days, reverse=True)
    # one span stands out in each passage, so that its score is the sum of all to a thousandth
    assert [p.score for p in ordered] == pytest.approx([0.5 * day for day in days], abs=1e-3)


def test_reranked_passages_are_the_first_of_those_that_were_read(embedder):
    question = "what is the trade volume?"
    few, more = (retrieve(question, k, rerank=True) for k in (2, MAX_PASSAGES))
    assert few == more[:2]
    assert {p.chunk for p in more} == {p.chunk for p in retrieve(question, MAX_PASSAGES)}
    assert few[0].contains(ask(question).citations[0])
