"""The Luoyang data set of 9 March 2020, loaded by the same verbs as any data.

What the city published is here as names, dates and totals that the made-up rows must add up to; no
figure of a bulletin is stored, each is counted from rows. What was not published (amounts of single
projects, their level, district and owner, the provincial counts, people, vehicles) is made up and
marked 示例.
"""
