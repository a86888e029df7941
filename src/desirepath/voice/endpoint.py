"""A language model behind an OpenAI-compatible address reads texts that no rating teaches about. Off by default.

It is asked only where `[voice] endpoint = true` stands in desirepath.toml; address, key and model come from the
environment (`DESIREPATH_LLM_URL`, `DESIREPATH_LLM_KEY`, `DESIREPATH_LLM_MODEL`). Texts are masked before they leave the
machine. An answer that is no list of numbers −2 … +2, one a text, is refused as a whole; the texts then stay with the
layer below.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.errors import DesirepathError
from desirepath.voice.privacy import mask
from desirepath.voice.readers import UnreachableError
from desirepath.voice.texts import clean

Floats = NDArray[np.float64]
BATCH, LONGEST, PATIENCE_S = 20, 2_000, 60.0
ERROR = 0.8  # standard deviation of one text's emotion
_TASK = (
    "You rate how customers feel. You get a JSON list of texts in any language. Answer with nothing but a JSON list of "
    "numbers, one a text in order: -2 very frustrated, 0 indifferent, 2 very delighted."
)


@dataclass(frozen=True)
class Endpoint:
    """Where the model is asked."""

    url: str
    key: str | None
    model: str
    layer = "endpoint"
    error = ERROR
    batch = BATCH

    @property
    def name(self) -> str:
        """Another address or model may say something else."""
        return f"{self.layer} {self.url} {self.model}"

    @staticmethod
    def from_environment() -> Endpoint:
        """The address, key and model that the environment names."""
        url = os.environ.get("DESIREPATH_LLM_URL")
        if not url:
            raise DesirepathError(
                "the endpoint has no address", where="DESIREPATH_LLM_URL", hint="set it, or turn [voice] endpoint off"
            )
        if not url.startswith(("http://", "https://")):
            raise DesirepathError("the endpoint's address is not http(s)", where="DESIREPATH_LLM_URL")
        key, model = os.environ.get("DESIREPATH_LLM_KEY"), os.environ.get("DESIREPATH_LLM_MODEL", "default")
        return Endpoint(url.rstrip("/"), key, model)

    def read(self, texts: Sequence[str]) -> Floats:
        """The emotion of each text, −2 … +2; NaN where the model gave no usable answer."""
        return _numbers(self._ask([mask(clean(text))[:LONGEST] for text in texts]), len(texts))

    def _ask(self, texts: Sequence[str]) -> str:
        body = {
            "model": self.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": _TASK},
                {"role": "user", "content": json.dumps(list(texts), ensure_ascii=False)},
            ],
        }
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        request = urllib.request.Request(f"{self.url}/chat/completions", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                found: Any = json.load(answer)
            return str(found["choices"][0]["message"]["content"])
        except (urllib.error.URLError, TimeoutError) as error:
            raise UnreachableError(f"the endpoint does not answer: {error}", where=self.url) from error
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise UnreachableError("the endpoint's answer is not of the agreed form", where=self.url) from error


def _numbers(answer: str, wanted: int) -> Floats:
    try:
        found = json.loads(answer[answer.index("[") : answer.rindex("]") + 1])
        values = np.array([float(v) for v in found])
    except (ValueError, TypeError):
        return np.full(wanted, np.nan)
    if len(values) != wanted or not (np.abs(values) <= 2).all():
        return np.full(wanted, np.nan)
    return values
