"""`python -m kpicore.cli` is the command `kpicore`."""

from kpicore.cli import main

main()
