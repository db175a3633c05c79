"""The Luoyang data set of 9 March 2020, loaded by the same verbs as anyone's data.

What the city published is in here as names, dates and totals to be reached; no figure of a bulletin
is stored, each is counted from rows. Whatever was not published (amounts of single projects, their
level, district and owner, the provincial counts, people, vehicles) is made up and marked 示例.
"""
