"""Findings in words, in both languages: what was done to the trail, where, and what to look at."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from doudi.server.audit.chain import chain_name
from doudi.server.audit.data import Finding, Witness
from doudi.words import Words

if TYPE_CHECKING:
    from doudi.server.audit.mismatches import Mismatch


def event_changed(place: Mismatch) -> Finding:
    """The event, or its hash, is not what was sealed."""
    name, event = chain_name(place.region, place.day), place.row["id"]
    words = Words(
        f"链 {name} 第 {place.position} 位（事件 {event}）与封存时不一致：内容或其封存值被改动。",
        f"Chain {name}, position {place.position} (event {event}) is not what was sealed: it or its hash was changed.",
    )
    return Finding("changed", words, name, place.position, event, place.seal)


def events_exchanged(place: Mismatch, other: Mismatch) -> Finding:
    """Two events stand in each other's place."""
    name, event = chain_name(place.region, place.day), place.row["id"]
    words = Words(
        f"链 {name} 第 {place.position} 位（事件 {event}）与第 {other.position} 位（事件 {other.row['id']}）被对调。",
        f"Chain {name}, position {place.position} (event {event}) was exchanged with position {other.position}"
        f" (event {other.row['id']}).",
    )
    return Finding("reordered", words, name, place.position, event, place.seal)


def event_deleted(name: str, position: int, event: int, seal: int) -> Finding:
    """The link is there, its event is not."""
    words = Words(
        f"链 {name} 第 {position} 位：事件 {event} 已封存，现已不存在，被删除。",
        f"Chain {name}, position {position}: event {event} was sealed and is gone: it was deleted.",
    )
    return Finding("deleted", words, name, position, event, seal)


def links_missing(name: str, first: int, last: int, seal: int) -> Finding:
    """Positions that must be there are not."""
    where = f"{first}" if first >= last else f"{first}–{last}"
    words = Words(
        f"链 {name} 缺第 {where} 位：事件连同封存记录被删除，或位次被改。",
        f"Chain {name} lacks position {where}: events were deleted with their links, or positions were changed.",
    )
    return Finding("deleted", words, name, first, None, seal)


def links_unstated(name: str, position: int, seal: int) -> Finding:
    """There is more in a chain than was sealed."""
    words = Words(
        f"链 {name} 自第 {position} 位起多于第 {seal} 号封存所载：是事后插入的。",
        f"Chain {name} holds more from position {position} on than seal {seal} states: inserted afterwards.",
    )
    return Finding("inserted", words, name, position, None, seal)


def link_of_another_day(name: str, position: int, event: int, seal: int) -> Finding:
    """A link names a day that its batch does not."""
    words = Words(
        f"链 {name} 第 {position} 位（事件 {event}）的日期与第 {seal} 号封存不同：封存记录被改动。",
        f"Chain {name}, position {position} (event {event}) has another day than seal {seal}: the link was changed.",
    )
    return Finding("changed", words, name, position, event, seal)


def link_without_seal(name: str, position: int, event: int, seal: int) -> Finding:
    """The batch of a link is gone."""
    words = Words(
        f"链 {name} 第 {position} 位（事件 {event}）所属的第 {seal} 号封存不存在。",
        f"Chain {name}, position {position} (event {event}) belongs to seal {seal}, which is not there.",
    )
    return Finding("deleted", words, name, position, event, seal)


def event_without_link(event: int) -> Finding:
    """An event of a time that has been sealed, without a link."""
    words = Words(
        f"事件 {event} 所在的时段早已封存，它却不在任何链上：是事后插入的，或其封存记录被删除。",
        f"Event {event} is of a time that was sealed, yet in no chain: inserted afterwards, or its link was deleted.",
    )
    return Finding("inserted", words, event=event)


def head_differs(name: str, position: int, seal: int) -> Finding:
    """The last link is not the one that was sealed."""
    words = Words(
        f"链 {name} 第 {position} 位的封存值与第 {seal} 号封存所载不同。",
        f"Chain {name}: the hash at position {position} is not the one that seal {seal} states.",
    )
    return Finding("changed", words, name, position, None, seal)


def seals_missing(first: int, last: int) -> Finding:
    """Batches that must be there are not."""
    where = f"{first}" if first >= last else f"{first}–{last}"
    words = Words(f"缺第 {where} 号封存：被删除。", f"Seal {where} is missing: it was deleted.")
    return Finding("deleted", words, seal=first)


def seal_changed(seal: int) -> Finding:
    """The batch is not what was chained."""
    words = Words(
        f"第 {seal} 号封存自身的内容与其封存值不符：被改动。",
        f"Seal {seal} does not fit its own hash: it was changed.",
    )
    return Finding("changed", words, seal=seal)


def day_missing(day: date) -> Finding:
    """An ended day has no head of heads."""
    words = Words(f"缺 {day} 的日封存值：被删除。", f"The head of {day} is missing: it was deleted.")
    return Finding("deleted", words, chain=day.isoformat())


def day_differs(day: date) -> Finding:
    """The head of heads is not that of its chains."""
    words = Words(
        f"{day} 的日封存值与当日各链不符：被改动。", f"The head of {day} does not fit the chains of that day."
    )
    return Finding("changed", words, chain=day.isoformat())


def witness_differs(witness: Witness) -> Finding:
    """The trail up to this batch is not the one that was witnessed."""
    words = Words(
        f"第 {witness.seal} 号封存与外存凭据不符：此前的轨迹被整体改写。",
        f"Seal {witness.seal} is not the one that was witnessed: the trail before it was rewritten.",
    )
    return Finding("changed", words, seal=witness.seal)


def tail_cut(witness: Witness, last: int) -> Finding:
    """The trail ends before what was witnessed."""
    words = Words(
        f"轨迹止于第 {last} 号封存，而外存凭据证明曾有第 {witness.seal} 号（共 {witness.events} 条事件）：尾部被截去。",
        f"The trail ends at seal {last}, but seal {witness.seal} ({witness.events} events) was witnessed: it was cut.",
    )
    return Finding("truncated", words, seal=witness.seal)
