// hardmax: where a row's first largest element is.
#pragma once

#include <cmath>

#include "rowsum.hpp"

namespace fastact {

// Of blocks whose base is the index of their first largest element (top), or -1 if none is present:
// that of the row, the blocks being `length` long. NaN in any block is the row's top.
template <class T>
RowTotal first_of_row(const RowSum<T>* blocks, long count, long length) {
  RowTotal total{};
  total.top = -INFINITY;
  total.base = -1;
  for (long b = 0; b < count; ++b) {
    if (std::isnan(blocks[b].top)) total.top = blocks[b].top;
    if (blocks[b].base < 0 || std::isnan(total.top)) continue;
    if (total.base >= 0 && !(blocks[b].top > total.top)) continue;
    total.top = blocks[b].top;
    total.base = double(b) * double(length) + double(blocks[b].base);
  }
  return total;
}

}  // namespace fastact
