"""Questions: what kind of thing is asked for, and whether the question before completes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from index.language import detect_language, main_script
from index.text import FoldedWord, Span, find_words
from qa.languages import content_words, lexicon, likeliest_function_words
from qa.languages.record import Kind
from qa.questions.intents import Intent, recognise_intent

_REMEMBERED = 256  # questions
_NEAR = 4  # words after "what" that may be its noun
_LONG = 5  # letters; the beginning of a noun of this length may have an ending of three
_DEFINITION = 4  # words of "what is a beta blocker"; longer questions ask for more
_FIRST = 2  # words of the question, among which an ambiguous word asks
_FEW = 1  # content words before a pronoun; after more, it refers to one of them
_SHORT = 3  # words of an Arabic question that begins with a prefixed "and"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, analysed once: what it asks for, and whether it depends on the one before.

    ``script`` is that of most of its letters (`index.language.main_script`).
    ``content`` are its content words, or all where it has none; ``topic`` the same as a tuple,
    without conjunctions that are prefixed, empty where it has none. ``asking`` is the span of its
    question word, empty where it has none. ``is_yes_no`` is whether yes or no would answer it.
    """

    text: str
    language: str
    script: str
    words: tuple[FoldedWord, ...]
    function_words: frozenset[str]
    content: str
    topic: tuple[str, ...]
    kind: Kind
    asking: Span
    is_yes_no: bool
    refers_back: bool
    is_follow_up: bool
    intent: Intent


@lru_cache(maxsize=_REMEMBERED)
def analyse_question(text: str) -> Question:
    """Analyse a question by its words; the last ones analysed are remembered."""
    words = find_words(text)
    folded = [word.text for word in words]
    function = likeliest_function_words(folded)
    topic = _topic(text, words, function)
    kind, asking = _kind(text, words)
    refers_back = _refers_back(folded, function)
    follows = bool(words) and (_begins_as_follow_up(folded) or refers_back or not topic)
    return Question(
        text, detect_language(text), main_script(text), words, function,
        content_words(text, words, function), topic, kind, asking,
        _is_yes_no(text, folded, any(asking)), refers_back, follows,
        recognise_intent(text, words),
    )  # fmt: skip


def _kind(question: str, words: tuple[FoldedWord, ...]) -> tuple[Kind, Span]:
    """Return what kind of thing is asked for, "thing" if the words do not say."""
    known = lexicon()
    for sign, kind in known.question_signs:
        place = question.find(sign)
        if place >= 0:
            return kind, (place, place + len(sign))
    asked = known.question_words
    if words and words[0].text not in asked:
        words = (replace(words[0], text=without_conjunction(words[0].text)), *words[1:])
    languages = _likeliest_languages([word.text for word in words])
    asking = [
        i
        for i, word in enumerate(words)
        if word.text in asked and _asks(word, i) and not _is_other_word(word.text, languages)
    ]
    if not asking:
        return "thing", (0, 0)
    position = asking[0]
    kind = asked[words[position].text]
    if kind == "manner" and words[position + 1 : position + 2]:
        kind = "quantity" if words[position + 1].text in known.measures else kind
    before = words[position - 1 : position]
    if kind == "thing" and before and before[0].text in known.reason_prefixes:
        kind = "reason"
    if kind in ("manner", "thing"):
        # "was" is German too: in "it was built in what year" the second word says more.
        codes = {c for i in asking for c in known.question_word_languages[words[i].text]}
        around = (word.text for word in _around(words, position))
        kind = next((found for text in around if (found := _noun(text, codes))), kind)
    if kind == "thing" and len(words) <= _DEFINITION:
        kind = "definition"
    return kind, (words[position].start, words[position].end)


def _is_yes_no(question: str, words: Sequence[str], has_question_word: bool) -> bool:
    """Return whether a question asks for yes or no: "is it open?", "هل من المتوقع…"."""
    known = lexicon()

    def starts(phrases: Sequence[tuple[str, ...]]) -> bool:
        return any(tuple(words[: len(phrase)]) == phrase for phrase in phrases)

    if not words or starts(known.requests):
        return False
    if starts(known.yes_no_starts) or any(sign in question for sign in known.yes_no_signs):
        return True
    if has_question_word or (len(words) > 1 and words[1].isdigit()):  # "May 2024 exports"
        return False
    if any(tuple(words[at : at + len(phrase)]) == phrase
           for phrase in known.yes_no_phrases for at in range(len(words))):  # fmt: skip
        return True
    is_continued = words[0] in _in_likeliest_languages(
        words, known.follow_up_openings
    )  # "and did he?"
    opening = {words[0], without_conjunction(words[0]), *words[1 : 1 + is_continued]}
    return bool(
        opening & _in_likeliest_languages(words, known.yes_no_openings)
        or set(words) & _in_likeliest_languages(words, known.yes_no_words)
    )


