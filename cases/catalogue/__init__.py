"""Reference data: what the law and the calendar say, dated, as rows an office can read and correct."""
