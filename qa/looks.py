"""How a word of a passage looks: digits, dates, amounts, capitals, and the marks around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.text import Span, fold
from qa.words import LANGUAGES, function_words

WIDTH = 33
NUMERIC = 8  # the first so many looks tell digits, dates and amounts
CAPITAL, OPENING_CAPITAL = 9, 10  # the columns of a capital, and of one that opens a sentence
_MONTHS = """
january february march april may june july august september october november december
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
januar februar märz april mai juni juli august september oktober november dezember
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
جانفي فيفري أفريل ماي جوان جويلية أوت شباط آذار نيسان أيار حزيران تموز آب أيلول
monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi
samedi dimanche понедельник вторник среда среду четверг пятница пятницу суббота субботу
воскресенье lunes martes miércoles jueves viernes sábado domingo montag dienstag mittwoch
donnerstag freitag samstag sonntag pazartesi salı çarşamba perşembe cuma cumartesi pazar
الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد أمس غدا
"""
_DATES = """
year years century month day decade année ans siècle mois jour год года году лет век века веке
месяц день año años siglo mes día jahr jahre jahren jahrhundert monat tag yıl yılı yılında yüzyıl
ay gün عام سنة قرن القرن شهر يوم سنوات أعوام years since منذ 年 月 日 世 纪
"""
_AMOUNTS = """
million billion thousand hundred dozen percent dollars euros milliers million millions milliard
milliards mille cent миллион миллиона миллионов миллиард миллиарда миллиардов тысяч тысячи процентов
mil millón millones ciento dólares millionen million milliarden tausend hundert prozent milyon
milyar bin yüzde dolar مليون ملايين مليار مليارات ألف آلاف مئة مائة دولار بالمئة بالمائة
one two three four five six seven eight nine ten twelve twenty thirty half
un une deux trois quatre cinq six sept huit neuf dix два две три четыре пять шесть семь восемь
девять десять один одна dos tres cuatro cinco seis siete ocho nueve diez zwei drei vier fünf
sechs sieben
acht neun zehn iki üç dört beş altı yedi sekiz dokuz واحد اثنين اثنان ثلاث ثلاثة أربع أربعة خمس
خمسة ست ستة سبع سبعة ثماني ثمانية تسع تسعة عشر عشرة عشرين ثلاثين
万 亿 千 百 一 二 三 四 五 六 七 八 九 十 两
"""
_MARKS = {  # what stands in the gap between two words
    "comma": "،,、；;؛", "stop": ".!?؟。！？…۔", "colon": ":：", "open": "([{«“‘„\"（《「『",
    "close": ")]}»”’\"）》」』", "dash": "–—-‐‑", "money": "$€£¥₽", "percent": "%٪％",
}  # fmt: skip


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(map(fold, ws.split())) for ws in (_MONTHS, _DATES, _AMOUNTS))


def is_date(folded: str) -> bool:
    """Tell whether a folded word is a month, a day of the week or a word of the calendar."""
    return is_month(folded) or folded in _lists()[1]


def is_month(folded: str) -> bool:
    """Tell whether a folded word is the name of a month or of a day."""
    return folded in _lists()[0]


def is_amount(folded: str) -> bool:
    """Tell whether a folded word is a number in words, or what is counted with them."""
    return folded in _lists()[2]


@lru_cache(maxsize=4_096)  # most gaps are one space
def _marks_in(gap: str) -> tuple[bool, ...]:
    return tuple(any(c in marks for c in gap) for marks in _MARKS.values())


def looks(text: str, spans: Sequence[Span], language: str) -> npt.NDArray[np.float32]:
    """Return (words, WIDTH): what each word of the text, given by its span, looks like."""
    lists = _lists()
    function = function_words()[LANGUAGES.index(language)] if language in LANGUAGES else frozenset()
    folded = [fold(text[a:b]) for a, b in spans]
    counts = Counter(folded)
    rows = []
    for i, (start, end) in enumerate(spans):
        word = text[start:end]
        before = text[spans[i - 1][1] if i else 0 : start]
        after = text[end : spans[i + 1][0] if i + 1 < len(spans) else len(text)]
        digits = folded[i].isdecimal()
        bare = folded[i][2:] if folded[i].startswith("ال") else folded[i]
        rows.append([
            any(c.isdigit() for c in word),
            digits and len(word) == 4 and 1000 <= int(folded[i]) <= 2100,
            digits and len(word) <= 2,
            any(c in ".,٫٬" for c in word),
            ":" in word or "/" in word,
            *(folded[i] in known or bare in known for known in lists),
            folded[i] in function,
            word[:1].isupper(),
            word[:1].isupper() and (i == 0 or any(c in _MARKS["stop"] for c in before)),
            len(word) > 1 and word.isupper(),
            language == "ar" and folded[i].startswith("ال"),
            min(len(word), 12) / 12,
            counts[folded[i]] > 1,
            i == 0 or "\n" in before,
            *_marks_in(before),
            *_marks_in(after),
            i > 0 and not before,
        ])  # fmt: skip
    return np.array(rows, dtype=np.float32).reshape(len(spans), WIDTH)
