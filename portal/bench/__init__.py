"""Measurements one can repeat: ``manage.py bench NAME`` runs ``portal.bench.NAME.run`` on a database of its own."""
