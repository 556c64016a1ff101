"""The bundled model, made once per test run and shared by the tests that need the real thing."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from index.weights import default_folder, make_model


@functools.cache
def cache_folder() -> Path:
    """Return a folder that can stand as XDG_CACHE_HOME and holds the bundled model (0.5 GB).

    It is made anew, not taken from the developer's own cache: that one may come from older code.
    """
    cache = Path(tempfile.mkdtemp(prefix="thidua-test-"))
    atexit.register(shutil.rmtree, cache, ignore_errors=True)
    make_model(model_folder(cache))
    return cache


def model_folder(cache: Path) -> Path:
    """Return where the model lies below ``cache``."""
    return cache / "thidua" / default_folder().name
