"""Follow-ups, completed with words of the question before; `Question.is_follow_up` finds them."""

from __future__ import annotations

from index.text import fold
from qa.answer import EMPHASIS, Answer
from qa.questions.question import Question, analyse_question

_ENTITIES = ("person", "place", "organisation")
_LIKELY = 0.4  # span confidence of a name, which helps retrieval even if it is not exact


def rewrite_follow_up(question: Question, previous: Answer) -> tuple[str, ...]:
    """Return the question completed with words of the previous question and answer.

    There are several ways, the likeliest first; the reader's confidence decides between them.
    """
    present = {word.text for word in question.words}
    earlier = analyse_question(previous.completed or previous.question)
    before = [word for word in earlier.topic if fold(word) not in present]
    carried = [[*before, *words] for words in ([_answer_words(previous)], []) if words != [""]]
    return tuple(
        dict.fromkeys(f"{question.text.strip()} ({' '.join(words)})" for words in carried if words)
    )


def _answer_words(previous: Answer) -> str:
    """Return the short answer if it is sure, or a likely person, place or organisation."""
    if previous.span is None:
        return ""
    entity = analyse_question(previous.question).kind in _ENTITIES
    sure = previous.span_confidence >= (_LIKELY if entity else EMPHASIS)
    return previous.span.quote if sure else ""
