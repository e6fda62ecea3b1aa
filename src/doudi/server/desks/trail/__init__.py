"""审计: the trail, its verification, who saw whom."""
