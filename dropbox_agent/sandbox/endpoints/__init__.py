"""What each endpoint of the sandbox does."""
