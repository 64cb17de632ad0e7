"""Words of dates and amounts, in the languages that suggested questions are made in."""

from __future__ import annotations

from functools import lru_cache

from index.text import fold

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
