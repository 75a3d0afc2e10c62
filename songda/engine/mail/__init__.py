"""邮寄: the mail room's acts, pieces that change hands, receipts and returned mail."""
