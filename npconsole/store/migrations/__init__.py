"""Alembic's scripts. A migration that was released is never changed; a test holds their sum and `tables` together."""
