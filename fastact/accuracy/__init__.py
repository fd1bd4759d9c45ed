"""What every activation is, mathematically, and how far a result is from it.

``definitions``, ``arithmetic``, ``reference`` and ``ulp`` import nothing else of fastact: the judge
does not know whom it judges.
"""
