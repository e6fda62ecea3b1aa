"""The pages of the administrators' desk, one module a subject."""

from __future__ import annotations

from doudi.server.desks.admin import posts, reviews, users

__all__ = ["posts", "reviews", "users"]
