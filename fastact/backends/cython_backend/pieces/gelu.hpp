// Printed by tools/derive_pieces.py: do not edit.
#pragma once

namespace fastact {
namespace {

struct GELU {
  // as far as the pieces are used
  static constexpr double END = 12.9;
  // where d is 0
  static constexpr float CENTER[1][8] = {
      {0x1.7fe9bp+0f, 0x1.3fee08p+1f, 0x1.ffdea4p+1f, 0x1.7ff99ep+2f,
       0x1.2008c6p+3f, 0x1.7e80e4p+3f, 0x0p+0f, 0x1.80cd7cp-1f,},
  };
  // t Phi(-t) exp(t**2/2), a row per power of d: error 0.25 of 2**-24.
  static constexpr float VALUE[8][8] = {
      {0x1.3c0df8p-2f, 0x1.69cafap-2f, 0x1.82b246p-2f, 0x1.8e00bap-2f,
       0x1.93a698p-2f, 0x1.95b73cp-2f, 0x0p+0f, 0x1.cdb3b8p-3f,},
      {0x1.205afcp-4f, 0x1.bf6e8p-6f, 0x1.2e0b1ep-7f, 0x1.a101cep-9f,
       0x1.0b569cp-10f, 0x1.d650f4p-12f, 0x1p-1f, 0x1.5b434p-3f,},
      {-0x1.3343fcp-5f, -0x1.78d5ecp-7f, -0x1.794dfp-9f, -0x1.7b708cp-11f,
       -0x1.548904p-13f, -0x1.cbb4ap-15f, -0x1.988432p-2f, -0x1.c1ac16p-4f,},
      {0x1.0d85acp-6f, 0x1.0af1bp-8f, 0x1.94aa5ap-11f, 0x1.2cc24ep-13f,
       0x1.7d8c24p-16f, 0x1.8cdfd2p-18f, 0x1.fff854p-3f, 0x1.d5389ap-5f,},
      {-0x1.9edc0ep-8f, -0x1.518c3cp-10f, -0x1.890dd8p-13f, -0x1.b61d58p-16f,
       -0x1.8af582p-19f, -0x1.3f30bap-21f, -0x1.0ffeeap-3f, -0x1.a733ep-6f,},
      {0x1.21922ep-9f, 0x1.885304p-12f, 0x1.6463f6p-15f, 0x1.2cf39p-18f,
       0x1.855a12p-22f, 0x1.e9df52p-25f, 0x1.f8014ep-5f, 0x1.55e41cp-7f,},
      {-0x1.86f11p-11f, -0x1.b81594p-14f, -0x1.4d597ep-17f, -0x1.9f8d26p-21f,
       -0x1.9e718cp-25f, -0x1.70a08ap-28f, -0x1.8308bap-6f, -0x1.006e08p-8f,},
      {0x1.decb8p-13f, 0x1.c64ec8p-16f, 0x1.152e86p-19f, 0x1.093f26p-23f,
       0x1.873378p-28f, 0x1.0b9db8p-31f, 0x1.6f99ecp-8f, 0x1.650272p-10f,},
  };
  // gelu'(-t) exp(t**2/2), a row per power of d: error 0.87 of 2**-24.
  static constexpr float SLOPE[8][8] = {
      {-0x1.91e2a8p-2f, -0x1.b628ep-1f, -0x1.803cfep+0f, -0x1.2a1354p+1f,
       -0x1.c607d6p+1f, -0x1.2f127ep+2f, 0x1p-1f, 0x1.0caae2p-13f,},
      {-0x1.f4faaep-2f, -0x1.c73dacp-2f, -0x1.ae566p-2f, -0x1.a307ecp-2f,
       -0x1.9d620ep-2f, -0x1.9b516ap-2f, -0x1.988452p-1f, -0x1.251766p-1f,},
      {0x1.205b26p-5f, 0x1.bf6f3cp-7f, 0x1.2e0c4ap-8f, 0x1.a1017ap-10f,
       0x1.0b58fep-11f, 0x1.d650f6p-13f, 0x1.ffff62p-3f, 0x1.5b434p-4f,},
      {-0x1.99b242p-7f, -0x1.f672e6p-9f, -0x1.f716bp-11f, -0x1.f9ebf6p-13f,
       -0x1.c6110ap-15f, -0x1.32786ep-16f, -0x1.104eeep-3f, -0x1.2bc6fap-5f,},
      {0x1.0d61c6p-8f, 0x1.0ae00cp-10f, 0x1.93fe7p-13f, 0x1.2c991p-15f,
       0x1.7c992p-18f, 0x1.8cdb5ap-20f, 0x1.fee556p-5f, 0x1.d531dcp-7f,},
      {-0x1.4b4ef8p-10f, -0x1.0df266p-12f, -0x1.39f89p-15f, -0x1.5e5a68p-18f,
       -0x1.3b6818p-21f, -0x1.feae2ep-24f, -0x1.aa6bb6p-6f, -0x1.528eap-8f,},
      {0x1.90caa8p-12f, 0x1.0ca1b8p-14f, 0x1.fdba18p-18f, 0x1.a1d342p-21f,
       0x1.1bf49cp-24f, 0x1.4a5a2ap-27f, 0x1.281cbcp-7f, 0x1.cd3b92p-10f,},
      {-0x1.d3f042p-14f, -0x1.fd954cp-17f, -0x1.8588ccp-20f, -0x1.dff406p-24f,
       -0x1.e3f8ccp-28f, -0x1.a7447ep-31f, -0x1.f94e32p-10f, -0x1.259f54p-11f,},
  };
};

}  // namespace
}  // namespace fastact
