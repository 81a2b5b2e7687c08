"""Who outside is told what happened: `announcements` writes it down, in the transaction of what it tells."""
