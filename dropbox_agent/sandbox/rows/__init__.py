"""Row rules: what one row of each type must look like, and what it does to the account."""
