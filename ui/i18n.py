"""What the screen says: the page in the reader's language, an answer in the question's."""

from __future__ import annotations

from typing import Literal, get_args

from qa.answer import Sureness
from qa.languages import ENGLISH, language_of, lexicon

# Languages of the page; the first is spoken where the browser asks for none of them.
PageLanguage = Literal["en", "ar", "fr", "ru"]
LANGUAGES: tuple[PageLanguage, ...] = get_args(PageLanguage)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
OWN_NAMES: dict[PageLanguage, str] = {
    "en": "English", "ar": "العربية", "fr": "Français", "ru": "Русский",
}  # fmt: skip

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
    "try": ("Try", "جرّب", "Essayez", "Попробуйте"),
    "no articles": (
        "There is no article to ask about. Add one under “Articles”.",
        "لا يوجد مقال للسؤال عنه. أضف مقالا من «المقالات».",
        "Il n'y a pas d'article à interroger. Ajoutez-en un sous « Articles ».",
        "Нет статьи, о которой спросить. Добавьте её в разделе «Статьи».",
    ),
    "failed": (
        "Something went wrong; nothing was changed. Try again.",
        "حدث خطأ ما، ولم يتغير شيء. حاول مرة أخرى.",
        "Quelque chose a échoué ; rien n'a changé. Réessayez.",
        "Что-то пошло не так; ничего не изменилось. Попробуйте ещё раз.",
    ),
    "not done": (
        "Nothing was changed.", "لم يتغير شيء.", "Rien n'a changé.", "Ничего не изменилось.",
    ),
    "choose": ("Ask about", "اسأل عن", "Interroger", "Спрашивать о"),
    "none is all": (
        "With none chosen, all are asked.", "إن لم تختر شيئا فالسؤال عن الكل.",
        "Si rien n'est choisi, tous sont interrogés.",
        "Если ничего не выбрано, спрашивают обо всех.",
    ),
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
    "file": ("File", "ملف", "Fichier", "Файл"),
    "scans": (
        "Scanned: read the pictures of its pages", "ممسوح ضوئيا: اقرأ صور صفحاته",
        "Numérisé : lire les images de ses pages", "Скан: прочитать изображения страниц",
    ),
    "text": ("Text", "نص", "Texte", "Текст"),
    "address": ("Address", "رابط", "Adresse", "Адрес"),
    "text label": (
        "The article's text", "نص المقال", "Le texte de l'article", "Текст статьи",
    ),
    "title label": (
        "Title (may stay empty)", "العنوان (اختياري)", "Titre (facultatif)",
        "Заголовок (необязательно)",
    ),
    "address label": (
        "The page's address, https://…", "رابط الصفحة",
        "L'adresse de la page, https://…", "Адрес страницы, https://…",
    ),
    "add text": ("Add the text", "أضف النص", "Ajouter le texte", "Добавить текст"),
    "add page": ("Fetch the page", "اجلب الصفحة", "Charger la page", "Загрузить страницу"),
    "remove": ("Remove", "احذف", "Supprimer", "Удалить"),
    "remove label": (
        "Remove an article", "احذف مقالا", "Supprimer un article", "Удалить статью",
    ),
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
    "paragraph": ("paragraph", "الفقرة", "paragraphe", "абзац"),
    "page": ("page", "الصفحة", "page", "страница"),
    "slide": ("slide", "الشريحة", "diapositive", "слайд"),
    "sheet": ("sheet", "الورقة", "feuille", "лист"),
    "chapter": ("chapter", "الفصل", "chapitre", "глава"),
    "time": ("time", "الوقت", "temps", "время"),
    "left out": ("Left out", "ما لم يُقرأ", "Laissé de côté", "Не прочитано"),
    "not shown": (
        "paragraphs are not shown here", "فقرات غير معروضة هنا",
        "paragraphes ne sont pas affichés ici", "абзацев здесь не показано",
    ),
    "gone": (
        "This article is no longer there.", "لم يعد هذا المقال موجودا.",
        "Cet article n'est plus là.", "Этой статьи больше нет.",
    ),
    "copy": (
        "Copy with citation", "انسخ مع المصدر", "Copier avec la source", "Копировать с источником",
    ),
    "copied": ("Copied", "نُسخ", "Copié", "Скопировано"),
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

# Asked of the shipped article, in the languages of the page.
EXAMPLES = (
    "what is the trade volume?",
    "ما هو حجم التبادل التجاري؟",
    "quel est le volume des échanges commerciaux ?",
    "каков объём товарооборота?",
)


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
    """Return the codes of the languages that have names here."""
    return tuple(lexicon().by_code)


def language_name(code: str, page: PageLanguage) -> str:
    """Return the name of a language in the page's, or its code."""
    known = lexicon().by_code.get(code)
    return code if known is None else known.names[page]


def format_number(value: int, page: PageLanguage) -> str:
    """Return a whole number as it is written in the page's language."""
    text = f"{value:,}"
    return text if page == "en" else text.replace(",", "\u202f")  # a narrow space


def direction(language: str) -> str:
    """Return "rtl" or "ltr": which way the language is written."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def refusal_text(language: str) -> str:
    """Return the refusal in the question's language, English for one without a text here."""
    return language_of(language).refusal or ENGLISH.refusal


def sureness_text(sureness: Sureness, language: str) -> str:
    """Return how sure an answer is, in the question's language, English if it has no words here."""
    return (language_of(language).sureness or ENGLISH.sureness)[sureness]


def unsupported_text(language: str) -> str:
    """Return the mark of a sentence that no passage supports, in the question's language."""
    return language_of(language).unsupported or ENGLISH.unsupported


def why_text(language: str) -> str:
    """Return the head of the reasons, in the question's language."""
    return language_of(language).why or ENGLISH.why
