"""The languages of questions and answers: a record each, and the word lists of all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from index.text import FoldedWord, fold
from qa.languages import arabic, chinese, english, french, german, russian, spanish, turkish
from qa.languages.record import KINDS, Kind, Language

# Where questions fit several equally well, the first one counts.
LANGUAGES: tuple[Language, ...] = (
    arabic.LANGUAGE, english.LANGUAGE, french.LANGUAGE, russian.LANGUAGE, spanish.LANGUAGE,
    german.LANGUAGE, turkish.LANGUAGE, chinese.LANGUAGE,
)  # fmt: skip
ENGLISH = english.LANGUAGE
Words = frozenset[str]


class Lexicon:
    """The folded words of all languages, looked up by what they are."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self.languages = languages
        self.by_code = {language.code: language for language in languages}

    @cached_property
    def function_words(self) -> dict[str, Words]:
        """The function words by language."""
        return {each.code: _folded([each.function_words]) for each in self.languages}

    @cached_property
    def question_words(self) -> dict[str, Kind]:
        """The kind that each question word asks for."""
        return dict(_by_kind(each.question_words for each in self.languages))

    @cached_property
    def question_word_languages(self) -> dict[str, Words]:
        """The codes of the languages that each question word belongs to."""
        codes: dict[str, set[str]] = {}
        for each in self.languages:
            for word, _ in _by_kind([each.question_words]):
                codes.setdefault(word, set()).add(each.code)
        return {word: frozenset(found) for word, found in codes.items()}

    @cached_property
    def question_nouns(self) -> dict[str, tuple[tuple[str, Kind], ...]]:
        """Beginnings of nouns and their kinds by language, longer ones first."""
        return {
            each.code: tuple(
                sorted(_by_kind([each.question_nouns]), key=lambda noun: -len(noun[0]))
            )
            for each in self.languages
        }

    @cached_property
    def question_signs(self) -> tuple[tuple[str, Kind], ...]:
        """Signs of languages without spaces, in the order in which they decide."""
        return tuple(sign for each in self.languages for sign in each.question_signs)

    @cached_property
    def measures(self) -> Words:
        """What follows "how" when it asks for a measure."""
        return _folded(each.measures for each in self.languages)

    @cached_property
    def standalone_question_words(self) -> Words:
        """Words for "what" that no noun follows."""
        return _folded(each.standalone_question_words for each in self.languages)

    @cached_property
    def initial_question_words(self) -> Words:
        """Question words only at the beginning of a question."""
        return _folded(each.initial_question_words for each in self.languages)

    @cached_property
    def noun_phrase_ends(self) -> Words:
        """Verbs that end the noun phrase of "what"."""
        return _folded(each.noun_phrase_ends for each in self.languages)

    @cached_property
    def reason_prefixes(self) -> Words:
        """What makes "why" of a word for "what"."""
        return _folded(each.reason_prefix for each in self.languages)

    @cached_property
    def yes_no_starts(self) -> tuple[tuple[str, ...], ...]:
        """Phrases with which only a question for yes or no begins."""
        return _phrases(each.yes_no_starts for each in self.languages)

    @cached_property
    def requests(self) -> tuple[tuple[str, ...], ...]:
        """Phrases with which a request begins that is no question for yes or no."""
        return _phrases(each.requests for each in self.languages)

    @cached_property
    def yes_no_openings(self) -> dict[str, Words]:
        """The words by language with which a question for yes or no begins."""
        return {each.code: _folded([each.yes_no_openings]) for each in self.languages}

    @cached_property
    def yes_no_phrases(self) -> tuple[tuple[str, ...], ...]:
        """Phrases that only a question for yes or no contains."""
        return _phrases(each.yes_no_phrases for each in self.languages)

    @cached_property
    def yes_no_words(self) -> dict[str, Words]:
        """The words by language that only a question for yes or no contains."""
        return {each.code: _folded([each.yes_no_words]) for each in self.languages}

    @cached_property
    def yes_no_signs(self) -> tuple[str, ...]:
        """Signs of questions for yes or no in languages without spaces."""
        return tuple(sign for each in self.languages for sign in each.yes_no_signs)

    @cached_property
    def follow_up_openings(self) -> dict[str, Words]:
        """The words by language with which a question continues the previous one."""
        return {each.code: _folded([each.follow_up_openings]) for each in self.languages}

    @cached_property
    def follow_up_phrases(self) -> frozenset[tuple[str, ...]]:
        """The phrases with which a question continues the previous one."""
        return frozenset(
            tuple(fold(word) for word in phrase.split())
            for each in self.languages
            for phrase in each.follow_up_phrases
        )

    @cached_property
    def pronouns(self) -> dict[str, Words]:
        """The words by language that refer to the previous question."""
        return {each.code: _folded([each.pronouns]) for each in self.languages}

    @cached_property
    def impersonal(self) -> frozenset[tuple[str, ...]]:
        """The words before a pronoun that refers to nothing."""
        phrases = (tuple(each.impersonal.split()) for each in self.languages)
        return frozenset(filter(None, phrases))

    @cached_property
    def relatives(self) -> Words:
        """Relative pronouns, which refer to the question's own words."""
        return _folded(each.relatives for each in self.languages)

    @cached_property
    def subordinators(self) -> Words:
        """Question words that after "and" rather continue a clause."""
        return _folded(each.subordinators for each in self.languages)

    @cached_property
    def clause_subjects(self) -> Words:
        """Pronouns before which subordinators ask."""
        return _folded(each.clause_subjects for each in self.languages)

    @cached_property
    def conjunctions(self) -> Words:
        """Words for "and", with which another question begins."""
        return _folded(each.conjunctions for each in self.languages)

    @cached_property
    def conjunction_prefixes(self) -> Words:
        """Letters that a language prefixes as a conjunction."""
        return _folded(each.conjunction_prefixes for each in self.languages)

    @cached_property
    def article_prefixes(self) -> tuple[str, ...]:
        """Articles that a language prefixes."""
        return tuple(filter(None, (each.determiner_prefix for each in self.languages)))

    @cached_property
    def months_and_weekdays(self) -> Words:
        """Names of months and weekdays."""
        return _folded(each.months_and_weekdays for each in self.languages)

    @cached_property
    def date_words(self) -> Words:
        """Names of months and weekdays, and other words of dates."""
        return self.months_and_weekdays | _folded(each.date_words for each in self.languages)

    @cached_property
    def amount_words(self) -> Words:
        """Numbers and units of amounts."""
        return _folded(each.amount_words for each in self.languages)


