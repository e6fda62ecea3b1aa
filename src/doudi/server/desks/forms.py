"""Forms as data: a deed is one operation with the form that asks for its words.

A link opens the form in place (htmx), or as a page of its own (no script). What is sent is read, the operation is called,
and the browser goes back to where the deed came from. Where the operation refuses because it reaches back too far, and
the actor may propose its `_late` sister, the answer offers to send the same words to a second person (四眼).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_hex
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from doudi.server.access.api import allowed, propose
from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.words import Words

Kind = Literal["text", "date", "number", "money", "choice", "long", "tick", "village"]
LATE = "late_change"
"""The refusal that a second person can lift (`recognition.check_recent`)."""
REASON = Words("原因", "Reason")
EVIDENCE = Words("依据材料", "Evidence")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `name` is the word of the operation it becomes, so that a refusal finds it by `where`."""

    name: str
    words: Words
    kind: Kind = "text"
    value: str = ""
    choices: tuple[tuple[str, Words | str], ...] = ()
    hint: Words | None = None
    required: bool = True
    longest: int = 200
    suggestions: tuple[tuple[str, Words | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked, the verb on the button, and what will be so afterwards."""

    title: Words
    verb: Words
    fields: tuple[Field, ...]
    consequence: Words | None = None
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """An operation and its words. `summary` (no personal data) and `region` are for the proposal of its late sister."""

    name: str
    operation: Callable[..., Any]
    words: dict[str, Any]
    region: int = 0
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """A page of one operation. `form` and `call` take the actor and the numbers of the address."""

    name: str
    address: str
    rule: str
    form: Callable[..., Form]
    call: Callable[..., Call]
    back: str
    """Address name of the page to return to; it takes the first number of the address."""
    menu: str = "county.people"


def declare(*deeds: Deed) -> None:
    """Give each deed its page."""
    for deed in deeds:
        page(deed.address, name=deed.name, rule=deed.rule, methods=("GET", "POST"))(_view_of(deed))


def _view_of(deed: Deed) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, actor: Actor, **numbers: int) -> HttpResponse:
        back = reverse(deed.back, args=[next(iter(numbers.values()))] if numbers else [])
        if request.method != "POST":
            return shown(request, deed.form(actor, **numbers), back)
        call = deed.call(actor, request.POST, **numbers)
        if request.POST.get("late") == "1":
            sent = proposed(call, actor, request)
            return fields.done(request, f"{back}?{urlencode({'proposed': sent})}")
        try:
            perform(call, actor, request)
        except Refused as refusal:
            if refusal.code == LATE and allowed(f"{call.name}_late", actor):
                return late(request, refusal)
            raise
        return fields.done(request, back)

    view.__doc__ = f"The form of {deed.rule}, and what it does."
    return view


def shown(request: HttpRequest, form: Form, back: str) -> HttpResponse:
    """The form: in place for htmx, else as a page."""
    facts = {"form": form, "address": request.path, "back": back, "key": token_hex(12)}
    name = "desks/form.html" if getattr(request, "htmx", False) else "desks/form_page.html"
    return render(request, name, facts)


def perform(call: Call, actor: Actor, request: HttpRequest) -> Any:
    """Run the operation. The key of the form makes a double send one."""
    return call.operation(actor=actor, now=clock.now(), key=_key(request, call.name), **call.words)


def proposed(call: Call, actor: Actor, request: HttpRequest) -> int:
    """Propose the late sister of the operation with the same words: the number of the proposal."""
    sent = propose(
        actor=actor, now=clock.now(), key=_key(request, "propose"), name=f"{call.name}_late",
        content=call.words, region=call.region, summary=call.summary,
    )  # fmt: skip
    return sent.proposal


def late(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal, with a button that sends the same words for approval."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "late")
    ]
    name = "desks/form_late.html" if getattr(request, "htmx", False) else "desks/form_late_page.html"
    facts = {"refusal": refusal, "sent": sent, "address": request.path}
    return render(request, name, facts, status=refusal.status)


def _key(request: HttpRequest, name: str) -> str | None:
    key = fields.text(request.POST, "key", Words("表单编号", "key"), required=False, longest=40)
    return f"{name}:{key}" if key else None


def fen(data: Mapping[str, Any], field: str, words: Words, *, required: bool = True) -> int | None:
    """An amount in yuan as fen: 1,234.50 → 123450."""
    value = fields.text(data, field, words, required=required, longest=20).replace(",", "").replace("，", "")
    if not value:
        return None
    whole, _, rest = value.partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(rest) > 2 or (rest and not rest.isdigit()):
        raise Refused(
            "field_money",
            Words(f"“{words.zh}”应为金额，如 1234.50。", f"{words.en} must be an amount such as 1234.50."),
            where=field,
        )
    return int(whole) * 100 + int((rest + "00")[:2])


def day_after(data: Mapping[str, Any], field: str, words: Words, *, required: bool = False) -> date | None:
    """A last day as the exclusive end that the apps keep."""
    last = fields.day(data, field, words, required=required)
    return last + timedelta(days=1) if last else None


def last_day(until: date | None) -> str:
    """The value of a last day's field for an exclusive end."""
    return (until - timedelta(days=1)).isoformat() if until else ""


def reason_field(words: Words = REASON, hint: Words | None = None) -> Field:
    """Why: kept with the change."""
    return Field("reason", words, hint=hint)


def reason_of(data: Mapping[str, Any], words: Words = REASON) -> str:
    """What `reason_field` asked."""
    return fields.text(data, "reason", words)
