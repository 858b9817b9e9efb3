"""What ozgflow decides: values and plain functions, on the standard library alone."""
