"""县经办: people, standing, imports, facilities, funds, policies, and what waits for me."""
