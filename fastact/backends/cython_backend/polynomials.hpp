// Printed by tools/derive_polynomials.py: do not edit.
#pragma once

#include "simd.hpp"

namespace fastact {
namespace {

template <class V>
struct Polynomials;

template <>
struct Polynomials<VFloat> {
  // q of exp(r) = 1 + r + r**2 q(r)
  // on [-0.3469, 0.3469]: error 0.013 of 2**-24.
  static constexpr float TAIL[] = {
      0x1.0000000000000p-1f, 0x1.5555540000000p-3f, 0x1.5554d00000000p-5f,
      0x1.1112260000000p-7f, 0x1.6d726c0000000p-10f, 0x1.a032cc0000000p-13f,
  };
  // q of exp(r) = 1 + r + r**2 q(r), where the 1 counts
  // on [-0.3469, 0.3469]: error 0.055 of 2**-24.
  static constexpr float EXP_TAIL[] = {
      0x1.fffffc0000000p-2f, 0x1.5554900000000p-3f, 0x1.5558d40000000p-5f,
      0x1.123a740000000p-7f, 0x1.6a234e0000000p-10f,
  };
  // (exp(r) - 1 - r)/r**2, relative to it
  // on [0.0, 1.51]: error 0.081 of 2**-24.
  static constexpr float BEND[] = {
      0x1.0000000000000p-1f, 0x1.55555a0000000p-3f, 0x1.5554780000000p-5f,
      0x1.1123a40000000p-7f, 0x1.6a90700000000p-10f, 0x1.b139a20000000p-13f,
      0x1.381bbe0000000p-16f, 0x1.547e600000000p-18f,
  };
  // q of expm1(2 r)/2 = r + r**2 q(r), what tanh needs
  // on [-0.0003466, 0.3469]: error 0.035 of 2**-24.
  static constexpr float HALF_TAIL[] = {
      0x1.fffffe0000000p-1f, 0x1.5555a80000000p-1f, 0x1.55482c0000000p-2f,
      0x1.1202a80000000p-3f, 0x1.5b36d20000000p-5f, 0x1.1746d20000000p-6f,
  };
  // q of atanh(s) = s + s**3 q(z), z = s**2, for the logarithms
  // on [0.0, 0.1112]: error 0.0075 of 2**-24.
  static constexpr float ATANH[] = {
      0x1.5555580000000p-2f, 0x1.9997420000000p-3f, 0x1.24f9a80000000p-3f,
      0x1.b806e20000000p-4f, 0x1.ed9fea0000000p-4f,
  };
  // log1p(e)/e, d = e - LOG1P_CENTER
  // on [-0.5001, 0.4999]: error 0.17 of 2**-24.
  static constexpr float LOG1P[] = {
      0x1.9f2e200000000p-1f, -0x1.276c140000000p-2f, 0x1.0f89ba0000000p-3f,
      -0x1.152eec0000000p-4f, 0x1.2c06a80000000p-5f, -0x1.50e6540000000p-6f,
      0x1.7b28a80000000p-7f, -0x1.ba10200000000p-8f, 0x1.5813140000000p-8f,
      -0x1.a932a20000000p-9f,
  };
  static constexpr float LOG1P_CENTER = 0x1.000e480000000p-1f;
  // q of sin(r) = r + r**3 q(z), z = r**2
  // on [0.0, 0.6175]: error 0.011 of 2**-24.
  static constexpr float SIN[] = {
      -0x1.5555560000000p-3f, 0x1.11111e0000000p-7f, -0x1.a00f9a0000000p-13f,
      0x1.6cd9220000000p-19f,
  };
  // q of cos(r) = 1 - z/2 + z**2 q(z), z = r**2
  // on [0.0, 0.6175]: error 0.0081 of 2**-24.
  static constexpr float COS[] = {
      0x1.55554e0000000p-5f, -0x1.6c0ec00000000p-10f, 0x1.9aa74e0000000p-16f,
  };
  // q of Phi(-t) = exp(-t**2/2) q(s)/(t + shift), s = (t - shift)/(t + shift)
  // on [-1.0, 0.6667]: error 0.08 of 2**-24.
  static constexpr float MILLS[] = {
      0x1.754a760000000p-1f, -0x1.04c72a0000000p-1f, 0x1.d713860000000p-3f,
      -0x1.832d000000000p-5f, -0x1.56d5f20000000p-7f, 0x1.c8bdac0000000p-8f,
      0x1.0ca2160000000p-10f, -0x1.0eaee80000000p-10f, -0x1.009e600000000p-12f,
      0x1.136bda0000000p-13f, 0x1.c917c40000000p-15f,
  };
  // what its first coefficient leaves out
  static constexpr float MILLS_REST = -0x1.c728960000000p-26f;
  // (x - tanh x)/x**3, d = x**2 - TANH_SHRINK_CENTER
  // on [-0.7998, 0.9602]: error 0.092 of 2**-24.
  static constexpr float TANH_SHRINK[] = {
      0x1.02d50a0000000p-2f, -0x1.37c39a0000000p-4f, 0x1.7ce8ec0000000p-6f,
      -0x1.d2399e0000000p-8f, 0x1.1d70740000000p-9f, -0x1.5cf3e00000000p-11f,
      0x1.a7cac80000000p-13f, -0x1.0bb5900000000p-14f, 0x1.76269a0000000p-16f,
      -0x1.6ff5940000000p-18f,
  };
  static constexpr float TANH_SHRINK_CENTER = 0x1.997f8e0000000p-1f;
};

template <>
struct Polynomials<VDouble> {
  // q of exp(r) = 1 + r + r**2 q(r)
  // on [-0.3469, 0.3469]: error 0.2 of 2**-53.
  static constexpr double TAIL[] = {
      0x1.0000000000005p-1, 0x1.555555555553ap-3, 0x1.5555555552232p-5,
      0x1.11111111190c0p-7, 0x1.6c16c17ef4e6fp-10, 0x1.a01a0174c3c69p-13,
      0x1.a019a71e3f614p-16, 0x1.71de888a42d04p-19, 0x1.28a23505d9938p-22,
      0x1.ae6b3a7d4e823p-26,
  };
  // q of exp(r) = 1 + r + r**2 q(r), where the 1 counts
  // on [-0.3469, 0.3469]: error 0.044 of 2**-53.
  static constexpr double EXP_TAIL[] = {
      0x1.000000000000ap-1, 0x1.55555555554fap-3, 0x1.55555555507c6p-5,
      0x1.1111111127e72p-7, 0x1.6c16c1844afc2p-10, 0x1.a01a0129b7012p-13,
      0x1.a01999add4593p-16, 0x1.71df26278d545p-19, 0x1.28adce70d2473p-22,
      0x1.ad7f0884cd3a1p-26,
  };
  // (exp(r) - 1 - r)/r**2, relative to it
  // on [0.0, 1.51]: error 0.0083 of 2**-53.
  static constexpr double BEND[] = {
      0x1.0000000000000p-1, 0x1.5555555555557p-3, 0x1.5555555555435p-5,
      0x1.1111111115f10p-7, 0x1.6c16c16ab7771p-10, 0x1.a01a01db20d4fp-13,
      0x1.a019fb390c1dcp-16, 0x1.71deb28d3d61dp-19, 0x1.27dedd37b9f67p-22,
      0x1.aed4090c34b40p-26, 0x1.1c276d720dcfbp-29, 0x1.79143277c991ep-33,
      0x1.0f824a7c0c057p-37, 0x1.a22ea3402e539p-40,
  };
  // q of expm1(2 r)/2 = r + r**2 q(r), what tanh needs
  // on [-0.0003466, 0.3469]: error 0.018 of 2**-53.
  static constexpr double HALF_TAIL[] = {
      0x1.0000000000000p+0, 0x1.55555555554e5p-1, 0x1.5555555559aeep-2,
      0x1.1111110fe94c4p-3, 0x1.6c16c1c2190ccp-5, 0x1.a019f26498020p-7,
      0x1.a01bbcfc09fbdp-9, 0x1.71bd3461d09aap-11, 0x1.297e667841975p-13,
      0x1.95b25de737296p-16, 0x1.88f1fa110f3ccp-18,
  };
  // q of atanh(s) = s + s**3 q(z), z = s**2, for the logarithms
  // on [0.0, 0.1112]: error 0.0038 of 2**-53.
  static constexpr double ATANH[] = {
      0x1.5555555555555p-2, 0x1.99999999999b0p-3, 0x1.249249249126bp-3,
      0x1.c71c71c83edd3p-4, 0x1.745d16f69aee5p-4, 0x1.3b13be770504cp-4,
      0x1.110fa0cfb8957p-4, 0x1.e21782acba376p-5, 0x1.ac86d018f00bfp-5,
      0x1.9bf5a1619dad3p-5, 0x1.e4dcb5e7e6399p-6, 0x1.453a1107e3294p-4,
  };
  // log1p(e)/e, d = e - LOG1P_CENTER
  // on [-0.5001, 0.4999]: error 0.15 of 2**-53.
  static constexpr double LOG1P[] = {
      0x1.9f2e1ffe991a6p-1, -0x1.276c12bb02204p-2, 0x1.0f8a1a92c76fdp-3,
      -0x1.152ff531a21eep-4, 0x1.2bd526be1697ap-5, -0x1.508b85e55299ap-6,
      0x1.83989e38e1325p-7, -0x1.c6efec11a8daep-8, 0x1.0ee8969e9b90cp-8,
      -0x1.4664ee813007bp-9, 0x1.8cf4f08622bd1p-10, -0x1.e698b39b010cap-11,
      0x1.2c301f8bd67bap-11, -0x1.73b2d1a9d0ebcp-12, 0x1.cf2394648cc77p-13,
      -0x1.29b57990c7f34p-13, 0x1.78062f10e111ep-14, -0x1.775862b869246p-15,
      0x1.cc67b04944e47p-16, -0x1.418f47e802181p-15, 0x1.a42be07488a11p-16,
  };
  static constexpr double LOG1P_CENTER = 0x1.000e480000000p-1;
  // q of sin(r) = r + r**3 q(z), z = r**2
  // on [0.0, 0.6175]: error 0.011 of 2**-53.
  static constexpr double SIN[] = {
      -0x1.5555555555555p-3, 0x1.1111111111103p-7, -0x1.a01a01a018f4bp-13,
      0x1.71de3a5384ccap-19, -0x1.ae6452ec33efcp-26, 0x1.6120c1893c2d9p-33,
      -0x1.aab9f887325c4p-41,
  };
  // q of cos(r) = 1 - z/2 + z**2 q(z), z = r**2
  // on [0.0, 0.6175]: error 0.0026 of 2**-53.
  static constexpr double COS[] = {
      0x1.5555555555555p-5, -0x1.6c16c16c16c00p-10, 0x1.a01a01a01988fp-16,
      -0x1.27e4fb76b113ap-22, 0x1.1eed8d68918b7p-29, -0x1.939411768225ap-37,
      0x1.ab24dc1ae23dcp-45,
  };
  // q of Phi(-t) = exp(-t**2/2) q(s)/(t + shift), s = (t - shift)/(t + shift)
  // on [-1.0, 0.8571]: error 0.31 of 2**-53.
  static constexpr double MILLS[] = {
      0x1.754a751a56f4ap-1, -0x1.04c7295a48f34p-1, 0x1.d71387c654cdcp-3,
      -0x1.832dbf6991c4cp-5, -0x1.56d8e3d7ff70ep-7, 0x1.c8f52c3197994p-8,
      0x1.0d608c953c6d1p-10, -0x1.12285ed532627p-10, -0x1.0d09eb6bf32e4p-12,
      0x1.43c9de5206ad2p-13, 0x1.4a90749cddd3cp-14, -0x1.bc73a37860647p-17,
      -0x1.5b1b4f3b13082p-16, -0x1.d8556d43b6e05p-19, 0x1.e89c7442ae1e6p-19,
      0x1.2f656b076e14fp-19, 0x1.b61667041d126p-28, -0x1.422229ae2a6d4p-21,
      -0x1.21c2dfc83a019p-22, 0x1.af365489cd505p-25, 0x1.888abe3b6e073p-24,
      0x1.5709239c540f9p-26, -0x1.7f7b991c0f241p-27, -0x1.7d1d4177cc241p-28,
      -0x1.08bb6853c6afbp-31,
  };
  // what its first coefficient leaves out
  static constexpr double MILLS_REST = -0x1.9c73a8f570240p-55;
  // (x - tanh x)/x**3, d = x**2 - TANH_SHRINK_CENTER
  // on [-0.7998, 0.9602]: error 0.1 of 2**-53.
  static constexpr double TANH_SHRINK[] = {
      0x1.02d509fe03283p-2, -0x1.37c39c45c19b9p-4, 0x1.7ce915e09ce6dp-6,
      -0x1.d236e9c6be925p-8, 0x1.1d6126da98084p-9, -0x1.5d629319dc391p-11,
      0x1.abbf79d67979dp-13, -0x1.05d7f16306e09p-14, 0x1.409278b4442a2p-16,
      -0x1.88792fa5092b8p-18, 0x1.e0803047a5d81p-20, -0x1.261f8d9bb2db6p-21,
      0x1.6815dc4e712f1p-23, -0x1.b950882bed12dp-25, 0x1.0e6aa906883c1p-26,
      -0x1.45ede265f0f46p-28, 0x1.86650ccf8a812p-30, -0x1.0e23a0f042769p-31,
      0x1.8ce726f5196f7p-33, -0x1.460baea7953e0p-35,
  };
  static constexpr double TANH_SHRINK_CENTER = 0x1.997f8e0000000p-1;
};

}  // namespace
}  // namespace fastact
