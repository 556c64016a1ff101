"""Records become one SQLite index, searched and looked up. The public surface of the room."""

from index.database import IndexFileError
from index.encoder import DEFAULT, Encoder, EncoderError, Encodes
from index.index import Built, Hit, Index, build, fingerprint, indexed_fingerprint, readings
from index.lookup import WHOLE_YEAR, Criterion, Lookup, Standing, between
from index.names import proper_names
from index.slip import slipped
from index.spelling import Repaired, Spelling
from index.words import ASKING, terms

__all__ = [
    "ASKING",
    "DEFAULT",
    "WHOLE_YEAR",
    "Built",
    "Criterion",
    "Encoder",
    "EncoderError",
    "Encodes",
    "Hit",
    "Index",
    "IndexFileError",
    "Lookup",
    "Repaired",
    "Spelling",
    "Standing",
    "between",
    "build",
    "fingerprint",
    "indexed_fingerprint",
    "proper_names",
    "readings",
    "slipped",
    "terms",
]
