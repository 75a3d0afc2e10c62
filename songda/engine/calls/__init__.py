"""电子: calls and messages: whose turn, what came of them, when again."""