def without_conjunction(word: str) -> str:
    """Return a folded word without the conjunction that Arabic prefixes to it."""
    prefixed = word[:1] in lexicon().conjunction_prefixes and len(word) > 2
    return word[1:] if prefixed else word


def _asks(word: FoldedWord, position: int) -> bool:
    """Return whether a word is a question word at its place.

    Later in a question, the words for "how" mean "as", and the Arabic one for "who" means "from".
    """
    return position < _FIRST or word.text not in lexicon().initial_question_words


def _is_other_word(question_word: str, languages: Iterable[str]) -> bool:
    """Return whether a question word is another word in all these languages: "was" in English."""
    known = lexicon()
    asking = known.question_word_languages[question_word]
    return all(
        code not in asking and question_word in known.function_words[code] for code in languages
    )


def _around(words: Sequence[FoldedWord], position: int) -> Iterator[FoldedWord]:
    """Yield the words that may be the noun of "what", up to a verb, which ends its phrase."""
    if words[position].text in lexicon().standalone_question_words:
        return
    after = words[position + 1 : position + 1 + _NEAR]
    yield from takewhile(lambda word: word.text not in lexicon().noun_phrase_ends, after)
    yield from reversed(words[max(0, position - 2) : position])


def _noun(word: str, codes: Iterable[str]) -> Kind | None:
    """Return the kind that a noun of one of the languages says: "year", "country"."""
    for article in lexicon().article_prefixes:
        word = word.removeprefix(article)
    nouns = lexicon().question_nouns
    found = [
        (start, kind)
        for code in codes
        for start, kind in nouns[code]
        if word.startswith(start) and _is_form_of(word, start)
    ]
    return max(found, key=lambda noun: len(noun[0]))[1] if found else None


def is_noun_asked_for(word: str, question_word: str) -> bool:
    """Return whether a folded word says what kind of thing a question word asks for: "year"."""
    return _noun(word, lexicon().question_word_languages[question_word]) is not None


def _is_form_of(word: str, start: str) -> bool:
    """Return whether only an ending follows: "journal" is not a form of "jour"."""
    return len(word) <= len(start) + (3 if len(start) >= _LONG else 2)


def _refers_back(words: Sequence[str], function: frozenset[str]) -> bool:
    """Return whether a pronoun refers to something that the question does not name before it."""
    known = lexicon()
    pronouns = _in_likeliest_languages(words, known.pronouns)
    named = 0
    for place, word in enumerate(words):
        if word in known.relatives or named > _FEW:
            return False
        # "Combien y a-t-il": this "il" refers to nothing.
        before = words[max(0, place - 3) : place]
        if word in pronouns and tuple(before) not in known.impersonal:
            return True
        named += word not in function
    return False


def _begins_as_follow_up(words: Sequence[str]) -> bool:
    known = lexicon()
    if (
        words[0] in _in_likeliest_languages(words, known.follow_up_openings)
        or tuple(words[:2]) in known.follow_up_phrases
    ):
        return True
    bare = without_conjunction(words[0])
    has_prefix = bare != words[0] and (
        bare.startswith(known.article_prefixes)
        or any(
            bare in known.function_words[each.code]
            for each in known.languages
            if each.conjunction_prefixes
        )
    )
    return has_prefix and len(words) <= _SHORT


def _in_likeliest_languages(
    words: Sequence[str], lists: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Return the words of a list in the likeliest languages of the question, or in all."""
    return frozenset[str]().union(*(lists[code] for code in _likeliest_languages(words)))


def _likeliest_languages(words: Sequence[str]) -> frozenset[str]:
    """Return the codes of the languages that have most of the words as function or asking words."""
    function_words = lexicon().function_words.items()
    asking = lexicon().question_word_languages
    counts = {
        code: sum(word in function or code in asking.get(word, ()) for word in words)
        for code, function in function_words
    }
    most = max(counts.values())
    return frozenset(code for code, count in counts.items() if count == most)


def _topic(
    question: str, words: tuple[FoldedWord, ...], function: frozenset[str]
) -> tuple[str, ...]:
    """Return the words of a question that are not function words, even without a conjunction."""
    kept = [
        question[w.start : w.end]
        for w in words
        if w.text not in function and without_conjunction(w.text) not in function
    ]
    return tuple(dict.fromkeys(kept))
