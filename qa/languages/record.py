"""What a language needs: one typed record, of words separated by white space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

# What a question asks for, and what an article mentions that one can ask about.
Kind = Literal[
    "quantity", "date", "person", "place", "organisation", "reason", "manner", "definition", "thing"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
ExampleKind = Literal["number", "date", "quote"]
# What may be asked about an article itself, instead of what it says.
About = Literal["title", "byline", "date", "source", "language", "length", "summary", "mentions"]
PlaceKind = Literal["country", "city", "place"]
PLACES: tuple[PlaceKind, ...] = get_args(PlaceKind)
# What stands around an answer on the page: how sure it is (`qa.answer.Sureness`), the language of
# its quote and the words of buttons; {} holds a language's name, or a question.
CardText = Literal[
    "sure", "likely", "not sure", "quoted", "answer in", "evidence", "own words", "romanised",
    "perhaps", "matched", "why", "closest", "copy", "copied", "translate", "translation",
    "understood", "unsupported", "paragraph", "page", "slide", "sheet", "chapter", "time",
]  # fmt: skip
CARD_TEXTS: tuple[CardText, ...] = get_args(CardText)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """A language that questions and answers may be in; docs/recipes.md says how to add one.

    Only ``code`` is required: what a language leaves out is not known of it, and answers to its
    questions are introduced in English.
    """

    code: str  # ISO 639-1; its name is CLDR's
    spaced: bool = True  # words are separated by spaces

    # Words that say little of what is asked, and are left out of searches by similarity. These
    # start from Snowball's lists (BSD), as NLTK passes them on.
    function_words: str = ""
    has_no_spaces: bool = False  # between words

    # What is asked for. Question words say the kind themselves; after "what", the noun does ("what
    # year"): a noun is given as a stem, which two more letters may follow, or three after a long
    # one. Words are cut at apostrophes: "dov'è" asks by "dov". Without spaces, the first sign in
    # the question decides.
    question_words: Mapping[Kind, str] = field(default_factory=dict)
    question_nouns: Mapping[Kind, str] = field(default_factory=dict)
    question_signs: tuple[tuple[str, Kind], ...] = ()
    measures: str = ""  # after the word for "how": "how many"
    standalone_question_words: str = ""  # words for "what" that no noun follows
    initial_question_words: str = (
        ""  # they count as question words only at the beginning of a question
    )
    noun_phrase_ends: str = ""  # they end the noun phrase of "what"
    reason_prefix: str = ""  # before the word for "what" it makes "why"

    # Questions for yes or no, which have no question word: what they begin with, and phrases, words
    # or signs in them. Some begin so whatever else is in them, and requests ("can you tell me") are
    # none.
    yes_no_starts: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    yes_no_openings: str = ""
    yes_no_phrases: tuple[str, ...] = ()
    yes_no_words: str = ""
    yes_no_signs: tuple[str, ...] = ()

    # Follow-ups: what a question begins with that continues the last one, and what refers to it.
    # Words that are more often articles, prepositions or conjunctions are left out.
    follow_up_openings: str = ""
    follow_up_phrases: tuple[str, ...] = ()
    pronouns: str = ""
    impersonal: str = ""  # words before a pronoun that refers to nothing
    relatives: str = ""
    conjunctions: str = ""  # words for "and", with which another question begins
    disjunctions: str = ""  # words for "or" between two things that are compared
    # How one of them is asked for, {} being the thing, and the comparatives for it; "" is for those
    # without such a question, which then stay as they are. Longer phrases come first.
    comparisons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subordinators: str = ""  # question words that after "and" rather continue a clause
    clause_subjects: str = ""  # pronouns before which they ask all the same: "and who is he"
    conjunction_prefixes: str = ""  # letters
    determiner_prefix: str = ""

    # What is no question; and questions about the article itself, which have no other content
    # words than these. ``about_words_of_article`` need one of ``article_words`` beside them, and
    # ``about_phrases`` are templates of whole questions, as those for mentions below are; {article}
    # is one of these words or of ``article_pronouns``. ``small_numbers`` count from one.
    # ``greetings`` are words that only small talk has, thanks and laughter too; with them other
    # words of small talk and ``chat_words`` ask for nothing. ``chat_spellings`` are words as they
    # are typed in haste or in dialect, and how they are written.
    small_talk: tuple[str, ...] = ()
    greetings: str = ""
    chat_words: str = ""
    chat_spellings: Mapping[str, str] = field(default_factory=dict)
    article_words: str = ""
    article_pronouns: str = ""
    about_words: Mapping[About, str] = field(default_factory=dict)
    about_words_of_article: Mapping[About, str] = field(default_factory=dict)
    about_signs: tuple[tuple[str, About], ...] = ()
    about_phrases: Mapping[About, tuple[str, ...]] = field(default_factory=dict)
    fillers: str = ""
    # What may stand before or after such a question, as templates: "hey", "can you", "please".
    courtesies: tuple[str, ...] = ()
    small_numbers: str = ""

    # Questions for how often a {word} is mentioned, and which {places} are: templates of whole
    # questions, in which (a|b) are alternatives and (a )? may be left out.
    mention_counts: tuple[str, ...] = ()
    mention_places: tuple[str, ...] = ()
    # Questions for the people that are mentioned, and how the reader is asked for each.
    mention_people: tuple[str, ...] = ()
    person_question: str = ""
    person_least: float = -4.0  # log odds against "no answer" from which on a span is a name
    place_words: Mapping[PlaceKind, str] = field(default_factory=dict)

    # Dates and amounts.
    months_and_weekdays: str = ""
    date_words: str = ""
    amount_words: str = ""
    # Words for powers of ten; and the forms of currencies' names by plural category, in the order
    # of Unicode's (one, few, many or other), each with others that are only read.
    scales: Mapping[int, str] = field(default_factory=dict)
    currencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    percent_words: tuple[str, ...] = ()  # besides the signs
    # Words that say nothing in a date ("on", "of", "year"), or between a number and its currency.
    date_particles: str = ""
    amount_particles: str = ""
    # What joins a currency's name to millions and more: "de "; and before a vowel: "d'".
    after_million: str = ""
    after_million_elided: str = ""
    more_month_names: Mapping[int, str] = field(default_factory=dict)  # besides CLDR's

    # A pattern of determiners ("the", "a"), which are not compared when answers are scored.
    determiners: str = ""

    # What is said in the language. Example questions hold {} where the mention stands.
    example_questions: Mapping[ExampleKind, str] = field(default_factory=dict)
    refusal: str = ""
    card: Mapping[CardText, str] = field(default_factory=dict)  # all of them, or none
    length_text: str = ""  # holds {words} and {characters}
    mentions_text: str = ""  # holds {word} and {count}
    help: str = ""  # said to what is no question
