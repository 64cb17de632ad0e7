"""What the screen says: the page in the reader's language, an answer in the question's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from qa.languages import ENGLISH, language_of, lexicon
from qa.languages.record import CardText

# Languages of the page; the first is spoken where the browser asks for none of them.
PageLanguage = Literal["en", "ar", "fr", "ru"]
LANGUAGES: tuple[PageLanguage, ...] = get_args(PageLanguage)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
OWN_NAMES: dict[PageLanguage, str] = {
    "en": "English", "ar": "العربية", "fr": "Français", "ru": "Русский",
}  # fmt: skip

LANGUAGE_COOKIE = "article_qa_language"

# One row a text, in the order of LANGUAGES.
_PAGE: dict[str, tuple[str, str, str, str]] = {
    "language": ("Language", "اللغة", "Langue", "Язык"),
    "chat": ("Chat", "المحادثة", "Conversation", "Беседа"),
    "article": ("Article", "المقال", "Article", "Статья"),
    "articles": ("Articles", "المقالات", "Articles", "Статьи"),
    "question": ("Question", "السؤال", "Question", "Вопрос"),
    "placeholder": (
        "Ask in Arabic, English, French, Russian…",
        "اسأل بالعربية أو الإنجليزية أو الفرنسية أو الروسية…",
        "Demandez en arabe, anglais, français, russe…",
        "Спросите по-арабски, по-английски, по-французски, по-русски…",
    ),
    "tagline": (
        "Ask an article. Get the exact sentence.", "اسأل مقالا واحصل على الجملة بعينها.",
        "Interrogez un article. Obtenez la phrase exacte.",
        "Спросите статью и получите точное предложение.",
    ),
    "own": (
        "or add your own article", "أو أضف مقالك", "ou ajoutez votre article",
        "или добавьте свою статью",
    ),
    "add": ("Add", "إضافة", "Ajouter", "Добавить"),
    "more": ("More", "المزيد", "Plus", "Ещё"),
    "undo": ("Undo", "تراجع", "Annuler", "Вернуть"),
    "away": (
        "The server does not answer. Your question is sent as soon as it is back.",
        "الخادم لا يجيب. سيُرسل سؤالك فور عودته.",
        "Le serveur ne répond pas. Votre question partira dès son retour.",
        "Сервер не отвечает. Вопрос будет отправлен, как только он вернётся.",
    ),
    "no articles": (
        "There is no article to ask about. Add one.",
        "لا يوجد مقال للسؤال عنه. أضف مقالا.",
        "Il n'y a pas d'article à interroger. Ajoutez-en un.",
        "Нет статьи, о которой спросить. Добавьте её.",
    ),
    "failed": (
        "Something went wrong; nothing was changed. Try again.",
        "حدث خطأ ما، ولم يتغير شيء. حاول مرة أخرى.",
        "Quelque chose a échoué ; rien n'a changé. Réessayez.",
        "Что-то пошло не так; ничего не изменилось. Попробуйте ещё раз.",
    ),
    "choose": ("Ask about", "اسأل عن", "Interroger", "Спрашивать о"),
    "none is all": (
        "With none chosen, all are asked.", "إن لم تختر شيئا فالسؤال عن الكل.",
        "Si rien n'est choisi, tous sont interrogés.",
        "Если ничего не выбрано, спрашивают обо всех.",
    ),
    "find": ("Find an article", "ابحث عن مقال", "Chercher un article", "Найти статью"),
    "narrow": ("Narrow down", "تضييق البحث", "Restreindre", "Сузить"),
    "languages": ("Languages", "اللغات", "Langues", "Языки"),
    "since": ("From day", "من تاريخ", "Du jour", "С даты"),
    "until": ("To day", "إلى تاريخ", "Au jour", "По дату"),
    "day": ("YYYY-MM-DD", "سنة-شهر-يوم", "AAAA-MM-JJ", "ГГГГ-ММ-ДД"),
    "source": (
        "Address, or site (example.org)", "رابط أو موقع (example.org)",
        "Adresse, ou site (example.org)", "Адрес или сайт (example.org)",
    ),
    "none passes": (
        "No article is left to ask about. Widen what is under “Narrow down”.",
        "لم يبق مقال للسؤال عنه. وسّع ما في «تضييق البحث».",
        "Il ne reste aucun article à interroger. Élargissez « Restreindre ».",
        "Не осталось статей, о которых спросить. Расширьте «Сузить».",
    ),
    "show": ("Show", "اعرض", "Afficher", "Показать"),
    "file": (
        "A file: PDF, Word, page, text, mail, book, slides…",
        "ملف: PDF أو Word أو صفحة أو نص أو بريد أو كتاب أو شرائح…",
        "Un fichier : PDF, Word, page, texte, courriel, livre, diapositives…",
        "Файл: PDF, Word, страница, текст, письмо, книга, слайды…",
    ),
    "scans": (
        "Scanned: read the pictures of its pages", "ممسوح ضوئيا: اقرأ صور صفحاته",
        "Numérisé : lire les images de ses pages", "Скан: прочитать изображения страниц",
    ),
    "text label": (
        "Or a text", "أو نص", "Ou un texte", "Или текст",
    ),
    "title label": (
        "Title (may stay empty)", "العنوان (اختياري)", "Titre (facultatif)",
        "Заголовок (необязательно)",
    ),
    "address label": (
        "Or a page's address, https://…", "أو رابط صفحة",
        "Ou l'adresse d'une page, https://…", "Или адрес страницы, https://…",
    ),
    "add text": ("Add the text", "أضف النص", "Ajouter le texte", "Добавить текст"),
    "add page": ("Fetch the page", "اجلب الصفحة", "Charger la page", "Загрузить страницу"),
    "remove": ("Remove", "احذف", "Supprimer", "Удалить"),
    "reading": ("Reading", "قراءة", "Lecture", "Чтение"),
    "indexing": ("Indexing", "فهرسة", "Indexation", "Индексация"),
    "added": ("Added", "أضيف", "Ajouté", "Добавлено"),
    "known": ("Already there", "موجود من قبل", "Déjà là", "Уже есть"),
    "removed": ("Removed", "حُذف", "Supprimé", "Удалено"),
    "private": (
        "Only this browser sees it.", "لا يراه إلا هذا المتصفح.",
        "Seul ce navigateur le voit.", "Его видит только этот браузер.",
    ),
    "shared": (
        "Everybody who uses this server sees it.", "يراه كل من يستخدم هذا الخادم.",
        "Tous ceux qui utilisent ce serveur le voient.", "Его видят все, кто пользуется сервером.",
    ),
    "characters": ("characters", "حرفا", "caractères", "знаков"),
    "left out": ("Left out", "ما لم يُقرأ", "Laissé de côté", "Не прочитано"),
    "not shown": (
        "paragraphs are not shown here", "فقرات غير معروضة هنا",
        "paragraphes ne sont pas affichés ici", "абзацев здесь не показано",
    ),
    "gone": (
        "This article is no longer there.", "لم يعد هذا المقال موجودا.",
        "Cet article n'est plus là.", "Этой статьи больше нет.",
    ),
    "new": ("New conversation", "محادثة جديدة", "Nouvelle conversation", "Новая беседа"),
    "history": (
        "Earlier conversations", "المحادثات السابقة", "Conversations précédentes",
        "Прежние беседы",
    ),
    "history label": (
        "Kept in this browser alone", "محفوظة في هذا المتصفح فقط",
        "Gardées dans ce seul navigateur", "Хранятся только в этом браузере",
    ),
    "forget": ("Forget them all", "انسها كلها", "Les oublier toutes", "Забыть все"),
    "save markdown": (
        "Save as Markdown", "احفظ بصيغة Markdown", "Enregistrer en Markdown",
        "Сохранить как Markdown",
    ),
    "save html": (
        "Save as a page", "احفظ كصفحة", "Enregistrer en page web", "Сохранить как страницу",
    ),
}  # fmt: skip

# Asked of the shipped article, which answers all of them; the first four are shown at once.
EXAMPLES: dict[PageLanguage, tuple[str, ...]] = {
    "en": (
        "what is the trade volume?",
        "where is Tebboune invited?",
        "which sector interests Russian companies?",
        "when was the last visit of the top Russian diplomat?",
        "who is the Russian ambassador to Algeria?",
        "where will the joint commission meet?",
        "what will the two countries sign?",
    ),
    "ar": (
        "ما هو حجم التبادل التجاري؟",
        "إلى أين دُعي الرئيس تبون؟",
        "ما القطاع الذي يهم الشركات الروسية؟",
        "من هو السفير الروسي في الجزائر؟",
        "متى كانت آخر زيارة لكبير الدبلوماسيين الروس؟",
        "أين ستعقد اللجنة المشتركة؟",
        "من هو قائد الجيش الجزائري؟",
    ),
    "fr": (
        "quel est le volume des échanges commerciaux ?",
        "où Tebboune est-il invité ?",
        "quel secteur intéresse les entreprises russes ?",
        "qui est l'ambassadeur de Russie en Algérie ?",
        "où se réunira la commission mixte ?",
    ),
    "ru": (
        "каков объём товарооборота?",
        "куда приглашён Теббун?",
        "какой сектор интересует российские компании?",
        "где пройдёт заседание совместной комиссии?",
        "кто посол России в Алжире?",
    ),
}


def page_language(cookies: Mapping[str, str], headers: Mapping[str, str]) -> PageLanguage:
    """Return the page's language: the one chosen, or the browser's first that the page speaks."""
    codes = [cookies.get(LANGUAGE_COOKIE, "")]
    codes += [part.split(";")[0].strip() for part in headers.get("accept-language", "").split(",")]
    for code in codes:
        for language in LANGUAGES:
            if code.lower().split("-")[0] == language:
                return language
    return LANGUAGES[0]


def page_text(key: str, language: PageLanguage) -> str:
    """Return a text of the page in one of its languages; raises KeyError for another key."""
    return _PAGE[key][LANGUAGES.index(language)]


def page_texts() -> dict[PageLanguage, dict[str, str]]:
    """Return all texts of the page by language and `browser_key`."""
    return {lang: {browser_key(key): page_text(key, lang) for key in _PAGE} for lang in LANGUAGES}


def browser_key(key: str) -> str:
    """Return the name of a text in the browser, where Gradio has texts of its own beside ours."""
    return f"article-qa {key}"


def known_languages() -> tuple[str, ...]:
    """Return the codes of the languages that `qa.languages` has records of."""
    return tuple(lexicon().by_code)


def format_number(value: int, ui_language: PageLanguage) -> str:
    """Return a whole number as it is written in the page's language."""
    text = f"{value:,}"
    return text if ui_language == "en" else text.replace(",", "\u202f")  # a narrow space


def direction(language: str) -> str:
    """Return "rtl" or "ltr": which way the language is written."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def refusal_text(language: str) -> str:
    """Return the refusal in the question's language, English for one without a text here."""
    return language_of(language).refusal or ENGLISH.refusal


def card_language(question: str, ui_language: PageLanguage) -> str:
    """Return the language of all that stands around an answer: the question's, or the page's."""
    return question if language_of(question).code == question else ui_language


def card_text(key: CardText, language: str) -> str:
    """Return a text of an answer's card, English for a language without these texts."""
    return (language_of(language).card or ENGLISH.card)[key]
