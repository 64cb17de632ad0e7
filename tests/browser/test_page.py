"""What the page must be: 25 statements, by their numbers, on a desktop and a phone.

The 17th is in tests/unit/ui/test_cards.py, the names of buttons in test_accessible.py, the draft
that a change of language keeps in test_languages.py.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from index.embedder import Embedder
from index.store import Store
from tests.browser.conftest import Chat, open_chat
from tests.browser.test_own_articles import RIVER, status, upload
from tests.serving import served
from ui.i18n import EXAMPLES, LANGUAGES, PageLanguage, card_text, page_text

DESKTOP, PHONE = (1280, 800), (390, 844)
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
TRADE = "what is the trade volume?"


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Chat]:
    opened = open_chat(browser, address, *PHONE, has_touch=True)
    yield opened
    assert opened.errors == []
    opened.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def sized(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Chat]:
    """A chat on a desktop, and one on a phone."""
    opened = open_chat(browser, address, *request.param)
    yield opened
    assert opened.errors == []
    opened.close()


def in_view(page: Page, selector: str) -> bool:
    """Tell whether all of an element is within the window, with nothing over its middle."""
    return bool(
        page.locator(selector).first.evaluate(
            """e => {
              const b = e.getBoundingClientRect();
              const seen = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
              return b.top >= 0 && b.left >= 0 && b.bottom <= innerHeight + 1
                && b.right <= innerWidth + 1 && (e.contains(seen) || seen?.contains(e));
            }"""
        )
    )


def scrolls(page: Page) -> bool:
    return bool(
        page.evaluate(
            "(scrollTo(0, 99), scrollY > 0 || document.documentElement.scrollWidth > innerWidth)"
        )
    )


@pytest.mark.parametrize(
    ("language", "size"),
    [*((language, PHONE) for language in LANGUAGES), ("en", DESKTOP), ("ar", DESKTOP)],
)
def test_first_page(
    browser: Browser, address: str, size: tuple[int, int], language: PageLanguage
) -> None:
    """1, 2, 3, 8."""
    locale = f"{language}-XX" if language != "en" else "en-GB"
    chat = open_chat(browser, address, *size, locale=locale)
    assert chat.page.inner_text("h1") == "article-qa"
    assert in_view(chat.page, ".welcome h2")
    assert chat.page.inner_text(".welcome h2") == page_text("tagline", language)
    examples = chat.page.locator("#chat .example")
    assert [e.strip() for e in examples.all_inner_texts()] == list(EXAMPLES[language][:4])
    for number in range(4):
        assert in_view(chat.page, f"#chat .example >> nth={number}")
    assert not scrolls(chat.page)
    size_of = "e => parseFloat(getComputedStyle(e).fontSize)"
    assert chat.page.locator("#question textarea").evaluate(size_of) >= 16
    chat.close()


@SIZES
def test_question_is_seen_at_once_and_waits_with_dots(
    browser: Browser, store: Store, embedder: Embedder, size: tuple[int, int]
) -> None:
    """4, 5 and 25: the question is sent when the server is back."""
    with served(store, embedder) as where:
        chat = open_chat(browser, where, *size)
        page = chat.page
        chat.ask(TRADE)
        page.route("**/gradio_api/queue/join*", lambda route: time.sleep(1.5) or route.continue_())
        page.fill("#question textarea", "where is Tebboune invited?")
        asked = page.evaluate(
            """() => new Promise((done) => {
              const from = performance.now(), seen = {};
              const look = () => {
                const now = performance.now() - from;
                const text = document.querySelector('#chat').innerText;
                if (!seen.question && text.includes('where is Tebboune invited?')
                    && document.querySelectorAll('#chat [data-testid=user]').length === 2) {
                  seen.question = now;
                }
                const dots = document.querySelector('#chat .dots, #chat .pending');
                if (!seen.dots && dots) seen.dots = now;
                now < 900 ? setTimeout(look, 10) : done(seen);
              };
              document.querySelector('#question textarea').dispatchEvent(
                new KeyboardEvent('keypress', {key: 'Enter', bubbles: true}));
              look();
            })"""
        )
        assert asked["question"] <= 100
        assert asked["dots"] <= 300
        assert "موسكو" in chat.answered(1)
        page.unroute("**/gradio_api/queue/join*")
        for away in ("**/gradio_api/**", "**/healthz"):
            page.route(away, lambda route: route.abort())
        page.fill("#question textarea", "who is the Russian ambassador to Algeria?")
        page.press("#question textarea", "Enter")
        page.get_by_text(page_text("away", "en")).wait_for()
        page.unroute_all()
        assert "بيلييف" in chat.answered(2)
        assert not page.get_by_text(page_text("away", "en")).is_visible()
        assert page.input_value("#question textarea") == ""
        chat.close()


@SIZES
def test_new_question_and_the_top_of_its_answer_are_in_view(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    """3, 6, 7 and 11."""
    chat = open_chat(browser, address, *size)
    for question in EXAMPLES["en"][:4]:
        chat.ask(question)
    chat.page.evaluate("document.querySelector('#chat .bubble-wrap').scrollTop = 0")
    chat.ask("what did Lavrov say about gas?")
    chat.page.wait_for_timeout(300)
    assert in_view(chat.page, "[data-testid=user] >> nth=4")
    assert in_view(chat.page, ".answer .status >> nth=4")
    assert not scrolls(chat.page)
    largest = """card => {
      const leaves = [...card.querySelectorAll('*')].filter((e) => !e.children.length);
      const sized = leaves.filter((e) => e.innerText);
      const size = (e) => parseFloat(getComputedStyle(e).fontSize);
      return sized.sort((a, b) => size(b) - size(a))[0].closest('.short') !== null;
    }"""
    assert chat.page.locator(".answer").first.evaluate(largest)
    chat.page.set_viewport_size({"width": size[0], "height": 500})
    assert in_view(chat.page, "#question textarea")
    chat.close()


def test_an_answer_may_come_before_the_bar_is_drawn(phone: Chat) -> None:
    phone.page.evaluate("document.querySelector('#away').remove()")
    phone.ask(TRADE)
    assert phone.errors == []


def test_targets_on_a_phone_are_large(phone: Chat) -> None:
    """9."""
    phone.ask(TRADE)
    phone.ask("who won the match?")
    small = """() => [...document.querySelectorAll('button, select, summary, a, input, textarea')]
      .filter((e) => e.checkVisibility() && e.getClientRects().length)
      .map((e) => [e.closest('label') ?? e, e])
      .filter(([box]) => box.getBoundingClientRect().height < 44 && !box.closest('#unseen'))
      .map(([, e]) => e.outerHTML.slice(0, 90))"""
    assert phone.page.evaluate(small) == []
    for dialog in ("picker", "adder", "menu"):
        phone.open(dialog)
        assert phone.page.evaluate(small) == [], dialog
        phone.page.keyboard.press("Escape")


def test_back_escape_and_a_swipe_return_from_the_source_to_the_answer(phone: Chat) -> None:
    """10."""
    phone.ask(TRADE)
    url = phone.page.url
    returns = (
        lambda: phone.page.go_back(wait_until="commit"),
        lambda: phone.page.keyboard.press("Escape"),
        lambda: phone.page.locator("#close").tap(),
    )
    for back in returns:
        phone.page.locator("a.cite:visible").tap()
        phone.page.locator("#article mark").wait_for()
        assert phone.page.evaluate("document.activeElement.matches('#article mark')")
        assert not in_view(phone.page, "#question textarea")
        assert in_view(phone.page, "#article h2")
        box = phone.page.locator("#article .scroller").bounding_box()
        assert box is not None
        assert box["height"] > 700
        back()
        phone.page.locator("#article-side").wait_for(state="hidden")
        assert phone.page.url == url
        assert phone.page.evaluate("document.activeElement.matches('a.cite')")
    assert not scrolls(phone.page)


@pytest.mark.parametrize("locale", ["en-GB", "ar-DZ", "fr-FR", "ru-RU"])
def test_card_is_in_one_language_and_its_quotes_in_theirs(
    browser: Browser, address: str, locale: str
) -> None:
    """12, 13, 14, 15 and 18."""
    chat = open_chat(browser, address, locale=locale)
    chat.ask(TRADE)
    page = chat.page
    assert page.inner_text(".short") == "3 billion dollars"
    for quote in page.locator(".answer blockquote, .answer .quiet bdi").all():
        assert (quote.get_attribute("lang"), quote.get_attribute("dir")) == ("ar", "rtl")
    card = page.locator(".answer")
    assert (card.get_attribute("lang"), card.get_attribute("dir")) == ("en", "ltr")
    page.locator(".why summary").click()
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        chrome = page.locator(".status, .actions button:visible, .why summary, .why p, a.cite")
        shown = " ".join(chrome.all_inner_texts())
        assert not re.search(r"[\u0400-\u06ff]", shown)
        for key in ("likely", "copy", "why", "matched"):
            assert card_text(key, "en") in shown
        text = page.inner_text("#chat")
        assert "paragraph\u00a04" in text
        assert not re.search(r"\d{3}–\d{3}", text)
        assert not re.search("dense|lexical|late|BM25|score|z-", page.inner_text(".why"))
    chat.ask("ما هو حجم التبادل التجاري؟")
    assert "الفقرة\u00a04" in page.locator(".answer").last.inner_text()
    chat.close()


def test_small_talk_has_no_citation(sized: Chat) -> None:
    """16."""
    for said in ("hello", "thanks", "bonjour", "مرحبا", "asdf qwer"):
        sized.ask(said)
    assert sized.page.locator(".answer.not_a_question").count() == 5
    assert sized.page.locator(".answer a.cite, .answer blockquote").count() == 0


def test_there_are_no_tooltips(sized: Chat) -> None:
    """19: the quote stands in the card."""
    sized.ask(TRADE)
    sized.page.hover("a.cite")
    sized.page.wait_for_timeout(300)
    assert sized.page.locator("[role=tooltip]").count() == 0


@SIZES
def test_file_dropped_anywhere_is_added_and_seen(
    browser: Browser, address: str, size: tuple[int, int], tmp_path: Path
) -> None:
    """20, 21."""
    chat = open_chat(browser, address, *size)
    page = chat.page
    page.locator("#bar [data-opens=adder]").click()
    assert in_view(page, "#file")
    page.keyboard.press("Escape")
    page.evaluate(
        """(text) => {
          const files = new DataTransfer();
          files.items.add(new File([text], 'river.txt', {type: 'text/plain'}));
          const how = {dataTransfer: files, bubbles: true, cancelable: true};
          document.querySelector('#chat').dispatchEvent(new DragEvent('drop', how));
        }""",
        RIVER,
    )
    page.locator("#status .notice").wait_for(timeout=20_000)
    page.locator("#adder").wait_for(state="hidden")
    assert "Only this browser sees it." in page.inner_text("#status")
    assert in_view(page, "#status .notice")
    page.locator(".welcome .subject", has_text="River levels").wait_for()
    assert in_view(page, ".welcome .subject")
    assert "River levels" in page.inner_text("#bar .chip")
    if size == DESKTOP:
        assert in_view(page, "#article h2")
    assert "3.2 metres" in chat.ask("How many metres did the river rise?")
    assert page.locator("#status .notice").count() == 0
    chat.close()


def test_long_text_pasted_outside_a_field_is_offered_as_an_article(sized: Chat) -> None:
    """20."""
    sized.page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData('text', text);
          const how = {clipboardData: data, bubbles: true};
          document.body.dispatchEvent(new ClipboardEvent('paste', how));
        }""",
        RIVER * 3,
    )
    sized.page.locator("#adder").wait_for()
    assert sized.page.input_value("#pasted textarea") == RIVER * 3


