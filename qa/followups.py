"""Follow-up questions: what a question leaves out is taken from the one before it."""

from __future__ import annotations

from functools import lru_cache

from index.text import fold, terms
from qa.answer import Answer
from qa.kinds import without_and
from qa.words import function_words

# A question that opens with one of these goes on from the last; one that has one of the pronouns
# speaks of somebody in it. Arabic writes most pronouns onto the word, and they are not seen; its
# "he" and "she" are also the "is" of a question.
_OPENINGS = "and but then و ثم et mais puis alors и а но y pero und aber ve ama peki"
_PRONOUNS = """
he him his she her hers it its they them their theirs this that these those there then
هم هما ذلك هذا هذه تلك هناك عنه عنها منه منها له لها لهم إليه إليها فيه فيها به بها
il elle ils elles lui leur leurs son sa ses y en cela ça ce celui
он она оно они его ему им ней нему нём ним её ее их том этот эта это эти туда там
él ella ellos ellas su sus eso esto lo la allí er ihn ihm sie ihr ihnen sein seine dort
o onu ona onun onlar bu şu orada
"""
_ABOUT = (("what", "about"), ("how", "about"))


def is_follow_up(question: str) -> bool:
    """Tell if a question leans on the one before it; only a guess, for words alone."""
    words = [term.text for term in terms(question)]
    openings, pronouns = _lists()
    if not words:
        return False
    opens = words[0] in openings or (words[0][:1] == "و" and len(words) <= 3)
    opens = opens or tuple(words[:2]) in _ABOUT
    return opens or not pronouns.isdisjoint(words) or not _content(question)


def names_its_topic(question: str) -> bool:
    """Tell if a follow-up may also be meant as it stands: it has a topic, and no pronoun."""
    said = {term.text for term in terms(question)}
    return bool(_content(question)) and _lists()[1].isdisjoint(said)


def completions(question: str, previous: Answer) -> tuple[str, ...]:
    """Return the question as it may have been meant, with words of the last question and answer.

    The likeliest first; which one the article answers best, tells the reader's confidence.
    """
    said = {term.text for term in terms(question)}
    before = [w for w in _content(previous.completed or previous.question) if fold(w) not in said]
    told = [previous.emphasis.quote] if previous.emphasis is not None else []
    carried = ([*before, *told], before) if told else (before,)
    return tuple(
        dict.fromkeys(f"{question.strip()} ({' '.join(words)})" for words in carried if words)
    )


def _content(question: str) -> list[str]:
    """Return the words of a question that are not function words of its likeliest language."""
    words = terms(question)
    listed = max(function_words(), key=lambda known: sum(w.text in known for w in words))
    kept = [
        question[w.start : w.end]
        for w in words
        if w.text not in listed and without_and(w.text) not in listed
    ]
    return list(dict.fromkeys(kept))


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    return (
        frozenset(fold(word) for word in _OPENINGS.split()),
        frozenset(fold(word) for word in _PRONOUNS.split()),
    )
