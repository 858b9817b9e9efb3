"""The database: tables, migrations and the few questions asked of them. The only place that knows SQL."""
