// The softmax family on one tile of rows: a backend's stages between its inputs and outputs, first
// those that sum, then, the rows' totals being known, those that write.
#pragma once

#include <cstring>
#include <limits>

#include "rowfirst.hpp"
#include "rowoptions.hpp"
#include "rowstages.hpp"
#include "tileaccess.hpp"

namespace fastact {

template <class T>
class RowPasses {
 public:
  RowPasses(const RowSpace& space, const RowKernels& kernels, Family family,
            const RowOptions& options)
      : space_(space), kernels_(kernels), family_(family), options_(options) {
    scale_[0] = T(options.scale);
    scale_[1] = T((options.scale - scale_[0]) + options.scale_low);
  }

  bool has(RowRole role) const { return space_.arrays[role].base != nullptr; }
  Family family() const { return family_; }
  bool reduces() const { return family_ == LOGSUMEXP; }
  // Is X softmax itself? (What logarithms are given, softmax can be taken of again.)
  bool value_given() const { return options_.from_output && family_ == SOFTMAX; }
  // What is summed along with e: weights, or a gradient.
  bool needs_dots() const {
    return has(WEIGHTS) || (has(DX) && (family_ == SOFTMAX || family_ == LOG_SOFTMAX));
  }
  Precise scale() const {
    return options_.scaled() ? Precise{options_.scale, options_.scale_low} : Precise{};
  }

  // Scratch of one tile; all disjoint, since a Numba loop must not see aliases.
  struct Scratch {
    T *x, *dy, *e, *y, *rows;
    T *top, *rest, *peak, *base, *exponent, *reference, *dot, *factor, *factor_low, *remainder;
    RowTotal* totals;
    const T *soon, *also_soon;  // where a tile's results will go
  };

  // False if memory ran out.
  bool scratch(const Tile& tile, Scratch& s) const {
    const npy_intp block = (tile.rows * tile.n + 63) / 64 * 64, line = (tile.rows + 63) / 64 * 64;
    char* p = static_cast<char*>(thread_scratch((4 * block + VALUES_BLOCK + 10 * line) * sizeof(T) +
                                                line * sizeof(RowTotal)));
    if (p == nullptr) return false;
    s.totals = reinterpret_cast<RowTotal*>(p);
    T* t = reinterpret_cast<T*>(p + line * sizeof(RowTotal));
    for (T** b : {&s.x, &s.dy, &s.e, &s.y}) *b = t, t += block;
    s.rows = t;
    t += VALUES_BLOCK;
    for (T** l : {&s.top, &s.rest, &s.peak, &s.base, &s.exponent, &s.reference, &s.dot, &s.factor,
                  &s.factor_low, &s.remainder})
      *l = t, t += line;
    s.soon = s.also_soon = s.e;
    return true;
  }

  void stage(Stage which, const Tile& tile, std::initializer_list<const T*> arguments) const {
    char* args[12];
    int k = 0;
    for (const T* a : arguments) args[k++] = reinterpret_cast<char*>(const_cast<T*>(a));
    const npy_intp dims[2] = {tile.rows, tile.n};
    kernels_.stages[which](args, dims, nullptr, precisely());
  }

  // What is handed to a stage as its data: of log_softmax the logarithm of a row's sum is a value
  // itself.
  void* precisely() const {
    static char any;
    return family_ == LOG_SOFTMAX ? &any : nullptr;
  }

  static void copy_into(T* block, const T* from, const Tile& tile) {
    if (from != block) std::memcpy(block, from, tile.rows * tile.n * sizeof(T));
  }

  // May elements of the tile be absent? A tile of one row ends where its row does.
  bool gaps(const Tile& tile) const { return has(MASK) || (has(LENGTHS) && tile.rows > 1); }

  // Elements absent by `where`, or behind the end of their row, become `value`.
  void blank(const TileAccess<T>& access, T* block, T value) const {
    const Tile& tile = access.tile();
    if (has(LENGTHS) && tile.rows > 1)
      for (npy_intp r = 0; r < tile.rows; ++r) {
        const npy_intp end = std::min(space_.reach(tile.row + r), tile.n);
        std::fill(block + r * tile.n + end, block + (r + 1) * tile.n, value);
      }
    if (has(MASK)) access.blank(space_.arrays[MASK], block, value);
  }

  const T* read_x(const TileAccess<T>& access, const Tile& tile, const Scratch& s) const;

