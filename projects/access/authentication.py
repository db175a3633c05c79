"""Who is calling: a key ``id.secret`` in ``Authorization: Bearer …``."""
