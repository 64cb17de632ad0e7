"""Names in Latin letters, for those who cannot read the script of an article.

Arabic writes no short vowels: one is put in where consonants would stand alone. The result is how a
name may sound, and no quote. Other scripts are anyascii's, which has their tables.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

_ARABIC = regex.compile(r"[\p{Arabic}]")
_FOREIGN = regex.compile(r"[^\P{L}\p{Latin}]")  # a letter of another script
_MARKS = regex.compile(r"[\p{Mn}\u0640]")
_CONSONANTS = {
    "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r",
    "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "غ": "gh", "ف": "f",
    "ق": "q", "ك": "k", "ک": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ڨ": "g", "ڤ": "v",
    "گ": "g", "پ": "p", "چ": "ch", "ژ": "zh",
}  # fmt: skip
_VOWELS = {
    "ا": "a", "أ": "a", "آ": "a", "إ": "i", "ى": "a", "ة": "a", "ع": "a", "ؤ": "u", "ئ": "i",
    "ء": "",
}  # fmt: skip
# Consonants before other vowels, else vowels themselves.
_EITHER = {"و": ("w", "u"), "ي": ("y", "i"), "ی": ("y", "i")}
_ARTICLE = "ال"
NAMED = ("person", "place", "organisation", "definition")  # kinds of questions that names answer
_MOST = 6  # words of a name


def romanise(name: str) -> str:
    """Return a name in Latin letters, each word with a capital.

    "" if all of it is in them already, or if it is too long for a name or holds digits.
    """
    from anyascii import anyascii

    words = name.split()
    is_name = not any(map(str.isdigit, name)) and len(words) <= _MOST
    if not is_name or not _FOREIGN.search(name):
        return ""
    written = [
        _arabic(word) if _ARABIC.search(word) else anyascii(word).strip("'") for word in words
    ]
    return " ".join(_capital(word) for word in written if word)


def _arabic(word: str) -> str:
    word = "".join(filter(str.isalpha, _MARKS.sub("", unicodedata.normalize("NFKC", word))))
    if word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 2:
        return f"al-{_arabic(word.removeprefix(_ARTICLE))}"
    return "".join(_with_short_vowels(list(_sounds(word))))


def _sounds(word: str) -> Iterator[tuple[str, bool]]:
    """Yield the letters' sounds, and whether each is a vowel."""
    last = ""
    for letter, after in zip(word, [*word[1:], ""], strict=True):
        if letter in _CONSONANTS:
            sound, is_vowel = _CONSONANTS[letter], False
        elif letter in _EITHER:
            is_vowel = bool(last) and after not in _VOWELS and after not in _EITHER
            sound = _EITHER[letter][is_vowel]
        else:
            sound, is_vowel = _VOWELS.get(letter, ""), True
        if sound and not (is_vowel and sound == last):
            yield sound, is_vowel
            last = sound


def _with_short_vowels(sounds: list[tuple[str, bool]]) -> Iterator[str]:
    """Yield the sounds, with an "a" where two consonants begin or end a word, or three meet."""
    for place, (sound, is_vowel) in enumerate(sounds):
        before = sounds[max(0, place - 2) : place]
        consonants = not is_vowel and bool(before) and not before[-1][1]
        begins = place == 1
        meets = len(before) == 2 and not before[0][1]
        ends = place == len(sounds) - 1
        if consonants and (begins or meets or ends):
            yield "a"
            sounds[place - 1] = ("", True)  # it has its vowel now
        yield sound


def _capital(word: str) -> str:
    head, dash, tail = word.partition("-")
    return f"{head}-{tail.capitalize()}" if dash else word[:1].upper() + word[1:]
