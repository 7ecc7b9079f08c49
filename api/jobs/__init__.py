"""A document that is sent in: taken into a bounded queue (`queue`), read (`reading`) and extracted (`extraction`) in processes of their
own (`process`), and written in one transaction; `job` says how far it is."""
