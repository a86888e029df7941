"""The three states the practice speaks of, and where −2 … +2 is cut into them.

Frustrated below −2/3, delighted above +2/3, indifferent between: stars 1–2, 3 and 4–5; NPS detractors up to 3 and
promoters from 7 on (NPS's own cuts at 6 and 9 belong to the NPS, not to the feeling).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STATES = ("frustration", "indifference", "delight")
CUT = 2 / 3
Floats = NDArray[np.float64]


def states(emotion: Floats) -> NDArray[np.int64]:
    """0 frustrated, 1 indifferent, 2 delighted; −1 where there is no emotion."""
    found = np.where(emotion < -CUT, 0, np.where(emotion > CUT, 2, 1))
    return np.where(np.isnan(emotion), -1, found).astype(np.int64)


def state(emotion: float | None) -> str | None:
    """The state's name."""
    return None if emotion is None or np.isnan(emotion) else STATES[int(states(np.array([emotion]))[0])]
