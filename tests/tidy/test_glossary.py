"""The glossary binds 中文, English and identifier, one row a term; policies and code use no other words."""

import re
from collections import Counter

import yaml

from tidy.tree import PACKAGE, ROOT, files, name

GLOSSARY = ROOT / "docs" / "glossary.md"
LATER = "## With the server"
IDENTIFIER = re.compile(r"`[A-Za-z][A-Za-z0-9_]*`")
PARTS = ("in_scope", "first_pay", "over_limit", "own_pay")


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "中文" and set("".join(row)) - set("-: ")]


def glossary() -> list[list[str]]:
    return rows(GLOSSARY.read_text("utf-8"))


def chinese_terms() -> list[str]:
    """All terms; a 、 inside full-width brackets belongs to the term."""
    return [term for row in glossary() for term in re.split("、(?![^（]*）)", row[0])]


def repeated(words: list[str]) -> list[str]:
    return sorted(word for word, count in Counter(words).items() if count > 1)


def test_rows_are_well_formed() -> None:
    bad = [
        row
        for row in glossary()
        if len(row) != 3
        or not all(row)
        or not IDENTIFIER.fullmatch(row[2])
        or not re.search(r"[\u4e00-\u9fff]", row[0])
    ]
    assert bad == []


def test_one_word_one_thing() -> None:
    assert repeated([row[2] for row in glossary()]) == []
    assert repeated([row[1].lower() for row in glossary()]) == []
    assert repeated(chinese_terms()) == []


def test_identifiers_of_the_library_are_used() -> None:
    now = GLOSSARY.read_text("utf-8").partition(LATER)[0]
    sources = [
        ROOT / "docs" / "policy-language.md",
        *files(".py", PACKAGE),
        *files(".yaml", ROOT / "policies"),
    ]
    words = {
        word for path in sources for word in re.findall(r"[A-Za-z][A-Za-z0-9_]*", path.read_text("utf-8"))
    }
    assert [row[2] for row in rows(now) if row[2].strip("`") not in words] == []


def test_parts_of_a_bill_are_named() -> None:
    assert set(PARTS) <= {row[2].strip("`") for row in glossary()}


def test_payers_of_the_policies_are_named() -> None:
    """A payer's name in a policy is a Chinese term of some row: add it there, after 、 if a synonym."""
    known = chinese_terms()
    missing = []
    for path in files(".yaml", ROOT / "policies"):
        document = yaml.safe_load(path.read_text("utf-8"))
        for payer in (document or {}).get("payers") or []:
            zh = (payer.get("name") or {}).get("zh")
            if zh and zh not in known:
                missing.append(f"{name(path)}: {payer['payer']}: {zh}")
    assert missing == []
