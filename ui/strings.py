"""What the screen says, in the languages of the people who ask."""

from __future__ import annotations

from qa.answer import Sureness

LANGUAGE_NAMES = {
    "ar": "Arabic · العربية",
    "de": "German · Deutsch",
    "en": "English",
    "es": "Spanish · español",
    "fr": "French · français",
    "ru": "Russian · русский",
    "tr": "Turkish · Türkçe",
    "zh": "Chinese · 中文",
}

# Asked of the shipped article; another article has no examples of its own yet.
EXAMPLES = (
    "what is the trade volume?",
    "ما هو حجم التبادل التجاري؟",
    "quel est le volume des échanges commerciaux ?",
    "каков объём товарооборота?",
)

NOT_IN_ARTICLE = {
    "ar": "المقال لا يذكر ذلك. أقرب مقطع فيه:",
    "de": "Das sagt der Artikel nicht. Am nächsten kommt:",
    "en": "The article does not tell. The nearest passage in it:",
    "es": "El artículo no lo dice. El pasaje más cercano:",
    "fr": "L'article ne le dit pas. Le passage le plus proche :",
    "ru": "В статье об этом не сказано. Ближайший отрывок:",
    "tr": "Makale bunu söylemiyor. En yakın bölüm:",
    "zh": "文章没有提到。最接近的段落：",
}

SURE: dict[str, dict[Sureness, str]] = {
    "ar": {"sure": "مؤكد", "likely": "مرجّح", "not sure": "غير مؤكد"},
    "de": {"sure": "sicher", "likely": "wahrscheinlich", "not sure": "unsicher"},
    "en": {"sure": "sure", "likely": "likely", "not sure": "not sure"},
    "es": {"sure": "seguro", "likely": "probable", "not sure": "no seguro"},
    "fr": {"sure": "sûr", "likely": "probable", "not sure": "peu sûr"},
    "ru": {"sure": "уверенно", "likely": "вероятно", "not sure": "неуверенно"},
    "tr": {"sure": "kesin", "likely": "olası", "not sure": "emin değil"},
    "zh": {"sure": "确定", "likely": "很可能", "not sure": "不确定"},
}

UNSUPPORTED = {
    "ar": "(لا تثبته المقاطع)",
    "de": "(von den Stellen nicht belegt)",
    "en": "(not supported by the passages)",
    "es": "(los pasajes no lo respaldan)",
    "fr": "(non confirmé par les passages)",
    "ru": "(отрывки этого не подтверждают)",
    "tr": "(bölümler bunu desteklemiyor)",
    "zh": "（段落未能证实）",
}

WHY = {
    "ar": "لماذا هذا المقطع؟",
    "de": "Warum diese Stelle?",
    "en": "Why this passage?",
    "es": "¿Por qué este pasaje?",
    "fr": "Pourquoi ce passage ?",
    "ru": "Почему этот отрывок?",
    "tr": "Neden bu bölüm?",
    "zh": "为什么是这一段？",
}

EMPTY_QUESTION = "Ask a question about the article."
FAILED = "Something went wrong; the question was not answered. Try again."
PLACEHOLDER = "Ask in Arabic, English, French, Russian…"


def language_name(code: str) -> str:
    """Return the name of a language in English and in itself, or its code."""
    return LANGUAGE_NAMES.get(code, code)


def not_in_article(language: str) -> str:
    """Return the refusal in the question's language, English for one without a text here."""
    return NOT_IN_ARTICLE.get(language, NOT_IN_ARTICLE["en"])


def how_sure(sureness: Sureness, language: str) -> str:
    """Return how sure an answer is, in the question's language, English if it has no words here."""
    return SURE.get(language, SURE["en"])[sureness]


def unsupported(language: str) -> str:
    """Return the mark of a sentence that no passage supports, in the question's language."""
    return UNSUPPORTED.get(language, UNSUPPORTED["en"])


def why(language: str) -> str:
    """Return the head of the reasons, in the question's language."""
    return WHY.get(language, WHY["en"])
