"""The `doudi` command: policies listed, shown, checked and begun; bills settled, explained and replayed."""
