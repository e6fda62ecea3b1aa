"""Rows backwards: a query that asks for no order is answered in the reverse of its keys, so what leans on luck fails.

`make test-reversed` loads it. PostgreSQL promises no order either; it only keeps one often enough to deceive.
"""

from typing import Any

from django.db.models.query import QuerySet

read = QuerySet._fetch_all


def _backwards(rows: Any) -> None:
    query = rows.query
    asks = query.order_by or query.extra_order_by or (query.default_ordering and query.get_meta().ordering)
    fixed = query.distinct or query.group_by or query.combinator or query.is_sliced or query.select_for_update
    sums = any(getattr(one, "contains_aggregate", False) for one in query.annotations.values())
    if rows._result_cache is None and not (asks or fixed or sums):
        rows._query = query.clone()  # not `query`, whose setter forgets `flat=True`
        rows._query.add_ordering("-pk")
    read(rows)


QuerySet._fetch_all = _backwards  # type: ignore[method-assign] - that is what it is for
