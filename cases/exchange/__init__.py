"""Exchange: the registry of employees comes in, case lists go out; both through django-import-export."""
