"""The formats of a bulletin that are files: PDF, Word file and workbook, each made from a paper."""
