"""Every kind of sentence of explanations and slips, once, as the worked cases of the small policies first bring it up.

Two sentences are of one kind when they differ in their numbers only. `sentences.expected` holds them in Chinese and
English, line under line, below the policy they come from, and `(look)` where a reader should look twice: for
proof-readers, and so that no word of an explanation changes unnoticed.

After a sentence was improved: `python -m tests.sentences_reset`, then read `git diff tests/sentences.expected`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from doudi.engine.answer import answer
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from doudi.engine.render.slip import accumulator_rows, beyond_sentences, bill_sentences
from doudi.engine.render.text import explanation_lines
from doudi.policy.source import read_file
from doudi.words import Language
from support.policies import SMALL_IDS, policy, settler

EXPECTED = Path(__file__).resolve().parent / "sentences.expected"
FACTS = ("person", "opening", "bills", "events", "catalogue")
NUMBER = re.compile(r"\d[\d,.]*")


def answers(policy_id: str) -> list[dict[str, Any]]:
    """The answers to the worked cases of a policy that are not refused."""
    found = []
    path = policy(policy_id).cases_path
    for case in read_file(path, path.name).plain()["cases"] if path else []:
        expected = {**case, **case.get("expect", {})}
        years = {key: list(expected[key]) for key in ("year_end", "enrolment") if expected.get(key)}
        data = {"bills": [], **{key: case[key] for key in FACTS if key in case}, **years}
        try:
            found.append(answer(settler(policy_id), read_facts(data)))
        except Refused:
            continue
    return found


def sentences(one: dict[str, Any], language: Language) -> Iterator[str]:
    """The explanation, then what the slip says beside it."""
    yield from (
        f"{text} (look)" if tone == "look" else text for text, tone in explanation_lines(one, language)
    )
    for bill in one["bills"]:
        yield from bill_sentences(bill, language)
    yield from (" | ".join(row) for row in accumulator_rows(one, language))
    yield from (f"{text} ({tone})" for text, tone in beyond_sentences(one, language))


def told() -> str:
    """The content of `sentences.expected`."""
    seen: set[str] = set()
    lines = []
    for policy_id in SMALL_IDS:
        fresh = []
        for one in answers(policy_id):
            both = (list(sentences(one, language)) for language in ("zh", "en"))
            for zh, en in zip(*both, strict=True):
                kind = NUMBER.sub("0", f"{zh} {en}")
                if kind.strip() and kind not in seen:
                    seen.add(kind)
                    fresh += [zh, en]
        lines += [f"# {policy_id}", *fresh, ""] if fresh else []
    return "\n".join(lines)


if __name__ == "__main__":
    EXPECTED.write_text(told(), "utf-8")
