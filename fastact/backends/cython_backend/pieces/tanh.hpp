// Printed by tools/derive_pieces.py: do not edit.
#pragma once

namespace fastact {
namespace {

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
