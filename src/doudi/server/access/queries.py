"""What access lets be read: accounts and tokens by administrators, proposals by those who decide, one's own account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from doudi.server.access.data import (
    BrokenGlass,
    GrantSummary,
    Post,
    ProposalDetail,
    ProposalState,
    ProposalSummary,
    SessionSummary,
    TokenSummary,
    UserSummary,
)
from doudi.server.access.errors import no_such
from doudi.server.access.guard import query
from doudi.server.access.models import Glass, Grant, Proposal, Session, Token, User
from doudi.server.access.operations.administer import ACCOUNT, outside
from doudi.server.access.operations.proposals import PROPOSAL, PURPOSE
from doudi.server.access.places import places
from doudi.server.access.posts import post_of, valid_on
from doudi.server.access.roles import Role
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.paging import Page, page_of
from doudi.server.kernel.regions import in_ranges, region_key
from doudi.server.kernel.sealing import unseal


def _mine(viewer: Actor) -> Q:
    """Accounts with a grant inside the viewer's ranges, or with none at all."""
    inside = Grant.objects.exclude(outside(viewer.ranges))
    return Q(pk__in=inside.values("user_id")) | Q(grants__isnull=True)


def _user(row: User, viewer: Actor) -> UserSummary:
    grants = [
        GrantSummary(
            post=post_of(grant),
            user=row.pk,
            from_date=grant.from_date,
            granted_by=grant.granted_by,
            ended_by=grant.ended_by,
        )
        for grant in sorted(row.grants.all(), key=lambda grant: grant.pk)
        if grant.region_code // 1000 in viewer.ranges
    ]
    return UserSummary(
        number=row.pk,
        login=row.login,
        display_name=row.display_name,
        active=row.is_active,
        has_password=bool(row.password) and not row.password.startswith("!"),
        has_code=row.totp_sealed is not None,
        activation_until=row.activation_until_at,
        grants=tuple(grants),
    )


@query("access.users")
def users(*, viewer: Actor, words: str = "", page: int = 0) -> Page[UserSummary]:
    """Accounts by login; `words` is the beginning of the login or a part of the name."""
    rows = User.objects.filter(_mine(viewer)).distinct().order_by("login").prefetch_related("grants")
    if words.strip():
        rows = rows.filter(
            Q(login__startswith=words.strip().lower()) | Q(display_name__contains=words.strip())
        )
    return page_of(rows, lambda row: _user(row, viewer), number=page)


@query("access.user")
def user(*, viewer: Actor, number: int) -> UserSummary:
    """One account with its grants inside the viewer's region."""
    row = User.objects.filter(_mine(viewer), pk=number).distinct().prefetch_related("grants").first()
    if row is None:
        raise no_such(ACCOUNT, "number")
    return _user(row, viewer)


@query("access.tokens")
def tokens(*, viewer: Actor, page: int = 0) -> Page[TokenSummary]:
    """Tokens of posts inside the viewer's region, newest first."""
    inside = Grant.objects.exclude(outside(viewer.ranges))
    rows = Token.objects.filter(grant__in=inside).select_related("grant", "grant__user").order_by("-pk")
    return page_of(
        rows,
        lambda row: TokenSummary(
            number=row.pk,
            name=row.name,
            post=post_of(row.grant),
            login=row.grant.user.login,
            issued_at=row.issued_at,
            until=row.until_at,
            last_used_at=row.last_used_at,
            ended=row.ended_at is not None,
        ),
        number=page,
    )


@query("access.my_posts")
def my_posts(*, viewer: Actor, now: datetime) -> tuple[Post, ...]:
    """The posts I may act in today."""
    grants = Grant.objects.filter(valid_on(business_date(now)), user_id=viewer.user).order_by("pk")
    return tuple(map(post_of, grants))


@query("access.my_sessions")
def my_sessions(*, viewer: Actor) -> tuple[SessionSummary, ...]:
    """My sessions that have not been ended, newest first."""
    rows = Session.objects.filter(user_id=viewer.user, ended_at__isnull=True).select_related("grant")
    return tuple(
        SessionSummary(
            reference=row.reference,
            address=row.address,
            started_at=row.started_at,
            last_seen_at=row.last_seen_at,
            role=Role(row.grant.role),
            place=row.grant.place_name,
        )
        for row in rows.order_by("-pk")
    )


def _state(row: Proposal, now: datetime) -> ProposalState:
    if row.state == "proposed" and row.expires_at <= now:
        return "expired"
    state: ProposalState = row.state  # type: ignore[assignment]
    return state


def _proposal(row: Proposal, now: datetime) -> ProposalSummary:
    return ProposalSummary(
        number=row.pk,
        operation=row.operation,
        summary=row.summary,
        amount_fen=row.amount_fen,
        proposer=row.proposer_login,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        state=_state(row, now),
        decider=row.decider_login,
        decided_at=row.decided_at,
        reason=row.decision_reason,
        content_sm3=row.content_sm3,
    )


@query("access.proposals")
def proposals(*, viewer: Actor, now: datetime, waiting: bool = True, page: int = 0) -> Page[ProposalSummary]:
    """Proposals in scope, newest first; `waiting`: only those nobody has decided."""
    rows = Proposal.objects.filter(in_ranges(viewer.ranges)).order_by("-pk")
    if waiting:
        rows = rows.filter(state="proposed", expires_at__gt=now)
    return page_of(rows, lambda row: _proposal(row, now), number=page)


@query("access.proposal")
def proposal(*, viewer: Actor, now: datetime, number: int) -> ProposalDetail:
    """One proposal with its content."""
    row = Proposal.objects.filter(in_ranges(viewer.ranges), pk=number).first()
    if row is None:
        raise no_such(PROPOSAL, "number")
    return ProposalDetail(_proposal(row, now), unseal(row.content_sealed, purpose=PURPOSE).decode())


@query("access.broken_glass")
def broken_glass(*, viewer: Actor, waiting: bool = True, page: int = 0) -> Page[BrokenGlass]:
    """Broken glass of persons or by users of my region, the most pressing first; `waiting`: not yet reviewed."""
    rows = Glass.objects.filter(in_ranges(viewer.ranges) | in_ranges(viewer.ranges, "from_region"))
    if waiting:
        rows = rows.filter(reviewed_at__isnull=True)
    return page_of(
        rows.order_by("review_due_at", "pk"),
        lambda row: BrokenGlass(
            number=row.pk,
            person=row.person_id,
            region=row.region,
            login=row.login,
            reason=row.reason,
            ticket=row.ticket,
            broken_at=row.broken_at,
            review_due_at=row.review_due_at,
            reviewer=row.reviewer_login,
            reviewed_at=row.reviewed_at,
            verdict=row.verdict,
            note=row.note,
        ),
        number=page,
    )


def logins_of(users: Iterable[int]) -> dict[int, str]:
    """The logins of accounts by number, inside an open scope; who is no account is left out."""
    return dict(User.objects.filter(pk__in=sorted(set(users))).values_list("pk", "login"))


def home_of(actor: Actor) -> int:
    """The region key an actor belongs to, inside an open scope: of their regions, their facility, or their first post.
    0 where nobody knows.
    """
    if actor.ranges.pairs:
        return actor.ranges.pairs[0][0]
    if actor.facility and (place := places().facility(actor.facility)) is not None:
        return region_key(place.region_code)
    post = Grant.objects.filter(user_id=actor.user).order_by("pk").first() if actor.user > 0 else None
    return region_key(post.region_code) if post is not None else 0
