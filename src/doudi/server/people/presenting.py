"""Rows as what crosses the border, masked for whoever looks. Reads no table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from doudi.server.kernel.actor import Actor
from doudi.server.people import vault
from doudi.server.people.data import (
    CardView,
    ChangeView,
    ContactView,
    Masked,
    NumberKind,
    OnPaper,
    PersonFacts,
    PersonSummary,
    Sex,
    Status,
)
from doudi.server.people.masking import mask_name, mask_number, mask_phone, sees_names
from doudi.server.people.models import BankCard, Contact, Person, PersonChange
from doudi.words import Words

CHANGES: dict[str, Words] = {
    "registered": Words("登记", "Registered"),
    "corrected": Words("更正", "Corrected"),
    "moved": Words("迁移", "Moved"),
    "status": Words("变更状态", "Status changed"),
    "absorbed": Words("并入他人后合入", "Another record merged into this one"),
    "merged": Words("并入他人", "Merged into another"),
    "split": Words("撤销合并", "Merge undone"),
    "released": Words("合入的人员已分出", "A merged record split off"),
    "joined": Words("加入户", "Joined a household"),
    "left": Words("退出户", "Left a household"),
    "card": Words("变更银行账号", "Bank account changed"),
    "contact": Words("变更联系人", "Contact changed"),
    "imported": Words("导入更新", "Changed by an import"),
    "import_undone": Words("撤销导入", "Import undone"),
}
"""What can be done to a person, as the history says it."""
_MASKS = {"number": mask_number, "phone": mask_phone}


def summary(row: Person, viewer: Actor, household: int | None = None) -> PersonSummary:
    """A person for `viewer`. `row.household_now` is used where a query annotated it."""
    return PersonSummary(
        id=row.pk,
        region=row.region,
        village_code=row.village_code,
        name=row.name if sees_names(viewer) else mask_name(row.name),
        sex=cast("Sex", row.sex),
        birth_year=row.birth_date.year,
        number_kind=NumberKind(row.number_kind),
        number=vault.masked_number(row.number_sealed),
        phone=vault.masked_phone(row.phone_sealed),
        status=cast("Status", row.status),
        status_date=row.status_date,
        household=household if household is not None else getattr(row, "household_now", None),
        merged_into=row.merged_into_id,
    )


def facts(row: Person) -> PersonFacts:
    """What rules reckon with."""
    return PersonFacts(
        id=row.pk,
        region=row.region,
        village_code=row.village_code,
        sex=cast("Sex", row.sex),
        birth_date=row.birth_date,
        status=cast("Status", row.status),
        status_date=row.status_date,
        disability_category=row.disability_category,
        disability_level=row.disability_level,
    )


def on_paper(row: Person) -> OnPaper:
    """Whom a paper names."""
    return OnPaper(row.name, vault.masked_number(row.number_sealed), cast("Sex", row.sex), row.birth_date)


def card(row: BankCard, viewer: Actor) -> CardView:
    """A bank card."""
    return CardView(
        id=row.pk,
        number=vault.masked_card(row.number_sealed),
        bank=row.bank,
        holder_name=row.holder_name if sees_names(viewer) else mask_name(row.holder_name),
        from_date=row.from_date,
        until_date=row.until_date,
    )


def contact(row: Contact, viewer: Actor) -> ContactView:
    """Whom to reach."""
    return ContactView(
        id=row.pk,
        name=row.name if sees_names(viewer) else mask_name(row.name),
        relation=row.relation,
        phone=vault.masked_phone(row.phone_sealed, vault.CONTACT) or Masked(""),
    )


def change(row: PersonChange, viewer: Actor) -> ChangeView:
    """One entry of the history, its personal values masked."""
    before, after = vault.opened_values(row.values_sealed)
    return ChangeView(
        at=row.at,
        user=row.user_id,
        did=row.did,
        words=CHANGES[row.did],
        fields=tuple(row.fields),
        before=_masked(before, viewer),
        after=_masked(after, viewer),
        other=row.other_id,
        reason=row.reason,
    )


def _masked(values: Mapping[str, object], viewer: Actor) -> dict[str, str]:
    return {word: _mask(word, "" if value is None else str(value), viewer) for word, value in values.items()}


def _mask(word: str, value: str, viewer: Actor) -> str:
    if word in _MASKS:
        return _MASKS[word](value)
    if word == "name":
        return value if sees_names(viewer) else mask_name(value)
    if word == "birth_date":
        return f"{value[:4]}-**-**" if value else ""
    return value
