"""Reading the world: public registers and feeds, turned into values of the domain."""
