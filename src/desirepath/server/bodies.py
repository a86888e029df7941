"""Answers that many ask for: written and compressed once, and not sent again to whoever has them."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

from fastapi import Request, Response

KEPT = 128
WORTH_PACKING = 1000
"""Bytes; less than this is sent as it is."""
SAME: dict[int | str, dict[str, Any]] = {304: {"description": "What `If-None-Match` names is still the same"}}
"""For the documentation of a route that answers with a body."""


class Body:
    """JSON as it is sent; `tag` stands for it."""

    def __init__(self, json: bytes) -> None:
        self.json = json
        self.tag = f'W/"{hashlib.sha256(json).hexdigest()[:32]}"'

    @cached_property
    def packed(self) -> bytes:
        """Compressed, as fast as most of it can be had."""
        return gzip.compress(self.json, 4, mtime=0)

    def answer(self, request: Request) -> Response:
        """The answer to who asks: nothing where they have it already (`If-None-Match`), else compressed if they may."""
        headers = {"ETag": self.tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
        if self.tag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        if len(self.json) >= WORTH_PACKING and "gzip" in request.headers.get("Accept-Encoding", ""):
            return Response(self.packed, media_type="application/json", headers=headers | {"Content-Encoding": "gzip"})
        return Response(self.json, media_type="application/json", headers=headers)


class Bodies:
    """Those that were sent last, by what they say."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Body] = OrderedDict()

    def get(self, key: Hashable, write: Callable[[], bytes]) -> Body:
        """The body for a key that changes whenever it would; `write` makes it."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = Body(write())
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]
