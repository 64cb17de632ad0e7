"""Follow-up questions: what a question leaves out is taken from the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from index.text import fold, terms
from qa.answer import EMPHASIS, Answer
from qa.kinds import asked_for, without_and
from qa.words import LANGUAGES, function_words, likeliest_function_words

# A question that opens with one of these goes on from the last.
_OPENINGS = {
    "ar": "و ثم لكن",
    "en": "and but then so",
    "fr": "et mais puis alors",
    "ru": "и а но",
    "es": "y pero",
    "de": "und aber",
    "tr": "ve ama peki",
}
# One that has one of these speaks of somebody in the last. Left out is what is more often an
# article, a preposition, a conjunction, or points to the question's own words: es "la" and "lo",
# fr "en" and "y", en "that" and "there", de "sein", tr "o" and "bu". Arabic writes most pronouns
# onto the word, and they are not seen; its "he", "she" and "they" are also the "is" of a question.
_PRONOUNS = {
    "ar": "ذلك هناك عنه عنها منه منها له لها لهم إليه إليها فيه فيها به بها",
    "en": "he him his she her hers it its they them their theirs this these those",
    "fr": "il elle ils elles lui leur leurs son sa ses cela ça celui",
    "ru": "он оно она они его ему им ней нему нём ним её ее их этот эта это эти туда там",
    "es": "él ella ellos ellas su sus eso esto allí",
    "de": "er ihn ihm sie ihr ihnen dort",
    "tr": "onu ona onun onlar onların bunu buna bunun orada",
}
_RELATIVES = frozenset(map(fold, ("الذي", "التي", "الذين", "اللذان", "اللتان")))
_ENTITIES = ("person", "place", "organisation")
_LIKELY = 0.4  # of a name, which helps to find its sentences even with a word too many
_ABOUT = (("what", "about"), ("how", "about"))
_FEW = 1  # content words before a pronoun; behind more, it stands for one of them
_SHORT = 3  # words of a question that Arabic opens with an "and" written onto its first


def is_follow_up(question: str) -> bool:
    """Tell if a question leans on the one before it; only a guess, for words alone."""
    words = [term.text for term in terms(question)]
    return bool(words) and (_opens(words) or points_back(question) or not has_topic(question))


def has_topic(question: str) -> bool:
    """Tell if a question has words that say what about, and so may be meant as it stands."""
    return bool(_content(question))


def points_back(question: str) -> bool:
    """Tell if a pronoun stands for what no word before it in the question names."""
    words = [term.text for term in terms(question)]
    pronouns = _listed(words, _PRONOUNS)
    function = likeliest_function_words(words)
    named = 0
    for place, word in enumerate(words):
        if word in _RELATIVES or named > _FEW:
            return False
        # "Combien y a-t-il": its "il" is nobody.
        if word in pronouns and words[max(0, place - 3) : place] != ["y", "a", "t"]:
            return True
        named += word not in function
    return False


def completions(question: str, previous: Answer) -> tuple[str, ...]:
    """Return the question as it may have been meant, with words of the last question and answer.

    The likeliest first; which one the article answers best, tells the reader's confidence.
    """
    said = {term.text for term in terms(question)}
    before = [w for w in _content(previous.completed or previous.question) if fold(w) not in said]
    carried = [[*before, *told] for told in ([_told(previous)], []) if told != [""]]
    return tuple(
        dict.fromkeys(f"{question.strip()} ({' '.join(words)})" for words in carried if words)
    )


def _told(previous: Answer) -> str:
    """Return the words that answered: sure ones, and whoever or wherever was asked for."""
    if previous.span is None:
        return ""
    entity = asked_for(previous.question).kind in _ENTITIES
    sure = previous.span_confidence >= (_LIKELY if entity else EMPHASIS)
    return previous.span.quote if sure else ""


def _opens(words: Sequence[str]) -> bool:
    if words[0] in _listed(words, _OPENINGS) or tuple(words[:2]) in _ABOUT:
        return True
    bare = without_and(words[0])
    written_on = bare != words[0] and (bare.startswith("ال") or bare in _function_words("ar"))
    return written_on and len(words) <= _SHORT


def _listed(words: Sequence[str], lists: dict[str, str]) -> frozenset[str]:
    """Return what a list has for the question's likeliest languages; for all if none is likely."""
    counts = {name: sum(w in _function_words(name) for w in words) for name in LANGUAGES}
    most = max(counts.values())
    return frozenset[str]().union(
        *(_folded(lists[name]) for name, count in counts.items() if count == most)
    )


def _function_words(language: str) -> frozenset[str]:
    return function_words()[LANGUAGES.index(language)]


@lru_cache(maxsize=2 * len(LANGUAGES))
def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


def _content(question: str) -> list[str]:
    """Return the words of a question that are not function words of its likeliest language."""
    words = terms(question)
    listed = likeliest_function_words([word.text for word in words])
    kept = [
        question[w.start : w.end]
        for w in words
        if w.text not in listed and without_and(w.text) not in listed
    ]
    return list(dict.fromkeys(kept))
