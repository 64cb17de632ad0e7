"""Compound questions: several in one, cut apart, and their answers as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from index.text import FoldedWord, find_words
from qa.answer import Answer
from qa.languages import lexicon, likeliest_function_words
from qa.questions.comparisons import split_comparison
from qa.questions.question import is_noun_asked_for, without_conjunction

_MARK = regex.compile(r"(?<=[?؟？])\s*(?=\S)")
_MOST = 4  # of one message; more are read as one
_LEAST = 2  # words before "and" with a question word


def split_questions(text: str) -> tuple[str, ...]:
    """Return the questions that a text holds, one after another; the text alone if it is one.

    They end with their marks, or go on with "and" and a question word ("who opposed it and why?");
    a comparison is asked of each of the two things.
    """
    if comparison := split_comparison(text):
        return comparison
    parts = tuple(part for piece in _MARK.split(text.strip()) for part in _by_conjunction(piece))
    asking = [part for part in parts if _asks(part)]
    is_several = 1 < len(parts) <= _MOST and len(asking) == len(parts)
    return parts if is_several else (text,)


def _by_conjunction(text: str) -> Iterator[str]:
    words = find_words(text)
    function = likeliest_function_words([word.text for word in words])
    start = 0
    for position in range(_LEAST, len(words)):
        begins = _begins_question(words, position)
        before = [w.text for w in words[:position] if w.start >= start and w.end <= begins]
        if begins >= 0 and _is_whole(before, function):
            yield text[start:begins].strip(" ,،;؛")
            start = begins
    yield text[start:].strip()


def _begins_question(words: Sequence[FoldedWord], position: int) -> int:
    """Return where another question begins, with "and" and the question word here; else -1."""
    known, word = lexicon(), words[position]
    bare = without_conjunction(word.text)
    after = words[position + 1].text if position + 1 < len(words) else ""
    continues = bare in known.subordinators and after not in known.clause_subjects
    if bare in known.question_words and continues:
        return -1
    if bare != word.text and bare in known.question_words:  # prefixed, as in Arabic
        return word.start
    before = words[position - 1]
    is_next = before.text in known.conjunctions and word.text in known.question_words
    return before.start if is_next else -1


def _is_whole(words: Sequence[str], function: frozenset[str]) -> bool:
    """Return whether words are a question: one question word, and something that it asks about.

    "In what year" and "who decides when" go on after their "and".
    """
    known = lexicon()
    if not words or words[-1] in known.question_words:
        return False
    asking = [word for word in words if word in known.question_words]
    return len(asking) == 1 and any(
        word not in asking and word not in function and not is_noun_asked_for(word, asking[0])
        for word in words
    )


def _asks(text: str) -> bool:
    known = lexicon().question_words
    return any(sign in text for sign, _ in lexicon().question_signs) or any(
        word.text in known or without_conjunction(word.text) in known for word in find_words(text)
    )


def combine(question: str, answers: Sequence[Answer]) -> Answer:
    """Return the answers to the parts of a question as one, with all their citations.

    Its short answer is that of the first part; its confidence the lowest of those answered. A
    comparison gets the evidence for both things, and no short answer: that of one is not its own.
    """
    answered = [answer for answer in answers if answer.answered]
    if not answered:
        return replace(answers[0], question=question)
    first = answered[0]
    if split_comparison(question):
        first = replace(
            first, span=None, span_confidence=0.0, localised="", romanised="", is_evidence=True
        )
    return replace(
        first,
        question=question,
        text="\n".join(dict.fromkeys(answer.text for answer in answered)),
        confidence=min(answer.confidence for answer in answered),
        citations=tuple(dict.fromkeys(c for answer in answered for c in answer.citations)),
        passages=tuple(dict.fromkeys(p for answer in answers for p in answer.passages)),
        completed="",
        retrieval_question="",
    )
