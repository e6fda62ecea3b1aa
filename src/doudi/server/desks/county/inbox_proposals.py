"""Four eyes on screen: what waits to be decided, what would be done in words, and the decision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.access.api import approve, proposal, proposals, refuse, rule_of, withdraw
from doudi.server.audit.api import known_events
from doudi.server.desks import fields
from doudi.server.desks.county.inbox_words import content_lines, debt_of, person_of
from doudi.server.desks.county.readjudications import proposed
from doudi.server.desks.pages import page
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.words import Words

STATES = {
    "proposed": (Words("待审批", "To be decided"), "warn"),
    "approved": (Words("已批准", "Approved"), "good"),
    "refused": (Words("未批准", "Refused"), "bad"),
    "withdrawn": (Words("已撤回", "Withdrawn"), ""),
    "expired": (Words("已过期", "Lapsed"), ""),
}


@page("county/proposals/", name="county.proposals", rule="access.proposals")
def proposals_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits to be decided; or all of it."""
    everything = request.GET.get("all") == "1"
    found = proposals(viewer=actor, now=clock.now(), waiting=not everything, page=fields.page_number(request))
    rows = [(one, _called(one.operation), *STATES[one.state]) for one in found.items]
    return render(
        request, "county/inbox_proposals.html", {"found": found, "rows": rows, "everything": everything}
    )


def _called(name: str) -> Words:
    return known_events().get(name, Words(name, name))


@page("county/proposals/<int:number>/", name="county.proposal", rule="access.proposal")
def proposal_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """What would be done, in words; approve or refuse it, or take one's own back."""
    found = proposal(viewer=actor, now=clock.now(), number=number)
    summary = found.summary
    rule = rule_of(summary.operation)
    waiting = summary.state == "proposed"
    own = summary.proposer == actor.login
    facts = {
        "summary": summary,
        "called": _called(summary.operation),
        "state": STATES[summary.state],
        "content": content_lines(found.content),
        "person": person_of(actor, found.content),
        "debt": debt_of(actor, found.content),
        "anew": proposed(actor, summary.operation, found.content) if waiting else None,
        "may_decide": waiting and not own and rule is not None and bool(rule.eyes.approvers & actor.roles),
        "may_withdraw": waiting and own,
    }
    return render(request, "county/inbox_proposal.html", facts)


@page(
    "county/proposals/<int:number>/approve/",
    name="county.proposal_approve",
    rule="access.approve",
    methods=("POST",),
)
def approve_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Approve what was looked at, named by its SM3: it is done here and now."""
    seen = fields.text(request.POST, "sm3", Words("内容摘要", "SM3"), longest=64)
    approve(actor=actor, now=clock.now(), proposal=number, content_sm3=seen)
    return fields.done(request, reverse("county.proposals"))


@page(
    "county/proposals/<int:number>/refuse/",
    name="county.proposal_refuse",
    rule="access.refuse",
    methods=("POST",),
)
def refuse_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Refuse it, with a reason."""
    reason = fields.text(request.POST, "reason", Words("不予批准的理由", "reason"))
    refuse(actor=actor, now=clock.now(), proposal=number, reason=reason)
    return fields.done(request, reverse("county.proposals"))


@page(
    "county/proposals/<int:number>/withdraw/",
    name="county.proposal_withdraw",
    rule="access.withdraw",
    methods=("POST",),
)
def withdraw_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Take back what I proposed myself."""
    withdraw(actor=actor, now=clock.now(), proposal=number)
    return fields.done(request, reverse("county.proposals"))
