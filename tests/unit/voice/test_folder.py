"""A model in a local folder: a real one in ONNX, of three words, read by the real runtime."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from desirepath.errors import DesirepathError
from desirepath.voice.folder import Folder

WORDS = ["[PAD]", "[UNK]", "good", "bad", "table"]
WEIGHT = [[0, 0, 0], [0, 0, 0], [-9, 0, 9], [9, 0, -9], [0, 9, 0]]  # what each word says for each label
LABELS = ("negative", "neutral", "positive")


def model(folder: Path, labels: tuple[str, ...] = LABELS, weight: Any = WEIGHT) -> Folder:
    """A bag of words: the logits of a text are the sums over its words."""
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "length"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["n", "length"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", len(weight[0])])
    constants = [
        numpy_helper.from_array(np.array(weight, np.float32), "weight"),
        numpy_helper.from_array(np.array([2], np.int64), "last"),
        numpy_helper.from_array(np.array([1], np.int64), "words"),
    ]
    nodes = [
        helper.make_node("Gather", ["weight", "input_ids"], ["each"]),
        helper.make_node("Cast", ["attention_mask"], ["there"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["there", "last"], ["there3"]),
        helper.make_node("Mul", ["each", "there3"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "words"], ["logits"], keepdims=0),
    ]
    graph = helper.make_graph(nodes, "bag", [ids, mask], [logits], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    folder.mkdir(exist_ok=True)
    onnx.save(made, folder / "model.onnx")
    tokenizer = Tokenizer(WordLevel({word: k for k, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"id2label": {str(k): label for k, label in enumerate(labels)}, "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return Folder(folder)


def test_texts_of_any_length_side_by_side(tmp_path: Path) -> None:
    found = model(tmp_path).read(["good", "bad bad table", "table", "good bad", "nothing known"])
    assert np.round(found, 2).tolist() == [2.0, -2.0, 0.0, 0.0, 0.0]
    assert model(tmp_path).read([]).tolist() == []


@pytest.mark.parametrize(
    ("labels", "meanings"),
    [
        (LABELS, [-2, 0, 2]),
        (("Positive", "NEGATIVE"), [2, -2]),
        (("Very Negative", "Negative", "Neutral", "Positive", "Very Positive"), [-2, -1, 0, 1, 2]),
        (("1 star", "2 stars", "3 stars", "4 stars", "5 stars"), [-2, -1, 0, 1, 2]),
    ],
)
def test_what_labels_mean(tmp_path: Path, labels: tuple[str, ...], meanings: list[float]) -> None:
    assert model(tmp_path, labels).meanings.tolist() == meanings


def test_labels_that_say_nothing(tmp_path: Path) -> None:
    with pytest.raises(DesirepathError, match="the labels do not say what they mean: LABEL_0, LABEL_1, LABEL_2"):
        model(tmp_path, ("LABEL_0", "LABEL_1", "LABEL_2")).read(["good"])


def test_other_numbers_than_labels(tmp_path: Path) -> None:
    with pytest.raises(DesirepathError, match="gives 3 numbers a text for 2 labels"):
        model(tmp_path, ("negative", "positive")).read(["good"])


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(DesirepathError, match="there is no model"):
        Folder(tmp_path).read(["good"])


def test_a_damaged_model(tmp_path: Path) -> None:
    broken = model(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(DesirepathError, match="the model cannot be loaded"):
        broken.read(["good"])


def test_another_model_has_another_name(tmp_path: Path) -> None:
    before = model(tmp_path).name
    assert model(tmp_path, weight=[[0, 0, 0]] * 6).name != before
