"""The frame of the back office: its navigation, and how its lists are asked for and answered."""
