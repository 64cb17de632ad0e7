"""Several questions in one: cut apart, and their answers as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from index.text import Term, terms
from qa.answer import Answer
from qa.languages import lexicon
from qa.question import without_conjunction

_MARK = regex.compile(r"(?<=[?؟？])\s*(?=\S)")
_MOST = 4  # of one message; more are read as one
_LEAST = 2  # words of a part, but for the last: "and why?"


def split_questions(text: str) -> tuple[str, ...]:
    """Return the questions that a text holds, one after another; the text alone if it is one.

    They end with their marks, or go on with "and" and a question word ("who opposed it and why?").
    """
    parts = tuple(part for piece in _MARK.split(text.strip()) for part in _by_conjunction(piece))
    asking = [part for part in parts if _asks(terms(part))]
    is_several = 1 < len(parts) <= _MOST and len(asking) == len(parts)
    return parts if is_several else (text,)


def _by_conjunction(text: str) -> Iterator[str]:
    words = terms(text)
    start = 0
    for position in range(_LEAST, len(words)):
        word = words[position]
        begins = word.start if _has_conjunction(word) else words[position - 1].start
        is_new = _has_conjunction(word) or (
            words[position - 1].text in lexicon().conjunctions and _is_question_word(word.text)
        )
        before = tuple(w for w in words[:position] if w.start >= start)
        if is_new and len(before) > _LEAST and _asks(before):
            yield text[start:begins].strip(" ,،;؛")
            start = begins
    yield text[start:].strip()


def _has_conjunction(word: Term) -> bool:
    """Return whether a question word has "and" prefixed to it, as in Arabic."""
    bare = without_conjunction(word.text)
    return bare != word.text and _is_question_word(bare)


def _is_question_word(word: str) -> bool:
    return word in lexicon().question_words and word not in lexicon().relatives


def _asks(words: Sequence[Term]) -> bool:
    known = lexicon().question_words
    return any(word.text in known or without_conjunction(word.text) in known for word in words)


def combine(question: str, answers: Sequence[Answer]) -> Answer:
    """Return the answers to the parts of a question as one, with all their citations.

    Its short answer is that of the first part; its confidence the lowest of those answered.
    """
    answered = [answer for answer in answers if answer.answered]
    if not answered:
        return replace(answers[0], question=question)
    first = answered[0]
    return replace(
        first,
        question=question,
        text="\n".join(dict.fromkeys(answer.text for answer in answered)),
        confidence=min(answer.confidence for answer in answered),
        citations=tuple(dict.fromkeys(c for answer in answered for c in answer.citations)),
        passages=tuple(dict.fromkeys(p for answer in answers for p in answer.passages)),
        completed="",
        sought="",
    )
