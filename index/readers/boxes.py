"""Parts of a page beside its article: related stories, readers' comments, copyright lines."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEAD = 45  # characters of a box's heading
_LARGEST = 2_500  # characters of a box
_PROSE = 220  # characters of a paragraph that no list of stories has
_TEASER = 250  # characters of a link to another story, with its day
_COPYRIGHT = 160  # characters of a line that says whose a page is
_OTHERS = regex.compile(
    r"""
    (?:related|recommended)(?:\ (?:stories|articles|posts|news|content|links|topics|reading))?
    |more\ (?:on\ this(?:\ (?:story|topic))?|stories|news|articles|from\ .*)|most\ (?:read|popular)
    |read\ (?:more|also|next)|you\ (?:may|might)\ also\ like|keep\ reading
    |from\ (?:the|our)\ \w+|latest\ (?:news|stories|posts)|(?:popular|previous|recent)\ posts
    |(?:blog\ )?archive|upcoming\ \w+|próxim[ao]s\ \w+|(?:événements|rendez-vous)\ à\ venir|agenda
    |(?:à\ )?(?:lire|voir)\ (?:aussi|également)|sur\ le\ même\ (?:sujet|thème)|à\ découvrir
    |articles\ (?:liés|similaires|connexes)|les\ plus\ lus|dans\ la\ même\ rubrique
    |lesen\ sie\ (?:auch|mehr)|mehr\ zum\ thema|weitere\ (?:artikel|nachrichten|meldungen|themen)
    |auch\ interessant|das\ könnte\ (?:sie|dich)\ .*|meistgelesen
    |(?:lea|lee|leer|ver)\ (?:también|más)|(?:también\ )?(?:te|le)\ puede\ interesar|más\ noticias
    |(?:noticias|artículos|entradas|contenidos?)\ relacionad[oa]s?|más\ sobre\ .*|lo\ más\ leído
    |читайте\ также|(?:ещ[её]\ )?по\ теме|похожие\ (?:темы|материалы|записи|статьи|новости)
    |материалы\ по\ теме|другие\ новости|лента\ новостей|смотрите\ также|популярное
    |другие\ новости\ .*|из\ (?:архива|блога)
    |(?:ilgili|benzer|diğer|son)\ (?:haberler|yazılar|konular)|(?:.*\ )?ilginizi\ çekebilir
    |(?:اقر[أا]|شاهد)\ أيضا[ًً]?
    |(?:مقالات|مواضيع|أخبار|مواد|موضوعات)\ (?:ذات\ صلة|متعلقة|مشابهة|أخرى)
    |قد\ يعجبك(?:\ أيضا)?|من\ (?:الأرشيف(?:\ أيضا)?|المدونة)
    |الأكثر\ قراءة|آخر\ الأخبار|المزيد\ من\ .*
    |(?:相关|推荐|延伸)(?:新闻|阅读|文章|链接)|猜你喜欢|热门(?:新闻|文章)
    """,
    regex.I | regex.X,
)
_COMMENTS = regex.compile(
    r"""
    (?:\d+\ )?(?:reader\ |readers'\ )?comments?|\d+\ (?:responses|replies|thoughts\ on\ .*)
    |(?:\d+\ )?(?:commentaires?|réactions?)|vos\ (?:commentaires|réactions)
    |(?:\d+\ )?(?:leser)?kommentare?|(?:\d+\ )?comentarios?|(?:\d+\ )?(?:yorum|yorumlar)
    |(?:\d+\ )?комментари(?:и|й|я|ев)|отзывы
    |تعليقان|(?:ال)?تعليقات(?:\ القراء)?|\d+\ تعليقات?|نظرات(?:\ \w+)?|what\ \w+\ say|(?:网友)?评论
    """,
    regex.I | regex.X,
)
_COUNT = regex.compile(r"\s*[(\[]?\d*[)\]]?\s*[:：]?\s*$")
_MOMENT = regex.compile(r"\d{1,2}[:h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]")
_OWNER = regex.compile(r"©|\(c\)\s|\bcopyright\b|\b(?:19|20)\d\d\s?[-–]\s?20\d\d\W*$", regex.I)
_NO_BOX = frozenset({"p", "span", "a", "b", "strong", "em", "i", "li", "tr", "td", "th", "tbody"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def is_related_or_comments(element: HtmlElement) -> bool:
    """Return whether an element lists related stories or readers' comments, by its heading."""
    if element.tag in _NO_BOX or element.tag in _HEADINGS:
        return False
    head = _first_text(element)
    named = _COUNT.sub("", head)
    is_comments = _COMMENTS.fullmatch(named) is not None
    if not is_comments and _OTHERS.fullmatch(named) is None:
        return False
    whole = short_text(element, _LARGEST)
    if whole is None or len(whole) <= len(head) or element.find(".//h1") is not None:
        return False
    if is_comments:
        return _MOMENT.search(whole[len(head) :]) is not None
    listed = element.find(".//a") is not None or element.find(".//time") is not None
    return listed and not _has_prose(element)


def is_teaser(element: HtmlElement) -> bool:
    """Return whether an element is a link to another story, with its day and nothing else."""
    links = list(islice(element.iter("a"), 2)) if element.tag in ("div", "aside") else []
    whole = short_text(element, _TEASER) if len(links) == 1 else None
    if whole is None:
        return False
    linked = short_text(links[0], _TEASER) or ""
    rest = whole.replace(linked, "", 1).strip()
    return len(linked) >= 15 and 0 < len(rest) <= 25 and _MOMENT.search(rest) is not None


def is_copyright_line(element: HtmlElement) -> bool:
    """Return whether an element is a copyright line."""
    whole = None if element.tag in _HEADINGS else short_text(element, _COPYRIGHT)
    if whole is None or _OWNER.search(whole) is None:
        return False
    return not any(True for _ in element.iterancestors("article", "main"))


def short_text(element: HtmlElement, most: int) -> str | None:
    """Return an element's text, its parts apart; None where it is longer than ``most``."""
    words: list[str] = []
    length = 0
    for piece in element.itertext():  # not all of it: a page is one element in another
        words += piece.split()
        length += len(piece.strip())
        if length > most:
            return None
    text = " ".join(words)
    return text if len(text) <= most else None


def _first_text(element: HtmlElement) -> str:
    """Return the text that an element begins with, where it is as short as a heading."""
    first = next((text for text in element.itertext() if text.strip()), "")
    head = " ".join(first.split())
    return head if len(head) <= _HEAD else ""


def _has_prose(element: HtmlElement) -> bool:
    return any(
        len("".join(each.itertext())) > _PROSE and each.find(".//a") is None
        for each in element.iter("p", "div")
    )