@SIZES
def test_errors_on_the_arabic_page_are_arabic_and_leave_with_the_next_try(
    browser: Browser, address: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    """22."""
    chat = open_chat(browser, address, *size, locale="ar-DZ")
    chat.open("adder")
    for name, data in (("empty.txt", b" "), ("a.pdf", b"%PDF-1.4\nbroken"), ("b.docx", b"x")):
        (tmp_path / name).write_bytes(data)
        said = upload(chat, tmp_path / name)
        assert not re.search("[A-Za-z]", said.replace(name, "")), said
    chat.page.fill("#url input, #url textarea", address)
    chat.page.click("#add-page")
    assert not re.search("[A-Za-z]", status(chat))
    (tmp_path / "river.txt").write_text(RIVER)
    upload(chat, tmp_path / "river.txt")
    chat.open("adder")
    assert chat.page.locator("#adding .notice").count() == 0
    chat.close()


@SIZES
def test_active_filters_are_seen_and_removed(
    browser: Browser, library: Store, embedder: Embedder, size: tuple[int, int]
) -> None:
    """23."""
    with served(library, embedder) as where:
        chat = open_chat(browser, where, *size)
        chat.open("picker")
        chat.page.locator("#narrow button").first.click()
        chat.page.fill("#languages input", "English")
        chat.page.press("#languages input", "Enter")
        chat.page.locator("#left .notice").wait_for()
        chat.page.fill("#since input, #since textarea", "2020-01-01")
        chat.page.keyboard.press("Enter")
        days = chat.page.locator("#active-days")
        days.wait_for()
        assert "2020-01-01 – …" in days.inner_text()
        chat.page.keyboard.press("Escape")
        chat.page.keyboard.press("Escape")
        chip = chat.page.locator("#active-languages")
        assert "English" in chip.inner_text()
        assert in_view(chat.page, "#active-languages")
        assert in_view(chat.page, "#active-days")
        # Each is removed alone.
        days.click()
        days.wait_for(state="hidden")
        assert chip.is_visible()
        assert chat.page.input_value("#since input, #since textarea") == ""
        chip.click()
        chip.wait_for(state="hidden")
        assert "3 مليارات دولار" in chat.ask("ما هو حجم التبادل التجاري؟")
        chat.close()


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_headings_marks_and_names(
    browser: Browser, address: str, scheme: str, size: tuple[int, int]
) -> None:
    """24: axe, in test_accessible.py, finds no button without a name."""
    chat = open_chat(browser, address, *size, color_scheme=scheme)
    family = "all => [...new Set(all.map((e) => getComputedStyle(e).fontFamily))]"
    assert len(chat.page.locator("h1, h2").evaluate_all(family)) == 1
    chat.ask(TRADE)
    page, mark, ink = (
        _luminance(chat.page, selector, colour)
        for selector, colour in (
            ("#article-side", "backgroundColor"), ("#article mark", "backgroundColor"),
            ("#article mark", "color"),
        )
    )  # fmt: skip
    if scheme == "dark":
        assert _contrast(mark, page) <= 3
    assert _contrast(ink, mark) >= 4.5
    chat.close()


def _luminance(page: Page, selector: str, colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    shown = page.locator(selector).first.evaluate(f"e => getComputedStyle(e).{colour}")
    parts = [int(part) / 255 for part in re.findall(r"\d+", shown)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_two_tabs_lose_no_turn(sized: Chat, address: str) -> None:
    """25."""
    chat = sized
    chat.ask(TRADE)
    other = Chat(chat.page.context.new_page())
    other.page.goto(address)
    other.page.wait_for_selector("#bar header")
    other.ask("where is Tebboune invited?")
    chat.ask("who is the Russian ambassador to Algeria?")
    chat.page.wait_for_timeout(500)
    for tab, count in ((chat, 2), (other, 1)):
        tab.page.reload()
        tab.page.wait_for_function(
            "n => document.querySelectorAll('.answer').length === n", arg=count
        )
    other.open("menu")
    other.page.get_by_role("radio", name=TRADE).wait_for()
    chat.open("menu")
    chat.page.get_by_role("radio", name="where is Tebboune invited?").wait_for()
