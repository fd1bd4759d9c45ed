// Row-wise functions whose loop wants a row as a whole: rows of any layout are gathered for it, and
// shared out among the threads, one thread to a row.
#pragma once

#include "tileaccess.hpp"

namespace fastact {

// A backend's loop. Its arguments: x, dy, y, dx (undefined where not wanted), room for
// WHOLE_ROW_WORK doubles, the parameter (a double). dims: rows, n, WHOLE_ROW_WORK, is y wanted, is
// dx.
struct WholeRowLoop {
  Loop loop = nullptr;
  double parameter = 0;
  bool strict = false;  // wants disjoint arguments
};

constexpr npy_intp WHOLE_ROW_WORK = 4096;

template <class T>
class WholeRowJob {
 public:
  WholeRowJob(const RowSpace& space, const WholeRowLoop& loop) : space_(space), loop_(loop) {}

  // False if memory ran out.
  bool run(int threads, npy_intp parallel_from) {
    FpGuard guard;
    if (space_.rows * space_.n * npy_intp(sizeof(T)) < parallel_from) threads = 1;
    per_chunk_ = threads == 1 ? space_.rows : chunk_size(space_.rows, space_.n, threads);
    if (neighbours()) per_chunk_ = (per_chunk_ + LINE - 1) / LINE * LINE;
    pool().run((space_.rows + per_chunk_ - 1) / per_chunk_, threads,
               [](void* context, long i) { static_cast<WholeRowJob*>(context)->some_rows(i); },
               this);
    return !failed_;
  }

 private:
  // A tile and its scratch stay in L1; of rows that are neighbours in memory (axis 0, say) a tile
  // takes whole cache lines while it stays in L2.
  static constexpr npy_intp LINE = 64 / sizeof(T), TILE = 8192 / sizeof(T), WIDE_TILE = 65536;
  // More scratch than this is given back at once: it would be kept as long as the thread.
  static constexpr size_t KEPT = size_t(4) << 20;

  class Room {
   public:
    explicit Room(size_t bytes)
        : large_(bytes > KEPT), start_(large_ ? std::malloc(bytes) : thread_scratch(bytes)) {}
    ~Room() {
      if (large_) std::free(start_);
    }
    Room(const Room&) = delete;
    char* start() const { return static_cast<char*>(start_); }

   private:
    bool large_;
    void* start_;
  };

  bool has(RowRole role) const { return space_.arrays[role].base != nullptr; }

  bool neighbours() const {
    for (RowRole role : {X, DY, Y, DX})
      if (has(role) && TileAccess<T>::side_by_side(space_, space_.arrays[role])) return true;
    return false;
  }

  npy_intp rows_of_tile() const {
    if (has(MASK)) return 1;
    const npy_intp fit = std::max<npy_intp>(1, TILE / space_.n);
    return neighbours() ? std::max(fit, std::min(4 * LINE, WIDE_TILE / space_.n / LINE * LINE))
                        : fit;
  }

  void some_rows(long i) {
    const npy_intp end = std::min(space_.rows, (i + 1) * per_chunk_), fit = rows_of_tile();
    for (npy_intp row = i * per_chunk_; row < end;) {
      Tile rows{row, std::min({fit, end - row, space_.run_of_rows(row)}), 0, space_.n};
      if (has(LENGTHS)) rows.rows = 1, rows.n = space_.reach(row);
      if (rows.n > 0) tile(rows);
      if (rows.n < space_.n) fill_behind(Tile{row, 1, rows.n, space_.n - rows.n});
      row += rows.rows;
    }
  }

  void tile(const Tile& tile) {
    const TileAccess<T> access(space_, tile);
    const npy_intp block = (tile.rows * tile.n + 63) / 64 * 64;
    // Where there is a mask every array passes through scratch, and its results twice.
    T* direct[ROLES] = {};
    npy_intp blocks = has(MASK) ? 1 : 0;
    for (RowRole role : {X, DY, Y, DX}) {
      if (!has(role)) continue;
      if (!has(MASK)) direct[role] = access.direct(space_.arrays[role]);
      if (loop_.strict && role > MASK && (direct[role] == direct[X] || direct[role] == direct[DY]))
        direct[role] = nullptr;
      if (direct[role] == nullptr) ++blocks;
    }
    const Room room(WHOLE_ROW_WORK * sizeof(double) + blocks * block * sizeof(T));
    if (room.start() == nullptr) {
      failed_ = true;
      return;
    }
    double* work = reinterpret_cast<double*>(room.start());
    T* next = reinterpret_cast<T*>(work + WHOLE_ROW_WORK);
    T* arrays[ROLES] = {};
    for (RowRole role : {X, DY, Y, DX}) {
      if (!has(role)) continue;
      arrays[role] = direct[role] != nullptr ? direct[role] : next;
      if (direct[role] != nullptr) continue;
      if (role < MASK) gather(access, role, next);
      next += block;
    }
    const npy_intp n = has(MASK) ? pack(access, arrays) : tile.n;
    if (n > 0) call(tile.rows, n, arrays, work);
    for (RowRole role : {Y, DX}) {
      if (!has(role)) continue;
      if (has(MASK)) unpack(access, arrays[role], next);
      access.write(space_.arrays[role], has(MASK) ? next : arrays[role]);
    }
  }

  void fill_behind(const Tile& tile) const {
    const TileAccess<T> access(space_, tile);
    for (RowRole role : {Y, DX})
      if (has(role)) access.fill(space_.arrays[role], 0);
  }

  void gather(const TileAccess<T>& access, RowRole role, T* block) const {
    const T* read = access.read(space_.arrays[role], block);
    const Tile& tile = access.tile();
    if (read != block) std::memcpy(block, read, tile.rows * tile.n * sizeof(T));
  }

  // What `where` leaves out is not there: the others move up, and their number is returned.
  npy_intp pack(const TileAccess<T>& access, T* const* arrays) const {
    npy_intp kept = 0;
    access.each_mask(space_.arrays[MASK], [&](npy_intp i, bool present) {
      arrays[X][kept] = arrays[X][i];  // written over if it is not there
      if (has(DY)) arrays[DY][kept] = arrays[DY][i];
      kept += present;
    });
    return kept;
  }

  // Back to their places; 0 where nothing was.
  void unpack(const TileAccess<T>& access, const T* packed, T* row) const {
    access.each_mask(space_.arrays[MASK], [&](npy_intp i, bool present) {
      const T next = *packed;
      row[i] = present ? next : T(0);
      packed += present;
    });
  }

  void call(npy_intp rows, npy_intp n, T* const* arrays, double* work) const {
    double parameter = loop_.parameter;
    char* args[] = {reinterpret_cast<char*>(arrays[X]), reinterpret_cast<char*>(arrays[DY]),
                    reinterpret_cast<char*>(arrays[Y]), reinterpret_cast<char*>(arrays[DX]),
                    reinterpret_cast<char*>(work),      reinterpret_cast<char*>(&parameter)};
    const npy_intp dims[] = {rows, n, WHOLE_ROW_WORK, has(Y), has(DX)};
    loop_.loop(args, dims, nullptr, nullptr);
  }

  const RowSpace& space_;
  const WholeRowLoop& loop_;
  npy_intp per_chunk_ = 1;
  std::atomic<bool> failed_{false};
};

}  // namespace fastact
