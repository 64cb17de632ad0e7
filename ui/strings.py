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

# How sure an answer is, for people: from the confidence on, the words.
SURE = {
    "ar": ((0.9, "مؤكد"), (0.7, "مرجّح"), (0.0, "غير مؤكد")),
    "de": ((0.9, "sicher"), (0.7, "wahrscheinlich"), (0.0, "unsicher")),
    "en": ((0.9, "sure"), (0.7, "likely"), (0.0, "not sure")),
    "es": ((0.9, "seguro"), (0.7, "probable"), (0.0, "no seguro")),
    "fr": ((0.9, "sûr"), (0.7, "probable"), (0.0, "peu sûr")),
    "ru": ((0.9, "уверенно"), (0.7, "вероятно"), (0.0, "неуверенно")),
    "tr": ((0.9, "kesin"), (0.7, "olası"), (0.0, "emin değil")),
    "zh": ((0.9, "确定"), (0.7, "很可能"), (0.0, "不确定")),
}

UNSUPPORTED = {
    "ar": "(ليس في المقال)",
    "de": "(nicht im Artikel)",
    "en": "(not in the article)",
    "es": "(no está en el artículo)",
    "fr": "(pas dans l'article)",
    "ru": "(в статье этого нет)",
    "tr": "(makalede yok)",
    "zh": "（文章没有提到）",
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


def how_sure(confidence: float, language: str) -> str:
    """Return a confidence as words in the question's language, English if there are none here."""
    return next(words for least, words in SURE.get(language, SURE["en"]) if confidence >= least)


def unsupported(language: str) -> str:
    """Return the mark of a sentence that no passage supports, in the question's language."""
    return UNSUPPORTED.get(language, UNSUPPORTED["en"])


def why(language: str) -> str:
    """Return the head of the reasons, in the question's language."""
    return WHY.get(language, WHY["en"])
