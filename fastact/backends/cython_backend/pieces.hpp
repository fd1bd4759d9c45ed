// Printed by tools/derive_pieces.py: do not edit.
#pragma once

namespace fastact {
namespace {

struct NORMAL {
  static constexpr float WIDTH = 0x1.a000000000000p-3f;
  // as far as the pieces are used
  static constexpr double END = 31.49 * WIDTH;
  // where d is 0
  static constexpr float CENTER[1][32] = {
      {
       0x0p+0f, 0x1.a9d0acp-3f, 0x1.a5a9b8p-2f, 0x1.3b36acp-1f,
       0x1.a39d74p-1f, 0x1.060896p+0f, 0x1.3a3b54p+0f, 0x1.6e7632p+0f,
       0x1.a2ae1p+0f, 0x1.d6eadp+0f, 0x1.05939cp+1f, 0x1.1fb00cp+1f,
       0x1.39ced4p+1f, 0x1.53ecb2p+1f, 0x1.6e0a54p+1f, 0x1.88292ap+1f,
       0x1.a243dcp+1f, 0x1.bc6496p+1f, 0x1.d68p+1f, 0x1.f09e68p+1f,
       0x1.055cd2p+2f, 0x1.12710ap+2f, 0x1.1f7fc8p+2f, 0x1.2c8a26p+2f,
       0x1.399aep+2f, 0x1.46a80ap+2f, 0x1.53b84ep+2f, 0x1.60c3c8p+2f,
       0x1.6dd5b4p+2f, 0x1.7ae34ap+2f, 0x1.87edbep+2f, 0x1.94ff08p+2f,
      },
  };
  // Phi(-t), a row per power of d: error 0.12 of 2**-24.
  static constexpr float VALUE[8][32] = {
      {
       0x1p-1f, 0x1.abab92p-2f, 0x1.5c6a9p-2f, 0x1.13851p-2f,
       0x1.a65da6p-3f, 0x1.396252p-3f, 0x1.c1d632p-4f, 0x1.37e394p-4f,
       0x1.a1973ep-5f, 0x1.0dacdap-5f, 0x1.4fd786p-6f, 0x1.931dbep-7f,
       0x1.d200eep-8f, 0x1.035e7ep-8f, 0x1.15e8a2p-9f, 0x1.1e7e4p-10f,
       0x1.1c3bfep-11f, 0x1.0f06fcp-12f, 0x1.f1484p-14f, 0x1.b66bc4p-15f,
       0x1.73ac98p-16f, 0x1.2e458ap-17f, 0x1.d91dap-19f, 0x1.6434aap-20f,
       0x1.01285ep-21f, 0x1.650f22p-23f, 0x1.dbb514p-25f, 0x1.30d716p-26f,
       0x1.765bdep-28f, 0x1.ba24b6p-30f, 0x1.f60a1ep-32f, 0x1.10f50ep-33f,
      },
      {
       -0x1.988454p-2f, -0x1.8fc818p-2f, -0x1.774f4ep-2f, -0x1.51fdcp-2f,
       -0x1.23fb7ep-2f, -0x1.e3e0fp-3f, -0x1.80a732p-3f, -0x1.254562p-3f,
       -0x1.acff22p-4f, -0x1.2cf09p-4f, -0x1.950074p-5f, -0x1.05711cp-5f,
       -0x1.43b95p-6f, -0x1.8085b8p-7f, -0x1.b61fcap-8f, -0x1.deca48p-9f,
       -0x1.f618b8p-10f, -0x1.f8c3bap-11f, -0x1.e7071ep-12f, -0x1.c29b66p-13f,
       -0x1.9010b8p-14f, -0x1.5421d4p-15f, -0x1.15c422p-16f, -0x1.b3b854p-18f,
       -0x1.473a1ap-19f, -0x1.d7f532p-21f, -0x1.4628dp-22f, -0x1.b11a92p-24f,
       -0x1.133c56p-25f, -0x1.500f1cp-27f, -0x1.8a1102p-29f, -0x1.ba2p-31f,
      },
      {
       0x1.44f1d6p-38f, 0x1.4c7c82p-5f, 0x1.35171ap-4f, 0x1.a02b6ap-4f,
       0x1.de9838p-4f, 0x1.ef487p-4f, 0x1.d82638p-4f, 0x1.a3d09ap-4f,
       0x1.5ece22p-4f, 0x1.14cad8p-4f, 0x1.9dd2fep-5f, 0x1.25cd98p-5f,
       0x1.8cd31ep-6f, 0x1.fe949ap-7f, 0x1.39399p-7f, 0x1.6eb95ep-8f,
       0x1.9a2cbap-9f, 0x1.b61ce6p-10f, 0x1.bf8d4ap-11f, 0x1.b511f4p-12f,
       0x1.98721ap-13f, 0x1.6ca266p-14f, 0x1.37f188p-15f, 0x1.ff8724p-17f,
       0x1.90dcp-18f, 0x1.2d1c04p-19f, 0x1.b0d2dcp-21f, 0x1.2a67e2p-22f,
       0x1.8952c8p-24f, 0x1.f160aap-26f, 0x1.2da6f6p-27f, 0x1.5db976p-29f,
      },
      {
       0x1.1059bcp-4f, 0x1.fe016ap-5f, 0x1.9f8e66p-5f, 0x1.17d8p-5f,
       0x1.ff4e4ap-7f, -0x1.ec514p-10f, -0x1.03d9f2p-6f, -0x1.9a40ep-6f,
       -0x1.defbd4p-6f, -0x1.de41f4p-6f, -0x1.acc7dcp-6f, -0x1.6113b2p-6f,
       -0x1.0e558p-6f, -0x1.83e33ap-7f, -0x1.06109p-7f, -0x1.4e9e5cp-8f,
       -0x1.94ef3p-9f, -0x1.d0f3d6p-10f, -0x1.fbc7eap-11f, -0x1.07da08p-11f,
       -0x1.0555p-12f, -0x1.ecdb7ep-14f, -0x1.bbf42ep-15f, -0x1.7e31f4p-16f,
       -0x1.39bd66p-17f, -0x1.ec9fd4p-19f, -0x1.71532ap-20f, -0x1.091c42p-21f,
       -0x1.6b401ap-23f, -0x1.dcc184p-25f, -0x1.2bac22p-26f, -0x1.67a348p-28f,
      },
      {
       0x1.b6ddf4p-27f, -0x1.47b1e2p-7f, -0x1.239e76p-6f, -0x1.6b96e4p-6f,
       -0x1.7371f4p-6f, -0x1.42509p-6f, -0x1.d60c58p-7f, -0x1.0a1fc6p-7f,
       -0x1.3042bcp-9f, 0x1.1b4fd8p-9f, 0x1.447bbap-8f, 0x1.91d456p-8f,
       0x1.8e35aap-8f, 0x1.58db68p-8f, 0x1.0e4ddap-8f, 0x1.865a1cp-9f,
       0x1.067032p-9f, 0x1.4a89d4p-10f, 0x1.8808dcp-11f, 0x1.b70126p-12f,
       0x1.d18912p-13f, 0x1.d396bp-14f, 0x1.be969p-15f, 0x1.96103cp-16f,
       0x1.5eee86p-17f, 0x1.2133bcp-18f, 0x1.c60906p-20f, 0x1.5473dcp-21f,
       0x1.e65372p-23f, 0x1.4c1622p-24f, 0x1.b1a8ep-26f, 0x1.0de97ep-27f,
      },
      {
       -0x1.46d26cp-7f, -0x1.246026p-7f, -0x1.929e5ep-8f, -0x1.398184p-9f,
       0x1.688d76p-10f, 0x1.1a6252p-8f, 0x1.82b458p-8f, 0x1.8e89fcp-8f,
       0x1.512902p-8f, 0x1.d5b49cp-9f, 0x1.f2a22cp-10f, 0x1.f394c4p-12f,
       -0x1.086ae6p-11f, -0x1.0b359p-10f, -0x1.2fee3cp-10f, -0x1.15a012p-10f,
       -0x1.bb1dcep-11f, -0x1.3f8e1cp-11f, -0x1.a814b6p-12f, -0x1.057e44p-12f,
       -0x1.2dd0b2p-13f, -0x1.470e68p-14f, -0x1.4e95acp-15f, -0x1.43f788p-16f,
       -0x1.28c476p-17f, -0x1.022b78p-18f, -0x1.aa683cp-20f, -0x1.4f57a2p-21f,
       -0x1.f521p-23f, -0x1.65213cp-24f, -0x1.e5b028p-26f, -0x1.3a41acp-27f,
      },
      {
       0x1.5680ccp-19f, 0x1.ad869p-10f, 0x1.6d7676p-9f, 0x1.a31a4p-9f,
       0x1.72ebdep-9f, 0x1.ee64eep-10f, 0x1.726396p-11f, -0x1.7ed626p-12f,
       -0x1.1d8cp-10f, -0x1.6ac882p-10f, -0x1.566bb6p-10f, -0x1.04f1cap-10f,
       -0x1.3ce0f4p-11f, -0x1.07653ep-12f, 0x1.f59c52p-20f, 0x1.2c12aap-13f,
       0x1.94abcep-13f, 0x1.82b5cap-13f, 0x1.3676cap-13f, 0x1.ba60f6p-14f,
       0x1.1eedf6p-14f, 0x1.572dd6p-15f, 0x1.7e72e4p-16f, 0x1.8f7eb2p-17f,
       0x1.87db84p-18f, 0x1.6ad06ep-19f, 0x1.3d4dc4p-20f, 0x1.072c7p-21f,
       0x1.9d3fa8p-23f, 0x1.348398p-24f, 0x1.b661e8p-26f, 0x1.279318p-27f,
      },
      {
       0x1.343bc2p-10f, 0x1.0ac834p-10f, 0x1.2f52e6p-11f, 0x1.375bb4p-16f,
       -0x1.f8a942p-12f, -0x1.99736ep-11f, -0x1.b1b286p-11f, -0x1.58fc22p-11f,
       -0x1.8501ccp-12f, -0x1.3e5de4p-14f, 0x1.316bc4p-13f, 0x1.0f964ep-12f,
       0x1.1dfe5ap-12f, 0x1.cf1884p-13f, 0x1.2ad0dep-13f, 0x1.1da24ep-14f,
       0x1.ccad4cp-17f, -0x1.213e96p-16f, -0x1.e91d72p-16f, -0x1.e79908p-16f,
       -0x1.8817ap-16f, -0x1.1340cp-16f, -0x1.5cb394p-17f, -0x1.958a2ap-18f,
       -0x1.b57eb6p-19f, -0x1.b8c7cp-20f, -0x1.a0b8p-21f, -0x1.72fa22p-22f,
       -0x1.37cdcap-23f, -0x1.efe068p-25f, -0x1.75aab6p-26f, -0x1.0b32cap-27f,
      },
  };
  // Phi(-t) - t phi(t), the slope of gelu at -t, a row per power of d: error 0.62 of 2**-24.
  static constexpr float SLOPE[8][32] = {
      {
       0x1p-1f, 0x1.588c7p-2f, 0x1.83be02p-3f, 0x1.0dbd6cp-4f,
       -0x1.c1d46ap-6f, -0x1.6bcc3ep-4f, -0x1.ee763cp-4f, -0x1.07dedp-3f,
       -0x1.ecd0a8p-4f, -0x1.a2bf44p-4f, -0x1.49dd1ap-4f, -0x1.e6d3cp-5f,
       -0x1.5293p-5f, -0x1.bdbcf8p-6f, -0x1.167c7cp-6f, -0x1.4ae996p-7f,
       -0x1.76a53ap-8f, -0x1.943c06p-9f, -0x1.a078c6p-10f, -0x1.99ab38p-11f,
       -0x1.81375p-12f, -0x1.59be0cp-13f, -0x1.29289ap-14f, -0x1.e943dap-16f,
       -0x1.80c97cp-17f, -0x1.21f38cp-18f, -0x1.a1f534p-20f, -0x1.20e128p-21f,
       -0x1.7d9fecp-23f, -0x1.e38f8ap-25f, -0x1.25cedp-26f, -0x1.5531d2p-28f,
      },
      {
       -0x1.988454p-1f, -0x1.8723fp-1f, -0x1.577d9p-1f, -0x1.11eff6p-1f,
       -0x1.83d89cp-2f, -0x1.cccd22p-3f, -0x1.7b842ep-4f, 0x1.cd696ep-8f,
       0x1.2177f2p-4f, 0x1.a07378p-4f, 0x1.b8acfap-4f, 0x1.8ee5f6p-4f,
       0x1.449212p-4f, 0x1.e5b3fep-5f, 0x1.5254fcp-5f, 0x1.ba143ep-6f,
       0x1.1051cap-6f, 0x1.3d2aaap-7f, 0x1.5e65b2p-8f, 0x1.6f9d32p-9f,
       0x1.6efe56p-10f, 0x1.5c6298p-11f, 0x1.3b9af6p-12f, 0x1.1107bp-13f,
       0x1.c2283ep-15f, 0x1.62b802p-16f, 0x1.0accdep-17f, 0x1.802162p-19f,
       0x1.07d5ecp-20f, 0x1.5b103cp-22f, 0x1.b53118p-24f, 0x1.06d18ep-25f,
      },
      {
       0x1.a1a2a8p-35f, 0x1.48e4d4p-3f, 0x1.27fcc6p-2f, 0x1.78bc1cp-2f,
       0x1.8e3aa4p-2f, 0x1.6d8e8cp-2f, 0x1.264e1cp-2f, 0x1.997e94p-3f,
       0x1.d0e6d4p-4f, 0x1.55197ap-5f, -0x1.239b68p-7f, -0x1.34f0dep-5f,
       -0x1.8ee68ap-5f, -0x1.85a44cp-5f, -0x1.472636p-5f, -0x1.edd952p-6f,
       -0x1.56629ep-6f, -0x1.b90b5ep-7f, -0x1.0a0d4p-7f, -0x1.2defd6p-8f,
       -0x1.43a02ap-9f, -0x1.47e70cp-10f, -0x1.3b720ap-11f, -0x1.208fe4p-12f,
       -0x1.f55808p-14f, -0x1.9efbacp-15f, -0x1.47003ap-16f, -0x1.ec06b4p-18f,
       -0x1.60730cp-19f, -0x1.e2940cp-21f, -0x1.3bcf8ep-22f, -0x1.89ececp-24f,
      },
      {
       0x1.1058f6p-2f, 0x1.ecf72p-3f, 0x1.638514p-3f, 0x1.4fd6ep-4f,
       -0x1.86400cp-7f, -0x1.68ae5cp-4f, -0x1.122c0ap-3f, -0x1.2c5ccap-3f,
       -0x1.0e96aep-3f, -0x1.9d1d8ap-4f, -0x1.070204p-4f, -0x1.fd2e6ap-6f,
       -0x1.a45188p-8f, 0x1.1817c4p-7f, 0x1.f1b638p-7f, 0x1.075afap-6f,
       0x1.c4a216p-7f, 0x1.554f46p-7f, 0x1.d29ee6p-8f, 0x1.25e402p-8f,
       0x1.589faap-9f, 0x1.7a0ef6p-10f, 0x1.868d04p-11f, 0x1.7d2978p-12f,
       0x1.5f76a6p-13f, 0x1.33718cp-14f, 0x1.fe303ep-16f, 0x1.92dc36p-17f,
       0x1.2e14bp-18f, 0x1.afe598p-20f, 0x1.267eb6p-21f, 0x1.7e09acp-23f,
      },
      {
       0x1.16bebcp-23f, -0x1.e59a96p-5f, -0x1.a054ep-4f, -0x1.e4a41p-4f,
       -0x1.b935e8p-4f, -0x1.389108p-4f, -0x1.22e4fap-5f, 0x1.7e903p-9f,
       0x1.f3138ep-6f, 0x1.6687dp-5f, 0x1.6a022cp-5f, 0x1.26fffap-5f,
       0x1.8c79dap-6f, 0x1.a2a97cp-7f, 0x1.0928b6p-8f, -0x1.5d1446p-10f,
       -0x1.f1adaep-9f, -0x1.1832eap-8f, -0x1.e436f4p-9f, -0x1.67ba2cp-9f,
       -0x1.df6d24p-10f, -0x1.2431b6p-10f, -0x1.4a3524p-11f, -0x1.5ca064p-12f,
       -0x1.58e78p-13f, -0x1.419118p-14f, -0x1.1ae408p-15f, -0x1.d79414p-17f,
       -0x1.73ec1cp-18f, -0x1.16bffcp-19f, -0x1.8d728cp-21f, -0x1.0ceaf2p-22f,
      },
      {
       -0x1.ea3db4p-5f, -0x1.a5c6e4p-5f, -0x1.eacb3ap-6f, -0x1.499b1cp-9f,
       0x1.6b98b8p-6f, 0x1.32c5cp-5f, 0x1.4c9a0cp-5f, 0x1.11057p-5f,
       0x1.4a1194p-6f, 0x1.9601ep-8f, -0x1.2f1e4cp-8f, -0x1.5a76c6p-7f,
       -0x1.865c2cp-7f, -0x1.4b34dp-7f, -0x1.c4f708p-8f, -0x1.e6b908p-9f,
       -0x1.4fbfc4p-10f, 0x1.8951a4p-13f, 0x1.b7f922p-11f, 0x1.f67608p-11f,
       0x1.a982fcp-11f, 0x1.3205eep-11f, 0x1.8886dap-12f, 0x1.cb7ab4p-13f,
       0x1.f0529ep-14f, 0x1.f39fecp-15f, 0x1.d6ab5cp-16f, 0x1.a1573p-17f,
       0x1.5c5f6ep-18f, 0x1.13262p-19f, 0x1.9beb4ep-21f, 0x1.23c4b2p-22f,
      },
      {
       0x1.af8ed8p-16f, 0x1.a7c57ap-7f, 0x1.5a4522p-6f, 0x1.6ebbe6p-6f,
       0x1.15fc4ap-6f, 0x1.ef7aa2p-8f, -0x1.18176cp-9f, -0x1.284888p-7f,
       -0x1.7f9fb8p-7f, -0x1.57bff4p-7f, -0x1.c61b42p-8f, -0x1.74284ep-9f,
       0x1.badb68p-12f, 0x1.28302p-9f, 0x1.68f9f2p-9f, 0x1.352a32p-9f,
       0x1.a0f73ap-10f, 0x1.b42c6cp-11f, 0x1.2166a4p-12f, -0x1.5f607cp-15f,
       -0x1.672828p-13f, -0x1.874b5p-13f, -0x1.3c155ap-13f, -0x1.b1b6b8p-14f,
       -0x1.08a6c6p-14f, -0x1.264946p-15f, -0x1.2db4acp-16f, -0x1.20087ap-17f,
       -0x1.00cb5cp-18f, -0x1.ae8574p-20f, -0x1.545168p-21f, -0x1.fae628p-23f,
      },
      {
       0x1.337608p-7f, 0x1.ff31c2p-8f, 0x1.ce20a4p-9f, -0x1.9ad126p-10f,
       -0x1.689118p-8f, -0x1.d1da5ap-8f, -0x1.9546e6p-8f, -0x1.d15d48p-9f,
       -0x1.0e9e78p-11f, 0x1.d79988p-10f, 0x1.76120cp-9f, 0x1.651aeap-9f,
       0x1.eb3bf8p-10f, 0x1.b983dap-11f, 0x1.273842p-16f, -0x1.cfc39ep-12f,
       -0x1.2a04cep-11f, -0x1.fb425cp-12f, -0x1.4d9d64p-12f, -0x1.5044eep-13f,
       -0x1.a2541p-15f, 0x1.417cfap-17f, 0x1.082622p-15f, 0x1.0fd22ap-15f,
       0x1.a2add4p-16f, 0x1.122dfcp-16f, 0x1.3fbb48p-17f, 0x1.537dcp-18f,
       0x1.4c7806p-19f, 0x1.2ec47ap-20f, 0x1.01d622p-21f, 0x1.9c54d6p-23f,
      },
  };
  // t Phi(-t) exp(t**2/2), v = 1/t**2: error 0.26 of 2**-24.
  static constexpr float FAR_VALUE[] = {0x1.98845p-2f, -0x1.987d2ep-2f, 0x1.311b6p+0f, -0x1.63d048p+2f, 0x1.7d43ecp+4f};
  // -gelu'(-t) exp(t**2/2)/t, v = 1/t**2: error 0.4 of 2**-24.
  static constexpr float FAR_SLOPE[] = {0x1.98844cp-2f, -0x1.9879ecp-2f, 0x1.9350dep-2f, -0x1.d83984p-1f};
};

struct TANH {
  static constexpr float WIDTH = 0x1.9000000000000p-2f;
  // as far as the pieces are used
  static constexpr double END = 31.49 * WIDTH;
  // where d is 0
  static constexpr float CENTER[1][32] = {
      {
       0x0p+0f, 0x1.8feb4ep-2f, 0x1.8fee06p-1f, 0x1.2c204ep+0f,
       0x1.8fe21ep+0f, 0x1.f42502p+0f, 0x1.2c2502p+1f, 0x1.5dec88p+1f,
       0x1.8ff904p+1f, 0x1.c202d4p+1f, 0x1.f3ee14p+1f, 0x1.12f99ap+2f,
       0x1.2bdcecp+2f, 0x1.4518e8p+2f, 0x1.5e2328p+2f, 0x1.7703b4p+2f,
       0x1.900356p+2f, 0x1.a9253cp+2f, 0x1.c226f4p+2f, 0x1.db031ap+2f,
       0x1.f4271p+2f, 0x1.0658fp+3f, 0x1.13270ap+3f, 0x1.1f58fp+3f,
       0x1.2c270cp+3f, 0x1.38a6c8p+3f, 0x1.452688p+3f, 0x1.51a5bep+3f,
       0x1.5e26bap+3f, 0x1.6aa62cp+3f, 0x1.771d3p+3f, 0x1.839f6ap+3f,
      },
  };
  // 1 - tanh(t) where d is 0
  static constexpr float REST[1][32] = {
      {
       0x1p+0f, 0x1.419f62p-1f, 0x1.62f988p-2f, 0x1.6656c8p-3f,
       0x1.59158p-4f, 0x1.42b88p-5f, 0x1.2a5c4p-6f, 0x1.137f8p-7f,
       0x1.f94cp-9f, 0x1.cee3f8p-10f, 0x1.a897f6p-11f, 0x1.84cp-12f,
       0x1.653fe8p-13f, 0x1.44c00ap-14f, 0x1.28ff5p-15f, 0x1.10ffd4p-16f,
       0x1.f3fa38p-18f, 0x1.c7ec5p-19f, 0x1.a162ecp-20f, 0x1.7fddp-21f,
       0x1.5df38ap-22f, 0x1.450e4p-23f, 0x1.240564p-24f, 0x1.108aap-25f,
       0x1.e9afc4p-27f, 0x1.c06b36p-28f, 0x1.9aa092p-29f, 0x1.7811f4p-30f,
       0x1.5845acp-31f, 0x1.3b48p-32f, 0x1.215394p-33f, 0x1.08c85cp-34f,
      },
  };
  // what tanh(t) has risen from there, over d, a row per power of d: error 0.19 of 2**-24.
  static constexpr float RISE[6][32] = {
      {
       0x1p+0f, 0x1.b9363cp-1f, 0x1.2572aap-1f, 0x1.46fd5ap-2f,
       0x1.4a8c26p-3f, 0x1.3c5d2cp-4f, 0x1.27a4cap-5f, 0x1.125706p-6f,
       0x1.f852aap-8f, 0x1.ce7b5ap-9f, 0x1.a86bf4p-10f, 0x1.84ad8ep-11f,
       0x1.65382p-12f, 0x1.44bcd4p-13f, 0x1.28fdf8p-14f, 0x1.10ff44p-15f,
       0x1.f3f9cp-17f, 0x1.c7ec2p-18f, 0x1.a162d8p-19f, 0x1.7fdcf8p-20f,
       0x1.5df388p-21f, 0x1.450e4p-22f, 0x1.240564p-23f, 0x1.108aap-24f,
       0x1.e9afc6p-26f, 0x1.c06b38p-27f, 0x1.9aa094p-28f, 0x1.7811f6p-29f,
       0x1.5845aep-30f, 0x1.3b4802p-31f, 0x1.215396p-32f, 0x1.08c85ep-33f,
      },
      {
       -0x1.05e3d8p-21f, -0x1.481cc2p-2f, -0x1.7f71f8p-2f, -0x1.0dc6bep-2f,
       -0x1.2eb306p-3f, -0x1.2fe6a6p-4f, -0x1.224288p-5f, -0x1.10088ap-6f,
       -0x1.f660eap-8f, -0x1.cdaa42p-9f, -0x1.a813eep-10f, -0x1.8488a2p-11f,
       -0x1.652884p-12f, -0x1.44b66p-13f, -0x1.28fb42p-14f, -0x1.10fe1cp-15f,
       -0x1.f3f8c2p-17f, -0x1.c7ebb4p-18f, -0x1.a162a8p-19f, -0x1.7fdcdep-20f,
       -0x1.5df37cp-21f, -0x1.450e34p-22f, -0x1.24056p-23f, -0x1.108a98p-24f,
       -0x1.e9afc2p-26f, -0x1.c06b34p-27f, -0x1.9aa09p-28f, -0x1.7811f4p-29f,
       -0x1.5845acp-30f, -0x1.3b48p-31f, -0x1.215392p-32f, -0x1.08c85cp-33f,
      },
      {
       -0x1.554d9ep-2f, -0x1.585134p-3f, 0x1.b6edfp-5f, 0x1.c652d4p-4f,
       0x1.4e0bbep-4f, 0x1.74f4f8p-5f, 0x1.74da4ap-6f, 0x1.64983ap-7f,
       0x1.4c542ap-8f, 0x1.32aeeep-9f, 0x1.1a4134p-10f, 0x1.02d346p-11f,
       0x1.dc09b2p-13f, 0x1.b0df5cp-14f, 0x1.8bf06ap-15f, 0x1.6bf844p-16f,
       0x1.4d4d52p-17f, 0x1.2ff012p-18f, 0x1.163ffap-19f, 0x1.ffce3cp-21f,
       0x1.d2971p-22f, 0x1.b165d8p-23f, 0x1.855a4ap-24f, 0x1.6b618p-25f,
       0x1.467336p-26f, 0x1.2af052p-27f, 0x1.11beb6p-28f, 0x1.f56a2cp-30f,
       0x1.cb04bp-31f, 0x1.a45d56p-32f, 0x1.81c248p-33f, 0x1.6108dcp-34f,
      },
      {
       -0x1.53d60ap-11f, 0x1.5ab8f8p-3f, 0x1.6fc894p-4f, -0x1.e24aa2p-9f,
       -0x1.a047eep-6f, -0x1.374e62p-6f, -0x1.591e12p-7f, -0x1.588154p-8f,
       -0x1.4733d6p-9f, -0x1.3088b2p-10f, -0x1.195c78p-11f, -0x1.027666p-12f,
       -0x1.dbc24cp-14f, -0x1.b0c2ecp-15f, -0x1.8be7bep-16f, -0x1.6bf8c8p-17f,
       -0x1.4d50fep-18f, -0x1.2ff2d8p-19f, -0x1.1642dcp-20f, -0x1.ffd7fep-22f,
       -0x1.d29c6cp-23f, -0x1.b17352p-24f, -0x1.855c7p-25f, -0x1.6b6cep-26f,
       -0x1.4674b4p-27f, -0x1.2af1ep-28f, -0x1.11c03ep-29f, -0x1.f56c56p-31f,
       -0x1.cb06acp-32f, -0x1.a45f5cp-33f, -0x1.81c5bap-34f, -0x1.610b66p-35f,
      },
      {
       0x1.1e5dp-3f, 0x1.b1a77cp-7f, -0x1.00379ep-4f, -0x1.bb68c8p-6f,
       -0x1.20214ep-11f, 0x1.368d24p-8f, 0x1.d21df2p-9f, 0x1.01653cp-9f,
       0x1.fdad76p-11f, 0x1.e30818p-12f, 0x1.c1e3b8p-13f, 0x1.9ecc12p-14f,
       0x1.7e5fe4p-15f, 0x1.5c244p-16f, 0x1.3e9b6cp-17f, 0x1.24ef8ep-18f,
       0x1.0c482ep-19f, 0x1.e9582p-21f, 0x1.bfff2ep-22f, 0x1.9bff4ap-23f,
       0x1.779f96p-24f, 0x1.5cd092p-25f, 0x1.39759cp-26f, 0x1.24767cp-27f,
       0x1.06d16p-28f, 0x1.e156ap-30f, 0x1.b8c5b2p-31f, 0x1.93ad7ep-32f,
       0x1.718bccp-33f, 0x1.526d32p-34f, 0x1.368f7ep-35f, 0x1.1c3786p-36f,
      },
      {
       -0x1.ef69c8p-6f, -0x1.1207dp-4f, 0x1.976208p-9f, 0x1.1a05e4p-6f,
       0x1.64eacep-8f, 0x1.9572a8p-14f, -0x1.8eebap-11f, -0x1.220716p-11f,
       -0x1.3abbc2p-12f, -0x1.359f2ap-13f, -0x1.24aae4p-14f, -0x1.0fd98ep-15f,
       -0x1.f5254p-17f, -0x1.cc28fep-18f, -0x1.a5e92ap-19f, -0x1.829cc2p-20f,
       -0x1.621bf6p-21f, -0x1.444028p-22f, -0x1.28ebep-23f, -0x1.0febd2p-24f,
       -0x1.f1eca8p-26f, -0x1.c81b5cp-27f, -0x1.a16d2cp-28f, -0x1.7e6c18p-29f,
       -0x1.5dfd78p-30f, -0x1.40799cp-31f, -0x1.2572ecp-32f, -0x1.0cb404p-33f,
       -0x1.ec14d2p-35f, -0x1.c2959cp-36f, -0x1.9c9cbcp-37f, -0x1.79cf32p-38f,
      },
  };
};

}  // namespace
}  // namespace fastact
