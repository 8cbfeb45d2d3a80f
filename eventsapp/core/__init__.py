"""Ground floor: what every room stands on; knows no room."""
