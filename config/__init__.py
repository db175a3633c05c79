"""How the project runs: settings, the servers' processes, and the tasks' timetable."""
