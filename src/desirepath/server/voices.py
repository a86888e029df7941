"""The voice as it is asked again and again: heard once for the same evidence, decisions and journey."""

from __future__ import annotations

import threading
from collections import OrderedDict

from desirepath.insight.redress import measured
from desirepath.voice import decisions
from desirepath.voice.voice import Voice
from desirepath.workspace import Workspace

KEPT = 4


class Voices:
    """The voices of one workspace: as it is, and by the touchpoints of single journeys."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], Voice] = OrderedDict()

    def get(self, journey: str | None = None) -> Voice:
        """The voice, with all that takes long done: nobody who asks meanwhile does it again."""
        places = None if journey is None else measured(self.workspace.journeys.get(journey)).model_dump_json()
        with self._lock:
            key = (self.workspace.fingerprint(), decisions.fingerprint(self.workspace.database), places)
            if key not in self._kept:
                voice = self.workspace.voice(journey=journey)
                _ = voice.hearing, voice.themes, voice.rows()
                self._kept[key] = voice
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
