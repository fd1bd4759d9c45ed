"""The row-wise functions whose loop sees a row as a whole: name -> maker of the loop for a type."""

from .projections import entmax15, sparsemax
from .standardize import standardize

WHOLE_ROWS = {"sparsemax": sparsemax, "entmax15": entmax15, "standardize": standardize}
