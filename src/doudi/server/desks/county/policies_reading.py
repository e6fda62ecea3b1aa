"""The library's page of a policy made ready for a template, and the policies that may be put in force in a county."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from doudi.engine.entitlement.law import title
from doudi.engine.render.notes import Note
from doudi.policy import Library, PolicyError
from doudi.policy.library import region_inside
from doudi.proof.policy_page.blocks import Grid, Head, Line
from doudi.server.entitlement.api import PolicyPage
from doudi.server.recognition.api import known_categories
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Mark:
    """A footnote's mark, and the footnote it opens."""

    text: str
    number: int
    assumed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its head with marks, and the other cells."""

    head: str
    cells: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of the page. `kind`: section, payer, benefit, line or grid."""

    kind: str
    text: str = ""
    name: str = ""
    marks: tuple[Mark, ...] = ()
    tone: str = "plain"
    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The whole page: its contents, its blocks, its footnotes (numbered as the marks say)."""

    contents: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    notes: tuple[tuple[int, Note], ...]


_HEADS = {1: "section", 2: "payer", 3: "benefit"}


def written(page: PolicyPage) -> Written:
    """Blocks with anchors for the contents, and marks that lead to their footnotes."""
    notes = tuple(enumerate(page.notes, 1))
    known = {note.mark: Mark(note.mark, number, note.assumed) for number, note in notes}
    pieces = tuple(_piece(block, known, place) for place, block in enumerate(page.blocks))
    return Written(tuple(one for one in pieces if one.kind in ("section", "payer")), pieces, notes)


def _piece(block: Head | Line | Grid, known: dict[str, Mark], place: int) -> Piece:
    def marks(texts: tuple[str, ...]) -> tuple[Mark, ...]:
        return tuple(known[text] for text in texts if text in known)

    if isinstance(block, Head):
        return Piece(
            _HEADS.get(block.level, "benefit"), block.text, marks=marks(block.marks), anchor=f"p{place}"
        )
    if isinstance(block, Line):
        return Piece("line", block.text, block.name, marks(block.marks), block.tone)
    rows = tuple(
        Row(row[0], tuple(row[1:]), marks(held)) for row, held in zip(block.rows, block.marks, strict=True)
    )
    return Piece("grid", heads=block.heads, rows=rows)


PARTS: dict[str, Words] = {
    "in_force": Words("施行日期", "When in force"),
    "law": Words("按哪天的规定", "Law of which day"),
    "identity": Words("按哪天的身份", "Categories of which day"),
    "year": Words("待遇年度", "Benefit year"),
    "rounding": Words("金额取整", "Rounding"),
    "figures": Words("基数", "Figures"),
    "categories": Words("人员类别", "Categories"),
    "people": Words("对象范围", "Groups of people"),
    "diseases": Words("病种", "Diseases"),
    "programmes": Words("救治项目", "Programmes"),
    "bill": Words("费用分段", "Parts of the bill"),
    "basic": Words("基本医保", "Basic insurance"),
    "catastrophic": Words("大病保险", "Catastrophic insurance"),
    "supplement": Words("补充保险", "Supplement"),
    "inclined_aid": Words("倾斜救助", "Inclined aid"),
    "assistance": Words("医疗救助", "Medical assistance"),
    "family_planning": Words("计生补助", "Family planning aid"),
    "last_resort": Words("兜底", "Last resort"),
    "enrolment": Words("参保缴费", "Enrolment"),
    "grants": Words("补助", "Grants"),
    "entitlements": Words("其他待遇", "Other entitlements"),
    "claims": Words("手工报销", "Claims by hand"),
    "targets": Words("目标", "Targets"),
}
"""The first step of an assumption's path: the part of the policy it stands in."""


def part_words(path: str) -> Words | None:
    """The part of the policy an assumption stands in; of a category its own title. None: the path must do."""
    first, _, rest = path.partition(".")
    words = PARTS.get(first)
    if first == "categories" and words is not None and (known := known_categories().get(rest)) is not None:
        return Words(f"{words.zh} · {known.words.zh}", f"{words.en} · {known.words.en}")
    return words


@dataclass(frozen=True, slots=True)
class Choice:
    """An installed policy that may hold in a county."""

    policy: str
    words: Words
    from_: str


def choices_for(key: int) -> tuple[Choice, ...]:
    """The installed policies that were made for the county of a region key, or for all that it lies in."""
    county = f"{key // 1000:06d}"
    return tuple(choice for choice, region in _installed() if region_inside(county, region))


@lru_cache(maxsize=1)
def _installed() -> tuple[tuple[Choice, str], ...]:
    """Read once a process: installing a policy goes with a restart. Templates are left out: nobody puts them in force."""
    library, found = Library(), []
    for name in library.ids():
        try:
            document = library.load(name).document
        except (PolicyError, OSError):
            continue
        if not document.abstract:
            begins = document.in_force.from_
            found.append((Choice(name, title(document.title, name), begins.isoformat()), document.region))
    return tuple(found)
