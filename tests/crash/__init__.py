"""The crash campaign: processes are killed with -9 while people take steps; afterwards everything is counted."""
