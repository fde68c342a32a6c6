"""What pages show: readings of rows, put into words. Nothing here writes, and nothing here decides who may see."""
