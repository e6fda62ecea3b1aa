"""Who may do what, where: users, roles, rules, scopes, openings. Silence never means allow."""
