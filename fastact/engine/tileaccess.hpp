// A tile, some rows side by side: between the arrays as the user has them and blocks of the
// kernel's dtype, contiguous in scratch.
#pragma once

#include "rowspace.hpp"
#include "transpose.hpp"

namespace fastact {

// One rectangle of a row space: `rows` rows from `row`, elements [begin, begin + n) of each.
struct Tile {
  npy_intp row, rows, begin, n;
};

template <class T>
class TileAccess {
 public:
  TileAccess(const RowSpace& space, const Tile& tile) : space_(space), tile_(tile) {}

  const Tile& tile() const { return tile_; }

  // The array's own memory if a kernel can use it as it is, else NULL.
  T* direct(const RowArray& array) const {
    if (!array.native || (space_.inner_ndim > 1 && tile_.n > 1)) return nullptr;
    const npy_intp size = sizeof(T);
    if (tile_.n > 1 && array.inner[0] != size) return nullptr;
    if (tile_.rows > 1 && row_stride(array) != tile_.n * size) return nullptr;
    char* p = start(array);
    return aligned(p, size) ? reinterpret_cast<T*>(p) : nullptr;
  }

  // The same of an array of one value per row.
  T* direct_line(const RowArray& array) const {
    if (!array.native || (tile_.rows > 1 && row_stride(array) != sizeof(T))) return nullptr;
    char* p = space_.row_pointer(array, tile_.row);
    return aligned(p, sizeof(T)) ? reinterpret_cast<T*>(p) : nullptr;
  }

  const T* read(const RowArray& array, T* block) const {
    if (const T* p = direct(array)) return p;
    if (transposed(array)) {
      transpose(reinterpret_cast<const T*>(start(array)), array.inner[0] / npy_intp(sizeof(T)),
                tile_.n, tile_.rows, block, tile_.n);
      return block;
    }
    gather(array, block);
    return block;
  }

  // The tile's elements, into a block.
  void gather(const RowArray& array, T* block) const {
    if (dense(array)) return array.gather(start(array), array.size, block, tile_.rows * tile_.n);
    if (fortran(array))
      return each_rectangle(array,
                            [&](T* p, npy_intp step, npy_intp runs, npy_intp n, npy_intp at) {
                              transpose(p, step, n, runs, block + at, space_.inner_shape[1]);
                            });
    for (npy_intp r = 0; r < tile_.rows; ++r)
      each_run(array, r, [&](char* p, npy_intp stride, npy_intp at, npy_intp m) {
        array.gather(p, stride, block + r * tile_.n + at, m);
      });
  }

  void write(const RowArray& array, const T* block) const {
    if (direct(array) == block) return;
    if (transposed(array)) {
      transpose(block, tile_.n, tile_.rows, tile_.n, reinterpret_cast<T*>(start(array)),
                array.inner[0] / npy_intp(sizeof(T)));
      return;
    }
    if (dense(array)) return array.scatter(block, start(array), array.size, tile_.rows * tile_.n);
    if (fortran(array))
      return each_rectangle(array,
                            [&](T* p, npy_intp step, npy_intp runs, npy_intp n, npy_intp at) {
                              transpose(block + at, space_.inner_shape[1], runs, n, p, step);
                            });
    for (npy_intp r = 0; r < tile_.rows; ++r)
      each_run(array, r, [&](char* p, npy_intp stride, npy_intp at, npy_intp m) {
        array.scatter(block + r * tile_.n + at, p, stride, m);
      });
  }

  // Elements of a block that are absent become `value`. Without a branch for each: which are there
  // may be anybody's guess.
  void blank(const RowArray& mask, T* block, T value) const {
    for (npy_intp r = 0; r < tile_.rows; ++r)
      each_run(mask, r, [&](char* p, npy_intp stride, npy_intp at, npy_intp m) {
        T* const run = block + r * tile_.n + at;
        if (stride == 1) return blank_run(p, run, m, value);
        for (npy_intp i = 0; i < m; ++i) {
          const T there = run[i];
          run[i] = p[i * stride] != 0 ? there : value;
        }
      });
  }

  // Calls use(element index in the tile, present) for every element.
  template <class Use>
  void each_mask(const RowArray& mask, Use use) const {
    for (npy_intp r = 0; r < tile_.rows; ++r)
      each_run(mask, r, [&](char* p, npy_intp stride, npy_intp at, npy_intp m) {
        for (npy_intp i = 0; i < m; ++i) use(r * tile_.n + at + i, p[i * stride] != 0);
      });
  }

  void fill(const RowArray& array, T value) const {
    T block[64];
    std::fill(block, block + 64, value);
    for (npy_intp r = 0; r < tile_.rows; ++r)
      each_run(array, r, [&](char* p, npy_intp stride, npy_intp, npy_intp m) {
        if (array.native && stride == sizeof(T) && aligned(p, sizeof(T))) {
          std::fill_n(reinterpret_cast<T*>(p), m, value);
          return;
        }
        for (npy_intp i = 0; i < m; i += 64)
          array.scatter(block, p + i * stride, stride, std::min<npy_intp>(64, m - i));
      });
  }

  // Neighbouring rows are neighbours in memory: go down the array in order, not row by row.
  static bool side_by_side(const RowSpace& space, const RowArray& array) {
    return space.inner_ndim == 1 && space.outer_ndim > 0 &&
           array.outer[space.outer_ndim - 1] == array.size && array.inner[0] > array.size;
  }
  bool side_by_side(const RowArray& array) const {
    return tile_.rows > 1 && side_by_side(space_, array);
  }

