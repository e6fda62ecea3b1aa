"""Tags every page uses: texts in two languages, money, dates, numbers of people, pieces of a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from doudi.engine.vocabulary import name_of
from doudi.money import format_yuan
from doudi.server.access.api import ROLE_NAMES, Role, allowed
from doudi.server.filings.api import SHOWN_WORDS, Filing
from doudi.server.kernel.clock import SHANGHAI
from doudi.server.people.api import NUMBER_KINDS, RELATIONS, SEXES, STATUSES, PersonSummary
from doudi.words import Language, Words

register = template.Library()
CURRENT = SafeString(' aria-current="page"')


def language_of(context: Any) -> Language:
    """The language of the page."""
    return "en" if context.get("language") == "en" else "zh"


@register.simple_tag(takes_context=True)
def say(context: Any, zh: str | Words | None, en: str = "", **values: object) -> str:
    """`{% say "人员" "People" %}` or `{% say words %}`: the text in the language of the page, placeholders filled."""
    if zh is None:
        return ""
    words = zh if isinstance(zh, Words) else Words(str(zh), en or str(zh))
    return (words.filled(**values) if values else words).say(language_of(context))


@register.filter
def yuan(fen: int | None) -> SafeString | str:
    """Fen as yuan: 23,958.80; zero as –; negative in brackets and red."""
    if fen is None:
        return ""
    if fen == 0:
        return "–"
    text = format_yuan(abs(fen), grouping=True)
    return format_html('<span class="negative">({})</span>', text) if fen < 0 else text


@register.filter
def exact(fen: int) -> str:
    """An exact amount, zero too: 6,041.20."""
    return format_yuan(fen, grouping=True)


@register.filter
def plain(fen: int | None) -> str:
    """An amount as a field takes it: 6041.20; "" where there is none."""
    return format_yuan(fen) if fen is not None else ""


@register.filter
def count(number: int | None) -> str:
    """A number of people or rows with thousands separators."""
    return "" if number is None else f"{number:,}"


@register.filter
def rate(basis_points: int | None) -> str:
    """Basis points as a percentage: 7000 → 70 %, 6550 → 65.5 %."""
    if basis_points is None:
        return ""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}{f'.{rest:02d}'.rstrip('0') if rest else ''} %"


@register.filter
def day(value: date | datetime | None) -> str:
    """2017-09-01; an instant as its date in China."""
    if value is None:
        return ""
    return (value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value).isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """2017-09-01 14:05, in China."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else ""


@register.filter
def second(value: datetime | None) -> str:
    """2017-09-01 14:05:09, in China."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if value else ""


@register.filter
def last_day(until: date | None) -> str:
    """The last day inside a period whose `until` is exclusive."""
    return date.fromordinal(until.toordinal() - 1).isoformat() if until else ""


@register.simple_tag(takes_context=True)
def with_query(context: Any, **changes: object) -> str:
    """The address of this page with some parameters changed; an empty one goes away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.inclusion_tag("desks/pager.html", takes_context=True)
def pager(context: Any, page: Any) -> dict[str, Any]:
    """The foot of a list: how many, which page, forward and back."""
    first = page.number * page.size + 1
    return {
        "request": context["request"],
        "language": context.get("language"),
        "page": page,
        "first": first if page.items else 0,
        "last": page.number * page.size + len(page.items),
        "before": page.number - 1,
        "after": page.number + 1,
    }


@register.simple_tag
def bar(used: int, whole: int, kind: str = "") -> SafeString:
    """A bar of `used` out of `whole`, drawn as SVG: no inline style, no script."""
    share = min(1000, used * 1000 // whole) if whole else 0
    return format_html(
        '<svg class="bar {}" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="whole" width="1000" height="10" rx="0"/><rect class="used" width="{}" height="10"/></svg>',
        kind,
        share,
    )


@register.simple_tag(takes_context=True)
def here(context: Any, prefix: str) -> SafeString | str:
    """`aria-current="page"` where the page's address begins with `prefix`, and with no longer one of the menu."""
    path = context["request"].path
    begun = [len(entry.address) for entry in context.get("menu") or () if path.startswith(entry.address)]
    return CURRENT if path.startswith(prefix) and len(prefix) >= max(begun, default=0) else ""


@register.filter
def may(actor: Any, rule: str) -> bool:
    """`{% if actor|may:"people.merge" %}`: whether to show a button."""
    return actor is not None and allowed(rule, actor)


HUES = {
    "basic": "payer-basic",
    "catastrophic": "payer-catastrophic",
    "supplement": "payer-supplement",
    "inclined_aid": "payer-supplement",
    "assistance": "payer-assistance",
    "last_resort": "payer-last-resort",
}


@register.filter
def hue(payer: str) -> str:
    """The class that gives a payer its one colour."""
    return HUES.get(payer, "payer-other")


@register.filter
def at(items: Any, place: int) -> Any:
    """The item at a place of a list, or under a key of a dict."""
    return items[place]


@register.filter
def found(items: Mapping[Any, Any], key: Any) -> Any:
    """What stands under a key; None where nothing does."""
    return items.get(key)


@register.filter
def word_of(value: str) -> Words:
    """住院, 县级 …: a word of the policy language."""
    return name_of(value)


@register.filter
def one_based(place: int) -> int:
    """A place as people count."""
    return place + 1


@register.filter
def sex_words(sex: str) -> Words:
    """男, 女."""
    return SEXES[sex]


@register.filter
def number_kind_words(kind: Any) -> Words:
    """居民身份证, 出生医学证明, and so on."""
    return NUMBER_KINDS[kind]


@register.filter
def status_words(status: str) -> Words:
    """在册, 死亡, 迁出."""
    return STATUSES[status]


@register.filter
def age_on(person: PersonSummary, on: date) -> int:
    """Age by year of birth: the exact birthday would give away a masked number."""
    return on.year - person.birth_year


@register.filter
def role_words(role: Role) -> Words:
    """窗口经办, 县级经办, and so on."""
    return ROLE_NAMES[role]


@register.filter
def shown_on(filing: Filing, on: date) -> Words:
    """有效, 已到期 … as a reader of that day sees a filing."""
    return SHOWN_WORDS[filing.shown(on)]


@register.filter
def relation_words(code: str) -> Words:
    """户主, 配偶, and so on (GB/T 4761); the code itself where it is not in the list."""
    return RELATIONS.get(code, Words(code, code))
