"""What same.py is made of: inputs, cases, and the comparison of what two builds made of them."""
