"""The assignments in force, and handing over many projects at once after a preview."""
