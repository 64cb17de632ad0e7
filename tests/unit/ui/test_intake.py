from __future__ import annotations

from pathlib import Path

import pytest

from index.articles import Article
from index.embedder import Embedder
from index.errors import ArticleError
from index.store import Store
from tests.unit.ui.seen import Seen
from ui.i18n import EXAMPLES
from ui.intake import AddResult, Intake
from ui.library import Library
from ui.request import Visitor
from ui.status_html import added_html, failure_html, removed_html

AMEL = Visitor("amel", "fr")
RIVER = "River levels\n\nThe river Ouse rose by 3.2 metres in York."


@pytest.fixture
def intake(store: Store, embedder: Embedder) -> Intake:
    return Intake(Library(store, embedder))


def silent(share: float, text: str) -> None:
    assert 0 <= share <= 1
    assert text


def uploaded(folder: Path, name: str, data: bytes) -> Path:
    inner = folder / "a1b2"
    inner.mkdir()
    (inner / name).write_bytes(data)
    return inner / name


def test_a_file_is_read_and_no_copy_of_ours_stays(intake: Intake, tmp_path: Path) -> None:
    path = uploaded(tmp_path, "river.txt", RIVER.encode())
    added = intake.add_file(AMEL, path, "river.txt", silent)
    assert (added.new, added.article.title, added.article.source) == (
        True, "River levels", "river.txt",
    )  # fmt: skip
    assert list(path.parent.iterdir()) == [path]  # Gradio's, which it deletes itself
    assert added.article in intake.library.listed("amel")
    assert added.article not in intake.library.listed("boris")


def test_two_people_may_upload_the_same_file(intake: Intake, tmp_path: Path) -> None:
    path = uploaded(tmp_path, "river.txt", RIVER.encode())
    for visitor in (AMEL, Visitor("boris")):
        assert intake.add_file(visitor, path, "river.txt", silent).new


def test_an_article_without_examples_opens_all_the_same(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    river = intake.add_text(AMEL, RIVER, "", silent).article
    monkeypatch.setattr("ui.intake.suggest", lambda *_: 1 / 0)
    assert intake.examples(AMEL, (river.id,), "fr") == ()


def test_why_nothing_was_done_is_escaped() -> None:
    seen = Seen(failure_html("river.pdf: this PDF is <damaged>", "ar"))
    assert seen.text == "river.pdf: this PDF is <damaged>"
    assert failure_html("", "en").count("Something went wrong") == 1
    assert "حُذف: t" in Seen(removed_html(Article.of("x", title="t"), "ar")).text


def test_a_file_that_cannot_be_read_is_named(intake: Intake, tmp_path: Path) -> None:
    path = uploaded(tmp_path, "river.pdf", b"%PDF-1.4 broken")
    with pytest.raises(ArticleError, match=r"^river\.pdf: this PDF is damaged"):
        intake.add_file(AMEL, path, "river.pdf", silent)
    assert list(path.parent.iterdir()) == [path]
    path.unlink()
    with pytest.raises(ArticleError, match=r"^river\.pdf: it did not arrive; send it again"):
        intake.add_file(AMEL, tmp_path / "a1b2" / "river.pdf", "river.pdf", silent)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\papers\\x.txt", "x.txt"),
        ("a\x00\u202e", "a"),
    ],
)
def test_of_a_name_the_last_part_is_kept(
    intake: Intake, tmp_path: Path, name: str, shown: str
) -> None:
    path = uploaded(tmp_path, "river.txt", RIVER.encode())
    assert intake.add_file(AMEL, path, name, silent).article.source == shown


def test_a_text_is_taken_with_its_title(intake: Intake) -> None:
    added = intake.add_text(AMEL, "The river rose.", "My title", silent)
    assert (added.article.title, added.article.source) == ("My title", "")
    assert not intake.add_text(AMEL, "The river rose.", "My title", silent).new
    with pytest.raises(ArticleError, match="there is no text in it"):
        intake.add_text(AMEL, "  ", "", silent)


def test_a_page_is_fetched_by_the_checked_fetcher(intake: Intake) -> None:
    with pytest.raises(ArticleError, match="not on the public internet"):
        intake.add_page(AMEL, " http://127.0.0.1:1/ ", silent)


def test_examples_are_of_the_first_chosen(intake: Intake) -> None:
    assert intake.examples(AMEL, (), "en") == EXAMPLES["en"]
    assert intake.examples(AMEL, (), "de") == EXAMPLES["fr"]  # the page's
    text = "The library\n\nThe new library of York cost 12 million pounds."
    library = intake.add_text(AMEL, text, "", silent).article
    assert intake.examples(AMEL, (library.id,), "fr") == ("What does “12 million” refer to?",)
    assert intake.examples(Visitor("boris"), (library.id,), "ar") == EXAMPLES["ar"]


def test_an_empty_library_has_no_examples(store: Store, embedder: Embedder) -> None:
    assert Intake(Library(store.select(()), embedder)).examples(AMEL, (), "en") == ()


def test_what_came_in_is_reported_and_escaped() -> None:
    article = Article.of("Il pleut.", title="<b>Titre</b>", language="fr")
    html = added_html(AddResult(article, True), False, "fr")
    assert "Ajouté" in html
    assert "français · 9 caractères" in html
    assert "Seul ce navigateur le voit." in html
    assert "b" not in Seen(html).tags
    assert "Déjà là" in added_html(AddResult(article, False), True, "fr")
    assert "Tous ceux qui utilisent ce serveur" in added_html(AddResult(article, False), True, "fr")


def test_more_scans_at_once_than_there_are_places_are_refused(
    intake: Intake, tmp_path: Path
) -> None:
    while intake._scanning.acquire(blocking=False):
        pass
    path = uploaded(tmp_path, "river.txt", RIVER.encode())
    with pytest.raises(ArticleError, match="too many scans are being read now"):
        intake.add_file(AMEL, path, "river.txt", silent, scans=True)
    assert intake.add_file(AMEL, path, "river.txt", silent).new
