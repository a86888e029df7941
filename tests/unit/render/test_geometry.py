from hypothesis import given
from hypothesis import strategies as st

from desirepath.render.geometry import runs, smooth
from desirepath.render.view import Point


def point(x: float, y: float | None) -> Point:
    return Point(x=x, y=y, low=None, high=None, n=1, label="", tip="")


def test_a_gap_breaks_the_curve() -> None:
    pieces = runs([point(0, 1), point(1, 2), point(2, None), point(3, 0)])
    assert [[p.x for p in piece] for piece in pieces] == [[0, 1], [3]]


def test_a_single_point_is_a_path_without_segments() -> None:
    assert smooth([(1.0, 2.0)]).segments == ()


def test_a_straight_line_stays_straight() -> None:
    path = smooth([(0.0, 0.0), (3.0, 3.0), (6.0, 6.0)])
    assert path.segments[0] == ((1.0, 1.0), (2.0, 2.0), (3.0, 3.0))


def _bezier(a: float, b: float, c: float, d: float, t: float) -> float:
    return (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d


@given(st.lists(st.floats(-2, 2), min_size=2, max_size=12))
def test_the_curve_never_overshoots_a_score(scores: list[float]) -> None:
    path = smooth([(float(i), y) for i, y in enumerate(scores)])
    start = path.start
    for first, second, end in path.segments:
        low, high = min(start[1], end[1]), max(start[1], end[1])
        for t in (0.1, 0.3, 0.5, 0.7, 0.9):
            assert low - 1e-9 <= _bezier(start[1], first[1], second[1], end[1], t) <= high + 1e-9
        start = end
