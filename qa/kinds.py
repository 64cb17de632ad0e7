"""Kinds of question: what sort of thing would answer it, read off its question word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal, get_args

from index.text import Term, fold, terms

Kind = Literal[
    "quantity", "date", "person", "place", "organisation", "reason", "manner", "definition", "thing"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Question words say the kind themselves; with WHAT, the noun asked for does ("what year").
_WORDS: dict[Kind, str] = {
    "quantity": "كم بكم combien сколько cuánto cuánta cuántos cuántas wieviel wieviele kaç",
    "date": "متى when quand когда cuándo wann",
    "person": "من لمن بمن ممن who whom whose qui кто кого кому кем чей чья чьё чьи quién quiénes "
    "wer wen wem wessen kim kimi kime kimin kimler kimdir",
    "place": "أين where où где куда откуда dónde adónde wo wohin woher nerede nereye nereden "
    "neresi neresidir nerededir",
    "reason": "لماذا لم why pourquoi почему зачем warum weshalb wieso wozu neden niçin niye",
    "manner": "كيف how comment как cómo wie nasıl",
    "thing": "ما ماذا بماذا عماذا فيم عم مم أي أية أيا بأي لأي what which que quoi quel quelle "
    "quels quelles lequel laquelle что чего чему чем чём какой какая какое какие какого каких "
    "какую каким какими каком каков какова каково каковы который которая которое qué cuál cuáles "
    "was welche welcher welches welchen welchem ne nedir neyi neye neler nelerdir hangi hangisi "
    "hangileri",
}
# The beginnings of nouns; the first one near the question word counts.
_NOUNS: dict[Kind, str] = {
    "quantity": "عدد نسبة حجم مقدار كمية مساحة طول ارتفاع عمر سعر تكلفة قيمة معدل سرعة وزن مسافة "
    "number percent volume amount population age height length size cost price value rate speed "
    "weight distance nombre pourcentage montant âge hauteur longueur taille coût prix valeur taux "
    "vitesse poids "
    "числ количеств процент объём объем возраст высот длин размер стоимост цен скорост вес "
    "число número porcentaje volumen cantidad población edad altura longitud tamaño coste costo "
    "precio velocidad anzahl zahl prozent menge bevölkerung alter höhe länge größe kosten preis "
    "sayı yüzde miktar nüfus kadar yaş yükseklik uzunluk hız",
    "date": "عام سنة تاريخ شهر قرن يوم عقد year date month century day decade année mois "
    "siècle jour год дат месяц век день десятилети año fecha mes siglo día década jahr datum monat "
    "jahrhundert tag yıl tarih ay yüzyıl gün zaman",
    "person": "شخص رئيس ملك person president king queen author personne roi auteur человек "
    "президент король автор persona rey autor könig kişi kral yazar",
    "place": "مدينة بلد دولة مكان منطقة عاصمة ولاية قارة city country place state region capital "
    "continent river ville pays lieu région état город стран мест регион столиц ciudad país lugar "
    "región estado stadt land ort region staat hauptstadt şehir ülke yer bölge kent eyalet",
    "organisation": "شركة منظمة فريق جامعة مجموعة حزب لجنة company organisation organization team "
    "university group party committee agency entreprise société équipe université groupe "
    "компани организаци команд университет групп парти empresa organización equipo universidad "
    "grupo firma unternehmen mannschaft universität gruppe partei şirket örgüt takım üniversite",
    "thing": "называет назыв назв heißt hieß lautet nennt nannte llama llaman llamaba "
    "appelle appel",
    "reason": "سبب reason cause why raison причин razón causa grund ursache sebep nedeni",
}
# Chinese writes no spaces; the first of these that is in the question tells. What asks by itself
# comes before the nouns, which only say what "what" asks for.
_CHINESE: tuple[tuple[str, Kind], ...] = (
    ("什么时候", "date"), ("何时", "date"), ("哪一年", "date"), ("哪年", "date"),
    ("什么时间", "date"), ("为什么", "reason"), ("为何", "reason"), ("多少", "quantity"),
    ("多大", "quantity"), ("多长", "quantity"), ("多高", "quantity"), ("几", "quantity"),
    ("谁", "person"), ("哪里", "place"), ("哪儿", "place"), ("在哪", "place"), ("何处", "place"),
    ("什么地方", "place"), ("哪个国家", "place"), ("哪个城市", "place"), ("如何", "manner"),
    ("怎么", "manner"), ("怎样", "manner"), ("年份", "date"), ("世纪", "date"), ("日期", "date"),
    ("原因", "reason"), ("百分比", "quantity"), ("公司", "organisation"), ("组织", "organisation"),
    ("什么", "thing"), ("哪", "thing"),
)  # fmt: skip
# Right behind "how" these ask for a measure.
_MEASURES = """
many much old tall far large big often long high deep wide fast heavy hot cold early late soon
viel viele vielen hoch lang lange groß alt oft schnell tief weit breit schwer früh spät
"""
_NEAR = 4  # words around "what" in which its noun stands
_LONG = 5  # letters from which the beginning of a noun bears an ending of three
_SHORT = 4  # "what is a beta blocker": a longer question asks for more than what X is
_FIRST = 2  # words at the start, where one of these asks
_ALONE = frozenset({"ماذا", "بماذا", "عماذا"})  # "what", never "what year"
_VERBS = frozenset(
    {"did", "does", "do", "have", "has", "had", "can", "could", "will", "would", "should"}
    | {"hat", "haben", "hatte", "kann", "wird", "ha", "han"}
)
_AMBIGUOUS = frozenset({"من", "как", "wie", "que", "comme"})


@dataclass(frozen=True, slots=True)
class Asked:
    """The kind of a question, and the span of its question word (empty if none is known)."""

    kind: Kind
    start: int
    end: int


def asked_for(question: str) -> Asked:
    """Return what the question asks for; a thing where its words tell no more."""
    for sign, kind in _CHINESE:
        place = question.find(sign)
        if place >= 0:
            return Asked(kind, place, place + len(sign))
    words = terms(question)
    known, nouns = _lexicon()
    if words and words[0].text not in known:
        words = (replace(words[0], text=without_and(words[0].text)), *words[1:])
    asking = [i for i, word in enumerate(words) if word.text in known and _asks(word, i)]
    if not asking:
        return Asked("thing", 0, 0)
    position = asking[0]
    kind = known[words[position].text]
    if kind == "manner" and words[position + 1 : position + 2]:
        kind = "quantity" if words[position + 1].text in _measures() else kind
    if kind == "thing" and words[position - 1 : position] and words[position - 1].text == "por":
        kind = "reason"
    if kind in ("manner", "thing"):
        around = (word.text for word in _around(words, position))
        kind = next((found for text in around if (found := _noun(text, nouns))), kind)
    if kind == "thing" and len(words) <= _SHORT:
        kind = "definition"
    return Asked(kind, words[position].start, words[position].end)


def without_and(word: str) -> str:
    """Return a folded word without the "and" or "so" that Arabic writes onto it."""
    return word[1:] if word[:1] in ("و", "ف") and len(word) > 2 else word


def _asks(word: Term, position: int) -> bool:
    """Tell if a question word asks where it stands: within, the word for "how" is "as" or "like".

    So is the Arabic for "who" there "from".
    """
    return position < _FIRST or word.text not in _AMBIGUOUS


def _around(words: Sequence[Term], position: int) -> Iterator[Term]:
    """Yield the words in which the noun of "what" may stand, up to a verb that ends its phrase."""
    if words[position].text in _ALONE:
        return
    after = words[position + 1 : position + 1 + _NEAR]
    yield from takewhile(lambda word: word.text not in _VERBS, after)
    yield from reversed(words[max(0, position - 2) : position])


def _noun(word: str, nouns: tuple[tuple[str, Kind], ...]) -> Kind | None:
    bare = word.removeprefix("ال")
    return next((k for start, k in nouns if bare.startswith(start) and _ending(bare, start)), None)


def _ending(word: str, start: str) -> bool:
    """Tell if no more than an ending follows: "jour" is not the beginning of "journal"."""
    return len(word) <= len(start) + (3 if len(start) >= _LONG else 2)


@lru_cache(maxsize=1)
def _measures() -> frozenset[str]:
    return frozenset(map(fold, _MEASURES.split()))


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, Kind], tuple[tuple[str, Kind], ...]]:
    known: dict[str, Kind] = {fold(w): kind for kind, ws in _WORDS.items() for w in ws.split()}
    nouns = [(fold(w), kind) for kind, ws in _NOUNS.items() for w in ws.split()]
    return known, tuple(sorted(nouns, key=lambda noun: -len(noun[0])))
