"""How the arrays of a timed call lie in memory, and where its results go."""

LAYOUTS = {
    "fresh": "contiguous arrays, a new result from every call",
    "out": "contiguous arrays, results into arrays that are there (out=)",
    "in-place": "results over the inputs: over dy, and over x where there is a value",
    "strided": "every other element of each input, results into contiguous arrays",
    "columns": "contiguous arrays (out=) whose rows lie along the first of two axes",
    "middle": "contiguous arrays (out=) whose rows lie along the middle one of three axes",
}

# Where the rows of row-wise functions lie, if not along the last axis.
AXES = {"columns": 0, "middle": 1}
