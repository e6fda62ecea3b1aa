"""Every passage a shipped policy quotes stands word for word in the document it cites."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from doudi.policy.source import Node
from support.policies import SHIPPED, SHIPPED_IDS

pytestmark = pytest.mark.recorded("sources")
ALL_SHIPPED = SHIPPED.ids()


def nodes(node: Node) -> Iterator[Node]:
    """A node and everything below it, the citations of overrides too."""
    yield node
    for child in [*node.mapping().values(), *node.items(), *node.cites.values()]:
        yield from nodes(child)


def passages(tree: Node) -> Iterator[tuple[str, str, str]]:
    """(source, passage, place) of every quotation."""
    for node in nodes(tree):
        for cite in [node.mapping().get("cite"), node.cites.get("cite")]:
            for item in (cite.items() or [cite]) if cite is not None else []:
                for source, child in item.mapping().items():
                    if (text := child.text()) is not None:
                        yield source, text, str(child.where)


def documents(tree: Node) -> dict[str, str]:
    """The document of every source that has one."""
    sources = tree.at("sources")
    found = {}
    for name, node in sources.mapping().items() if sources else []:
        document = node.at("document")
        if document is not None and document.text():
            found[name] = str(document.text())
    return found


def tree_of(policy_id: str) -> Node:
    """The whole tree, inherited parts included."""
    return SHIPPED.load(policy_id).tree


def text_of(folder: Path, document: str) -> str:
    """A document's text as one line: a quotation may run over a line's end."""
    text = (folder / f"{document}.txt").read_text(encoding="utf-8")
    return "".join(line.strip() for line in text.splitlines())


@pytest.mark.parametrize("policy_id", ALL_SHIPPED)
def test_every_document_named_exists(policy_id: str, sources_folder: Path) -> None:
    missing = {
        name
        for name in documents(tree_of(policy_id)).values()
        if not (sources_folder / f"{name}.txt").is_file()
    }
    assert not missing


@pytest.mark.parametrize("policy_id", ALL_SHIPPED)
def test_every_passage_quoted_is_in_its_document_word_for_word(policy_id: str, sources_folder: Path) -> None:
    tree = tree_of(policy_id)
    known = documents(tree)
    texts = {name: text_of(sources_folder, document) for name, document in known.items()}
    wrong = [
        f"{place}: {source}: {passage}"
        for source, passage, place in passages(tree)
        if source in texts and "".join(passage.split("\n")) not in texts[source]
    ]
    assert not wrong, "\n".join(wrong)


def test_the_packages_of_documents_quote_them(sources_folder: Path) -> None:
    """Every document is quoted by some package, and every package that names a document quotes it."""
    quoted = set()
    for policy_id in SHIPPED_IDS:
        known = documents(tree_of(policy_id))
        mine = {known[source] for source, _, _ in passages(tree_of(policy_id)) if source in known}
        assert mine == set(known.values()), policy_id
        quoted |= mine
    assert quoted == {path.stem for path in sources_folder.glob("*.txt")}


def test_a_passage_that_is_not_there_would_be_found(sources_folder: Path) -> None:
    (first, *_) = sorted(sources_folder.glob("*.txt"))
    text = text_of(sources_folder, first.stem)
    assert text[100:140] in text
    assert text[100:140] + "；" + text[150:160] not in text
