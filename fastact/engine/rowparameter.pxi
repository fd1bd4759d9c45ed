# A row-wise operation with another value of its parameter: an operation of its own.

DEF MOST_VALUES = 16


cdef RowOperation with_parameter(RowOperation self, value):
    maker = self.make.with_parameter(value)  # the same maker for the value that it has
    cdef RowOperation found = self.bound.get(maker.value)
    if maker is self.make:
        return self
    if found is None:
        found = RowOperation(self.activation, self.operation, self.family, maker, self.home,
                             self.parameter)
        (<object>found).__dict__.update((<object>self).__dict__)
        if len(self.bound) >= MOST_VALUES:
            self.bound.clear()
        self.bound[maker.value] = found
    return found
