"""What a reader left out of an article, in the page's language: its notes are in English."""

from __future__ import annotations

from ui.error_texts import make_phrase
from ui.i18n import LANGUAGES, PageLanguage

# Numbers stand after a colon, so that no noun has to agree with them.
_NOTES = (
    make_phrase(
        r"(?P<n>[\d,]+) pictures? without text",
        "صور بلا نص: {n}",
        "images sans texte : {n}",
        "изображения без текста: {n}",
    ),
    make_phrase(
        r"(?P<n>[\d,]+) charts? without text",
        "رسوم بيانية بلا نص: {n}",
        "graphiques sans texte : {n}",
        "диаграммы без текста: {n}",
    ),
    make_phrase(
        r"(?P<n>[\d,]+) descriptions? of sounds",
        "أوصاف أصوات: {n}",
        "descriptions de sons : {n}",
        "описания звуков: {n}",
    ),
    make_phrase(
        r"(?P<n>[\d,]+) characters? could not be read and shows? as (?P<sign>.)",
        "أحرف تعذّرت قراءتها وتظهر هكذا {sign}: {n}",
        "caractères illisibles, affichés comme {sign} : {n}",
        "нечитаемые символы, показаны как {sign}: {n}",
    ),
    make_phrase(
        r"(?P<n>[\d,]+) hidden sheets? not read",
        "أوراق مخفية لم تُقرأ: {n}",
        "feuilles masquées non lues : {n}",
        "скрытые листы, не прочитаны: {n}",
    ),
    make_phrase(
        r"(?P<n>[\d,]+) attachments? not read: (?P<names>.*)",
        "مرفقات لم تُقرأ: {n} ({names})",
        "pièces jointes non lues : {n} ({names})",
        "вложения, не прочитаны: {n} ({names})",
    ),
    make_phrase(
        r"(?P<n>[\d,]+) of (?P<all>[\d,]+) pages without a text layer .*: (?P<pages>[\d, …]+)",
        "صفحات بلا نص (ممسوحة ضوئيا؟): {n} من {all} ({pages})",
        "pages sans texte (numérisées ?) : {n} sur {all} ({pages})",
        "страницы без текста (сканы?): {n} из {all} ({pages})",
    ),
    make_phrase(
        r"hard to read, check the words: page (?P<pages>[\d, …]+)",
        "صعبة القراءة، راجع الكلمات: الصفحة {pages}",
        "difficile à lire, vérifiez les mots : page {pages}",
        "читается с трудом, проверьте слова: страница {pages}",
    ),
    make_phrase(
        r"not read: page (?P<pages>[\d, …]+)",
        "لم تُقرأ: الصفحة {pages}",
        "non lue : page {pages}",
        "не прочитана: страница {pages}",
    ),
    make_phrase(
        r"this page yielded (?P<n>[\d,]+) of (?P<all>[\d,]+) characters; .*",
        "قُرئ من الصفحة {n} من {all} حرفا؛ احفظها من المتصفح بصيغة HTML أو PDF",
        "{n} caractères lus sur {all} ; enregistrez la page en HTML ou PDF depuis le navigateur",
        "прочитано знаков: {n} из {all}; сохраните страницу в браузере как HTML или PDF",
    ),
)


def note_text(note: str, language: PageLanguage) -> str | None:
    """Return a reader's note in a language; None where it is known in English alone."""
    if language == LANGUAGES[0]:
        return note
    for known in _NOTES:
        if found := known.pattern.fullmatch(note):
            return known.texts[LANGUAGES.index(language) - 1].format(**found.groupdict())
    return None
