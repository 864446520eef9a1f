from kopilka import compiled

__all__ = ["compiled"]
__version__ = "0.1.0"
