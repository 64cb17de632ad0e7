"""JSON as exports write it: arrays, records over lines, other names of fields, HTML in texts."""

import json

import pytest

from index.articles import Article
from index.ingest.jsonl import read_jsonl
from index.ingest.sources import Failure, find_sources

ONE = {
    "title": "Tram",
    "text": "The tram line is nine kilometres long.",
    "url": "https://a.example/1",
}
TWO = {"title": "Pool", "text": "The pool is closed until August.", "url": "https://a.example/2"}


def read(path):
    return [item for one in find_sources([str(path)]) for item in read_jsonl(one, path.name)]


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        json.dumps(ONE, indent=2) + "\n" + json.dumps(TWO, indent=2),
        json.dumps(ONE) + ",\n" + json.dumps(TWO) + ",\n",
        "[\n" + json.dumps(ONE) + ",\n" + json.dumps(TWO) + "\n]\n",
        "[" + json.dumps(ONE) + ", " + json.dumps(TWO) + ",]",
        "\ufeff" + json.dumps(ONE) + "\r\n\r\n" + json.dumps(TWO),
        json.dumps({"articles": [ONE, TWO], "count": 2}, indent=1),
        json.dumps({"articles": [ONE, TWO]}),
        json.dumps({"data": {"items": [ONE, TWO]}}),
        json.dumps({"a1": ONE, "a2": TWO}),
    ],
)
def test_records_however_they_are_laid_out(tmp_path, suffix, text):
    path = tmp_path / f"a.{suffix}"
    path.write_text(text, encoding="utf-8")
    assert [(item.title, item.source) for item in read(path)] == [
        ("Tram", "https://a.example/1"), ("Pool", "https://a.example/2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {"headline": "Tram", "articleBody": "It opened.", "link": "https://a.example/1",
             "datePublished": "2024-05-02T23:30:00-05:00", "author": {"name": "Ada Boe"}},
            ("Tram", "It opened.", "https://a.example/1", "2024-05-02", "Ada Boe"),
        ),
        (
            {"Title": "Tram", "content": ["It opened.", "It cost 3."], "published_at": 1714656600,
             "authors": ["Ada Boe", {"name": "C. Dahl"}]},
            ("Tram", "It opened.\n\nIt cost 3.", "a.json", "2024-05-02", "Ada Boe, C. Dahl"),
        ),
        (
            {"title": {"rendered": "Tram &#8211; A"}, "date": "Thu, 02 May 2024 10:00:00 GMT",
             "content": {"rendered": "<p>It <b>opened</b>.</p><ul><li>Stops: 9</li></ul>"}},
            ("Tram – A", "It opened.\n\nStops: 9", "a.json", "2024-05-02", ""),
        ),
        ({"body": "1 < 2 and 3 > 2, he said."}, ("1 < 2 and 3 > 2, he said."[:75],
         "1 < 2 and 3 > 2, he said.", "a.json", "", "")),
    ],
)  # fmt: skip
def test_names_of_fields(tmp_path, record, expected):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([record]))
    (found,) = read(path)
    assert (found.title, found.text, found.source, found.date, found.byline) == expected


def test_an_odd_date_or_language_is_left_out_and_said(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ONE | {"date": "6 May", "language": "English please"}))
    (found,) = read(path)
    assert isinstance(found, Article)
    assert (found.date, found.language) == ("", "en")
    assert found.notes == (
        "the date '6 May' is not understood; left out",
        "the language 'English please' is not a code such as ar; it was guessed",
    )


def test_what_is_broken_is_a_failure_and_what_stands_before_it_is_not_lost(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[\n" + json.dumps(ONE, indent=1) + ",\n{broken")
    first, second = read(path)
    assert first.title == "Tram"
    assert isinstance(second, Failure)
    assert second.name.startswith("a.json, line ")
    assert "the rest is not read" in second.reason
