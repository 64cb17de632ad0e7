"""Articles of one's own, through the page: added, chosen, asked, removed, seen by nobody else."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page
from reportlab.pdfgen.canvas import Canvas

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from tests.browser.conftest import Chat, open_chat
from tests.serving import served
from ui.library import Limits
from ui.middleware import Rates

RIVER = "River levels\n\nThe river Ouse rose by 3.2 metres in York. Engineers closed 7 gates.\n"
QUESTION = "How many metres did the river rise?"


def files(folder: Path) -> dict[str, Path]:
    """Write the river's article in every format."""
    lines = [line for line in RIVER.splitlines() if line]
    (folder / "river.txt").write_text(RIVER)
    (folder / "river.md").write_text("# " + RIVER)
    body = "".join(f"<p>{line}</p>" for line in lines[1:] * 3)
    (folder / "river.html").write_text(
        f"<html><head><title>{lines[0]}</title></head><article><h1>{lines[0]}</h1>{body}</article>"
    )
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(folder / "river.docx"))
    canvas = Canvas(str(folder / "river.pdf"))
    for number, line in enumerate(lines):
        canvas.drawString(72, 720 - 30 * number, line)
    canvas.save()
    return {path.suffix: path for path in folder.iterdir()}


def upload(chat: Chat, path: Path) -> str:
    """Upload a file and return what the page says of it."""
    chat.page.set_input_files("#file input[type=file]", str(path))
    return status(chat)


def status(chat: Chat) -> str:
    """Return what the page says of an article that was added, or why it was not."""
    reported = chat.page.locator("#status .notice, #adding .notice")
    reported.wait_for(timeout=30_000)
    text = str(reported.inner_text())
    # So that what is reported next is not taken for this.
    reported.evaluate("element => element.remove()")
    return text


def chosen(page: Page) -> list[str]:
    labels = page.locator("#chosen label:has(input:checked) span").all_text_contents()
    return [text for text in labels if text != "Ask about"]


@pytest.fixture
def intake(chat: Chat) -> Chat:
    chat.open("adder")
    return chat


# The readers have tests of their own; here one in this process and one of a library's.
@pytest.mark.parametrize("suffix", [".txt", ".pdf"])
def test_a_file_is_uploaded_and_asked(intake: Chat, tmp_path: Path, suffix: str) -> None:
    reported = upload(intake, files(tmp_path)[suffix])
    assert "River levels" in reported
    assert "English" in reported
    assert "characters" in reported
    assert "Only this browser sees it." in reported
    assert not intake.page.locator("#adder").is_visible()
    assert "3.2 metres" in intake.ask(QUESTION)
    assert f"river{suffix}" in intake.page.inner_text("#article .about")
    assert "3.2 metres" in intake.page.locator("#article mark").first.inner_text()


def test_a_text_is_pasted_and_has_examples_of_its_own(intake: Chat) -> None:
    intake.page.fill("#pasted textarea", RIVER)
    intake.page.click("#add-text")
    assert "River levels" in status(intake)
    assert chosen(intake.page) == ["River levels"]
    assert "River levels" in intake.page.inner_text("#bar")
    assert intake.page.input_value("#pasted textarea") == ""
    intake.page.get_by_text("What does “3.2 metres” refer to?").click()
    assert "3.2 metres" in intake.answered(0)


