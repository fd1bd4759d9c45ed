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
// The first `count` of 4 floats or of 2 doubles.
__attribute__((target("avx2"))) inline __m128 some(const float* p, npy_intp count) {
  const __m128i lanes = _mm_setr_epi32(0, 1, 2, 3);
  return count >= 4 ? _mm_loadu_ps(p)
                    : _mm_maskload_ps(p, _mm_cmpgt_epi32(_mm_set1_epi32(int(count)), lanes));
}
__attribute__((target("avx2"))) inline __m128d some(const double* p, npy_intp count) {
  return count >= 2 ? _mm_loadu_pd(p) : _mm_load_sd(p);
}

// Loads of half a register each do part of the work: shuffles are what is scarce.
__attribute__((target("avx2"))) inline __m256 halves(__m128 low, __m128 high) {
  return _mm256_insertf128_ps(_mm256_castps128_ps256(low), high, 1);
}
__attribute__((target("avx2"))) inline __m256d halves(__m128d low, __m128d high) {
  return _mm256_insertf128_pd(_mm256_castpd128_pd256(low), high, 1);
}

// A square, or the first of its rows and columns; what is stored of each of these is as much as of
// a whole one.
__attribute__((target("avx2"), always_inline)) inline void transpose_square(
    const float* s, npy_intp ss, npy_intp rows, npy_intp columns, float* t, npy_intp ts) {
  for (npy_intp c = 0; c < 8 && c < columns; c += 4, s += 4, t += 4 * ts) {
    const auto row = [&](npy_intp r) __attribute__((target("avx2"), always_inline)) {
      return some(s + (r < rows ? r : 0) * ss, columns - c);
    };
    __m256 v[4];
    for (int r = 0; r < 4; ++r) v[r] = halves(row(r), row(r + 4));
    const __m256 a = _mm256_unpacklo_ps(v[0], v[1]), b = _mm256_unpacklo_ps(v[2], v[3]);
    _mm256_storeu_ps(t, _mm256_shuffle_ps(a, b, 0x44));
    if (c + 1 < columns) _mm256_storeu_ps(t + ts, _mm256_shuffle_ps(a, b, 0xee));
    const __m256 d = _mm256_unpackhi_ps(v[0], v[1]), e = _mm256_unpackhi_ps(v[2], v[3]);
    if (c + 2 < columns) _mm256_storeu_ps(t + 2 * ts, _mm256_shuffle_ps(d, e, 0x44));
    if (c + 3 < columns) _mm256_storeu_ps(t + 3 * ts, _mm256_shuffle_ps(d, e, 0xee));
  }
}

__attribute__((target("avx2"), always_inline)) inline void transpose_square(
    const double* s, npy_intp ss, npy_intp rows, npy_intp columns, double* t, npy_intp ts) {
  for (npy_intp c = 0; c < 4 && c < columns; c += 2, s += 2, t += 2 * ts) {
    const auto row = [&](npy_intp r) __attribute__((target("avx2"), always_inline)) {
      return some(s + (r < rows ? r : 0) * ss, columns - c);
    };
    const __m256d even = halves(row(0), row(2)), odd = halves(row(1), row(3));
    _mm256_storeu_pd(t, _mm256_unpacklo_pd(even, odd));
    if (c + 1 < columns) _mm256_storeu_pd(t + ts, _mm256_unpackhi_pd(even, odd));
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
      transpose_square(source + r * source_stride + c, source_stride, SIDE, SIDE,
                       target + c * target_stride + r, target_stride);
    }
  const npy_intp more_columns = columns - whole_columns, more_rows = rows - whole_rows;
  if (more_columns > 0)
    for (npy_intp r = 0; r < whole_rows; r += SIDE)
      transpose_square(source + r * source_stride + whole_columns, source_stride, SIDE,
                       more_columns, target + whole_columns * target_stride + r, target_stride);
  if (more_rows == 0) return;
  source += whole_rows * source_stride;
  target += whole_rows;
  npy_intp done = 0;
  // A row of the target that ends where the next one begins may be written over by the one before.
  if (rows == more_rows && target_stride == rows)
    for (; done + SIDE < whole_columns; done += SIDE)
      transpose_square(source + done, source_stride, more_rows, SIDE, target + done * target_stride,
                       target_stride);
  transpose_plain(source + done, source_stride, more_rows, columns - done,
                  target + done * target_stride, target_stride);
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
