"""What every app stands on: clock, errors, scope of a transaction, canonical bytes. Knows no business."""
