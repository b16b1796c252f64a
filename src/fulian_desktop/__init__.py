"""妇联工作台: the offline desktop program of the Women's Federation."""

__version__ = "0.1.0"
