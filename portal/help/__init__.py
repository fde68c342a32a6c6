"""Help: what a page is for, the law a case's next step rests on, the words used, the keys."""
