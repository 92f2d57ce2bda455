"""How a score is built, and what a difference is made of, down to facts and rules."""
