"""Why something was refused, in the page's language: messages of errors are in English."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.errors import ArticleQAError
from ui.i18n import LANGUAGES, PageLanguage
from ui.logs import public_message


class LocalisedError(ArticleQAError):
    """Raised with a message that is in the page's language already."""


class Phrase(NamedTuple):
    """A pattern of English messages, and what they say in the page's others: ar, fr, ru."""

    pattern: re.Pattern[str]
    texts: tuple[str, str, str]


def make_phrase(pattern: str, arabic: str, french: str, russian: str) -> Phrase:
    """Return a phrase for the messages that a pattern fits."""
    return Phrase(re.compile(pattern), (arabic, french, russian))


# The first that fits counts; the last fits always.
_ERROR_TEXTS = (
    make_phrase(
        "short time|too many (?:people|scans)",
        "محاولات كثيرة في وقت قصير؛ انتظر بضع دقائق.",
        "Trop d'articles en peu de temps ; attendez quelques minutes.",
        "Слишком много статей за короткое время; подождите несколько минут.",
    ),
    make_phrase(
        "remove (?:an article|one) first",
        "لا مكان لمقال آخر؛ احذف مقالا أولا.",
        "Il n'y a plus de place ; supprimez d'abord un article.",
        "Больше нет места; сначала удалите статью.",
    ),
    make_phrase(
        "encrypted|old \\.doc",
        "الملف مشفّر أو بصيغة قديمة؛ احفظه من جديد دون كلمة سر.",
        "Le fichier est chiffré ou d'un ancien format ; enregistrez-le sans mot de passe.",
        "Файл зашифрован или в старом формате; сохраните его без пароля.",
    ),
    make_phrase(
        "text layer|is a picture",
        "صفحاته صور بلا نص؛ اختر قراءة الممسوح ضوئيا.",
        "Ses pages sont des images sans texte ; cochez la lecture des numérisations.",
        "Его страницы — изображения без текста; отметьте чтение сканов.",
    ),
    make_phrase(
        "not a day| is after ",
        "التاريخ غير صالح؛ اكتبه هكذا: سنة-شهر-يوم.",
        "La date n'est pas valable ; écrivez AAAA-MM-JJ.",
        "Неверная дата; напишите её так: ГГГГ-ММ-ДД.",
    ),
    make_phrase(
        "public internet|address of the web|whole address|user name",
        "هذا ليس رابط صفحة عامة؛ اكتب الرابط كاملا.",
        "Ce n'est pas l'adresse d'une page publique ; donnez-la en entier.",
        "Это не адрес общедоступной страницы; укажите его целиком.",
    ),
    make_phrase(
        "cannot be reached|server answered|redirects|did not arrive|broke off",
        "تعذّر الوصول إليه؛ حاول مرة أخرى.",
        "Impossible de l'atteindre ; réessayez.",
        "Не удалось получить; попробуйте ещё раз.",
    ),
    make_phrase(
        "took (?:longer|more)",
        "استغرقت قراءته وقتا أو ذاكرة أكثر من المسموح.",
        "Sa lecture prend plus de temps ou de mémoire que permis.",
        "Чтение заняло больше времени или памяти, чем можно.",
    ),
    make_phrase(
        "the limit|more than|too many|too large|too deep|may keep",
        "هو أكبر من المسموح.",
        "C'est plus grand que permis.",
        "Это больше, чем можно.",
    ),
    make_phrase(
        "is empty|no text|holds no|no subtitles|no article text",
        "لا يوجد فيه نص يُقرأ.",
        "Il ne contient pas de texte lisible.",
        "В нём нет текста, который можно прочитать.",
    ),
    make_phrase(
        "unknown format|binary|encoding|no article but|not a picture|not an HTML|neither",
        "صيغته غير معروفة.",
        "Son format n'est pas connu.",
        "Его формат неизвестен.",
    ),
    make_phrase(
        "",
        "الملف تالف أو ليس كما يدل اسمه.",
        "Le fichier est endommagé, ou n'est pas ce que son nom indique.",
        "Файл повреждён или не тот, за какой себя выдаёт.",
    ),
)
_NAMED = re.compile(r"^(\S[^:]{0,200}\.\w{1,8}): ")  # "report.pdf: it is empty"


def error_text(error: Exception, language: PageLanguage) -> str:
    """Return why something was refused; "" for a failure of ours, which is logged."""
    message = public_message(error)
    if not message or language == LANGUAGES[0] or isinstance(error, LocalisedError):
        return message
    texts = next(reason.texts for reason in _ERROR_TEXTS if reason.pattern.search(message))
    name = _NAMED.match(message)
    reason = texts[LANGUAGES.index(language) - 1]
    return f"{name[1]}: {reason}" if name else reason
