// The softmax family on one tile of rows: a backend's stages between its inputs and outputs, first
// those that sum, then, the rows' totals being known, those that write.
#pragma once

#include <limits>

#include "rowspace.hpp"
#include "rowsum.hpp"

namespace fastact {

enum Stage { EXP_SUM, DOT, OTHERS, SCALE, SOFTMAX_DX, LOG_SOFTMAX_Y, LOG_SOFTMAX_DX,
             SOFTMAX_COLUMNS /* optional */, STAGES };

struct RowKernels {
  Loop stages[STAGES] = {};
  bool strict = false;  // wants disjoint arguments
};

template <class T>
class RowPasses {
 public:
  RowPasses(const RowSpace& space, const RowKernels& kernels, Family family)
      : space_(space), kernels_(kernels), family_(family) {}

  bool has(RowRole role) const { return space_.arrays[role].base != nullptr; }
  bool needs_dots() const { return has(DX) && family_ != LOGSUMEXP; }

  // Scratch of one tile; all disjoint, since a Numba loop must not see aliases.
  struct Scratch {
    T *x, *dy, *e, *y;
    T *top, *rest, *peak, *base, *exponent, *reference, *dot, *factor, *factor_low, *remainder;
    RowTotal* totals;
  };

  // False if memory ran out.
  bool scratch(const Tile& tile, Scratch& s) const {
    const npy_intp block = (tile.rows * tile.n + 63) / 64 * 64, line = (tile.rows + 63) / 64 * 64;
    char* p = static_cast<char*>(
        thread_scratch((4 * block + 10 * line) * sizeof(T) + line * sizeof(RowTotal)));
    if (p == nullptr) return false;
    s.totals = reinterpret_cast<RowTotal*>(p);
    T* t = reinterpret_cast<T*>(p + line * sizeof(RowTotal));
    for (T** b : {&s.x, &s.dy, &s.e, &s.y}) *b = t, t += block;
    for (T** l : {&s.top, &s.rest, &s.peak, &s.base, &s.exponent, &s.reference, &s.dot, &s.factor,
                  &s.factor_low, &s.remainder})
      *l = t, t += line;
    return true;
  }

  void stage(Stage which, const Tile& tile, std::initializer_list<const T*> arguments) const {
    char* args[MAX_ARGS];
    int k = 0;
    for (const T* a : arguments) args[k++] = reinterpret_cast<char*>(const_cast<T*>(a));
    const npy_intp dims[2] = {tile.rows, tile.n};
    kernels_.stages[which](args, dims, nullptr, nullptr);
  }

  static void copy_into(T* block, const T* from, const Tile& tile) {
    if (from != block) std::memcpy(block, from, tile.rows * tile.n * sizeof(T));
  }

  // Elements absent by `where` become `value`.
  void blank(const TileAccess<T>& access, T* block, T value) const {
    access.each_mask(space_.arrays[MASK], [&](npy_intp i, bool present) {
      if (!present) block[i] = value;
    });
  }

  const T* read_x(const TileAccess<T>& access, const Tile& tile, const Scratch& s) const {
    const T* x = access.read(space_.arrays[X], s.x);
    if (!has(MASK)) return x;
    copy_into(s.x, x, tile);
    blank(access, s.x, -std::numeric_limits<T>::infinity());
    return s.x;
  }

  // Where nothing but softmax is asked for, its e can stand where y will, or x did.
  void place_e(const TileAccess<T>& access, const T* x, Scratch& s) const {
    if (kernels_.strict || family_ != SOFTMAX || has(DX)) return;
    if (T* y = access.direct(space_.arrays[Y])) s.e = y;
    else if (x == s.x) s.e = s.y = s.x;
  }

  const T* read_dy(const TileAccess<T>& access, const Tile& tile, const Scratch& s) const {
    const T* dy = access.read(space_.arrays[DY], s.dy);
    if (!has(MASK) && !kernels_.strict) return dy;
    copy_into(s.dy, dy, tile);
    if (has(MASK)) blank(access, s.dy, 0);
    return s.dy;
  }

  void exp_sum(const Tile& tile, const T* x, const Scratch& s) const {
    stage(EXP_SUM, tile, {x, s.e, s.top, s.rest, s.peak, s.base, s.exponent});
  }

  // The e of a tile, and the sums of its rows.
  void first_pass(const Tile& tile, const T* x, const T* dy, const Scratch& s) const {
    exp_sum(tile, x, s);
    if (dy != nullptr)
      stage(family_ == SOFTMAX ? DOT : OTHERS, tile, {s.e, dy, s.peak, s.reference, s.dot});
  }

  RowSum<T> sums(const Scratch& s, npy_intp r) const {
    const T reference = needs_dots() ? s.reference[r] : 0, dot = needs_dots() ? s.dot[r] : 0;
    return {s.top[r], s.rest[r], s.peak[r], s.base[r], s.exponent[r], reference, dot};
  }

  // What T cannot hold of a factor would cost each element of a float row half a last bit.
  static void set_factor(const Scratch& s, npy_intp r, double factor) {
    s.factor[r] = T(factor);
    s.factor_low[r] = std::isfinite(factor) ? T(factor - s.factor[r]) : 0;
  }

