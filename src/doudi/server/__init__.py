"""The server: people, records and screens, in Django on PostgreSQL. It calls the library; the library never knows it."""
