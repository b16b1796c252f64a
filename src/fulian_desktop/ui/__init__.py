"""See DESIGN §3, the house."""
