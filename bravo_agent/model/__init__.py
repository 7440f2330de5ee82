"""What we speak of: frozen values, standard library only, no behaviour beyond derived facts."""
