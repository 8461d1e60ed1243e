"""`python -m acflow` is the command `acflow`."""

from acflow.cli import main

main()
