"""Short answers in the asker's language: amounts, percentages, dates, countries, cities, by CLDR.

Only what can be read without doubt is rendered; everything else stays in the article's words.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import regex

from index.analysis import strip_clitics, without_accents
from index.text import fold
from qa.languages import lexicon
from qa.languages.record import Kind, PlaceKind

if TYPE_CHECKING:
    from babel import Locale

_NUMBER = regex.compile(r"\d+(?:[ \u00a0\u202f.,٬٫]\d+)*")
_EDGES = " \t\n\u00a0\u200e\u200f.,;:،؛!?؟«»“”\"'()[]"
_SYMBOLS = {"$": "dollar", "€": "euro", "£": "pound", "₽": "ruble", "¥": "yen", "₺": "lira"}
_PERCENT_SIGNS = frozenset("%٪")
_MILLION = 10**6
_VOWELS = "aeiouéè"
_OF_ONE_COUNTRY = ("euro", "ruble", "yuan", "yen")
_IS_CITY = regex.compile("(?:Africa|America|Asia|Australia|Europe)/")
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_FIRST_YEAR, _LAST_YEAR = 1000, 2100


def localise(quote: str, source: str, target: str, kind: Kind | None = None) -> str | None:
    """Return a short answer of an article in ``source`` in the language ``target``.

    None where it is not surely a number, an amount, a percentage, a date, a year, a country or one
    of the few hundred cities that CLDR has names of, or where there is nothing to change. What is
    called like a place or a month may be somebody's name: the ``kind`` that is asked for tells them
    apart, where it is known. Languages are codes that `qa.languages` has a record of.
    """
    known = lexicon().by_code
    if source == target or source not in known or target not in known:
        return None
    text = _ascii_digits(quote).strip(_EDGES)
    readers = [_percentage, _amount]
    if kind not in ("person", "organisation"):
        readers += [_country, _city]
        if kind in (None, "date") or any(map(str.isdigit, text)):
            readers.append(_date)
    found = next((shown for read in readers if (shown := read(text, source, target))), None)
    if found is None and kind == "place":
        place = _without_preposition(text, source)
        found = _country(place, source, target) or _city(place, source, target)
    return None if found == quote else found


def places_by_name(kind: PlaceKind, language: str) -> dict[str, str]:
    """Return what CLDR's names of countries and cities in a language name.

    The names are folded and without accents.
    """
    if language not in lexicon().by_code:
        return {}
    countries = {
        without_accents(name): f"country:{code}" for name, code in _countries(language).items()
    }
    cities = {without_accents(name): f"city:{zone}" for name, zone in _cities(language).items()}
    return {"country": countries, "city": cities, "place": cities | countries}[kind]


def name_of_place(place: str, language: str) -> str:
    """Return the name of a value of `places_by_name` in a language."""
    kind, _, code = place.partition(":")
    return _locale(language).territories[code] if kind == "country" else _city_name(code, language)


def _without_preposition(text: str, language: str) -> str:
    """Return a place without what stands before it: "in", or the Arabic letter for it."""
    first, _, rest = text.partition(" ")
    if rest and fold(first) in lexicon().function_words[language]:
        return rest
    bare = strip_clitics(fold(text)) if language == "ar" else text
    named = places_by_name("place", language)
    return bare if without_accents(fold(text)) not in named and bare in named else text


def words_for_country(place: str, language: str) -> tuple[str, ...]:
    """Return words by which a text may name a country: those of its names and of its language.

    "Danish" is one for Denmark, but "Arabic" is none for Syria or Egypt.
    """
    from babel.core import get_global
    from babel.languages import get_official_languages

    code = place.partition(":")[2]
    names = [name for name, each in _countries(language).items() if each == code]
    spoken, homes = _locale(language).languages, get_global("likely_subtags")
    names += [
        fold(spoken[each])
        for each in get_official_languages(code)
        if each in spoken and each != "ar" and homes.get(each, "").endswith(f"_{code}")
    ]
    return tuple(dict.fromkeys(word for name in names for word in name.split()))


def _country(text: str, source: str, target: str) -> str | None:
    code = _countries(source).get(fold(text))
    return None if code is None else _locale(target).territories[code]


@lru_cache(maxsize=16)
def _countries(language: str) -> dict[str, str]:
    """Return the codes of countries by their folded names."""
    names = _locale(language).territories
    return {
        fold(name): code
        for code, name in names.items()
        if len(code) == 2 and code not in _NO_COUNTRIES
    }


def _city(text: str, source: str, target: str) -> str | None:
    zone = _cities(source).get(fold(text))
    return None if zone is None else _city_name(zone, target)


@lru_cache(maxsize=16)
def _cities(language: str) -> dict[str, str]:
    """Return the time zones that are called after cities, by the cities' folded names."""
    zones = map(str, _locale("ar").time_zones)  # English lists only names that are not the ids'
    return {fold(_city_name(zone, language)): zone for zone in zones if _IS_CITY.match(zone)}


