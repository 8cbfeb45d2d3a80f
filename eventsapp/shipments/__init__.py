"""What goes out on paper: the labels of each number, frozen when it leaves."""
