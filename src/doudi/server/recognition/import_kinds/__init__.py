"""The files recognition reads: lists of persons and their categories."""

from __future__ import annotations

from doudi.server.imports.api import register_kind
from doudi.server.recognition.import_kinds.lists import RecognitionList


def register() -> None:
    """Make them known to imports."""
    register_kind(RecognitionList())
