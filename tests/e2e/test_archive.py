"""The verbs of a store as a user runs them."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.conftest import ROOT
from tests.processes import interrupt, run, started

COMMAND = str(Path(sys.executable).with_name("article-qa"))
RIVER = "The river Ouse rose by 3.2 metres in York on Monday, officials of the city said."
FIRE = "Le feu près de Lyon a brûlé cinq maisons mardi ; personne n'a été blessé, dit le maire."


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    records = [
        {"title": "Flood", "text": RIVER, "url": "https://north.example/flood",
         "date": "2024-05-06", "language": "en"},
        {"title": "Feu", "text": FIRE, "url": "https://www.south.example/feu",
         "date": "2023-01-02", "language": "fr"},
    ]  # fmt: skip
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    done = run("index", "a.jsonl", ROOT / "seeds", "--store", "s", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "added: 3" in done.stderr
    return tmp_path


def test_what_was_not_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text(f"{RIVER}\n\n![](a.png)")
    (tmp_path / "in" / "b.psd").write_text("picture")
    (tmp_path / "in" / "broken.epub").write_text("no zip")
    done = run("index", "in", "--store", "s", cwd=tmp_path)
    assert done.returncode == 1
    assert "left out in places: 1 (index -v says what)" in done.stderr
    assert "not read, of other formats: 1 .psd" in done.stderr
    assert "broken.epub: this .epub is damaged" in done.stderr
    again = run("index", "in", "--store", "t", "-v", cwd=tmp_path)
    assert "a.md: 1 picture without text" in again.stderr
    asked = run("ask", "how far did the river rise?", "--article", "in/a.md", "-v", cwd=tmp_path)
    assert (asked.returncode, asked.stderr) == (0, "a.md: 1 picture without text\n")


def test_an_answer_names_the_page(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    for text in ("The council met on Tuesday in the town hall of the city.", RIVER):
        canvas.drawString(72, 600, text)
        canvas.showPage()
    canvas.save()
    question = ("ask", "how far did the river rise?", "--article", "a.pdf")
    assert "(a.pdf, page 2, characters " in run(*question, cwd=tmp_path).stdout
    (citation,) = json.loads(run(*question, "--json", cwd=tmp_path).stdout)["citations"]
    assert citation["locator"] == "page 2"


def listed(folder: Path, *options: str, store: str = "s") -> set[str]:
    done = run("list", "--store", store, "--json", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    return {json.loads(line)["title"] for line in done.stdout.splitlines()}


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (["--language", "fr", "en"], {"Flood", "Feu"}),
        (["--since", "2024-01-01"], {"Flood"}),
        (["--until", "2023-12-31"], {"Feu"}),
        (["--source", "south.example", "https://north.example/flood"], {"Flood", "Feu"}),
        (["--language", "ru"], set()),
        (["--source", "seeds/putin-invites-tebboune.ar.txt"], set()),  # of another folder
    ],
)
def test_filters_choose_articles(archive: Path, options: list[str], titles: set[str]) -> None:
    assert listed(archive, *options) == titles


def test_a_filtered_question_is_answered_from_what_is_chosen(archive: Path) -> None:
    question = "By how many metres did the river rise?"
    done = run("ask", question, "--store", "s", cwd=archive)
    assert done.returncode == 0
    assert "Flood (https://north.example/flood" in done.stdout
    done = run("ask", question, "--store", "s", "--language", "fr", cwd=archive)
    assert "Flood" not in done.stdout
    done = run("ask", question, "--store", "s", "--since", "2030-01-01", cwd=archive)
    assert done.returncode == 3
    assert "no article matches these options" in done.stderr


def test_remove_takes_an_id_or_a_source(archive: Path) -> None:
    done = run("remove", "https://www.south.example/feu", "--store", "s", cwd=archive)
    assert (done.returncode, "articles: 2" in done.stderr) == (0, True)
    listing = run("list", "--store", "s", "--language", "en", cwd=archive).stdout
    assert listing.split()[1:3] == ["2024-05-06", "en"]
    done = run("remove", listing.split()[0], "nothing", "--store", "s", cwd=archive)
    assert done.returncode == 1
    assert "holds no article with the id or source nothing; nothing was removed" in done.stderr
    assert run("remove", listing.split()[0], "--store", "s", cwd=archive).returncode == 0
    assert len(listed(archive)) == 1


def test_info_tells_what_a_store_is_made_of(archive: Path) -> None:
    reported = json.loads(run("info", "--store", "s", "--json", cwd=archive).stdout)
    assert reported["articles"] == 3
    assert reported["languages"] == ["ar", "en", "fr"]
    assert reported["dates"] == ["2023-01-02", "2024-05-06"]
    assert reported["vectors"] == {"flat": 1}
    run("index", "a.jsonl", "--store", "s", "--vectors", "half", cwd=archive)
    assert "half (1)" in run("info", "--store", "s", cwd=archive).stdout


def test_list_and_info_know_the_shipped_article() -> None:
    assert run("list").stdout.count("\n") == 1
    assert json.loads(run("info", "--json").stdout)["articles"] == 1


def _until(condition: object, seconds: float = 60) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_watch_follows_what_changes(archive: Path) -> None:
    news = archive / "news"
    news.mkdir()
    (news / "one.txt").write_text(RIVER + " One.")
    command = [COMMAND, "index", "news", "--store", "s", "--watch", "--prune"]
    with started(command, archive) as process:
        _until(lambda: listed(archive) == {_title(RIVER + " One.")})
        (news / "two.txt").write_text(FIRE + " Deux.")
        _until(lambda: len(listed(archive)) == 2)
        (news / "one.txt").unlink()
        _until(lambda: listed(archive) == {_title(FIRE + " Deux.")})
        _, errors = interrupt(process)
    assert process.returncode == 130
    assert errors.endswith("interrupted\n")
    assert "Traceback" not in errors


def test_watch_sees_what_changes_meanwhile_and_folders_made_anew(archive: Path) -> None:
    news = archive / "news"
    news.mkdir()
    lines = ({"text": f"{RIVER} Report {n} of many."} for n in range(6_000))
    (news / "long.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = [COMMAND, "index", "news", "--store", "news/s", "--watch", "--prune", "--jobs", "1"]
    with started(command, archive) as process:
        _until(lambda: list(news.glob("s/new-*")))
        (news / "late.txt").write_text(FIRE + " Tard.")  # the first update is still at work
        _until(lambda: (news / "s" / "manifest.json").exists())
        _until(lambda: _title(FIRE + " Tard.") in listed(archive, store="news/s"))
        before = (news / "s" / "manifest.json").stat().st_mtime_ns
        news.rename(archive / "old")
        time.sleep(1.5)
        news.mkdir(exist_ok=True)  # the store in it may have been there first
        (news / "anew.txt").write_text(RIVER + " Anew.")
        _until(lambda: (news / "s" / "manifest.json").exists())
        _until(lambda: listed(archive, store="news/s") == {_title(RIVER + " Anew.")})
        assert (news / "s" / "manifest.json").stat().st_mtime_ns != before
        interrupt(process)


def test_watching_its_own_store_it_rests(archive: Path) -> None:
    (archive / "news").mkdir()
    (archive / "news" / "one.txt").write_text(RIVER + " One.")
    with started([COMMAND, "index", "news", "--store", "news/s", "--watch"], archive) as process:
        _until(lambda: (archive / "news/s/manifest.json").exists())
        time.sleep(2.5)
        before = (archive / "news/s").stat().st_ctime_ns
        time.sleep(2.5)
        assert (archive / "news/s").stat().st_ctime_ns == before
        interrupt(process)


def test_prune_without_a_path_is_refused(archive: Path) -> None:
    done = run("index", "--store", "s", "--prune", cwd=archive)
    assert (done.returncode, done.stderr) == (2, "article-qa index: --prune needs a PATH\n")
    assert len(listed(archive)) == 3


def test_what_a_terminal_would_obey_is_not_printed(archive: Path) -> None:
    odd = {"text": "A story of a bell.", "title": "Bell\u001b]0;pwn\u0007", "url": "http://a/\nb"}
    (archive / "b.jsonl").write_text(json.dumps(odd) + "\n")
    run("index", "b.jsonl", "--store", "s", cwd=archive)
    reported = run("list", "--store", "s", "--source", "http://a/\nb", cwd=archive).stdout
    assert reported.count("\n") == 1
    assert reported.strip().isprintable()


def _title(text: str) -> str:
    from index.articles import Article

    return Article.of(text).title


def test_control_c_leaves_the_last_complete_store(archive: Path) -> None:
    lines = ({"text": f"{RIVER} Report {n} of many.", "title": str(n)} for n in range(60_000))
    (archive / "long.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = [COMMAND, "index", "long.jsonl", "--store", "s", "--jobs", "2"]
    with started(command, archive) as process:
        _until(lambda: list((archive / "s").glob("new-*")))
        time.sleep(1)
        _, errors = interrupt(process)
    assert (process.returncode, errors) == (130, "interrupted\n")
    assert len(listed(archive)) == 3
    assert not list((archive / "s").glob("new-*"))
    assert process.returncode != -signal.SIGKILL


def test_index_reads_on_past_what_is_bad(archive: Path) -> None:
    (archive / "bad.pdf").write_bytes(b"not a pdf")
    (archive / "c.jsonl").write_text(
        '{"text": "Another article, of the year 2022."}\n{"text": 1}\n'
    )
    done = run("index", "bad.pdf", "c.jsonl", "--store", "s", cwd=archive)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "added: 1, not read: 2"
    assert f"article-qa: {archive}/bad.pdf: this PDF is damaged" in done.stderr
    assert f"article-qa: {archive}/c.jsonl, line 2: text is a int, not text" in done.stderr
    assert len(listed(archive)) == 4
