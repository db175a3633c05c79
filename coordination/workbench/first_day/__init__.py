"""The page of the first steps, by which an empty desk is brought into service."""