def _city_name(zone: str, language: str) -> str:
    """Return the name of a time zone's city, which its id has in English."""
    named = _locale(language).time_zones.get(zone, {}).get("city")
    return str(named or zone.rpartition("/")[2].replace("_", " "))


def _percentage(text: str, source: str, target: str) -> str | None:
    from babel.numbers import format_percent

    number = _NUMBER.search(text)
    if number is None:
        return None
    rest = fold(text[: number.start()] + text[number.end() :]).strip()
    value = _value(number[0], source)
    if value is None or not (rest in _PERCENT_SIGNS or rest in _percent_words(source)):
        return None
    return str(format_percent(value / 100, locale=target, decimal_quantization=False))


@dataclass(frozen=True, slots=True)
class _Amount:
    value: Decimal
    scaled: bool  # written with a word for a power of ten
    currency: str


def _amount(text: str, source: str, target: str) -> str | None:
    """Return a number, with its power of ten and its currency, in the other language."""
    amount = _read_amount(text, source)
    if amount is None or not (amount.scaled or amount.currency):
        return None
    number = _scaled(amount.value, target) if amount.scaled else _plain(amount.value, target)
    if not amount.currency:
        return number
    if amount.currency not in lexicon().by_code[target].currencies:
        return None
    if target == "zh" and amount.currency not in _OF_ONE_COUNTRY:
        return None  # a Chinese name would say whose
    name = _currency(amount, target)
    return f"{number}{name}" if target == "zh" else f"{number} {name}"


def _read_amount(text: str, source: str) -> _Amount | None:
    number = _NUMBER.search(text)
    value = None if number is None else _value(number[0], source)
    if number is None or value is None:
        return None
    power, currency = 0, ""
    for word in _words(text[: number.start()] + " " + text[number.end() :], source):
        if word in _powers(source):
            power += _powers(source)[word]
        elif not currency and (word in _SYMBOLS or word in _currencies(source)):
            currency = _SYMBOLS.get(word) or _currencies(source)[word]
        elif word not in _particles(source).amount:
            return None
    return _Amount(value * 10**power, power > 0, currency)


def _words(text: str, language: str) -> Iterator[str]:
    """Yield the folded words and signs of what stands beside a number."""
    if not lexicon().by_code[language].spaced:
        known = sorted((*_powers(language), *_currencies(language)), key=len, reverse=True)
        for word in known:
            if word in text:
                yield word
                text = text.replace(word, " ", 1)
    for match in regex.finditer(r"[\p{L}\p{M}]+|[^\s\p{L}\p{M}'’]", text):
        yield fold(match[0])


class _Particles(NamedTuple):
    date: frozenset[str]
    amount: frozenset[str]


@lru_cache(maxsize=16)
def _particles(language: str) -> _Particles:
    """Return the folded words that say nothing in a date, or beside an amount."""
    known = lexicon().by_code[language]
    date, amount = known.date_particles.split(), known.amount_particles.split()
    return _Particles(frozenset(map(fold, date)), frozenset(map(fold, amount)))


@lru_cache(maxsize=16)
def _percent_words(language: str) -> frozenset[str]:
    return frozenset(map(fold, lexicon().by_code[language].percent_words))


