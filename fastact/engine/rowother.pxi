# Row-wise calls on what is not a plain array: lists, scalars, subclasses of ndarray.

cdef object call_other(RowOperation self, x, dy, axis, keepdims, out, where,
                       RowKeywords keywords):
    # Lists, scalars, subclasses of ndarray. A masked array's mask is what is absent.
    package = (type(x).__module__ or "").partition(".")[0]
    if package in ("xarray", "dask"):
        return call_container(self, package, x, dy, axis, keepdims, out, where, keywords)
    array = np.asarray(x)
    mask = np.ma.getmask(x)
    if mask is not np.ma.nomask:
        where = ~mask if where is None else np.logical_and(where, ~mask)
    result = self.call(array, dy, axis, keepdims, out, where, keywords)
    if not isinstance(x, np.ndarray) or out is not None:
        return result
    if isinstance(result, tuple):
        return tuple([like(self, part, x, mask) for part in result])
    return like(self, result, x, mask)


cdef object call_container(RowOperation self, str package, x, dy, axis, keepdims, out, where,
                           RowKeywords keywords):
    # Arrays of xarray's or Dask's: their own machinery calls back with plain arrays.
    if out is not None:
        raise TypeError(f"{self.__qualname__}: out= is for arrays of NumPy, not of {package}")
    if package == "xarray":
        from fastact.labelled import call
    else:
        from fastact.chunked import call
    more = {} if keywords is None else keywords.as_given()
    return call(self, x, dy, axis, keepdims, where, more)


cdef object like(RowOperation self, result, x, mask):
    if isinstance(x, np.ma.MaskedArray):
        full = np.shape(result) == np.shape(x)
        keep = full and mask is not np.ma.nomask
        return np.ma.array(result, mask=mask.copy() if keep else np.ma.nomask)
    return x.__array_wrap__(result, None, False) if isinstance(result, np.ndarray) else result


cdef object call_scalar(RowOperation self, x, dy, axis, keepdims, out, where,
                        RowKeywords keywords):
    # A single number is a row of one.
    if axis is not None and axis not in (0, -1, ()):
        axes_of(self, axis, 0)
    given = given_outputs(self, out)
    flat = [None if o is None else o.reshape(1) for o in given]
    both = self.gives_y and self.gives_dx
    result = self.call(x.reshape(1), dy, 0, True,
                       tuple(flat) if both else flat[0] if self.gives_y else flat[1], where, keywords)
    results = result if type(result) is tuple else (result,)
    wanted = [o for o, gives in zip(given, (self.gives_y, self.gives_dx)) if gives]
    if keywords is not None and keywords.return_sign:
        wanted.insert(1, None)
    answer = [r[0] if o is None else o for r, o in zip(results, wanted)]
    return tuple(answer) if len(answer) > 1 else answer[0]