  // The stage of this family that makes the value of whole rows at one go, being softmax's the one
  // given; or NULL: there is none, or more is asked.
  Loop values(Stage of_softmax) const;

  // Fills a tile of the output with its values; those of elements that are not there, too.
  static void fill_values(Loop values, const Tile& tile, const T* x, T* y, T* memory);

  // The values of a tile from array to array, if its elements lie so that they can be used as they
  // are.
  bool straight_values(const Tile& tile) const;

  // The values of a tile whose x has been read.
  void write_values(Loop values, const TileAccess<T>& access, const T* x, const Scratch& s) const;

  // The gradients of a tile of rows whose x and dy have been read, and its values if they are
  // wanted. How many rows: up to the first that are not ordinary; 0 where more is asked, or the
  // rows are longer than this is made for.
  npy_intp write_gradients(const TileAccess<T>& access, const T* x, const T* dy,
                           const Scratch& s) const;

  // The same for rows side by side, if these are, and worth it.
  Loop columns_of(const Tile& tile) const;

  // The values of rows side by side. How many: up to the first that are not ordinary.
  static npy_intp fill_columns(Loop columns, const Tile& tile, const char* x, npy_intp x_step,
                               char* y, npy_intp y_step);

  // The same from array to array: 0 unless the elements lie so that they can be used as they are.
  npy_intp straight_columns(const Tile& tile) const;

  // Through scratch, rows staying side by side. False: this cannot be, or one is not ordinary.
  bool copied_columns(const TileAccess<T>& access, const Scratch& s) const;

  // The same of rows longer than a block, from array to array, with their totals in between: may
  // that be?
  bool down_columns(const Tile& rows) const;

  // The sums of a block of each, whose e, if it is wanted later, takes the place of y. False: a row
  // is not ordinary, and nothing holds.
  bool sum_columns(const Tile& tile, const Scratch& s) const;

  // The values of a block, its sums being recalled.
  void write_columns(const Tile& tile, const Scratch& s) const;
  void bring_columns_down(const Tile& tile, const Scratch& s) const;
  void scale_columns(const Tile& tile, const Scratch& s, Stage which) const;

  void stage_of_columns(Stage which, const Tile& tile, char* const* arguments, const RowArray& in,
                        const RowArray& out) const;

  static constexpr npy_intp SHORT = 400;

  // Where nothing but softmax is asked for, its e can stand where y will, or x did.
  void place_e(const TileAccess<T>& access, const T* x, Scratch& s) const {
    if (kernels_.strict || family_ != SOFTMAX || has(DX)) return;
    // Not where a row's end is near: in one place the load of a row would wait for the store of the
    // one before, which reaches into it by its width.
    if (access.tile().rows > 1 && access.tile().n < SHORT) return;
    if (T* y = access.direct(space_.arrays[Y]))
      s.e = y;
    else if (x == s.x)
      s.e = s.y = s.x;
  }

  // Where the e of a block of a long row can stay until the row's total is known: in an output's
  // own memory, unless something else that is read later lies there. NULL: nowhere.
  T* place_to_keep_e(const TileAccess<T>& access) const {
    const RowRole role = family_ == SOFTMAX && has(Y) ? Y : DX;
    if (kernels_.strict || !has(role) || has(WEIGHTS) || value_given()) return nullptr;
    if (role == DX && space_.arrays[DX].base == space_.arrays[DY].base) return nullptr;
    return access.direct(space_.arrays[role]);
  }

  const T* read_dy(const TileAccess<T>& access, const Tile& tile, const Scratch& s) const {
    const T* dy = access.read(space_.arrays[has(WEIGHTS) ? WEIGHTS : DY], s.dy);
    if (!gaps(tile) && !kernels_.strict) return dy;
    copy_into(s.dy, dy, tile);
    if (gaps(tile)) blank(access, s.dy, 0);
    return s.dy;
  }

  // May e be large? Not where more is made of it than a sum, which could overflow.
  bool near(const Tile& tile) const {
    return tile.n > 0 && !gaps(tile) && !has(DX) && !has(WEIGHTS) &&
           kernels_.stages[EXP_SUM_NEAR] != nullptr;
  }

  void exp_sum(const Tile& tile, const T* x, const Scratch& s) const {
    if (options_.scaled())
      stage(EXP_SUM_SCALED, tile, {x, s.e, s.top, s.rest, s.peak, s.base, s.exponent, scale_});
    else
      stage(near(tile) ? EXP_SUM_NEAR : EXP_SUM, tile,
            {x, s.e, s.top, s.rest, s.peak, s.base, s.exponent});
  }