  // Outputs of a tile whose rows' totals are known. dx comes first: y may be dy's own memory.
  void second_pass(const TileAccess<T>& access, const Tile& tile, const T* x, const T* dy,
                   const Scratch& s) const {
    if (has(DX) || family_ == SOFTMAX)
      for (npy_intp r = 0; r < tile.rows; ++r) {
        const RowTotal& t = s.totals[r];
        const double factor = weight(s.base[r], s.exponent[r], t) / t.sum();
        set_factor(s, r, factor);
        // 1 - softmax of the largest element, without cancellation.
        s.remainder[r] = T(s.top[r] == t.top ? t.rest / t.sum() : 1 - factor * s.peak[r]);
        s.reference[r] = T(t.reference);
        s.dot[r] = T(family_ == SOFTMAX ? t.dot / t.sum() : t.dot);
        // One +inf makes the one-hot row; of several, each is as undefined as inf/inf.
        if (s.top[r] == std::numeric_limits<T>::infinity() && t.rest != 0)
          for (npy_intp i = r * tile.n; i < (r + 1) * tile.n; ++i)
            if (s.e[i] == 1) s.e[i] = std::numeric_limits<T>::quiet_NaN();
      }
    if (has(DX)) output(access, DX, 0, s, [&](T* dx) { slopes(access, tile, dy, s, dx); });
    if (!has(Y)) return;
    if (family_ == SOFTMAX)
      output(access, Y, 0, s, [&](T* y) { stage(SCALE, tile, {s.e, s.factor, s.factor_low, y}); });
    if (family_ == LOG_SOFTMAX)
      output(access, Y, -std::numeric_limits<T>::infinity(), s,
             [&](T* y) { log_softmax(tile, x, s, y); });
  }

  template <class Fill>
  void output(const TileAccess<T>& access, RowRole role, T absent, const Scratch& s,
              Fill fill) const {
    T* direct = access.direct(space_.arrays[role]);
    T* block = direct != nullptr ? direct : s.y;
    fill(block);
    if (has(MASK)) blank(access, block, absent);
    access.write(space_.arrays[role], block);
  }

  void slopes(const TileAccess<T>& access, const Tile& tile, const T* dy, const Scratch& s,
              T* dx) const {
    if (family_ == SOFTMAX)
      return stage(SOFTMAX_DX, tile, {s.e, dy, s.factor, s.reference, s.dot, dx});
    if (family_ == LOG_SOFTMAX)
      return stage(LOG_SOFTMAX_DX, tile,
                   {s.e, dy, s.peak, s.factor, s.remainder, s.reference, s.dot, dx});
    for (npy_intp r = 0; r < tile.rows; ++r)
      set_factor(s, r, (double(s.factor[r]) + s.factor_low[r]) * access.value(space_.arrays[DY], r));
    stage(SCALE, tile, {s.e, s.factor, s.factor_low, dx});
  }

  void log_softmax(const Tile& tile, const T* x, const Scratch& s, T* y) const {
    constexpr T INF = std::numeric_limits<T>::infinity();
    bool finite = true;
    for (npy_intp r = 0; r < tile.rows; ++r) {
      s.top[r] = T(s.totals[r].top);
      s.factor[r] = T(s.totals[r].log_rest());
      finite &= std::isfinite(s.totals[r].top);
    }
    if (!finite || kernels_.strict) {
      copy_into(s.x, x, tile);
      x = s.x;
    }
    stage(LOG_SOFTMAX_Y, tile, {x, s.top, s.factor, y});
    for (npy_intp r = 0; r < tile.rows && !finite; ++r) {
      const RowTotal& t = s.totals[r];
      const bool one = t.top == INF && t.rest == 0, defined = t.top == INF && !std::isnan(t.rest);
      if (std::isfinite(t.top)) continue;
      for (npy_intp i = r * tile.n; i < (r + 1) * tile.n; ++i)
        y[i] = one && x[i] == INF       ? T(0)
               : defined && x[i] != INF ? -INF
                                        : std::numeric_limits<T>::quiet_NaN();
    }
  }

  void logsumexp(const TileAccess<T>& access, const Scratch& s) const {
    for (npy_intp r = 0; r < access.tile().rows; ++r) {
      const RowTotal& t = s.totals[r];
      const double value = std::isnan(t.rest)     ? t.rest
                           : std::isfinite(t.top) ? t.top + t.log_rest()
                                                  : t.top;
      access.set_value(space_.arrays[Y], r, T(value));
    }
  }

  // Rows down a plain array need no scratch, where the backend has a loop for them.
  bool columns(const TileAccess<T>& access, const Tile& tile) const {
    const RowArray &x = space_.arrays[X], &y = space_.arrays[Y];
    if (kernels_.stages[SOFTMAX_COLUMNS] == nullptr || family_ != SOFTMAX || has(DX) || has(MASK) ||
        !access.transposed(x) || !access.transposed(y))
      return false;
    char done = 0;
    char* args[] = {access.start(x), access.start(y), &done};
    const npy_intp dims[] = {tile.rows, tile.n}, steps[] = {x.inner[0], y.inner[0]};
    kernels_.stages[SOFTMAX_COLUMNS](args, dims, steps, nullptr);
    return done;
  }

 private:
  const RowSpace& space_;
  const RowKernels& kernels_;
  Family family_;
};

}  // namespace fastact
