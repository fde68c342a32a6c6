"""The only writers. One function per change; keyword-only arguments; all or nothing; a ``Refused`` says why not."""
