"""Tests of the validation: golden documents, real standards, hostile input, faulty schemas."""
