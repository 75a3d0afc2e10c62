"""出证入卷: proofs stated, sealed and printed; what came of an order, for the file."""
