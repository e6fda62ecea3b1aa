"""`{% chart one %}`: a declared picture with its table."""

from __future__ import annotations

from typing import Any

from django import template

from doudi.server.desks.charts import Chart
from doudi.server.desks.templatetags.desk import language_of

register = template.Library()


@register.inclusion_tag("desks/chart.html", takes_context=True)
def chart(context: Any, one: Chart) -> dict[str, Any]:
    """The picture, its table and its file."""
    language = language_of(context)
    return {
        "chart": one,
        "language": language,
        "data": one.drawn(language),
        "data_name": f"{one.name}-data",
        "lists": any(bar.list_address for bar in one.bars),
    }
