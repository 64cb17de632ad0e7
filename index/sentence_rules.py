"""Rules for what sentencex cuts or joins wrongly: whether a sentence ends at a mark."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from index.sentence_words import (
    BEFORE_ANYTHING,
    BEFORE_NAMES,
    BEFORE_NUMBERS,
    IN_NAMES,
    OPENERS,
    SPEECH,
)
from index.text import Span

# Marks, and what closes after them.
MARKS = regex.compile(r"([.!?…؟۔。！？]+)((?:\s?»|[\"”»’'」』》）)\]】]|\[\p{N}{1,3}\])*)")
# Abbreviations that may end a sentence, which goes on in lower case where they do not.
_MAY_END = regex.compile(
    r"(?:\b(?:[ap]\. ?m|etc|usw|vb|b\.c|a\.d|inc|ltd|jr|s\.a|uff|ff"
    r"|т\. ?[дпе]|и др|н\. ?э)|\d{4} ?г|\d (?:млн|млрд|тыс|руб|долл))\.(?=\s+\p{Lu})"
    r"|(?:……|……|⋯⋯)(?=\p{Han})",
    regex.I,
)
# How much of a text is looked at: a rule must not take longer the further on in a text it is.
_BEFORE, _AFTER = 1_000, 100

_OPENING = regex.compile(r"^[\s«“„\"'‘(\[—–-]*")
_LAST_WORD = regex.compile(
    r"(?V1)(?:^|[\s(«“\"'‘\[‑-]|(?<=\p{Han}))([\p{L}\p{M}--\p{Han}]+|\p{N}+)\.[»”\"')]*$"
)
_FIRST_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’]\p{L}+)?")
_UPPER = regex.compile(r"\p{Lu}")
_BRAND = regex.compile(r"\p{Ll}\p{Lu}")  # "iPhone"
_EXCLAIMED_NAME = regex.compile(r"\bYahoo!$")
_ORDINAL = regex.compile(r"(?:^|(?<!\.)[\s(])(?:\p{N}{1,2}|[IVXLC]{1,6})\.$")
_ORDINAL_LANGUAGES = frozenset({"de", "tr", "da", "no", "nb", "fi", "cs", "hr", "hu"})
# "وم." is "and Eng."
_INITIAL = regex.compile(r"(?:^|[\s(«“\"'.-])و?\p{L}\u0640?\.$")
_NEXT_INITIAL = regex.compile(r"\p{Lu}\.")
_INITIALS = regex.compile(r"(?:^|[\s(])\p{Lu}\.(?:\p{Lu}\.)?$")
_COMPOUND_INITIAL = regex.compile(r"\p{Lu}\p{L}*\.?-\p{Lu}\.$")
_ABBREVIATED_INITIAL = regex.compile(r"\p{Ll}{2,4}\. \p{Lu}\.$")
_SPELLED_INITIALS = regex.compile(r"\b\p{Arabic}{2,3}\. \p{Arabic}{2,3}\.(?: |$)")
_TITLE_INITIAL = regex.compile(r"\b(?:Mr|Dr|Prof|Av|Sr|Mme|Mlle)\. ?\p{Lu}\.$")
_AFTER_NOUN = regex.compile(r"\p{Ll}{5,} \p{L}\.$")  # "vitamine D.", but not "J."
_LONG_WORD = regex.compile(r"(?=\p{L}*[aeiouyäöüıéèáíóúаеиоуыэюяё])\p{Ll}{4,}[.)\]»”\"]*$")
_LETTERED_NUMBER = regex.compile(r"\p{Lu}\. ?\d")  # "art. L. 121"
_YEAR = regex.compile(r"\d{3,4} م\.$")
_ARABIC = regex.compile(r"\p{Arabic}{2}")
_ARABIC_WORD = regex.compile(r"[\p{Arabic}\p{M}]{3,}[.!؟?]$")
_SENTENCE_GOES_ON = regex.compile(r"[\p{L}\p{N},;:،؛]\s*$")
_OPENING_QUOTES = {
    "”": "“",
    "»": "«",
    "’": "‘",
    "」": "「",
    "』": "『",
    "》": "《",
    "“": "„",
    '"': '"',
}
# Short ones; what is longer is cut like other text.
_QUOTATION = regex.compile(r"“[^“”„]{1,300}”|«[^«»]{1,300}»|„[^„“”]{1,300}[“”]|「[^「」]{1,300}」")
_QUOTED = regex.compile(r"[!?؟？！。]([”»’」』》“\"])$")
# What may hold the verb of who spoke.
_CLAUSE = regex.compile(r"[\p{L}\p{M}'’]+\.?(?:[ ][\p{L}\p{M}'’]+\.?){0,2}|\p{Han}{1,8}")
_SPOKEN = {
    language: regex.compile(verbs if language == "zh" else rf"\b(?:{verbs})\b")
    for language, verbs in SPEECH.items()
}
_LIST = regex.compile(r"\s*\(?1[.)]\s")
_NUMBER = regex.compile(r"(?<![\p{L}\p{N}.,])\(?(\p{Nd}{1,2})[.)]\s+(?=[\p{Lu}\p{Lo}«“\"])")


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place in a text where a sentence may end.

    ``before`` ends without white space, ``after`` starts without it and without opening marks.
    """

    before: str
    after: str
    language: str
    is_spaced: bool

    @classmethod
    def at(cls, text: str, end: int, language: str) -> Boundary:
        """Return the place after the first ``end`` characters."""
        before, after = text[max(end - _BEFORE, 0) : end], text[end : end + _AFTER]
        is_spaced = before[-1:].isspace() or after[:1].isspace()
        return cls(before.rstrip(), _OPENING.sub("", after, count=1), language, is_spaced)

    def is_end(self) -> bool:
        """Return whether a sentence ends where sentencex says so."""
        if not self.before or _EXCLAIMED_NAME.search(self.before) or self._is_quoted():
            return False
        # A dot inside a word ends nothing («منال.ب», a by-line).
        if self.before[-1] == "." and not self.is_spaced:
            return False
        if self._goes_on_in_lower_case() and self.before[-1] not in ":;":
            return False
        if self.language == "ar" and self._has_ellipsis() and not self._is_before_an_opener():
            return False
        return self.before[-1] != "." or self._ends_with_its_dot()

    def is_sure_end(self, mark: str, closing: str) -> bool:
        """Return whether a sentence ends here by what follows, whatever the last word is.

        ``mark`` and ``closing`` are what ``before`` ends with: the groups of MARKS.
        """
        if _EXCLAIMED_NAME.search(self.before) or self._is_quoted() or not self.after:
            return False
        if mark[-1] in "。！？":
            return not closing or not self._is_quotation_a_part()
        if not self.is_spaced:
            return self.language == "ar" and self._is_without_a_space()
        if self._goes_on_in_lower_case():
            return False
        if ")" in closing:
            opening = self.before.rfind("(")
            return opening >= 0 and not _SENTENCE_GOES_ON.search(self.before[:opening])
        if self.language == "ar" and (closing or self._has_ellipsis()):
            return False
        if self.after.startswith("و") and _YEAR.search(self.before[-10:]):
            return True  # "سنة 1890 م. ويعود"
        if mark != ".":
            return self.after[0].isalpha() or not self._has_ellipsis()
        if closing.endswith("]"):  # the number of a note
            return True
        if _BRAND.match(self.after) or (self.after[0].isdigit() and self.language != "ar"):
            return bool(_LONG_WORD.search(self.before)) and self._ends_with_its_dot()
        return self._is_before_an_opener()

    def _goes_on_in_lower_case(self) -> bool:
        return self.after[:1].islower() and not _BRAND.match(self.after)

    def _has_ellipsis(self) -> bool:
        return self.before.endswith(("...", "…"))

    def _ends_with_its_dot(self) -> bool:
        """Return whether a dot ends the sentence, and not only a word."""
        before, after = self.before[-24:], self.after
        if self.language in _ORDINAL_LANGUAGES and _ORDINAL.search(before[-10:]):
            return False  # "der 2. Band"
        if _COMPOUND_INITIAL.search(before) or _ABBREVIATED_INITIAL.search(before):
            return False  # "J.-P. Durand", "ул. Б. Морская"
        if _NEXT_INITIAL.match(after) and _INITIAL.search(before):
            return False
        if after[:1].isdigit() and _INITIALS.search(before):
            return False  # "M.Ö. 450", "art. L. 121"
        if self.language == "ar" and (
            _INITIAL.search(before) or _SPELLED_INITIALS.search(f"{before[-12:]} {after[:5]}")
        ):
            return False
        word = _LAST_WORD.search(before)
        if word is None:
            return True
        name = word[1].casefold()
        is_number = after[:1].isdigit() or _LETTERED_NUMBER.match(after)
        return name not in BEFORE_NAMES and not (name in BEFORE_NUMBERS and is_number)

    def _is_before_an_opener(self) -> bool:
        """Return whether a word follows that opens a sentence."""
        first = _FIRST_WORD.match(self.after)
        if first is None or first[0] not in OPENERS.get(self.language, ()):
            return False
        if self.after[first.end() : first.end() + 1] == ".":
            return False  # an initial
        word = _LAST_WORD.search(self.before[-24:])
        if word is not None and len(word[1]) > 1 and word[1].casefold() in BEFORE_ANYTHING:
            return False
        if first[0] in IN_NAMES and _INITIAL.search(self.before[-4:]):
            return bool(_AFTER_NOUN.search(self.before[-24:]))
        return not _TITLE_INITIAL.search(self.before[-8:])

    def _is_without_a_space(self) -> bool:
        return bool(_ARABIC_WORD.search(self.before[-24:]) and _ARABIC.match(self.after))

    def _is_quotation_a_part(self) -> bool:
        """Return whether a Chinese quotation that ends here is only a part of its sentence."""
        opening = max(self.before.rfind(mark) for mark in "“‘「『《（(")
        if opening <= 0:
            return False
        return self.before[opening] == "《" or self.before[opening - 1] not in "：:，,。！？”」\n（"

    def _is_quoted(self) -> bool:
        """Return whether a mark belongs to a title, or to direct speech before who spoke."""
        found = _QUOTED.search(self.before[-3:])
        if found is None:
            return False
        opening = self.before.rfind(_OPENING_QUOTES[found[1]], 0, -2)
        if opening < 0 or (found[1] == '"' and self.before.count('"') % 2):
            return False
        lead = self.before[:opening].rstrip()
        if found[1] == "》" or (lead and (lead[-1].isalnum() or lead[-1] in "》”")):
            return not self._is_before_an_opener()
        clause = _CLAUSE.match(self.after)
        if clause is None or self.language not in _SPOKEN or lead.endswith(tuple(":：,，،")):
            return False
        return _SPOKEN[self.language].search(clause[0]) is not None


def find_quotations(text: str) -> tuple[Span, ...]:
    """Return the spans of short quotations without their marks: they are not cut."""
    return tuple((m.start() + 1, m.end() - 1) for m in _QUOTATION.finditer(text))


def find_more_ends(text: str) -> Iterator[int]:
    """Yield the ends after abbreviations that end a sentence where a capital letter follows."""
    for found in _MAY_END.finditer(text):
        # Upper case is asked for here, since the pattern ignores case.
        after = text[found.end() : found.end() + 10].lstrip()
        before = text[max(found.start() - _BEFORE, 0) : found.start()]
        if after[1:2] == "." or before.count("“") > before.count("”"):
            continue  # "в 1892 г. А. П. Чехов"; “我……我不知道”
        if _UPPER.match(after) or not (after[:1].isascii() or after[:1].islower()):
            yield found.end()


def find_list_items(text: str) -> Iterator[Span]:
    """Yield where the numbers 1., 2., 3. of a list within a paragraph start, and their texts."""
    if not _LIST.match(text):
        return
    wanted = itertools.count(1)
    number = next(wanted)
    for found in _NUMBER.finditer(text):
        if int(found[1]) == number:
            yield found.start(1), found.end()
            number = next(wanted)
