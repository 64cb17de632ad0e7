from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from index.articles import Article
from qa.datasets import load_dataset
from qa.errors import DataError

SQUAD = {
    "data": [
        {
            "title": "Ouse",
            "paragraphs": [
                {
                    "context": " The river rose by 3.2 metres.",
                    "qas": [
                        {
                            "id": "1",
                            "question": "How much?",
                            "answers": [{"answer_start": 19, "text": "3.2 metres"}],
                        },
                        {"id": "2", "question": "Who?", "answers": [], "is_impossible": True},
                    ],
                },
                {
                    "context": "Nobody was hurt.",
                    "qas": [
                        {
                            "id": "3",
                            "question": "Hurt?",
                            # counted from a stripped text, as some files do
                            "answers": [{"answer_start": 1, "text": "Nobody"}],
                        }
                    ],
                },
            ],
        }
    ]
}


def _write(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_squad_is_one_article_a_paragraph(tmp_path: Path) -> None:
    dataset = load_dataset(_write(tmp_path / "d.json", SQUAD))
    assert [a.text for a in dataset.articles] == [
        " The river rose by 3.2 metres.",
        "Nobody was hurt.",
    ]
    first, none, moved = dataset.questions
    assert first.gold is not None
    (span,) = first.gold.answers
    assert dataset.articles[0].text[slice(*span)] == "3.2 metres"
    assert none.gold is None
    assert moved.gold is not None
    assert moved.gold.answers == ((0, 6),)
    assert moved.gold.article_id == dataset.articles[1].id


def test_xz_other_questions_and_ids(tmp_path: Path) -> None:
    (tmp_path / "d.json.xz").write_bytes(lzma.compress(json.dumps(SQUAD).encode()))
    translated = json.loads(json.dumps(SQUAD).replace("How much?", "Combien ?"))
    dataset = load_dataset(
        tmp_path / "d.json.xz",
        questions=_write(tmp_path / "fr.json", translated),
        ids=_write(tmp_path / "ids", "1\n3\n"),
    )
    assert [q.text for q in dataset.questions] == ["Combien ?", "Hurt?"]
    assert len(dataset.articles) == 2


def test_json_lines_about_an_article(tmp_path: Path) -> None:
    article = Article.of("Head\nThe river rose by 3.2 metres.\nNobody was hurt.", language="en")
    lines = [
        {"id": "1", "lang": "fr", "question": "Combien ?", "answer": "3.2 metres",
         "answer_start": 23},
        {"id": "2", "lang": "en", "question": "Who?", "answer": None},
    ]  # fmt: skip
    path = _write(tmp_path / "q.jsonl", "\n".join(map(json.dumps, lines)))
    dataset = load_dataset(path, article=article)
    assert [q.language for q in dataset.questions] == ["fr", "en"]
    gold = dataset.questions[0].gold
    assert gold is not None
    assert article.text[slice(*gold.paragraph)] == "The river rose by 3.2 metres."
    assert dataset.questions[1].gold is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not SQuAD JSON"),
        ('{"data": [{"paragraphs": [{"qas": []}]}]}', "not SQuAD JSON .*'context'"),
        ('{"id": "1"}\n{"id": "2"}', "for JSON lines about one article add --article"),
        ({"data": []}, "there are no questions in it"),
        (
            {"data": [{"paragraphs": [{"context": "x", "qas": [{"id": 1}]}]}]},
            "a question is wrong",
        ),
        ({"data": [{"paragraphs": [{"context": 3, "qas": []}]}]}, "context must be text"),
    ],
)
def test_bad_squad_says_what(content: object, reason: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=reason):
        load_dataset(_write(tmp_path / "d.json", content))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: "),
        ('{"id": "1", "question": "q"}', "line 2: 'answer'"),
        (
            '{"id": "1", "question": "q", "answer": "x", "answer_start": 0}',
            "the article has 'H' at 0",
        ),
        ("[]", "line 2: "),
        (
            '{"id": "1", "question": "q", "answer": "\\n", "answer_start": 4}',
            "line 2: no paragraph of the article holds 4",
        ),
        ('{"id": "1", "question": 3, "answer": null}', "line 2: 3 is not a question"),
    ],
)
def test_bad_lines_say_where(line: str, reason: str, tmp_path: Path) -> None:
    article = Article.of("Head\nThe river rose.", language="en")
    with pytest.raises(DataError, match=reason):
        load_dataset(_write(tmp_path / "q.jsonl", "\n" + line), article=article)


def test_ids_and_questions_must_match(tmp_path: Path) -> None:
    data = _write(tmp_path / "d.json", SQUAD)
    with pytest.raises(DataError, match="1 ids name no question, 9 for one"):
        load_dataset(data, ids=_write(tmp_path / "ids", "1 9"))
    fewer = json.loads(json.dumps(SQUAD))
    del fewer["data"][0]["paragraphs"][1]
    with pytest.raises(DataError, match="1 questions are not in it, 3 for one"):
        load_dataset(data, questions=_write(tmp_path / "o.json", fewer))


def test_a_repeated_answer_is_the_one_nearest_to_the_hint(tmp_path: Path) -> None:
    context = "In May it rained. In June not. In May it rained again."
    row = {"id": "1", "question": "When?", "answers": [{"answer_start": 35, "text": "May"}]}
    data = {"data": [{"paragraphs": [{"context": context, "qas": [row]}]}]}
    (question,) = load_dataset(_write(tmp_path / "d.json", data)).questions
    assert question.gold is not None
    assert question.gold.answers == ((34, 37),)


def test_other_questions_and_ids_that_are_wrong(tmp_path: Path) -> None:
    data = _write(tmp_path / "d.json", SQUAD)
    nameless = json.loads(json.dumps(SQUAD))
    del nameless["data"][0]["paragraphs"][0]["qas"][0]["id"]
    with pytest.raises(DataError, match=r"o\.json: a question is wrong .*'id'"):
        load_dataset(data, questions=_write(tmp_path / "o.json", nameless))
    with pytest.raises(DataError, match="there are no ids in it"):
        load_dataset(data, ids=_write(tmp_path / "ids", "\n"))


def test_missing_and_broken_files(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no\.json: cannot be read"):
        load_dataset(tmp_path / "no.json")
    (tmp_path / "b.json.xz").write_bytes(b"nonsense")
    with pytest.raises(DataError, match="damaged or not UTF-8"):
        load_dataset(tmp_path / "b.json.xz")