  char* start(const RowArray& array) const {
    char* p = space_.row_pointer(array, tile_.row);
    npy_intp i = tile_.begin;
    for (int d = space_.inner_ndim - 1; d >= 0; --d) {
      p += i % space_.inner_shape[d] * array.inner[d];
      i /= space_.inner_shape[d];
    }
    return p;
  }

  // Side by side, and as a kernel can use it.
  bool transposed(const RowArray& array) const {
    return array.native && side_by_side(array) && array.inner[0] % npy_intp(sizeof(T)) == 0 &&
           aligned(start(array), sizeof(T));
  }

  // Between rows side by side and a block in which they lie so too.
  void gather_columns(const RowArray& array, T* block) const {
    char* p = start(array);
    for (npy_intp i = 0; i < tile_.n; ++i)
      array.gather(p + i * array.inner[0], array.size, block + i * tile_.rows, tile_.rows);
  }
  void scatter_columns(const RowArray& array, const T* block) const {
    char* p = start(array);
    for (npy_intp i = 0; i < tile_.n; ++i)
      array.scatter(block + i * tile_.rows, p + i * array.inner[0], array.size, tile_.rows);
  }

  T value(const RowArray& array, npy_intp r) const {
    T v;
    array.gather(space_.row_pointer(array, tile_.row + r), 0, &v, 1);
    return v;
  }

  // One value for each row.
  void line(const RowArray& array, T* values) const {
    array.gather(space_.row_pointer(array, tile_.row), row_stride(array), values, tile_.rows);
  }
  void set_line(const RowArray& array, const T* values) const {
    array.scatter(values, space_.row_pointer(array, tile_.row), row_stride(array), tile_.rows);
  }

  void set_value(const RowArray& array, npy_intp r, T v) const {
    array.scatter(&v, space_.row_pointer(array, tile_.row + r), 0, 1);
  }

 private:
  static void blank_run(const char* present, T* run, npy_intp n, T value) {
#if defined(__x86_64__)
    static const bool avx2 = detect_level() >= LEVEL_AVX2;
    if (avx2) return blank_avx2(present, run, n, value);
#endif
    blank_each(present, run, n, value);
  }
  __attribute__((always_inline)) static void blank_each(const char* present, T* run, npy_intp n,
                                                        T value) {
    for (npy_intp i = 0; i < n; ++i) {
      const T there = run[i];
      run[i] = present[i] != 0 ? there : value;
    }
  }
#if defined(__x86_64__)
  __attribute__((target("avx2"))) static void blank_avx2(const char* present, T* run, npy_intp n,
                                                         T value) {
    blank_each(present, run, n, value);
  }
#endif

  // The rows follow one another without a gap.
  bool dense(const RowArray& array) const {
    return space_.inner_ndim == 1 && array.inner[0] == array.size &&
           (tile_.rows == 1 || row_stride(array) == tile_.n * array.size);
  }

  npy_intp row_stride(const RowArray& array) const {
    return space_.outer_ndim ? array.outer[space_.outer_ndim - 1] : 0;
  }

  // Part of a row along two axes, of which the first is the one that is contiguous in memory.
  bool fortran(const RowArray& array) const {
    constexpr npy_intp SIZE = sizeof(T);
    return array.native && tile_.rows == 1 && space_.inner_ndim == 2 && array.inner[0] == SIZE &&
           array.inner[1] > SIZE && array.inner[1] % SIZE == 0 && aligned(array.base, SIZE) &&
           aligned(start(array), SIZE) && tile_.n > space_.inner_shape[1];
  }

  // Such a part, which may begin and end within a run of the second axis, as rectangles of `runs`
  // of n elements each: use(pointer, elements from one to the next in a run, runs, n, offset).
  template <class Use>
  void each_rectangle(const RowArray& array, Use use) const {
    const npy_intp length = space_.inner_shape[1], end = tile_.begin + tile_.n;
    const npy_intp first = tile_.begin % length, last = end % length;  // of a run
    const npy_intp bounds[] = {0, std::min(first, last), std::max(first, last), length};
    char* const row = space_.row_pointer(array, tile_.row);
    for (int k = 0; k < 3; ++k) {
      const npy_intp from = bounds[k], n = bounds[k + 1] - from;
      const npy_intp run = tile_.begin / length + (from < first);
      const npy_intp runs = end / length + (from < last) - run;
      if (n == 0 || runs == 0) continue;
      use(reinterpret_cast<T*>(row + run * array.inner[0] + from * array.inner[1]),
          array.inner[1] / npy_intp(sizeof(T)), runs, n, run * length + from - tile_.begin);
    }
  }

  // The tile's part of row r as runs of one stride: use(pointer, stride, offset in the row,
  // length).
  template <class Use>
  void each_run(const RowArray& array, npy_intp r, Use use) const {
    char* row = space_.row_pointer(array, tile_.row + r);
    const int last = space_.inner_ndim - 1;
    if (last < 0) return use(row, 0, 0, tile_.n);
    const npy_intp length = space_.inner_shape[last];
    for (npy_intp at = 0; at < tile_.n;) {
      npy_intp i = tile_.begin + at;
      const npy_intp m = std::min(length - i % length, tile_.n - at);
      char* p = row;
      for (int d = last; d >= 0; --d) {
        p += i % space_.inner_shape[d] * array.inner[d];
        i /= space_.inner_shape[d];
      }
      use(p, array.inner[last], at, m);
      at += m;
    }
  }

  const RowSpace& space_;
  Tile tile_;
};

}  // namespace fastact
