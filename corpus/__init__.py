"""Files become records. The public surface of the room; see corpus/corpus.py."""

from corpus.corpus import FOLDERS, EmptyCorpus, read
from corpus.deadlines import Deadline, read_deadlines, time_of
from corpus.files import TABLE_SUFFIXES, TEXT_SUFFIXES
from corpus.headed import day_of
from corpus.preview import Preview
from corpus.records import (
    Award,
    Corpus,
    CriterionKind,
    Document,
    Fact,
    Kind,
    Meeting,
    Passage,
    Place,
    Problem,
    Record,
    Score,
    Scorer,
    Severity,
    Source,
    Status,
    Total,
    Unit,
    Validity,
)
from corpus.rules import Audience, Rule, plain_block, read_rules
from corpus.syllable import (
    TONES,
    VOWELS,
    could_be,
    is_syllable,
    place_tone,
    tone_apart,
    tone_placed,
)
from corpus.text import fold, respell, syllables, tidy
from corpus.workbook import write_table

__all__ = [
    "FOLDERS",
    "TABLE_SUFFIXES",
    "TEXT_SUFFIXES",
    "TONES",
    "VOWELS",
    "Audience",
    "Award",
    "Corpus",
    "CriterionKind",
    "Deadline",
    "Document",
    "EmptyCorpus",
    "Fact",
    "Kind",
    "Meeting",
    "Passage",
    "Place",
    "Preview",
    "Problem",
    "Record",
    "Rule",
    "Score",
    "Scorer",
    "Severity",
    "Source",
    "Status",
    "Total",
    "Unit",
    "Validity",
    "could_be",
    "day_of",
    "fold",
    "is_syllable",
    "place_tone",
    "plain_block",
    "read",
    "read_deadlines",
    "read_rules",
    "respell",
    "syllables",
    "tidy",
    "time_of",
    "tone_apart",
    "tone_placed",
    "write_table",
]
