"""Reports of an evaluation: for everyone, and for each person."""
