"""What stands around scorecards: targets, goals, changes of strategy, awards, roles, templates."""
