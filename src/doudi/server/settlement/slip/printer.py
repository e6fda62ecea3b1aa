"""Prints slips: one page each, PDF for the printer, SVG for the screen, from the template that the head names.

The compiler is kept and reused, because loading the font costs more than a slip. It is not made for several threads,
so one lock guards it. It sees one font and no system fonts, no packages and no network; the data of the slips reaches
the template as JSON in `sys.inputs`, so no text of a slip can become source. The time in the document is that of the
latest settlement, so the same slips give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from doudi.server.settlement.slip.compose import compose
from doudi.server.settlement.slip.data import TEMPLATE, BrokenHead, Paper, Slip
from doudi.server.settlement.slip.glyphs import font_file
from doudi.server.settlement.slip.space import step_of
from doudi.words import Language

if TYPE_CHECKING:
    from typst import Compiler

TEMPLATES = (TEMPLATE,)
"""Every layout there ever was; none is removed, because slips given out are reprinted with theirs."""
MOST = 1000
"""Slips of one document: the compiler holds all of them at once, about 1.7 MB each."""
LARGE, GENERATIONS = 20, 15
"""The compiler remembers what its last ten documents were made of; after a large one, small ones push that out."""
_LOCK = Lock()


@cache
def _compiler() -> Compiler:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_file().parent)]
    )
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


@cache
def _template(name: str) -> bytes:
    if name not in TEMPLATES:
        raise BrokenHead("the head names an unknown template")
    return files("doudi.server.settlement.slip").joinpath("templates", f"{name}.typ").read_bytes()


def render_pdf(slips: Sequence[Slip], language: Language = "zh", paper: Paper = "a4") -> bytes:
    """One document, one page a slip. Raises SlipContradicts, BrokenHead, and ValueError where slips are none or mixed."""
    return press(slips, "pdf", language, paper)


def render_svg(slip: Slip, language: Language = "zh", paper: Paper = "a4") -> bytes:
    """The page as it will print, for the screen."""
    return press([slip], "svg", language, paper)


def press(
    slips: Sequence[Slip],
    kind: Literal["pdf", "svg", "png"],
    language: Language = "zh",
    paper: Paper = "a4",
    dots_per_inch: int = 144,
) -> bytes:
    """The slips in one of the three forms; SVG and PNG take a single slip."""
    if len(slips) > MOST:
        raise ValueError(f"at most {MOST} slips a document")
    templates = {slip.head.template for slip in slips}
    if len(templates) != 1:
        raise ValueError("slips of one layout, at least one")
    if kind != "pdf" and len(slips) != 1:
        raise ValueError("one slip a picture")
    composed = [compose(slip, language) for slip in slips]
    moment = int(max(slip.settled_at for slip in slips).timestamp())
    source = _template(templates.pop())

    def compiled(pages: list[dict[str, Any]]) -> bytes | list[bytes] | None:
        data = json.dumps({"paper": paper, "slips": pages}, ensure_ascii=False, separators=(",", ":"))
        with _LOCK:
            return _compiler().compile(
                input=source,
                format=kind,
                sys_inputs={"data": data},
                timestamp=moment,
                ppi=dots_per_inch,
                pdf_tags=False,
            )

    try:
        printed = compiled([one | {"step": step_of(one)} for one in composed])
    except RuntimeError as error:
        if "more pages than slips" not in str(error):
            raise
        printed = compiled([one | {"step": None} for one in composed])
    if len(slips) > LARGE:
        _forget()
    if not isinstance(printed, bytes):
        raise TypeError("a slip took more than one page")
    return printed


def _forget() -> None:
    """Let go of the memory of a large document."""
    with _LOCK:
        for generation in range(GENERATIONS):
            _compiler().compile(input=f"{generation}".encode(), format="pdf")