  // Softmax itself takes the place of e.
  void output_sum(const Tile& tile, const T* y, const Scratch& s) const;

  void first_tops(const TileAccess<T>& access, const Tile& tile, const T* x,
                  const Scratch& s) const;

  // The e of a tile, and the sums of its rows.
  void first_pass(const Tile& tile, const T* x, const T* dy, const Scratch& s) const;

  // Results come right behind what is summed: their memory may be asked for meanwhile.
  void results_soon(const TileAccess<T>& access, Scratch& s) const;

  Family combined_as() const { return has(WEIGHTS) ? SOFTMAX : family_; }

  RowTotal total_of(const RowSum<T>* sums, long count) const {
    if (family_ == HARDMAX) return first_of_row(sums, count, ROW_BLOCK);
    return combine(sums, count, combined_as(), scale());
  }

  RowSum<T> sums(const Scratch& s, npy_intp r) const {
    const T reference = needs_dots() ? s.reference[r] : 0, dot = needs_dots() ? s.dot[r] : 0;
    return {s.top[r], s.rest[r], s.peak[r], s.base[r], s.exponent[r], reference, dot};
  }

  // The sums of a block of row r whose e was kept.
  static void recall(const RowSum<T>& sum, const Scratch& s, npy_intp r) {
    s.top[r] = sum.top;
    s.peak[r] = sum.peak;
    s.base[r] = sum.base;
    s.exponent[r] = sum.exponent;
  }

  // What T cannot hold of a factor would cost each element of a row half a last bit.
  static void set_factor(const Scratch& s, npy_intp r, double factor, double low = 0) {
    s.factor[r] = T(factor);
    s.factor_low[r] = std::isfinite(factor) ? T((factor - s.factor[r]) + low) : 0;
  }

  // weight / sum, and what a double leaves out of it.
  static Precise quotient(double weight, const RowTotal& t);

  // Outputs of a tile whose rows' totals are known. dx comes first: y may be dy's own memory.
  void second_pass(const TileAccess<T>& access, const Tile& tile, const T* x, const T* dy,
                   const Scratch& s) const;

  template <class Fill>
  void output(const TileAccess<T>& access, RowRole role, T absent, const Scratch& s,
              Fill fill) const;

  // Softmax and its gradient in one go. False: they do not lie, or are not, as that needs.
  bool both(const TileAccess<T>& access, const T* dy, const Scratch& s) const;

  void slopes(const TileAccess<T>& access, const Tile& tile, const T* dy, const Scratch& s,
              T* dx) const;

  // The sum of weights times e, in the units of the row.
  static double weighted(const RowTotal& t) { return t.dot + t.reference * t.sum(); }

  // What is left of a row with `length` elements in it: its first largest one.
  void hardmax(const TileAccess<T>& access, const Tile& tile, const Scratch& s) const;

  // The rest of the rows of a tile that ends before they do.
  void fill_behind(const Tile& tile) const;

  void log_softmax(const Tile& tile, const T* x, const Scratch& s, T* y) const;

  // By the backend's own logarithm, which its stages for values use.
  template <class Log>
  void log_rests(const RowTotal* totals, npy_intp rows, Log* logs) const;
  double log_rest(const RowTotal& t) const;

  void logsumexp(const TileAccess<T>& access, const Scratch& s) const;

  // log + top * scale, rounded about once.
  static double added(double log, double top, Precise scale);

  // log of the mean of e over the largest; where that is near 1, by what it lacks.
  static double log_mean(const RowTotal& t, double count);

  // The same of the weighted sum, whose sign is set. NaN: there is no such logarithm.
  double weighted_log(const TileAccess<T>& access, const RowTotal& t, npy_intp r) const;

  // Of the weights at +inf, or where weights are infinite: NaN if those are of both signs. A weight
  // of 0, or at -inf, does not count.
  double infinite_sum(npy_intp row, const RowTotal& t) const;

  // How many elements of a row are there.
  double count(npy_intp row) const;

 private:
  const RowSpace& space_;
  const RowKernels& kernels_;
  Family family_;
  RowOptions options_;
  T scale_[2];
};

}  // namespace fastact

#include "rowcolumns.hpp"
#include "rowgradients.hpp"
#include "rowlogs.hpp"
#include "rowsumming.hpp"
#include "rowvalues.hpp"
#include "rowwriting.hpp"
