"""Files of any usual format as streams of raw rows."""
