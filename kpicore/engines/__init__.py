"""What computes: the protocol of engines, the compiler from measures to SQL, and DuckDB."""
