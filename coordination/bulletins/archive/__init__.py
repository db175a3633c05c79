"""An issue as one file that anybody can check without this system."""
