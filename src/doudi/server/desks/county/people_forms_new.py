"""Register a person. Whoever has the same name and year of birth is shown before, so that nobody is registered twice."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.county.people_forms import (
    BIRTH_DATE,
    ETHNICITY,
    ETHNICITY_CHOICES,
    GUARDIAN,
    KIND_CHOICES,
    NAME,
    NUMBER,
    NUMBER_KIND,
    PHONE,
    SEX,
    SEX_CHOICES,
    TOWNSHIP,
    person_by_number,
    region_of,
    townships,
    village_of,
)
from doudi.server.desks.forms import Field
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.people.api import (
    ETHNICITIES,
    SEXES,
    NumberKind,
    PersonFilter,
    PersonSummary,
    persons,
    read_number,
    register,
)
from doudi.words import Words

ORDER = Words("出生顺序", "Order of birth")


@page("county/people/new/", name="county.person_new", rule="people.register", methods=("GET", "POST"))
def person_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; when sent, whoever it may already be; then the new person's page."""
    if request.method != "POST":
        return render(request, "county/person_new.html", {"blocks": _blocks(actor), "key": token_hex(12)})
    words = _read(actor, request.POST)
    if request.POST.get("different") != "1" and (alike := _alike(actor, words)):
        facts = {
            "people": alike,
            "places": place_names(one.region for one in alike),
            "today": clock.today(),
            "sent": [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"],
        }
        name = "alike" if getattr(request, "htmx", False) else "alike_page"
        return render(request, f"county/person_{name}.html", facts)
    key = fields.text(request.POST, "key", Words("表单编号", "key"), required=False, longest=40)
    try:
        made = register(actor=actor, now=clock.now(), key=key or None, **words)
    except Refused as refusal:
        kind, _, known = refusal.where.partition(":")
        if kind == "person" and getattr(request, "htmx", False):
            facts = {"refusal": refusal, "known": int(known)}
            return render(request, "county/person_taken.html", facts, status=refusal.status)
        raise
    return fields.done(request, reverse("county.person", args=[made.person]))


def _blocks(actor: Actor) -> tuple[tuple[Words, Words | None, tuple[Field, ...]], ...]:
    """The fields in groups, each with what is to be known about it."""
    return (
        (
            Words("是谁", "Who"),
            None,
            (
                Field("name", NAME, longest=80),
                Field("number_kind", NUMBER_KIND, "choice", "id", KIND_CHOICES),
                Field(
                    "number",
                    NUMBER,
                    required=False,
                    longest=40,
                    hint=Words(
                        "居民身份证或残疾人证填这里；没有证件的选“暂无证件”",
                        "The ID or the disability card; “No document yet” where there is none",
                    ),
                ),
                Field(
                    "sex",
                    SEX,
                    "choice",
                    "",
                    SEX_CHOICES,
                    required=False,
                    hint=Words("有身份证号的不填", "Told by an ID"),
                ),
                Field(
                    "birth_date",
                    BIRTH_DATE,
                    "date",
                    required=False,
                    hint=Words("有身份证号的不填", "Told by an ID"),
                ),
                Field("ethnicity", ETHNICITY, "choice", "", ETHNICITY_CHOICES, required=False),
                Field("phone", PHONE, required=False, longest=20),
            ),
        ),
        (
            Words("住在哪里", "Where"),
            None,
            (
                Field("region", TOWNSHIP, "choice", "", townships(actor)),
                Field("village_code", Words("村（社区）", "Village"), "village", required=False),
            ),
        ),
        (
            Words("新生儿或暂无证件的，由谁监护", "A newborn, or nobody's document yet: the guardian"),
            Words(
                "双胞胎按出生先后分别登记为 1、2。取得身份证号后在档案里“更正”。",
                "Twins are registered one by one as 1 and 2. When the ID comes, correct the record.",
            ),
            (
                Field("guardian_number", GUARDIAN, required=False, longest=40),
                Field("birth_order", ORDER, "number", required=False),
            ),
        ),
    )


def _read(actor: Actor, data: Mapping[str, Any]) -> dict[str, Any]:
    kind = NumberKind(fields.choice(data, "number_kind", NUMBER_KIND, list(NumberKind)))
    return {
        "region": region_of(data),
        "village_code": village_of(data),
        "name": fields.text(data, "name", NAME, longest=80),
        "number": fields.text(data, "number", NUMBER, required=False, longest=40),
        "number_kind": kind,
        "sex": fields.choice(data, "sex", SEX, SEXES, required=False) or None,
        "birth_date": fields.day(data, "birth_date", BIRTH_DATE, required=False),
        "ethnicity": fields.choice(data, "ethnicity", ETHNICITY, ETHNICITIES, required=False),
        "phone": fields.text(data, "phone", PHONE, required=False, longest=20),
        "guardian": person_by_number(actor, data, "guardian_number", GUARDIAN),
        "birth_order": fields.number(data, "birth_order", ORDER, least=1, most=20, required=False),
    }


def _alike(actor: Actor, words: Mapping[str, Any]) -> tuple[PersonSummary, ...]:
    """Persons of the same name born in the same year, or close by where the form does not tell: one may be this one."""
    born = words["birth_date"]
    if words["number"]:
        read = read_number(words["number"], today=clock.today(), kind=words["number_kind"])
        born = read.birth_date or born
    same = persons(viewer=actor, wanted=PersonFilter(name=words["name"])).items
    return tuple(one for one in same if born is None or one.birth_year == born.year)[:20]
