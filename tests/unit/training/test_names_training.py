import json
import lzma

import numpy as np

from training.names import _fitted, _names, _others


def write(path, lines):
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def test_names_are_those_of_capitals_and_others_those_often_seen(tmp_path):
    for name in ("hkiri-ne", "places-csc"):
        write(tmp_path / f"dict.ar-en.{name}.tsv.xz", [])
    write(
        tmp_path / "dict.ar-en.wd-translit.tsv.xz",
        ["إيغور بيلييف\tIgor Belyaev", "وزير\tminister", "من أجل سلام عادل\tFor A Just Peace"],
    )
    write(tmp_path / "dict.ar-en.omw.tsv.xz", ["كتاب\tbook", "لندن\tLondon"])
    rows = [{"title": "x", "body": "زيارة زيارة زيارة دعوة"}]
    write(tmp_path / "news.ar.antcorpus.jsonl.xz", [json.dumps(row) for row in rows])
    assert set(_names(tmp_path)) == {"إيغور", "بيلييف"}
    assert set(_others(tmp_path)) == {"زيارة", "كتاب"}


def test_the_weights_are_bias_and_a_weight_for_each_column(capsys):
    random = np.random.default_rng(1)
    rows = random.normal(size=(200, 3)).astype(np.float32)
    is_name = rows[:, 1] > 0
    weights = _fitted(rows, is_name, random)
    assert weights.shape == (4,)
    assert ((weights[0] + rows @ weights[1:] > 0) == is_name).mean() > 0.95
    assert "right on 40 words it was not fitted on" in capsys.readouterr().out
