"""The form in which an evaluation is recorded. It is read for ever."""
