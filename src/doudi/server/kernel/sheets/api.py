"""The door of sheets for the apps: open, find the header, read rows; write lists."""

from __future__ import annotations

from doudi.server.kernel.sheets.cells import ROUNDED, cleaned, plain, rounded_number, value_of
from doudi.server.kernel.sheets.columns import Column, Form, Problem, Value
from doudi.server.kernel.sheets.header import SEARCHED, Found, Layout, bare, find_header, mapping_of, repeated
from doudi.server.kernel.sheets.limits import LIMITS, Limits
from doudi.server.kernel.sheets.reading import Cell, Sheet, open_sheet
from doudi.server.kernel.sheets.rows import ReadRow, read_rows
from doudi.server.kernel.sheets.sniff import format_of
from doudi.server.kernel.sheets.write import ListCell, ListColumn, Marked, write_csv, write_workbook

__all__ = [
    "LIMITS",
    "ROUNDED",
    "SEARCHED",
    "Cell",
    "Column",
    "Form",
    "Found",
    "Layout",
    "Limits",
    "ListCell",
    "ListColumn",
    "Marked",
    "Problem",
    "ReadRow",
    "Sheet",
    "Value",
    "bare",
    "cleaned",
    "find_header",
    "format_of",
    "mapping_of",
    "open_sheet",
    "plain",
    "read_rows",
    "repeated",
    "rounded_number",
    "value_of",
    "write_csv",
    "write_workbook",
]
