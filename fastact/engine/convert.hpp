// Between an array as the user has it (any layout, byte order, dtype) and a contiguous block of
// float or double: gather, scatter. Everything a kernel need not know about.
#pragma once

#include <numpy/ndarraytypes.h>

#include <type_traits>

#include "half.hpp"

namespace fastact {

typedef void (*Gather)(const char* source, npy_intp stride, void* block, npy_intp n);
typedef void (*Scatter)(const void* block, char* target, npy_intp stride, npy_intp n);

template <class T>
inline T swap_bytes(T x) {
  unsigned char bytes[sizeof(T)], swapped[sizeof(T)];
  std::memcpy(bytes, &x, sizeof(T));
  for (unsigned i = 0; i < sizeof(T); ++i) swapped[i] = bytes[sizeof(T) - 1 - i];
  std::memcpy(&x, swapped, sizeof(T));
  return x;
}

template <class T, bool SWAPPED>
inline T read(const char* p) {
  T x;
  std::memcpy(&x, p, sizeof(T));  // the address may be unaligned
  return SWAPPED ? swap_bytes(x) : x;
}

template <class S, bool SWAPPED, class T>
inline void gather_with(const char* source, npy_intp stride, T* block, npy_intp n) {
  for (npy_intp i = 0; i < n; ++i) block[i] = static_cast<T>(read<S, SWAPPED>(source + i * stride));
}

#if defined(__x86_64__)
template <class S, int STEP, class T>
__attribute__((target("avx2"))) inline void gather_avx2(const char* source, T* block, npy_intp n) {
  constexpr npy_intp STRIDE = STEP * sizeof(S);
  for (npy_intp i = 0; i < n; ++i) block[i] = static_cast<T>(read<S, false>(source + i * STRIDE));
}
#endif

// Every STEPth number.
template <class S, bool SWAPPED, int STEP, class T>
inline void gather_each(const char* source, T* block, npy_intp n) {
#if defined(__x86_64__)
  static const bool avx2 = __builtin_cpu_supports("avx2");
  if (!SWAPPED && avx2) return gather_avx2<S, STEP>(source, block, n);
#endif
  gather_with<S, SWAPPED, T>(source, STEP * npy_intp(sizeof(S)), block, n);
}

// The common strides as constants let the compiler use vector loads and shuffles.
template <class S, bool SWAPPED, class T>
void gather(const char* source, npy_intp stride, void* out, npy_intp n) {
  T* block = static_cast<T*>(out);
  if (stride == npy_intp(sizeof(S)) && std::is_same<S, T>::value && !SWAPPED)
    std::memcpy(block, source, n * sizeof(S));
  else if (stride == npy_intp(sizeof(S)))
    gather_each<S, SWAPPED, 1>(source, block, n);
  else if (stride == 2 * npy_intp(sizeof(S)))
    gather_each<S, SWAPPED, 2>(source, block, n);
  else if (stride == 0) {
    const T value = static_cast<T>(read<S, SWAPPED>(source));
    for (npy_intp i = 0; i < n; ++i) block[i] = value;
  } else
    gather_with<S, SWAPPED, T>(source, stride, block, n);
}

template <class S, bool SWAPPED, class T>
inline void scatter_with(const T* values, char* target, npy_intp stride, npy_intp n) {
  for (npy_intp i = 0; i < n; ++i) {
    S x = static_cast<S>(values[i]);
    if (SWAPPED) x = swap_bytes(x);
    std::memcpy(target + i * stride, &x, sizeof(S));
  }
}

template <class S, bool SWAPPED, class T>
void scatter(const void* block, char* target, npy_intp stride, npy_intp n) {
  const T* values = static_cast<const T*>(block);
  if (stride == npy_intp(sizeof(S)) && std::is_same<S, T>::value && !SWAPPED)
    std::memcpy(target, values, n * sizeof(S));
  else if (stride == npy_intp(sizeof(S)))
    scatter_with<S, SWAPPED, T>(values, target, sizeof(S), n);
  else if (stride == 2 * npy_intp(sizeof(S)))
    scatter_with<S, SWAPPED, T>(values, target, 2 * sizeof(S), n);
  else
    scatter_with<S, SWAPPED, T>(values, target, stride, n);
}

constexpr npy_intp HALF_BLOCK = 256;

inline bool halves_as_they_are(const char* p, npy_intp stride) {
  return stride == sizeof(uint16_t) && reinterpret_cast<uintptr_t>(p) % sizeof(uint16_t) == 0;
}

template <bool SWAPPED, class T>
void gather_half(const char* source, npy_intp stride, void* out, npy_intp n) {
  T* block = static_cast<T*>(out);
  if constexpr (!SWAPPED && std::is_same<T, float>::value)
    if (halves_as_they_are(source, stride))
      return widen(reinterpret_cast<const uint16_t*>(source), block, n);
  uint16_t halves[HALF_BLOCK];
  float floats[HALF_BLOCK];
  for (npy_intp done = 0; done < n; done += HALF_BLOCK) {
    const npy_intp m = n - done < HALF_BLOCK ? n - done : HALF_BLOCK;
    gather<uint16_t, SWAPPED, uint16_t>(source + done * stride, stride, halves, m);
    widen(halves, floats, m);
    for (npy_intp i = 0; i < m; ++i) block[done + i] = static_cast<T>(floats[i]);
  }
}

// From double there would be two roundings; no loop of ours writes float16 from a double block.
template <bool SWAPPED>
void scatter_half(const void* block, char* target, npy_intp stride, npy_intp n) {
  const float* values = static_cast<const float*>(block);
  if (!SWAPPED && halves_as_they_are(target, stride))
    return narrow(values, reinterpret_cast<uint16_t*>(target), n);
  uint16_t halves[HALF_BLOCK];
  for (npy_intp done = 0; done < n; done += HALF_BLOCK) {
    const npy_intp m = n - done < HALF_BLOCK ? n - done : HALF_BLOCK;
    narrow(values + done, halves, m);
    scatter<uint16_t, SWAPPED, uint16_t>(halves, target + done * stride, stride, m);
  }
}

// Any byte but 0 is true.
template <class T>
void gather_bool(const char* source, npy_intp stride, void* out, npy_intp n) {
  T* block = static_cast<T*>(out);
  for (npy_intp i = 0; i < n; ++i) block[i] = T(source[i * stride] != 0);
}

template <bool SWAPPED, class T>
Gather find_gather(int type) {
  switch (type) {
    case NPY_BOOL:
      return gather_bool<T>;
    case NPY_BYTE:
      return gather<npy_byte, false, T>;
    case NPY_UBYTE:
      return gather<npy_ubyte, false, T>;
    case NPY_SHORT:
      return gather<npy_short, SWAPPED, T>;
    case NPY_USHORT:
      return gather<npy_ushort, SWAPPED, T>;
    case NPY_INT:
      return gather<npy_int, SWAPPED, T>;
    case NPY_UINT:
      return gather<npy_uint, SWAPPED, T>;
    case NPY_LONG:
      return gather<npy_long, SWAPPED, T>;
    case NPY_ULONG:
      return gather<npy_ulong, SWAPPED, T>;
    case NPY_LONGLONG:
      return gather<npy_longlong, SWAPPED, T>;
    case NPY_ULONGLONG:
      return gather<npy_ulonglong, SWAPPED, T>;
    case NPY_HALF:
      return gather_half<SWAPPED, T>;
    case NPY_FLOAT:
      return gather<float, SWAPPED, T>;
    case NPY_DOUBLE:
      return gather<double, SWAPPED, T>;
    default:
      return nullptr;
  }
}

inline Gather find_gather(int type, bool swapped, bool to_double) {
  if (to_double)
    return swapped ? find_gather<true, double>(type) : find_gather<false, double>(type);
  return swapped ? find_gather<true, float>(type) : find_gather<false, float>(type);
}

inline Scatter find_scatter(int type, bool swapped, bool from_double) {
  if (type == NPY_HALF && !from_double) return swapped ? scatter_half<true> : scatter_half<false>;
  if (type == NPY_FLOAT) {
    if (from_double) return swapped ? scatter<float, true, double> : scatter<float, false, double>;
    return swapped ? scatter<float, true, float> : scatter<float, false, float>;
  }
  if (type == NPY_DOUBLE) {
    if (from_double)
      return swapped ? scatter<double, true, double> : scatter<double, false, double>;
    return swapped ? scatter<double, true, float> : scatter<double, false, float>;
  }
  return nullptr;
}

}  // namespace fastact
