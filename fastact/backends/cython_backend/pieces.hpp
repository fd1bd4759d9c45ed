// Printed by tools/derive_pieces.py: do not edit.
#pragma once

namespace fastact {
namespace {

struct NORMAL {
  static constexpr float RATE = 0x1.ep+0f, BEND = 0x1.ep-2f;
  // as far as the pieces are used
  static constexpr double END = 6.43675;
  // where d is 0
  static constexpr float CENTER[1][32] = {
      {0x0p+0f, 0x1.f8d0e4p-2f, 0x1.c974fap-1f, 0x1.3e64eap+0f,
       0x1.8f23bap+0f, 0x1.d9317ep+0f, 0x1.0f00a8p+1f, 0x1.2f47ecp+1f,
       0x1.4dc4c4p+1f, 0x1.6ac76ap+1f, 0x1.8670bep+1f, 0x1.a0fbbp+1f,
       0x1.ba84b4p+1f, 0x1.d320e4p+1f, 0x1.eaf1fap+1f, 0x1.01007cp+2f,
       0x1.0c34cp+2f, 0x1.1714d2p+2f, 0x1.21afb6p+2f, 0x1.2c086ap+2f,
       0x1.3624dp+2f, 0x1.400234p+2f, 0x1.49a5aep+2f, 0x1.531ee4p+2f,
       0x1.5c5fd8p+2f, 0x1.65753cp+2f, 0x1.6e6542p+2f, 0x1.772768p+2f,
       0x1.7fc22ap+2f, 0x1.883bc2p+2f, 0x1.9092ccp+2f, 0x1.98c88p+2f,},
  };
  // Phi(-t), a row per power of d: error 0.15 of 2**-24.
  static constexpr float VALUE[7][32] = {
      {0x1p-1f, 0x1.3e79e2p-2f, 0x1.7c8614p-3f, 0x1.b573e2p-4f,
       0x1.e74648p-5f, 0x1.085e14p-5f, 0x1.18832ep-6f, 0x1.23ed5cp-7f,
       0x1.2ace28p-8f, 0x1.2d10ecp-9f, 0x1.2ba1c4p-10f, 0x1.267522p-11f,
       0x1.1e3186p-12f, 0x1.1393e2p-13f, 0x1.06c834p-14f, 0x1.f1490cp-16f,
       0x1.d286a4p-17f, 0x1.b3218cp-18f, 0x1.92ba9cp-19f, 0x1.72442p-20f,
       0x1.522b16p-21f, 0x1.33934p-22f, 0x1.16990ap-23f, 0x1.f4c1b6p-25f,
       0x1.c1261ep-26f, 0x1.90d8bap-27f, 0x1.638aa6p-28f, 0x1.3ab014p-29f,
       0x1.1590fep-30f, 0x1.e73eb4p-32f, 0x1.aa1eb4p-33f, 0x1.736f66p-34f,},
      {-0x1.988454p-2f, -0x1.69c5d8p-2f, -0x1.121244p-2f, -0x1.7900ap-3f,
       -0x1.e49f68p-4f, -0x1.280bcep-4f, -0x1.5b7972p-5f, -0x1.8ab42ap-6f,
       -0x1.b4671ap-7f, -0x1.d7161ap-8f, -0x1.f2df66p-9f, -0x1.036312p-9f,
       -0x1.09849p-10f, -0x1.0c2d5p-11f, -0x1.0b515ep-12f, -0x1.07982ap-13f,
       -0x1.010a64p-14f, -0x1.f1316p-16f, -0x1.dc312p-17f, -0x1.c43674p-18f,
       -0x1.a9e518p-19f, -0x1.8ed1ecp-20f, -0x1.7366aap-21f, -0x1.56c3eap-22f,
       -0x1.3b5284p-23f, -0x1.205384p-24f, -0x1.05c7b8p-25f, -0x1.d9e45ap-27f,
       -0x1.ab1762p-28f, -0x1.7ebcaep-29f, -0x1.558192p-30f, -0x1.2f816ap-31f,},
      {0x1.ea8fc6p-23f, 0x1.64b24cp-4f, 0x1.e9bfep-4f, 0x1.d4e36ap-4f,
       0x1.79cc0ep-4f, 0x1.119b86p-4f, 0x1.6fd674p-5f, 0x1.d39a1ep-6f,
       0x1.1c7cc4p-6f, 0x1.4dca1ap-7f, 0x1.7c6e04p-8f, 0x1.a68002p-9f,
       0x1.caf884p-10f, 0x1.e9592p-11f, 0x1.005338p-11f, 0x1.08a044p-12f,
       0x1.0d4bdap-13f, 0x1.0f02a4p-14f, 0x1.0d6d2cp-15f, 0x1.08ff5ep-16f,
       0x1.01fc5cp-17f, 0x1.f289e6p-19f, 0x1.de3f5ep-20f, 0x1.c60edcp-21f,
       0x1.ad1a4cp-22f, 0x1.929892p-23f, 0x1.76ab26p-24f, 0x1.5b3b4ap-25f,
       0x1.401e06p-26f, 0x1.253532p-27f, 0x1.0b2f34p-28f, 0x1.e4a414p-30f,},
      {0x1.1052bap-4f, 0x1.6d20cp-5f, 0x1.26def4p-7f, -0x1.12e0dp-6f,
       -0x1.ce4c34p-6f, -0x1.dcf40ep-6f, -0x1.935de8p-6f, -0x1.2f86f6p-6f,
       -0x1.a5d04cp-7f, -0x1.14163ap-7f, -0x1.593cdap-8f, -0x1.9f8f2cp-9f,
       -0x1.e4a97cp-10f, -0x1.134aecp-10f, -0x1.316f84p-11f, -0x1.4c3f5ep-12f,
       -0x1.62c2fap-13f, -0x1.75359ap-14f, -0x1.82a9a2p-15f, -0x1.8b4258p-16f,
       -0x1.8efc1cp-17f, -0x1.8ed6fcp-18f, -0x1.8b13b2p-19f, -0x1.82b4eap-20f,
       -0x1.7826a6p-21f, -0x1.6ac088p-22f, -0x1.5a9504p-23f, -0x1.495b6ap-24f,
       -0x1.3703cep-25f, -0x1.23849ap-26f, -0x1.0f9958p-27f, -0x1.f74498p-29f,},
      {0x1.fe465p-15f, -0x1.47ba7p-6f, -0x1.677ad2p-6f, -0x1.c65c18p-7f,
       -0x1.1ec8cp-8f, 0x1.2ff116p-9f, 0x1.6b973p-8f, 0x1.97782cp-8f,
       0x1.6851a2p-8f, 0x1.17fe7p-8f, 0x1.8fbe98p-9f, 0x1.0c061cp-9f,
       0x1.566378p-10f, 0x1.a4c28p-11f, 0x1.f446b8p-12f, 0x1.216cb6p-12f,
       0x1.46c334p-13f, 0x1.69a606p-14f, 0x1.88966cp-15f, 0x1.a3046cp-16f,
       0x1.b84c78p-17f, 0x1.c8ef6ap-18f, 0x1.d4ca2ap-19f, 0x1.da53b6p-20f,
       0x1.dc0412p-21f, 0x1.d8db9ap-22f, 0x1.d0b314p-23f, 0x1.c5997ep-24f,
       0x1.b76f14p-25f, 0x1.a6195cp-26f, 0x1.9298c4p-27f, 0x1.7d802ep-28f,},
      {-0x1.5269d2p-7f, -0x1.33444ep-8f, 0x1.4cab0cp-9f, 0x1.84c77cp-8f,
       0x1.6dc68cp-8f, 0x1.cbcc18p-9f, 0x1.618efcp-10f, -0x1.52d26p-13f,
       -0x1.e8a44p-11f, -0x1.2ee64cp-10f, -0x1.185334p-10f, -0x1.c1166ep-11f,
       -0x1.483392p-11f, -0x1.c167ccp-12f, -0x1.247abp-12f, -0x1.6dc2dcp-13f,
       -0x1.ba1828p-14f, -0x1.03f23p-14f, -0x1.2a0f8ap-15f, -0x1.4e628p-16f,
       -0x1.6fd1aep-17f, -0x1.8e30f2p-18f, -0x1.a8e1bep-19f, -0x1.bdf95ep-20f,
       -0x1.cf3d3cp-21f, -0x1.db556cp-22f, -0x1.e1aa3ap-23f, -0x1.e404b8p-24f,
       -0x1.e208aep-25f, -0x1.db5b0ap-26f, -0x1.d0eb1p-27f, -0x1.c343dep-28f,},
      {0x1.0d76e6p-10f, 0x1.84057ep-9f, 0x1.56b5ccp-9f, 0x1.7e0126p-11f,
       -0x1.a2102p-11f, -0x1.687f68p-10f, -0x1.43e218p-10f, -0x1.a13cccp-11f,
       -0x1.73977ep-12f, -0x1.582d74p-15f, 0x1.0e334p-13f, 0x1.8f49ep-13f,
       0x1.8a08f6p-13f, 0x1.47d896p-13f, 0x1.eccabap-14f, 0x1.5925e8p-14f,
       0x1.ca7366p-15f, 0x1.23e13cp-15f, 0x1.66f362p-16f, 0x1.aca474p-17f,
       0x1.f30edep-18f, 0x1.1c26cap-18f, 0x1.3d49cep-19f, 0x1.5c1faap-20f,
       0x1.77f4d2p-21f, 0x1.9037bep-22f, 0x1.a47bb8p-23f, 0x1.b47964p-24f,
       0x1.c00daap-25f, 0x1.c73708p-26f, 0x1.ca11d2p-27f, 0x1.c8d3fp-28f,},
  };
  // Phi(-t) - t phi(t), the slope of gelu at -t, a row per power of d: error 0.99 of 2**-24.
  static constexpr float SLOPE[7][32] = {
      {0x1p-1f, 0x1.18416ap-3f, -0x1.b4e708p-5f, -0x1.f452e2p-4f,
       -0x1.fff4fp-4f, -0x1.9f08p-4f, -0x1.29b5a8p-4f, -0x1.8a9eccp-5f,
       -0x1.ee46p-6f, -0x1.2827fep-6f, -0x1.56f9ccp-7f, -0x1.81b15ep-8f,
       -0x1.a73254p-9f, -0x1.c6e6ap-10f, -0x1.dfcd64p-11f, -0x1.f22bf2p-12f,
       -0x1.fd6f46p-13f, -0x1.016994p-13f, -0x1.00d752p-14f, -0x1.fada6ap-16f,
       -0x1.eed5f8p-17f, -0x1.df50ap-18f, -0x1.ccd5bcp-19f, -0x1.b668bep-20f,
       -0x1.9f1108p-21f, -0x1.8611bap-22f, -0x1.6b8ecp-23f, -0x1.5165b8p-24f,
       -0x1.37716cp-25f, -0x1.1d9826p-26f, -0x1.0486a8p-27f, -0x1.d90878p-29f,},
      {-0x1.988454p-1f, -0x1.3dcfb6p-1f, -0x1.495ab8p-2f, -0x1.55abeap-4f,
       0x1.a1a956p-5f, 0x1.a362e2p-4f, 0x1.af507ap-4f, 0x1.649cb8p-4f,
       0x1.05cf3p-4f, 0x1.633e46p-5f, 0x1.c77f4cp-6f, 0x1.173eeep-6f,
       0x1.4a4e5cp-7f, 0x1.7b6ae2p-8f, 0x1.a8bd34p-9f, 0x1.d16cbap-10f,
       0x1.f4032ep-11f, 0x1.085ed2p-11f, 0x1.131e14p-12f, 0x1.1a5088p-13f,
       0x1.1dee56p-14f, 0x1.1eab2cp-15f, 0x1.1cb404p-16f, 0x1.1751f2p-17f,
       0x1.1042fep-18f, 0x1.070e4cp-19f, 0x1.f783d4p-21f, 0x1.df3aeep-22f,
       0x1.c52e26p-23f, 0x1.a95202p-24f, 0x1.8cbac4p-25f, 0x1.6ff858p-26f,},
      {0x1.036c6cp-19f, 0x1.4f062cp-2f, 0x1.880264p-2f, 0x1.1f9004p-2f,
       0x1.2865ecp-3f, 0x1.3f3b3ap-5f, -0x1.63034cp-6f, -0x1.795924p-5f,
       -0x1.8e32b6p-5f, -0x1.5085b4p-5f, -0x1.f87d8cp-6f, -0x1.5d38bcp-6f,
       -0x1.c83856p-7f, -0x1.1cff4ep-7f, -0x1.573106p-8f, -0x1.9116dcp-9f,
       -0x1.c88768p-10f, -0x1.fca8e2p-11f, -0x1.15a422p-11f, -0x1.29bfb6p-12f,
       -0x1.3a2826p-13f, -0x1.472fdep-14f, -0x1.50b7bp-15f, -0x1.55a244p-16f,
       -0x1.57af54p-17f, -0x1.5625ecp-18f, -0x1.50e812p-19f, -0x1.4970e4p-20f,
       -0x1.3faap-21f, -0x1.33811ap-22f, -0x1.25b0dp-23f, -0x1.16a4f8p-24f,},
      {0x1.104c7p-2f, 0x1.1c542p-3f, -0x1.5b675ap-5f, -0x1.16ad82p-3f,
       -0x1.1f04ecp-3f, -0x1.96b8dcp-4f, -0x1.a5dec8p-5f, -0x1.f17b8ap-7f,
       0x1.7f71p-8f, 0x1.e2b38p-7f, 0x1.086ac4p-6f, 0x1.c9934p-7f,
       0x1.5d876p-7f, 0x1.ec812ap-8f, 0x1.4704ccp-8f, 0x1.9f081ap-9f,
       0x1.fb5ecp-10f, 0x1.2cffaep-10f, 0x1.5ba3f4p-11f, 0x1.88594cp-12f,
       0x1.b1c41ap-13f, 0x1.d79496p-14f, 0x1.f900a4p-15f, 0x1.09e5c8p-15f,
       0x1.14f1dp-16f, 0x1.1cdd54p-17f, 0x1.214ef6p-18f, 0x1.2347f6p-19f,
       0x1.2294d2p-20f, 0x1.1f03ccp-21f, 0x1.191fbcp-22f, 0x1.113b9p-23f,},
      {0x1.0506f6p-11f, -0x1.c943c6p-4f, -0x1.926f16p-4f, -0x1.08380ep-5f,
       0x1.6458dep-6f, 0x1.68ba2ap-5f, 0x1.57d47p-5f, 0x1.dceb42p-6f,
       0x1.f4d764p-7f, 0x1.44a296p-8f, -0x1.1a2162p-10f, -0x1.e90c84p-9f,
       -0x1.18f4cap-8f, -0x1.f257a6p-9f, -0x1.83b046p-9f, -0x1.157496p-9f,
       -0x1.75c70ep-10f, -0x1.e11156p-11f, -0x1.2a055p-11f, -0x1.65cdb4p-12f,
       -0x1.a2115ap-13f, -0x1.ddc92ep-14f, -0x1.0bbf1ap-14f, -0x1.26123ep-15f,
       -0x1.3e6e78p-16f, -0x1.53a25ep-17f, -0x1.64e086p-18f, -0x1.72f932p-19f,
       -0x1.7d68dp-20f, -0x1.83a7a2p-21f, -0x1.8626c4p-22f, -0x1.852226p-23f,},
      {-0x1.00d824p-4f, -0x1.396834p-6f, 0x1.d74074p-6f, 0x1.48e2bep-5f,
       0x1.9ff34p-6f, 0x1.74beb6p-8f, -0x1.dddd0ep-8f, -0x1.82d948p-7f,
       -0x1.5eb36ep-7f, -0x1.e08894p-8f, -0x1.005ac6p-8f, -0x1.6b0e3ep-10f,
       0x1.bed49ap-14f, 0x1.9cdc76p-11f, 0x1.f7fd9ep-11f, 0x1.cb4e7ep-11f,
       0x1.6bf824p-11f, 0x1.08805cp-11f, 0x1.693a2ap-12f, 0x1.d66384p-13f,
       0x1.26ad2cp-13f, 0x1.660288p-14f, 0x1.a7baf4p-15f, 0x1.e8ee4ap-16f,
       0x1.14e27p-16f, 0x1.33cb54p-17f, 0x1.501054p-18f, 0x1.6a09fep-19f,
       0x1.80e1bap-20f, 0x1.93af06p-21f, 0x1.a2869cp-22f, 0x1.ad55f4p-23f,},
      {0x1.0e666ap-7f, 0x1.6a3924p-6f, 0x1.e9d4aep-7f, -0x1.c202dep-10f,
       -0x1.6579ap-7f, -0x1.5b7d72p-7f, -0x1.7ce32ep-8f, -0x1.0ddbp-10f,
       0x1.ddf93ep-10f, 0x1.66bbeap-9f, 0x1.40e6fep-9f, 0x1.bbc174p-10f,
       0x1.e9ad4ep-11f, 0x1.835fd8p-12f, 0x1.d7e762p-16f, -0x1.1e41d4p-13f,
       -0x1.89ffbep-13f, -0x1.77b454p-13f, -0x1.31ff7ap-13f, -0x1.c5a9a8p-14f,
       -0x1.3b0846p-14f, -0x1.a0797p-15f, -0x1.08ae88p-15f, -0x1.45ac8cp-16f,
       -0x1.85d3dp-17f, -0x1.c79ed8p-18f, -0x1.04bca8p-18f, -0x1.24e982p-19f,
       -0x1.439824p-20f, -0x1.601c78p-21f, -0x1.79e152p-22f, -0x1.906c88p-23f,},
  };
  // t Phi(-t) exp(t**2/2), v = 1/t**2: error 0.26 of 2**-24.
  static constexpr float FAR_VALUE[] = {0x1.98845p-2f, -0x1.987d2ep-2f, 0x1.311b6p+0f, -0x1.63d048p+2f, 0x1.7d43ecp+4f};
  // -gelu'(-t) exp(t**2/2)/t, v = 1/t**2: error 0.4 of 2**-24.
  static constexpr float FAR_SLOPE[] = {0x1.98844cp-2f, -0x1.9879ecp-2f, 0x1.9350dep-2f, -0x1.d83984p-1f};
};

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

struct TANH {
  static constexpr float RATE = 0x1.47ae14p+1f, BEND = 0x0p+0f;
  // as far as the pieces are used
  static constexpr double END = 12.3008;
  // where d is 0
  static constexpr float CENTER[1][32] = {
      {0x0p+0f, 0x1.8feb4ep-2f, 0x1.8fee06p-1f, 0x1.2c204ep+0f,
       0x1.8fe21ep+0f, 0x1.f42502p+0f, 0x1.2c2502p+1f, 0x1.5dec88p+1f,
       0x1.8ff904p+1f, 0x1.c202d4p+1f, 0x1.f3ee14p+1f, 0x1.12f99ap+2f,
       0x1.2bdcecp+2f, 0x1.4518e8p+2f, 0x1.5e2328p+2f, 0x1.7703b4p+2f,
       0x1.900356p+2f, 0x1.a9253cp+2f, 0x1.c226f4p+2f, 0x1.db031ap+2f,
       0x1.f4271p+2f, 0x1.0658fp+3f, 0x1.13270ap+3f, 0x1.1f58fp+3f,
       0x1.2c270cp+3f, 0x1.38a6c8p+3f, 0x1.452688p+3f, 0x1.51a5bep+3f,
       0x1.5e26bap+3f, 0x1.6aa62cp+3f, 0x1.771d3p+3f, 0x1.839f6ap+3f,},
  };
  // 1 - tanh(t) where d is 0
  static constexpr float REST[1][32] = {
      {0x1p+0f, 0x1.419f62p-1f, 0x1.62f988p-2f, 0x1.6656c8p-3f,
       0x1.59158p-4f, 0x1.42b88p-5f, 0x1.2a5c4p-6f, 0x1.137f8p-7f,
       0x1.f94cp-9f, 0x1.cee3f8p-10f, 0x1.a897f6p-11f, 0x1.84cp-12f,
       0x1.653fe8p-13f, 0x1.44c00ap-14f, 0x1.28ff5p-15f, 0x1.10ffd4p-16f,
       0x1.f3fa38p-18f, 0x1.c7ec5p-19f, 0x1.a162ecp-20f, 0x1.7fddp-21f,
       0x1.5df38ap-22f, 0x1.450e4p-23f, 0x1.240564p-24f, 0x1.108aap-25f,
       0x1.e9afc4p-27f, 0x1.c06b36p-28f, 0x1.9aa092p-29f, 0x1.7811f4p-30f,
       0x1.5845acp-31f, 0x1.3b48p-32f, 0x1.215394p-33f, 0x1.08c85cp-34f,},
  };
  // what tanh(t) has risen from there, over d, a row per power of d: error 0.19 of 2**-24.
  static constexpr float RISE[6][32] = {
      {0x1p+0f, 0x1.b9363cp-1f, 0x1.2572aap-1f, 0x1.46fd5ap-2f,
       0x1.4a8c26p-3f, 0x1.3c5d2cp-4f, 0x1.27a4cap-5f, 0x1.125706p-6f,
       0x1.f852aap-8f, 0x1.ce7b5ap-9f, 0x1.a86bf4p-10f, 0x1.84ad8ep-11f,
       0x1.65382p-12f, 0x1.44bcd4p-13f, 0x1.28fdf8p-14f, 0x1.10ff44p-15f,
       0x1.f3f9cp-17f, 0x1.c7ec2p-18f, 0x1.a162d8p-19f, 0x1.7fdcf8p-20f,
       0x1.5df388p-21f, 0x1.450e4p-22f, 0x1.240564p-23f, 0x1.108aap-24f,
       0x1.e9afc6p-26f, 0x1.c06b38p-27f, 0x1.9aa094p-28f, 0x1.7811f6p-29f,
       0x1.5845aep-30f, 0x1.3b4802p-31f, 0x1.215396p-32f, 0x1.08c85ep-33f,},
      {-0x1.05e3d8p-21f, -0x1.481cc2p-2f, -0x1.7f71f8p-2f, -0x1.0dc6bep-2f,
       -0x1.2eb306p-3f, -0x1.2fe6a6p-4f, -0x1.224288p-5f, -0x1.10088ap-6f,
       -0x1.f660eap-8f, -0x1.cdaa42p-9f, -0x1.a813eep-10f, -0x1.8488a2p-11f,
       -0x1.652884p-12f, -0x1.44b66p-13f, -0x1.28fb42p-14f, -0x1.10fe1cp-15f,
       -0x1.f3f8c2p-17f, -0x1.c7ebb4p-18f, -0x1.a162a8p-19f, -0x1.7fdcdep-20f,
       -0x1.5df37cp-21f, -0x1.450e34p-22f, -0x1.24056p-23f, -0x1.108a98p-24f,
       -0x1.e9afc2p-26f, -0x1.c06b34p-27f, -0x1.9aa09p-28f, -0x1.7811f4p-29f,
       -0x1.5845acp-30f, -0x1.3b48p-31f, -0x1.215392p-32f, -0x1.08c85cp-33f,},
      {-0x1.554d9ep-2f, -0x1.585134p-3f, 0x1.b6edfp-5f, 0x1.c652d4p-4f,
       0x1.4e0bbep-4f, 0x1.74f4f8p-5f, 0x1.74da4ap-6f, 0x1.64983ap-7f,
       0x1.4c542ap-8f, 0x1.32aeeep-9f, 0x1.1a4134p-10f, 0x1.02d346p-11f,
       0x1.dc09b2p-13f, 0x1.b0df5cp-14f, 0x1.8bf06ap-15f, 0x1.6bf844p-16f,
       0x1.4d4d52p-17f, 0x1.2ff012p-18f, 0x1.163ffap-19f, 0x1.ffce3cp-21f,
       0x1.d2971p-22f, 0x1.b165d8p-23f, 0x1.855a4ap-24f, 0x1.6b618p-25f,
       0x1.467336p-26f, 0x1.2af052p-27f, 0x1.11beb6p-28f, 0x1.f56a2cp-30f,
       0x1.cb04bp-31f, 0x1.a45d56p-32f, 0x1.81c248p-33f, 0x1.6108dcp-34f,},
      {-0x1.53d60ap-11f, 0x1.5ab8f8p-3f, 0x1.6fc894p-4f, -0x1.e24aa2p-9f,
       -0x1.a047eep-6f, -0x1.374e62p-6f, -0x1.591e12p-7f, -0x1.588154p-8f,
       -0x1.4733d6p-9f, -0x1.3088b2p-10f, -0x1.195c78p-11f, -0x1.027666p-12f,
       -0x1.dbc24cp-14f, -0x1.b0c2ecp-15f, -0x1.8be7bep-16f, -0x1.6bf8c8p-17f,
       -0x1.4d50fep-18f, -0x1.2ff2d8p-19f, -0x1.1642dcp-20f, -0x1.ffd7fep-22f,
       -0x1.d29c6cp-23f, -0x1.b17352p-24f, -0x1.855c7p-25f, -0x1.6b6cep-26f,
       -0x1.4674b4p-27f, -0x1.2af1ep-28f, -0x1.11c03ep-29f, -0x1.f56c56p-31f,
       -0x1.cb06acp-32f, -0x1.a45f5cp-33f, -0x1.81c5bap-34f, -0x1.610b66p-35f,},
      {0x1.1e5dp-3f, 0x1.b1a77cp-7f, -0x1.00379ep-4f, -0x1.bb68c8p-6f,
       -0x1.20214ep-11f, 0x1.368d24p-8f, 0x1.d21df2p-9f, 0x1.01653cp-9f,
       0x1.fdad76p-11f, 0x1.e30818p-12f, 0x1.c1e3b8p-13f, 0x1.9ecc12p-14f,
       0x1.7e5fe4p-15f, 0x1.5c244p-16f, 0x1.3e9b6cp-17f, 0x1.24ef8ep-18f,
       0x1.0c482ep-19f, 0x1.e9582p-21f, 0x1.bfff2ep-22f, 0x1.9bff4ap-23f,
       0x1.779f96p-24f, 0x1.5cd092p-25f, 0x1.39759cp-26f, 0x1.24767cp-27f,
       0x1.06d16p-28f, 0x1.e156ap-30f, 0x1.b8c5b2p-31f, 0x1.93ad7ep-32f,
       0x1.718bccp-33f, 0x1.526d32p-34f, 0x1.368f7ep-35f, 0x1.1c3786p-36f,},
      {-0x1.ef69c8p-6f, -0x1.1207dp-4f, 0x1.976208p-9f, 0x1.1a05e4p-6f,
       0x1.64eacep-8f, 0x1.9572a8p-14f, -0x1.8eebap-11f, -0x1.220716p-11f,
       -0x1.3abbc2p-12f, -0x1.359f2ap-13f, -0x1.24aae4p-14f, -0x1.0fd98ep-15f,
       -0x1.f5254p-17f, -0x1.cc28fep-18f, -0x1.a5e92ap-19f, -0x1.829cc2p-20f,
       -0x1.621bf6p-21f, -0x1.444028p-22f, -0x1.28ebep-23f, -0x1.0febd2p-24f,
       -0x1.f1eca8p-26f, -0x1.c81b5cp-27f, -0x1.a16d2cp-28f, -0x1.7e6c18p-29f,
       -0x1.5dfd78p-30f, -0x1.40799cp-31f, -0x1.2572ecp-32f, -0x1.0cb404p-33f,
       -0x1.ec14d2p-35f, -0x1.c2959cp-36f, -0x1.9c9cbcp-37f, -0x1.79cf32p-38f,},
  };
};

}  // namespace
}  // namespace fastact
