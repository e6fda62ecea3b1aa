"""What everybody refers to: regions, facilities, payers, funds, catalogues, disease codes, working days."""
