"""The desk of those who watch over a region: figures that open down to the bills behind them."""
