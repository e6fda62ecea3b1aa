"""What can be done with an import: one file a verb. `…_now` are the worker's halves of what takes long."""
