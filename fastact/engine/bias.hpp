// A bias added in front of an activation's loop, in blocks that stay in L1; and the bias's
// gradient.
#pragma once

#include <algorithm>
#include <vector>

#include "compensated.hpp"
#include "lanesum.hpp"
#include "ndloop.hpp"
#include "threads.hpp"

namespace fastact {

// The `data` of bias_loop: the activation's loop, whose first input is x + bias.
struct BiasLoop {
  Loop loop;
  int nin, nout;  // of that loop
};

template <class T>
inline void add_plain(const T* x, const T* bias, T* sum, npy_intp n) {
  for (npy_intp i = 0; i < n; ++i) sum[i] = x[i] + bias[i];
}

// x, added to what there is in float64.
template <class T>
inline void accumulate_plain(const T* x, double* sums, npy_intp n) {
  for (npy_intp i = 0; i < n; ++i) sums[i] += x[i];
}

#if defined(__x86_64__)
template <class T>
__attribute__((target("avx2"))) inline void add_avx2(const T* x, const T* bias, T* sum,
                                                     npy_intp n) {
  for (npy_intp i = 0; i < n; ++i) sum[i] = x[i] + bias[i];
}
template <class T>
__attribute__((target("avx2"))) inline void accumulate_avx2(const T* x, double* sums, npy_intp n) {
  for (npy_intp i = 0; i < n; ++i) sums[i] += x[i];
}
inline bool has_avx2() { return vector_loops::best_level() != vector_loops::Level::ANY; }
#endif

template <class T>
inline void add(const T* x, const T* bias, T* sum, npy_intp n) {
#if defined(__x86_64__)
  if (has_avx2()) return add_avx2(x, bias, sum, n);
#endif
  add_plain(x, bias, sum, n);
}

template <class T>
inline void accumulate(const T* x, double* sums, npy_intp n) {
#if defined(__x86_64__)
  if (has_avx2()) return accumulate_avx2(x, sums, n);
#endif
  accumulate_plain(x, sums, n);
}

// x, bias, the loop's other inputs -> the loop's outputs. A step is that of a contiguous array or
// 0.
template <class T>
void bias_loop(char** args, const npy_intp* dims, const npy_intp* steps, void* data) {
  const BiasLoop& inner = *static_cast<BiasLoop*>(data);
  const int rest = inner.nin - 1 + inner.nout;
  alignas(64) T sum[BLOCK], spread[2][BLOCK];
  for (int a = 0; a < 2; ++a)
    if (steps[a] == 0) std::fill_n(spread[a], std::min(BLOCK, dims[0]), *(T*)args[a]);
  for (npy_intp done = 0; done < dims[0]; done += BLOCK) {
    const npy_intp n = std::min(BLOCK, dims[0] - done), inner_dims[] = {n, 1};
    const auto place = [&](int a) { return args[a] + done * steps[a]; };
    add(steps[0] == 0 ? spread[0] : (const T*)place(0),
        steps[1] == 0 ? spread[1] : (const T*)place(1), sum, n);
    char* inner_args[MAX_ARGS] = {reinterpret_cast<char*>(sum)};
    npy_intp inner_steps[2 * MAX_ARGS] = {sizeof(T)};
    for (int a = 0; a < rest; ++a) {
      inner_args[1 + a] = place(2 + a);
      inner_steps[1 + a] = steps[2 + a];
    }
    inner.loop(inner_args, inner_dims, inner_steps, nullptr);
  }
}

// Sums in float64 of an array (outer, n, inner) in C order over its first and last axis. They are
// cut by its shape alone, so threads make no difference: rows into blocks, these into parts, whose
// sums are added in order. Equal numbers would be rounded the same way again and again: what the
// sums of blocks lose is kept.
constexpr npy_intp SUM_ROWS = 16, SUM_PART = 256 * SUM_ROWS, SUM_COLUMNS = 1536;

// Adds x to sums, and what is rounded away to lost.
inline void add_up(const double* x, double* sums, double* lost, npy_intp n) {
  for (npy_intp i = 0; i < n; ++i) {
    const double both = sums[i] + x[i];
    lost[i] += sum_error(sums[i], x[i], both);
    sums[i] = both;
  }
}

// Columns [first, first + count) of rows [begin, end), added to `total`.
template <class T>
inline void sum_part(const T* p, npy_intp n, npy_intp inner, npy_intp begin, npy_intp end,
                     npy_intp first, npy_intp count, double* total) {
  double block[SUM_COLUMNS], lost[SUM_COLUMNS];
  std::fill_n(lost, count, 0.0);
  for (npy_intp start = begin; start < end; start += SUM_ROWS) {
    const npy_intp stop = std::min(end, start + SUM_ROWS);
    std::fill_n(block, count, 0.0);
    for (npy_intp row = start; row < stop; ++row) {
      const T* at = p + (row * n + first) * inner;
      if (inner == 1)
        accumulate(at, block, count);
      else
        for (npy_intp c = 0; c < count; ++c)
          block[c] += vector_loops::best_total(at + c * inner, inner);
    }
    add_up(block, total, lost, count);
  }
  for (npy_intp c = 0; c < count; ++c)
    if (std::isfinite(lost[c])) total[c] += lost[c];  // nothing is lost of infinity
}

template <class T>
inline void sum_columns(const T* p, npy_intp outer, npy_intp n, npy_intp inner, int threads,
                        double* sums) {
  FpGuard guard;
  const npy_intp parts = (outer + SUM_PART - 1) / SUM_PART;
  const npy_intp width = inner == 1 ? SUM_COLUMNS : 1;
  const npy_intp strips = (n + width - 1) / width;
  std::vector<double> partial(parts * n, 0.0);
  share(parts * strips, std::max<npy_intp>(1, std::min(outer, SUM_PART) * width * inner), threads,
        [&](npy_intp begin, npy_intp end) {
          for (npy_intp unit = begin; unit < end; ++unit) {
            const npy_intp part = unit / strips, first = unit % strips * width;
            sum_part(p, n, inner, part * SUM_PART, std::min(outer, (part + 1) * SUM_PART), first,
                     std::min(width, n - first), &partial[part * n + first]);
          }
        });
  for (npy_intp c = 0; c < n; ++c) {
    CompensatedSum sum;
    for (npy_intp part = 0; part < parts; ++part) sum.add(partial[part * n + c]);
    sums[c] = sum.value();
  }
}

}  // namespace fastact
