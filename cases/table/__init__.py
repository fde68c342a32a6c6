"""The parts of THE TABLE, a room a stage; joined and read through ``cases.workflow`` only."""
