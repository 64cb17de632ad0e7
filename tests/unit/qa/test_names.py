import numpy as np
import pytest

from index.errors import ModelError
from qa import names
from qa.reader import embedded_reading


def words(text, language="ar"):
    return embedded_reading().words(text, language).looks[:, -1].tolist()


def test_names_look_like_names_and_words_do_not():
    assert min(words("إيغور بيلييف لافروف بوتين موسكو")) > 0.8
    assert max(words("وزير زيارة دعوة البيانات الحوار")) < 0.5


def test_only_arabic_is_asked():
    assert words("Lavrov и Лавров", "ru") == [0, 0, 0]


def test_a_damaged_file_says_so(tmp_path, monkeypatch):
    (tmp_path / names.WEIGHTS).write_bytes(b"no array")
    monkeypatch.setattr(names, "files", lambda _: tmp_path)
    names._weights.cache_clear()
    with pytest.raises(ModelError, match=r"names.npy cannot be read .* reinstall article-qa"):
        names.likelihood(np.zeros((1, 2)), np.zeros((1, 1)))
    names._weights.cache_clear()
