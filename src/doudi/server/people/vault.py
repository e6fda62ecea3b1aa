"""The columns of a person that are sealed: how they are written, and how they are read and masked.

Every purpose has its own index key, so that equal digits in two fields are not seen to be equal. The index of the last
four characters is made together with the name: alone they would tell who shares a number's end.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from doudi.server.kernel import sealing
from doudi.server.people.data import Masked, NumberKind
from doudi.server.people.masking import mask_address, mask_card, mask_number, mask_phone
from doudi.server.people.numbers import Number

NUMBER, TAIL, PHONE, CARD = "people.number", "people.tail", "people.phone", "people.card"
ADDRESS, CHANGE, CONTACT = "people.address", "people.change", "people.contact_phone"


class SealedNumber(NamedTuple):
    """The columns of a number, in the order of `NUMBER_COLUMNS`."""

    number_kind: str
    number_sealed: bytes | None
    number_index: bytes | None
    number_index_next: bytes | None
    tail_index: bytes | None


NO_NUMBER = SealedNumber(NumberKind.NONE.value, None, None, None, None)


def number_columns(number: Number | None, *, name: str, region: int) -> SealedNumber:
    """What a number is kept as."""
    return number_columns_of([(number, name)], region=region)[0]


def number_columns_of(numbers: Sequence[tuple[Number | None, str]], *, region: int) -> list[SealedNumber]:
    """`number_columns` of many persons of one county."""
    held = [(number, name) for number, name in numbers if number is not None]
    keys = [number.key for number, _ in held]
    made = iter(
        zip(
            (number.kind.value for number, _ in held),
            sealing.seal_all((number.text for number, _ in held), region=region, purpose=NUMBER),
            sealing.blind_indexes(keys, purpose=NUMBER),
            sealing.next_blind_indexes(keys, purpose=NUMBER),
            sealing.blind_indexes((tail_text(number.tail, name) for number, name in held), purpose=TAIL),
            strict=True,
        )
    )
    return [NO_NUMBER if number is None else SealedNumber(*next(made)) for number, _ in numbers]


def tail_text(tail: str, name: str) -> str:
    """What the index of the last four characters is made of."""
    return f"{tail.upper()}:{name}"


def number_indexes(numbers: Sequence[Number]) -> list[bytes]:
    """What to look numbers up by."""
    return sealing.blind_indexes((number.key for number in numbers), purpose=NUMBER)


def both_indexes(number: Number) -> list[bytes]:
    """The index under the current key and, while keys change, under the next."""
    other = sealing.next_blind_index(number.key, purpose=NUMBER)
    return [*number_indexes([number]), *([other] if other else [])]


def tail_index(tail: str, name: str) -> bytes:
    """What the last four characters with a name are looked up by."""
    return sealing.blind_index(tail_text(tail, name), purpose=TAIL)


def phone_index(phone: str) -> bytes:
    """What a phone is looked up by."""
    return sealing.blind_index(phone, purpose=PHONE)


def phone_indexes(phones: Sequence[str]) -> list[bytes]:
    """`phone_index` of many."""
    return sealing.blind_indexes(phones, purpose=PHONE)


def card_index(card: str) -> bytes:
    """What a bank card is looked up by."""
    return sealing.blind_index(card, purpose=CARD)


def phone_columns(phone: str, *, region: int) -> tuple[bytes | None, bytes | None]:
    """`phone_sealed` and `phone_index`; None for no phone."""
    if not phone:
        return None, None
    return sealing.seal(phone, region=region, purpose=PHONE), phone_index(phone)


def phone_columns_of(phones: Sequence[str], *, region: int) -> list[tuple[bytes | None, bytes | None]]:
    """`phone_columns` of many persons of one county."""
    held = [phone for phone in phones if phone]
    made = iter(
        zip(
            sealing.seal_all(held, region=region, purpose=PHONE),
            sealing.blind_indexes(held, purpose=PHONE),
            strict=True,
        )
    )
    return [next(made) if phone else (None, None) for phone in phones]


def opened(sealed: bytes | memoryview | None, purpose: str) -> str:
    """The text of a sealed column; empty where there is none."""
    return sealing.unseal_text(sealed, purpose=purpose) if sealed is not None else ""


def masked_number(sealed: bytes | memoryview | None) -> Masked:
    """前6后4 of a sealed number."""
    return Masked(mask_number(opened(sealed, NUMBER)))


def masked_phone(sealed: bytes | memoryview | None, purpose: str = PHONE) -> Masked | None:
    """A sealed phone, masked."""
    return Masked(mask_phone(opened(sealed, purpose))) if sealed is not None else None


def masked_card(sealed: bytes | memoryview) -> Masked:
    """A sealed card, masked."""
    return Masked(mask_card(opened(sealed, CARD)))


def masked_address(sealed: bytes | memoryview | None) -> Masked | None:
    """A sealed address, masked."""
    return Masked(mask_address(opened(sealed, ADDRESS))) if sealed is not None else None


def sealed_values(before: dict[str, Any], after: dict[str, Any], *, region: int) -> bytes:
    """What a change was, as the history keeps it."""
    text = json.dumps({"before": before, "after": after}, ensure_ascii=False, sort_keys=True)
    return sealing.seal(text, region=region, purpose=CHANGE)


def opened_values(sealed: bytes | memoryview | None) -> tuple[dict[str, str], dict[str, str]]:
    """Before and after of a change."""
    if sealed is None:
        return {}, {}
    data = json.loads(opened(sealed, CHANGE))
    return data["before"], data["after"]