def _phrases(lists: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    phrases = (phrase for phrases in lists for phrase in phrases)
    return tuple(tuple(fold(word) for word in phrase.split()) for phrase in phrases)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon of LANGUAGES."""
    return Lexicon(LANGUAGES)


def language_of(code: str) -> Language:
    """Return the record of a language, English for a language without one."""
    return lexicon().by_code.get(code, ENGLISH)


def name_of_language(code: str, language: str) -> str:
    """Return CLDR's name of a language in another one, or its code where CLDR has none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language).languages.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code


def content_words(question: str, words: Sequence[FoldedWord], function: Words) -> str:
    """Return the content words of a question, or the whole question if it has none.

    ``words`` are its words, and ``function`` the function words of the language with most of them.
    Chinese, which has no spaces, keeps all. Late interaction over content words alone lifts the
    fused nDCG@10 on the XQuAD tuning questions: en-ar .822 to .840, ru-ar .675 to .689, ar-ar .965
    to .968, all else equal.
    """
    # A ligature has several words with the same span.
    kept = dict.fromkeys((w.start, w.end) for w in words if w.text not in function)
    return " ".join(question[start:end] for start, end in kept) if kept else question


def likeliest_function_words(folded: Sequence[str]) -> Words:
    """Return the function words of the language that has most of these folded words."""
    lists = lexicon().function_words.values()
    return max(lists, key=lambda known: sum(word in known for word in folded))


def _folded(lists: Iterable[str]) -> Words:
    return frozenset(fold(word) for words in lists for word in words.split())


def _by_kind(lists: Iterable[Mapping[Kind, str]]) -> list[tuple[str, Kind]]:
    """Return the folded words with their kinds, in the order of KINDS."""
    of_languages = list(lists)
    return [
        (fold(word), kind)
        for kind in KINDS
        for words in of_languages
        for word in words.get(kind, "").split()
    ]
