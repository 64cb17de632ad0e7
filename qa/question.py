"""Questions: what kind of thing is asked for, and how a follow-up is to be completed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal, get_args

from index.text import Term, fold, terms
from qa.answer import EMPHASIS, Answer
from qa.languages import LANGUAGES, function_words, likeliest_function_words

Kind = Literal[
    "quantity", "date", "person", "place", "organisation", "reason", "manner", "definition", "thing"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Question words say the kind themselves; after "what", the noun does ("what year").
_QUESTION_WORDS: dict[Kind, str] = {
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
# The beginnings of nouns; the first one near the question word decides.
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
# Chinese has no spaces: the first of these that is in the question decides. Question words come
# before nouns, which only say what "what" asks for.
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
# Right after "how" these ask for a measure.
_MEASURES = """
many much old tall far large big often long high deep wide fast heavy hot cold early late soon
viel viele vielen hoch lang lange groß alt oft schnell tief weit breit schwer früh spät
"""
_NEAR = 4  # words after "what" that may be its noun
_LONG = 5  # letters; the beginning of a noun of this length may have an ending of three
_DEFINITION = 4  # words of "what is a beta blocker"; longer questions ask for more
_FIRST = 2  # words of the question, among which an ambiguous word asks
_ALONE = frozenset({"ماذا", "بماذا", "عماذا"})  # "what", never "what year"
_VERBS = frozenset(
    {"did", "does", "do", "have", "has", "had", "can", "could", "will", "would", "should"}
    | {"hat", "haben", "hatte", "kann", "wird", "ha", "han"}
)
_AMBIGUOUS = frozenset({"من", "как", "wie", "que", "comme"})


@dataclass(frozen=True, slots=True)
class KindOfQuestion:
    """The kind of a question, and the span of its question word (empty if it has none)."""

    kind: Kind
    start: int
    end: int


def question_kind(question: str) -> KindOfQuestion:
    """Return what kind of thing the question asks for, "thing" if its words do not say."""
    for sign, kind in _CHINESE:
        place = question.find(sign)
        if place >= 0:
            return KindOfQuestion(kind, place, place + len(sign))
    words = terms(question)
    known, nouns = _lexicon()
    if words and words[0].text not in known:
        words = (replace(words[0], text=without_conjunction(words[0].text)), *words[1:])
    asking = [i for i, word in enumerate(words) if word.text in known and _asks(word, i)]
    if not asking:
        return KindOfQuestion("thing", 0, 0)
    position = asking[0]
    kind = known[words[position].text]
    if kind == "manner" and words[position + 1 : position + 2]:
        kind = "quantity" if words[position + 1].text in _measures() else kind
    if kind == "thing" and words[position - 1 : position] and words[position - 1].text == "por":
        kind = "reason"
    if kind in ("manner", "thing"):
        around = (word.text for word in _around(words, position))
        kind = next((found for text in around if (found := _noun(text, nouns))), kind)
    if kind == "thing" and len(words) <= _DEFINITION:
        kind = "definition"
    return KindOfQuestion(kind, words[position].start, words[position].end)


def without_conjunction(word: str) -> str:
    """Return a folded word without the conjunction that Arabic prefixes to it."""
    return word[1:] if word[:1] in ("و", "ف") and len(word) > 2 else word


def _asks(word: Term, position: int) -> bool:
    """Return whether a word is a question word at its place.

    Later in a question, the words for "how" mean "as", and the Arabic one for "who" means "from".
    """
    return position < _FIRST or word.text not in _AMBIGUOUS


def _around(words: Sequence[Term], position: int) -> Iterator[Term]:
    """Yield the words that may be the noun of "what", up to a verb, which ends its phrase."""
    if words[position].text in _ALONE:
        return
    after = words[position + 1 : position + 1 + _NEAR]
    yield from takewhile(lambda word: word.text not in _VERBS, after)
    yield from reversed(words[max(0, position - 2) : position])


def _noun(word: str, nouns: tuple[tuple[str, Kind], ...]) -> Kind | None:
    bare = word.removeprefix("ال")
    return next(
        (k for start, k in nouns if bare.startswith(start) and _is_form_of(bare, start)), None
    )


def _is_form_of(word: str, start: str) -> bool:
    """Return whether only an ending follows: "journal" is no form of "jour"."""
    return len(word) <= len(start) + (3 if len(start) >= _LONG else 2)


@lru_cache(maxsize=1)
def _measures() -> frozenset[str]:
    return frozenset(map(fold, _MEASURES.split()))


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, Kind], tuple[tuple[str, Kind], ...]]:
    known: dict[str, Kind] = {
        fold(w): kind for kind, ws in _QUESTION_WORDS.items() for w in ws.split()
    }
    nouns = [(fold(w), kind) for kind, ws in _NOUNS.items() for w in ws.split()]
    return known, tuple(sorted(nouns, key=lambda noun: -len(noun[0])))


# A question that begins with one of these continues the previous one.
_OPENINGS = {
    "ar": "و ثم لكن",
    "en": "and but then so",
    "fr": "et mais puis alors",
    "ru": "и а но",
    "es": "y pero",
    "de": "und aber",
    "tr": "ve ama peki",
}
# A question with one of these refers to the previous one. Words that are more often articles,
# prepositions or conjunctions, or refer to the question's own words, are left out: es "la", "lo";
# fr "en", "y"; en "that", "there"; de "sein"; tr "o", "bu". Most Arabic pronouns are suffixes,
# which are not detected; its "he", "she" and "they" also mean "is" in questions.
_PRONOUNS = {
    "ar": "ذلك هناك عنه عنها منه منها له لها لهم إليه إليها فيه فيها به بها",
    "en": "he him his she her hers it its they them their theirs this these those",
    "fr": "il elle ils elles lui leur leurs son sa ses cela ça celui",
    "ru": "он оно она они его ему им ней нему нём ним её ее их этот эта это эти туда там",
    "es": "él ella ellos ellas su sus eso esto allí",
    "de": "er ihn ihm sie ihr ihnen dort",
    "tr": "onu ona onun onlar onların bunu buna bunun orada",
}
_RELATIVES = frozenset(map(fold, ("الذي", "التي", "الذين", "اللذان", "اللتان")))
_ENTITIES = ("person", "place", "organisation")
_LIKELY = 0.4  # span confidence of a name, which helps retrieval even if it is not exact
_ABOUT = (("what", "about"), ("how", "about"))
_FEW = 1  # content words before a pronoun; after more, it refers to one of them
_SHORT = 3  # words of an Arabic question that begins with a prefixed "and"


def is_follow_up(question: str) -> bool:
    """Return whether a question seems to depend on the previous one, judged by its words."""
    words = [term.text for term in terms(question)]
    return bool(words) and (
        _begins_as_follow_up(words) or points_back(question) or not has_topic(question)
    )


def has_topic(question: str) -> bool:
    """Return whether a question has content words, and so may be complete."""
    return bool(_content(question))


def points_back(question: str) -> bool:
    """Return whether a pronoun refers to something that the question does not name before it."""
    words = [term.text for term in terms(question)]
    pronouns = _listed(words, _PRONOUNS)
    function = likeliest_function_words(words)
    named = 0
    for place, word in enumerate(words):
        if word in _RELATIVES or named > _FEW:
            return False
        # "Combien y a-t-il": this "il" refers to nothing.
        if word in pronouns and words[max(0, place - 3) : place] != ["y", "a", "t"]:
            return True
        named += word not in function
    return False


def completions(question: str, previous: Answer) -> tuple[str, ...]:
    """Return the question completed with words of the previous question and answer.

    There are several ways, the likeliest first; the reader's confidence decides between them.
    """
    present = {term.text for term in terms(question)}
    before = [
        w for w in _content(previous.completed or previous.question) if fold(w) not in present
    ]
    carried = [[*before, *words] for words in ([_answer_words(previous)], []) if words != [""]]
    return tuple(
        dict.fromkeys(f"{question.strip()} ({' '.join(words)})" for words in carried if words)
    )


def _answer_words(previous: Answer) -> str:
    """Return the short answer if it is sure, or a likely person, place or organisation."""
    if previous.span is None:
        return ""
    entity = question_kind(previous.question).kind in _ENTITIES
    sure = previous.span_confidence >= (_LIKELY if entity else EMPHASIS)
    return previous.span.quote if sure else ""


def _begins_as_follow_up(words: Sequence[str]) -> bool:
    if words[0] in _listed(words, _OPENINGS) or tuple(words[:2]) in _ABOUT:
        return True
    bare = without_conjunction(words[0])
    has_prefix = bare != words[0] and (bare.startswith("ال") or bare in _function_words("ar"))
    return has_prefix and len(words) <= _SHORT


def _listed(words: Sequence[str], lists: dict[str, str]) -> frozenset[str]:
    """Return the words of a list in the likeliest languages of the question, or in all."""
    counts = {name: sum(w in _function_words(name) for w in words) for name in LANGUAGES}
    most = max(counts.values())
    return frozenset[str]().union(
        *(_folded(lists[name]) for name, count in counts.items() if count == most)
    )


def _function_words(language: str) -> frozenset[str]:
    return function_words()[LANGUAGES.index(language)]


@lru_cache(maxsize=2 * len(LANGUAGES))
def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


def _content(question: str) -> list[str]:
    """Return the words of a question that are no function words of its likeliest language."""
    words = terms(question)
    listed = likeliest_function_words([word.text for word in words])
    kept = [
        question[w.start : w.end]
        for w in words
        if w.text not in listed and without_conjunction(w.text) not in listed
    ]
    return list(dict.fromkeys(kept))
