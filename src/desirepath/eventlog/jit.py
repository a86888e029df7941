"""How kernels are compiled: by numba, without the GIL, kept beside the package (else in the user's cache folder).

Numba keeps a kernel as long as its own file is unchanged, but kernels call others of other files: ours are kept as long
as no file of the package's kernels has changed.

With NUMBA_DISABLE_JIT=1 the same functions run as plain Python, where wrapping integer arithmetic would warn:
`wrapping()` is the context in which kernels are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

import numba
import numpy as np

from desirepath.eventlog.warming import stamp

Int = int | np.int64 | np.int32
"""A whole number inside kernels, which are plain Python when nothing is compiled."""
u64 = np.uint64
"""Hot kernels index by unsigned numbers: numba then need not ask whether they count from the end (a third faster)."""
Kernel = TypeVar("Kernel", bound=Callable[..., Any])
Arrays = TypeVar("Arrays", bound=Iterable[Any])


def kernel(function: Kernel) -> Kernel:
    """Compile a function on its first call: once per machine, or once per process where no folder can be written."""
    try:
        compiled = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        return cast(Kernel, numba.njit(nogil=True)(function))
    kept = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if kept is not None:  # nothing is compiled, or this numba keeps kernels in another way
        kept._source_stamp = (kept._source_stamp, stamp())
    return cast(Kernel, compiled)


def frozen(arrays: Arrays) -> Arrays:
    """The same, not to be written to: kernels are compiled for that only."""
    for array in arrays:
        array.setflags(write=False)
    return arrays


def wrapping() -> AbstractContextManager[Any]:
    """Let integers wrap around without a warning, as they do in compiled kernels."""
    return np.errstate(over="ignore")
