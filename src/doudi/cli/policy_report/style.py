"""The page around a report: the style of all pages, and what only reports need."""

from __future__ import annotations

from pathlib import Path

from doudi.engine.render.html import document
from doudi.words import Language


def report(title: str, body: str, language: Language) -> str:
    """A whole page that needs nothing else."""
    more = Path(__file__).with_name("report.css").read_text("utf-8")
    return document(title, body, language, more_style=more)
