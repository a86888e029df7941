"""A classifier of one's own, in a local folder, reads texts that no rating teaches about. Off by default.

It is used where `[voice] folder = "…"` stands in desirepath.toml (beside that file, or anywhere): a model in ONNX
(`model.onnx`, or the same in a folder `onnx`) with its `tokenizer.json` and `config.json`, as transformers export them.
No text leaves the machine. Its labels must say what they mean (`id2label`): "negative", "neutral", "positive", with
"very" or without, or "1 star" … "5 stars". The emotion is the mean of what they mean, by their probabilities.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.errors import DesirepathError

Floats = NDArray[np.float64]
ERROR = 0.7  # standard deviation of one text's emotion
LONGEST = 512  # tokens
_LABEL = re.compile(r"(?P<very>very\s+)?(?P<pole>negative|neutral|positive)|(?P<stars>\d+)\s*stars?", re.I)
_NEEDED = "model.onnx (or onnx/model.onnx), tokenizer.json and config.json"


@dataclass(frozen=True)
class Folder:
    """Where the model lies."""

    path: Path
    layer = "folder"
    error = ERROR
    batch = 32

    @property
    def name(self) -> str:
        """Another model, or another state of it, may say something else."""
        facts = self._model.stat()
        return f"{self.layer} {self.path} {facts.st_size} {facts.st_mtime_ns}"

    def read(self, texts: Sequence[str]) -> Floats:
        """The emotion of each text, −2 … +2."""
        if not texts:
            return np.empty(0)
        logits = self._session.run(None, self._inputs(texts))[0].astype(np.float64)
        if logits.shape != (len(texts), len(self.meanings)):
            raise DesirepathError(
                f"the model gives {logits.shape[-1]} numbers a text for {len(self.meanings)} labels",
                where=str(self.path),
            )
        weight = np.exp(logits - logits.max(axis=1, keepdims=True))
        emotion: Floats = (weight / weight.sum(axis=1, keepdims=True)) @ self.meanings
        return emotion

    @cached_property
    def meanings(self) -> Floats:
        """The emotion that each label stands for, −2 … +2."""
        labels = self._config.get("id2label", {})
        found = [_LABEL.fullmatch(str(labels[k]).strip()) for k in sorted(labels, key=int)]
        if not found or not all(found):
            raise DesirepathError(
                f"the labels do not say what they mean: {', '.join(map(str, labels.values())) or 'there are none'}",
                where=str(self.path / "config.json"),
                hint="id2label names them: negative, neutral, positive, or 1 star … 5 stars",
            )
        return _emotions([m for m in found if m])

    @property
    def _model(self) -> Path:
        for file in (self.path / "model.onnx", self.path / "onnx" / "model.onnx"):
            if file.is_file():
                return file
        raise DesirepathError("there is no model", where=str(self.path), hint=f"needed are {_NEEDED}")

    @cached_property
    def _config(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.path / "config.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise DesirepathError(
                f"config.json cannot be read: {error}", where=str(self.path), hint=f"needed are {_NEEDED}"
            ) from error
        return found

    @cached_property
    def _session(self) -> Any:
        onnxruntime, _ = _libraries()
        try:
            return onnxruntime.InferenceSession(str(self._model), providers=["CPUExecutionProvider"])
        except Exception as error:
            raise DesirepathError(f"the model cannot be loaded: {error}", where=str(self._model)) from error

    @cached_property
    def _tokenizer(self) -> Any:
        _, tokenizers = _libraries()
        try:
            found = tokenizers.Tokenizer.from_file(str(self.path / "tokenizer.json"))
        except Exception as error:
            raise DesirepathError(
                f"tokenizer.json cannot be read: {error}", where=str(self.path), hint=f"needed are {_NEEDED}"
            ) from error
        padding = int(self._config.get("pad_token_id") or 0)
        found.enable_padding(pad_id=padding, pad_token=found.id_to_token(padding) or "[PAD]")
        found.enable_truncation(min(LONGEST, int(self._config.get("max_position_embeddings", LONGEST))))
        return found

    def _inputs(self, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """What the model asks for, by name."""
        coded = self._tokenizer.encode_batch(list(texts))
        known = {
            "input_ids": [c.ids for c in coded],
            "attention_mask": [c.attention_mask for c in coded],
            "token_type_ids": [c.type_ids for c in coded],
        }
        asked = [i.name for i in self._session.get_inputs()]
        if unknown := sorted(set(asked) - set(known)):
            raise DesirepathError(f"the model asks for {', '.join(unknown)}", where=str(self._model))
        return {name: np.array(known[name], np.int64) for name in asked}


def _emotions(labels: Sequence[re.Match[str]]) -> Floats:
    """Stars from the least to the most; poles are ends of the scale, or halfway to them where some are "very" so."""
    stars = [int(m["stars"]) for m in labels if m["stars"]]
    graded = any(m["very"] for m in labels)
    emotions = []
    for m in labels:
        if m["stars"]:
            emotions.append(4 * (int(m["stars"]) - min(stars)) / max(1, max(stars) - min(stars)) - 2)
        else:
            sign = {"negative": -1, "neutral": 0, "positive": 1}[m["pole"].lower()]
            emotions.append(sign * (1 if graded and not m["very"] else 2))
    return np.array(emotions, np.float64)


def _libraries() -> tuple[Any, Any]:
    try:
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise DesirepathError(
            "a model in a folder needs onnxruntime and tokenizers", hint="pip install 'desirepath[onnx]'"
        ) from error
    return onnxruntime, tokenizers
