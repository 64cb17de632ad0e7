"""What the screen says, in the languages of the people who ask."""

from __future__ import annotations

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

EMPTY_QUESTION = "Ask a question about the article."
FAILED = "Something went wrong; the question was not answered. Try again."
PLACEHOLDER = "Ask in Arabic, English, French, Russian…"


def language_name(code: str) -> str:
    """Return the name of a language in English and in itself, or its code."""
    return LANGUAGE_NAMES.get(code, code)


def not_in_article(language: str) -> str:
    """Return the refusal in the question's language, English for one without a text here."""
    return NOT_IN_ARTICLE.get(language, NOT_IN_ARTICLE["en"])