def test_an_address_goes_through_the_checks(intake: Chat, address: str) -> None:
    for url, reason in (
        (address, "not on the public internet"),
        ("http://[::ffff:127.0.0.1]:80/", "not on the public internet"),
        ("file:///etc/passwd", "give the whole address"),
    ):
        intake.page.fill("#url input, #url textarea", url)
        intake.page.click("#add-page")
        assert reason in status(intake)
        assert intake.page.input_value("#url input, #url textarea") == url
    intake.page.keyboard.press("Escape")
    assert "3 مليارات دولار" in intake.ask("what is the trade volume?")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b" ", "empty.txt: the file is empty"),
        ("scan.pdf", b"%PDF-1.4\nbroken", "scan.pdf: this PDF is damaged"),
        ("old.docx", b"\xd0\xcf\x11\xe0....", "old.docx: this is an old .doc"),
    ],
)
def test_what_cannot_be_read_is_reported_and_nothing_changes(
    intake: Chat, tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    before = chosen(intake.page)
    (tmp_path / name).write_bytes(data)
    assert reason in upload(intake, tmp_path / name)
    assert chosen(intake.page) == before


def test_a_zip_bomb_and_a_huge_pdf_stop_at_limits(intake: Chat, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b"0" * 200_000_000)
    reported = upload(intake, tmp_path / "bomb.docx")
    assert "bomb.docx: it unpacks to 200,000,000 bytes; the limit is 100,000,000" in reported
    canvas = Canvas(str(tmp_path / "huge.pdf"))
    for _ in range(2_001):
        canvas.showPage()
    canvas.save()
    reported = upload(intake, tmp_path / "huge.pdf")
    assert "huge.pdf: 2,001 pages; the limit is 2,000" in reported
    intake.page.keyboard.press("Escape")
    assert "3 مليارات دولار" in intake.ask("what is the trade volume?")


def test_one_some_or_all_are_asked_and_an_answer_names_its_article(
    intake: Chat, tmp_path: Path, article_title: str
) -> None:
    upload(intake, files(tmp_path)[".txt"])
    assert chosen(intake.page) == ["River levels"]
    assert intake.ask("what is the trade volume?").startswith("The article does not say.")
    intake.open("picker")
    intake.page.get_by_label(article_title).check()
    intake.page.wait_for_function("document.querySelector('#bar .chip').innerText.startsWith('2')")
    intake.page.keyboard.press("Escape")
    assert "3 مليارات دولار" in intake.ask("what is the trade volume?")
    assert article_title in intake.page.locator(".chips").last.inner_text()
    assert "3.2 metres" in intake.ask(QUESTION)
    assert "River levels · paragraph" in intake.page.locator(".chips").last.inner_text()
    assert intake.page.locator("#article h2").all_inner_texts() == ["River levels"]
    # An earlier answer's citation brings its article back.
    intake.page.locator("a.cite:visible").first.click()
    intake.page.wait_for_function("document.activeElement.matches('#article mark')")
    assert intake.page.locator("#article h2").all_inner_texts() == [article_title]
    intake.page.locator("#show input").click()
    intake.page.get_by_role("option", name="River levels").click()
    intake.page.wait_for_function(
        "document.querySelector('#article h2').innerText === 'River levels'"
    )


@pytest.fixture
def article_title(store: Store) -> str:
    return store.articles[0].title


def test_a_removed_article_is_gone_everywhere_until_undone(
    intake: Chat, tmp_path: Path, article_title: str
) -> None:
    upload(intake, files(tmp_path)[".txt"])
    intake.ask(QUESTION)

    def remove() -> None:
        intake.open("picker")
        intake.page.click("#own button")
        intake.page.locator("#status .notice", has_text="Removed: River levels").wait_for()
        intake.page.wait_for_function("!document.querySelector('.answer')")

    remove()
    assert intake.page.locator("#article h2").all_inner_texts() == [article_title]
    intake.page.click("#undo")
    intake.page.locator(".answer", has_text="3.2 metres").wait_for()
    assert "River levels" in intake.page.inner_text("#bar")
    remove()
    intake.page.reload()
    intake.page.wait_for_selector("#bar header")
    assert "River" not in intake.page.inner_text("body")
    assert "River" not in intake.page.evaluate("JSON.stringify({...localStorage})")
    assert intake.ask(QUESTION).startswith("The article does not say.")


def test_one_browser_never_sees_what_anothers_has(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    amel, boris = open_chat(browser, address), open_chat(browser, address)
    amel.open("adder")
    upload(amel, files(tmp_path)[".txt"])
    assert "3.2 metres" in amel.ask(QUESTION)
    assert boris.ask(QUESTION).startswith("The article does not say.")
    for chat in (boris, amel):
        chat.page.reload()
        chat.page.wait_for_selector("#bar header")
        chat.page.wait_for_timeout(500)
    assert "River" not in boris.page.content()
    assert "metres" not in boris.page.inner_text("#article")
    # The one who has it still has it, and the conversation, in another tab too.
    assert "River levels" in amel.page.inner_text("#bar")
    assert "3.2 metres" in amel.page.inner_text(".answer")
    tab = amel.page.context.new_page()
    tab.goto(address)
    tab.wait_for_selector("#bar header")
    assert "River levels" in tab.inner_text("#bar")
    amel.close()
    boris.close()


@pytest.fixture
def shared(store: Store, embedder: Embedder, tmp_path: Path) -> Iterator[str]:
    store.save(tmp_path / "lib")
    with served(store, embedder, folder=tmp_path / "lib") as address:
        yield address


def test_a_shared_library_is_everybodys(browser: Browser, shared: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    amel, boris = open_chat(browser, shared), open_chat(browser, shared)
    amel.open("adder")
    reported = upload(amel, files(tmp_path / "in")[".txt"])
    assert "Everybody who uses this server sees it." in reported
    boris.page.reload()
    boris.page.wait_for_selector("#bar header")
    assert "3.2 metres" in boris.ask(QUESTION)
    amel.close()
    boris.close()


def test_a_session_that_is_full_is_reported(
    browser: Browser, store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    with served(store, embedder, limits=Limits(characters=50)) as address:
        chat = open_chat(browser, address)
        chat.open("adder")
        reported = upload(chat, files(tmp_path)[".txt"])
        assert "one browser may keep 50: remove an article first" in reported
        chat.close()


def test_who_adds_too_often_is_reported(browser: Browser, store: Store, embedder: Embedder) -> None:
    with served(store, embedder, rates=Rates(requests="", uploads="1 per minute")) as address:
        chat = open_chat(browser, address)
        for text, reported in (
            ("The river rose.", "Added"),
            ("The river fell.", "too many articles"),
        ):
            chat.open("adder")
            chat.page.fill("#pasted textarea", text)
            chat.page.click("#add-text")
            assert reported in status(chat)
            chat.page.keyboard.press("Escape")
        assert chat.page.locator("#chosen label input").count() == 3  # and that of all
        chat.close()


def test_a_question_is_narrowed_down(
    browser: Browser, embedder: Embedder, article: Article
) -> None:
    english = Article.of(
        "Rivers\n\nThe trade volume of the river port is 9 tons a day.", language="en",
        source="https://www.port.example/trade", date="2024-05-06",
    )  # fmt: skip
    with served(Store.build([article, english], embedder), embedder) as where:
        chat = open_chat(browser, where, 1280, 800)
        page = chat.page
        chat.open("picker")
        page.locator("#narrow button").first.click()

        def left(count: str) -> None:
            page.locator("#left .notice", has_text=count).wait_for(timeout=20_000)

        page.fill("#languages input", "English")
        page.press("#languages input", "Enter")
        left("1 · Articles")
        assert "9 tons" in chat.ask("what is the trade volume?")
        page.locator("#languages .token-remove").first.click()
        page.fill("#since input, #since textarea", "2025-01-01")
        page.press("#since input, #since textarea", "Enter")
        left("No article is left to ask about")
        assert "No article is left to ask about" in chat.ask("what is the trade volume?")
        page.fill("#since input, #since textarea", "yesterday")  # and no Enter
        assert "since is 'yesterday', not a day" in chat.ask("what is the trade volume?")
        page.press("#since input, #since textarea", "Enter")
        left("since is 'yesterday', not a day")
        page.fill("#since input, #since textarea", "")
        page.fill("#source input, #source textarea", "port.example")
        page.press("#source input, #source textarea", "Enter")
        left("1 · Articles")
        page.fill("#source input, #source textarea", "")
        page.press("#source input, #source textarea", "Enter")
        page.wait_for_function("!document.querySelector('#left .notice')")
        assert "3 مليارات دولار" in chat.ask("ما هو حجم التبادل التجاري؟")
        assert chat.errors == []
        chat.close()


def test_an_article_is_found_in_the_list(
    browser: Browser, library: Store, embedder: Embedder
) -> None:
    with served(library, embedder) as where:
        chat = open_chat(browser, where)
        chat.open("picker")
        chat.page.fill("#find input, #find textarea", "RIVER")
        shown = chat.page.locator("#chosen .wrap label:visible")
        assert [text.strip() for text in shown.all_inner_texts()] == [
            article.title for article in library.articles if "river" in article.title.lower()
        ]
        chat.page.fill("#find input, #find textarea", "")
        assert shown.count() == len(library.articles)
        chat.close()
