"""The daily brief: built each evening, shown as a page and as one A4 page, told once."""
