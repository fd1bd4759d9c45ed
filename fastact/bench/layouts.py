"""How the arrays of a timed call lie in memory, and where its results go."""

LAYOUTS = {
    "fresh": "contiguous arrays, a new result from every call",
    "out": "contiguous arrays, results into arrays that are there (out=)",
    "in-place": "results over the inputs: over dy, and over x where there is a value",
    "strided": "every other element of each input, results into contiguous arrays",
}
