// target[c][r] = source[r][c]: rows of an array whose reduced axis is not the last one.
#pragma once

#include <numpy/npy_common.h>

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace fastact {

// Strides are those of a row, in elements.
template <class T>
inline void transpose_plain(const T* source, npy_intp source_stride, npy_intp rows,
                            npy_intp columns, T* target, npy_intp target_stride) {
  // Along the array whose rows are farther apart: its cache lines are met one after the other.
  if (source_stride >= target_stride) {
    for (npy_intp r = 0; r < rows; ++r)
      for (npy_intp c = 0; c < columns; ++c)
        target[c * target_stride + r] = source[r * source_stride + c];
    return;
  }
  for (npy_intp c = 0; c < columns; ++c)
    for (npy_intp r = 0; r < rows; ++r)
      target[c * target_stride + r] = source[r * source_stride + c];
}

#if defined(__x86_64__)
// Loads of half a register each do part of the work: shuffles are what is scarce.
__attribute__((target("avx2"))) inline __m256 halves(const float* low, const float* high) {
  return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(low)), _mm_loadu_ps(high), 1);
}
__attribute__((target("avx2"))) inline __m256d halves(const double* low, const double* high) {
  return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(low)), _mm_loadu_pd(high), 1);
}

__attribute__((target("avx2"))) inline void transpose_square(const float* s, npy_intp ss, float* t,
                                                             npy_intp ts) {
  for (int c = 0; c < 8; c += 4, s += 4, t += 4 * ts) {
    __m256 rows[4];
    for (int r = 0; r < 4; ++r) rows[r] = halves(s + r * ss, s + (r + 4) * ss);
    const __m256 a = _mm256_unpacklo_ps(rows[0], rows[1]), b = _mm256_unpacklo_ps(rows[2], rows[3]);
    _mm256_storeu_ps(t, _mm256_shuffle_ps(a, b, 0x44));
    _mm256_storeu_ps(t + ts, _mm256_shuffle_ps(a, b, 0xee));
    const __m256 d = _mm256_unpackhi_ps(rows[0], rows[1]), e = _mm256_unpackhi_ps(rows[2], rows[3]);
    _mm256_storeu_ps(t + 2 * ts, _mm256_shuffle_ps(d, e, 0x44));
    _mm256_storeu_ps(t + 3 * ts, _mm256_shuffle_ps(d, e, 0xee));
  }
}

__attribute__((target("avx2"))) inline void transpose_square(const double* s, npy_intp ss,
                                                             double* t, npy_intp ts) {
  for (int c = 0; c < 4; c += 2, s += 2, t += 2 * ts) {
    const __m256d even = halves(s, s + 2 * ss), odd = halves(s + ss, s + 3 * ss);
    _mm256_storeu_pd(t, _mm256_unpacklo_pd(even, odd));
    _mm256_storeu_pd(t + ts, _mm256_unpackhi_pd(even, odd));
  }
}

template <class T>
__attribute__((target("avx2"))) inline void transpose_avx2(const T* source, npy_intp source_stride,
                                                           npy_intp rows, npy_intp columns,
                                                           T* target, npy_intp target_stride) {
  constexpr npy_intp SIDE = 32 / sizeof(T);
  const npy_intp whole_rows = rows / SIDE * SIDE, whole_columns = columns / SIDE * SIDE;
  const bool along_source = source_stride >= target_stride;
  const npy_intp outer = along_source ? whole_rows : whole_columns;
  const npy_intp inner = along_source ? whole_columns : whole_rows;
  for (npy_intp i = 0; i < outer; i += SIDE)
    for (npy_intp j = 0; j < inner; j += SIDE) {
      const npy_intp r = along_source ? i : j, c = along_source ? j : i;
      transpose_square(source + r * source_stride + c, source_stride,
                       target + c * target_stride + r, target_stride);
    }
  transpose_plain(source + whole_columns, source_stride, whole_rows, columns - whole_columns,
                  target + whole_columns * target_stride, target_stride);
  transpose_plain(source + whole_rows * source_stride, source_stride, rows - whole_rows, columns,
                  target + whole_rows, target_stride);
}
#endif

template <class T>
inline void transpose(const T* source, npy_intp source_stride, npy_intp rows, npy_intp columns,
                      T* target, npy_intp target_stride) {
#if defined(__x86_64__)
  static const bool avx2 = __builtin_cpu_supports("avx2");
  if (avx2) return transpose_avx2(source, source_stride, rows, columns, target, target_stride);
#endif
  transpose_plain(source, source_stride, rows, columns, target, target_stride);
}

}  // namespace fastact
