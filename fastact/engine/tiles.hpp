// Calls whose inner runs are short (a slice of each row), or whose arrays are contiguous along
// different axes (Fortran order beside C order): in tiles of two axes that pass through scratch.
#pragma once

#include <algorithm>

#include "scratch.hpp"
#include "space.hpp"
#include "tilecopy.hpp"

namespace fastact {

constexpr npy_intp LINE = 64;  // bytes of a cache line

// Sides of a tile that is contiguous along one axis in one array, along the other in another:
// several cache lines each way. Where all arguments go through scratch, they stay in L1.
constexpr npy_intp SIDE = 128, SMALL_SIDE = 64;

// Elements of a tile that needs no scratch.
constexpr npy_intp LARGE_TILE = 8192;

// How to cut a space: tiles of `across` x `along` elements of its last two axes.
struct Tiling {
  npy_intp across, along;
  npy_intp per_plane, tiles;
  bool direct;  // rows that the kernel can use where they are
};

// Is it worth it to have the kernel go through rows of n elements? It does the last few of each in
// a vector of their own; short rows are packed instead.
inline bool takes_rows(const Kernel& kernel, npy_intp n) {
  const npy_intp bytes = n * kernel.itemsize();
  return kernel.rows && (bytes >= 2 * LINE || bytes % LINE == 0);
}

// Can a kernel that takes rows use this argument where it is, as rows of the inner axis?
inline bool usable_in_rows(const Space& space, const Layout& layout, int a, npy_intp size) {
  const npy_intp stride = space.strides[space.ndim - 1][a];
  bool good = layout.native[a] && (stride == size || (stride == 0 && a < layout.nin)) &&
              aligned(space.base[a], size);
  for (int d = 0; d < space.ndim; ++d) good &= space.strides[d][a] % size == 0;
  return good;
}

// Moves the axis that is best gone along together with the inner one next to it. False: stretches
// of the inner axis do as well.
inline bool plan_tiles(Space& space, const Layout& layout, const Kernel& kernel, Tiling& tiling) {
  constexpr npy_intp SHORT = 512;
  const int inner = space.ndim - 1;
  if (inner < 1) return false;
  const npy_intp size = kernel.itemsize();
  bool direct = takes_rows(kernel, space.shape[inner]);
  int turned = -1;
  for (int a = 0; a < layout.nargs(); ++a) {
    direct = direct && usable_in_rows(space, layout, a, size);
    if (!layout.native[a] || space.strides[inner][a] == size || space.strides[inner][a] == 0)
      continue;
    for (int d = 0; d < inner; ++d)
      if (space.strides[d][a] == size && space.shape[d] >= 8) turned = d;
  }
  if (turned < 0 && !direct && space.shape[inner] >= SHORT) return false;
  tiling.direct = direct && turned < 0;
  int second = turned < 0 ? inner - 1 : turned;
  const npy_intp side = kernel.rows ? SIDE : SMALL_SIDE;
  tiling.along = std::min(space.shape[inner], turned >= 0 ? side : direct ? LARGE_TILE : BLOCK);
  tiling.across = turned >= 0 ? side : (direct ? LARGE_TILE : BLOCK) / tiling.along;
  if (turned < 0)  // an axis that fills a tile better than the next one
    for (int d = inner - 2; d >= 0; --d)
      if (space.shape[second] < std::min<npy_intp>(8, tiling.across) &&
          space.shape[d] > space.shape[second])
        second = d;
  std::swap(space.shape[second], space.shape[inner - 1]);
  for (int a = 0; a < layout.nargs(); ++a)
    std::swap(space.strides[second][a], space.strides[inner - 1][a]);
  tiling.across = std::min({tiling.across, MAX_ROWS, space.shape[inner - 1]});
  const auto pieces = [](npy_intp whole, npy_intp part) { return (whole + part - 1) / part; };
  tiling.per_plane =
      pieces(space.shape[inner], tiling.along) * pieces(space.shape[inner - 1], tiling.across);
  tiling.tiles = tiling.per_plane;
  for (int d = 0; d < inner - 1; ++d) tiling.tiles *= space.shape[d];
  return true;
}

// One tile: rows x n elements.
inline void run_tile(const Kernel& kernel, const Layout& layout, char* const* pointers,
                     const npy_intp* row_strides, const npy_intp* strides, npy_intp rows,
                     npy_intp n) {
  const npy_intp size = kernel.itemsize();
  const int nin = layout.nin, nargs = layout.nargs();
  const bool in_rows = takes_rows(kernel, n);
  char* args[MAX_ARGS];
  TileArgument given[MAX_ARGS];
  bool direct[MAX_ARGS];
  npy_intp steps[2 * MAX_ARGS];
  int in_scratch = 0;
  bool dense = true;  // the rows of every argument follow one another
  for (int a = 0; a < nargs; ++a) {
    const bool turned = layout.native[a] && row_strides[a] == size && strides[a] != size &&
                        strides[a] % size == 0 && aligned(pointers[a], size);
    given[a] = {pointers[a], row_strides[a], strides[a], rows, n, turned};
    const bool scalar = in_rows && a < nin && strides[a] == 0 && n > 1;
    direct[a] =
        layout.native[a] && aligned(pointers[a], size) &&
        (strides[a] == size || n == 1 || scalar) &&
        (row_strides[a] == n * size || rows == 1 || (in_rows && row_strides[a] % size == 0));
    if (direct[a] && kernel.strict && a >= nin)
      for (int in = 0; in < nin; ++in)
        if (direct[in] && overlaps(pointers[in], pointers[a], rows * n * size)) direct[a] = false;
    in_scratch += !direct[a];
    steps[a] = direct[a] && scalar ? 0 : size;
    steps[nargs + a] = direct[a] ? row_strides[a] : n * size;
    // Rows a power of two apart would share few sets of the cache.
    if (!direct[a] && in_rows && turned) steps[nargs + a] += LINE;
    dense = dense && steps[a] == size && (steps[nargs + a] == n * size || rows == 1);
  }
  const npy_intp bytes = rows * (n * size + LINE) / LINE * LINE + LINE;
  char* scratch = nullptr;
  if (in_scratch > 0) {
    scratch = static_cast<char*>(thread_scratch(in_scratch * bytes));
    if (scratch == nullptr) {  // no memory: row by row, which needs little
      for (npy_intp r = 0; r < rows; ++r) {
        char* row[MAX_ARGS];
        for (int a = 0; a < nargs; ++a) row[a] = pointers[a] + r * row_strides[a];
        run_stretch(kernel, layout, row, strides, n);
      }
      return;
    }
  }
  for (int a = 0; a < nargs; ++a) {
    args[a] = direct[a] ? pointers[a] : scratch;
    if (!direct[a]) scratch += bytes;
  }
  for (int a = 0; a < nin; ++a) {
    if (direct[a]) continue;
    const npy_intp next = steps[nargs + a] / size;
    if (kernel.is_double)
      tile_to_scratch(layout.gather[a], given[a], reinterpret_cast<double*>(args[a]), next);
    else
      tile_to_scratch(layout.gather[a], given[a], reinterpret_cast<float*>(args[a]), next);
  }
  if (dense)
    call(kernel, args, rows * n, 1, steps, nin, nargs);
  else
    call(kernel, args, n, rows, steps, nin, nargs);
  for (int a = nin; a < nargs; ++a) {
    if (direct[a]) continue;
    const npy_intp next = steps[nargs + a] / size;
    if (kernel.is_double)
      tile_from_scratch(layout.scatter[a], reinterpret_cast<double*>(args[a]), next, given[a]);
    else
      tile_from_scratch(layout.scatter[a], reinterpret_cast<float*>(args[a]), next, given[a]);
  }
}

// Tiles [begin, end), those side by side along the inner axis first.
inline void run_tiles(const Kernel& kernel, const Layout& layout, const Space& space,
                      const Tiling& tiling, npy_intp begin, npy_intp end) {
  const int inner = space.ndim - 1, outer = inner - 1, nargs = layout.nargs();
  const npy_intp per_row = (space.shape[inner] + tiling.along - 1) / tiling.along;
  for (npy_intp t = begin; t < end; ++t) {
    char* pointers[MAX_ARGS];
    for (int a = 0; a < nargs; ++a) pointers[a] = space.base[a];
    npy_intp plane = t / tiling.per_plane;
    const npy_intp in_plane = t % tiling.per_plane;
    for (int d = outer - 1; d >= 0; --d) {
      const npy_intp index = plane % space.shape[d];
      plane /= space.shape[d];
      for (int a = 0; a < nargs; ++a) pointers[a] += index * space.strides[d][a];
    }
    const npy_intp row = in_plane / per_row * tiling.across;
    const npy_intp column = in_plane % per_row * tiling.along;
    for (int a = 0; a < nargs; ++a)
      pointers[a] += row * space.strides[outer][a] + column * space.strides[inner][a];
    run_tile(kernel, layout, pointers, space.strides[outer], space.strides[inner],
             std::min(tiling.across, space.shape[outer] - row),
             std::min(tiling.along, space.shape[inner] - column));
  }
}

}  // namespace fastact