@lru_cache(maxsize=16)
def _powers(language: str) -> dict[str, int]:
    scales = lexicon().by_code[language].scales.items()
    return {fold(word): power for power, words in scales for word in words.split()}


@lru_cache(maxsize=16)
def _currencies(language: str) -> dict[str, str]:
    forms = lexicon().by_code[language].currencies.items()
    return {fold(word): code for code, names in forms for form in names for word in form.split()}


def _scaled(value: Decimal, language: str) -> str:
    """Return a number with the language's word for its power of ten, as CLDR abbreviates it."""
    locale = _locale(language)
    formats = locale.compact_decimal_formats
    by_plural = formats["long"] if "long" in formats else formats["short"]
    magnitude = 10 ** (len(str(int(value))) - 1)
    pattern = by_plural["other"].get(str(magnitude))
    if pattern is None:
        return _plain(value, language)
    zeros = pattern.pattern.count("0")
    number = value / (magnitude // 10 ** (zeros - 1))
    shown = by_plural.get(locale.plural_form(number), by_plural["other"])[str(magnitude)]
    return str(shown.pattern.replace("0" * zeros, _plain(number, language)).replace("'", ""))


def _plain(value: Decimal, language: str) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(value.normalize(), locale=language, decimal_quantization=False))


def _currency(amount: _Amount, language: str) -> str:
    """Return the currency's name as it stands after the number."""
    forms = [form.split() for form in lexicon().by_code[language].currencies[amount.currency]]
    if amount.scaled:
        plural = forms[0 if language == "ar" else -1][0]
        if amount.value < _MILLION:
            return plural
        known = lexicon().by_code[language]
        elided = known.after_million_elided if plural[0] in _VOWELS else ""
        return (elided or known.after_million) + plural
    category = str(_locale(language).plural_form(amount.value))
    if language == "ar":
        few = forms[-1]
        many = few[1] if len(few) > 1 else few[0]
        return {"few": few[0], "many": many}.get(category, forms[0][0])
    places = {"one": 0, "few": 1, "other": 1, "many": len(forms) - 1}
    return forms[places.get(category, 1)][0]


def _date(text: str, source: str, target: str) -> str | None:
    """Return a date, a month or a year in the other language."""
    from babel.dates import format_date, format_skeleton, get_month_names

    day, month, year = 0, 0, 0
    for word in regex.findall(r"\d+|[\p{L}\p{M}]+", text):
        if word.isdigit():
            number = int(word)
            if len(word) == 4 and _FIRST_YEAR <= number <= _LAST_YEAR and not year:
                year = number
            elif 1 <= number <= 31 and not day:
                day = number
            else:
                return None
        elif not month and fold(word) in _months(source):
            month = _months(source)[fold(word)]
        elif fold(word) not in _particles(source).date:
            return None
    if year and not month and not day:
        return str(year)
    try:
        date = datetime.date(year or 2000, month, day or 1)
    except ValueError:
        return None
    if not (year or day):
        return str(get_month_names("wide", "stand-alone", target)[month])
    if year and day:
        return str(format_date(date, "long", locale=target))
    return str(format_skeleton("yMMMM" if year else "MMMMd", date, locale=target))


@lru_cache(maxsize=16)
def _months(language: str) -> dict[str, int]:
    locale = _locale(language)
    found = {
        fold(name).rstrip("."): number
        for context in ("format", "stand-alone")
        for number, name in locale.months[context]["wide"].items()
    }
    more = lexicon().by_code[language].more_month_names
    return found | {fold(word): number for number, words in more.items() for word in words.split()}


def _value(number: str, language: str) -> Decimal | None:
    """Return a number as the language writes it; None where its separators do not fit."""
    from babel.numbers import NumberFormatError, parse_decimal

    symbols = _locale(language).number_symbols["latn"]
    plain = number.replace("٫", str(symbols["decimal"]))
    plain = regex.sub(r"[ \u00a0\u202f٬]", str(symbols["group"]), plain)
    try:
        return Decimal(parse_decimal(plain, locale=language, strict=True))
    except NumberFormatError:
        return None


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    from babel import Locale

    return Locale.parse(language)
