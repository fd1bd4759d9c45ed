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
  static constexpr float WIDTH = 0x1.0000000000000p-1f;
  // as far as the pieces are used
  static constexpr double END = 30.49 * WIDTH;
  // where d is 0
  static constexpr float CENTER[1][32] = {
      {
       0x0p+0f, 0x1.fffc04p-2f, 0x1.0000ap+0f, 0x1.7fff4ep+0f,
       0x1.fffd18p+0f, 0x1.3ffdfap+1f, 0x1.7ffd06p+1f, 0x1.c0021ap+1f,
       0x1.00005p+2f, 0x1.1fff7p+2f, 0x1.3ffdbcp+2f, 0x1.600048p+2f,
       0x1.7fffeap+2f, 0x1.9ffffp+2f, 0x1.c0015cp+2f, 0x1.dffd2cp+2f,
       0x1.ffffcp+2f, 0x1.0ffce6p+3f, 0x1.1ffe3ep+3f, 0x1.2ffe5ap+3f,
       0x1.3ffd34p+3f, 0x1.5000dp+3f, 0x1.6001fap+3f, 0x1.70004cp+3f,
       0x1.8000dep+3f, 0x1.900128p+3f, 0x1.9fff98p+3f, 0x1.b0006cp+3f,
       0x1.c0000ep+3f, 0x1.d0030ep+3f, 0x1.e0001ep+3f, 0x1.f001f8p+3f,
      },
  };
  // tanh(t)/t, a row per power of d: error 0.23 of 2**-24.
  static constexpr float VALUE[8][32] = {
      {
       0x1p+0f, 0x1.d935cap-1f, 0x1.85ef3ep-1f, 0x1.34f574p-1f,
       0x1.ed976ap-2f, 0x1.942064p-2f, 0x1.53a7c4p-2f, 0x1.240876p-2f,
       0x1.ffa778p-3f, 0x1.c70094p-3f, 0x1.9992fap-3f, 0x1.74599cp-3f,
       0x1.555456p-3f, 0x1.3b136p-3f, 0x1.249146p-3f, 0x1.1112a2p-3f,
       0x1.00001cp-3f, 0x1.e1e75ep-4f, 0x1.c71f38p-4f, 0x1.af2ac2p-4f,
       0x1.999d2ep-4f, 0x1.86177p-4f, 0x1.745bp-4f, 0x1.642c3cp-4f,
       0x1.55549p-4f, 0x1.47ad22p-4f, 0x1.3b14p-4f, 0x1.2f68p-4f,
       0x1.24924p-4f, 0x1.1a79bap-4f, 0x1.1111p-4f, 0x1.084104p-4f,
      },
      {
       0x1.0b8f98p-28f, -0x1.1a2e74p-2f, -0x1.5dd17ap-2f, -0x1.209514p-2f,
       -0x1.a53f88p-3f, -0x1.2d858cp-3f, -0x1.b76a0ap-4f, -0x1.497c56p-4f,
       -0x1.fce7d4p-5f, -0x1.938d12p-5f, -0x1.475eeap-5f, -0x1.0eb31ep-5f,
       -0x1.c70a0ap-6f, -0x1.83c34ep-6f, -0x1.4e59ep-6f, -0x1.23481cp-6f,
       -0x1p-6f, -0x1.c59378p-7f, -0x1.948ffp-7f, -0x1.6b187cp-7f,
       -0x1.47b3cep-7f, -0x1.2935b6p-7f, -0x1.0ecc4cp-7f, -0x1.ef8b0ep-8f,
       -0x1.c71a64p-8f, -0x1.a36bc2p-8f, -0x1.83ca3ap-8f, -0x1.67975ap-8f,
       -0x1.4e5df6p-8f, -0x1.37b068p-8f, -0x1.234544p-8f, -0x1.10c628p-8f,
      },
      {
       -0x1.55556cp-2f, -0x1.67e1e2p-3f, 0x1.64b768p-6f, 0x1.42e71cp-4f,
       0x1.19c146p-4f, 0x1.8c768cp-5f, 0x1.0a236ep-5f, 0x1.6789c8p-6f,
       0x1.f1ed0ap-7f, 0x1.631f28p-7f, 0x1.04b6acp-7f, 0x1.88f2a4p-8f,
       0x1.2f176p-8f, 0x1.dd1092p-9f, 0x1.7e0c74p-9f, 0x1.36afa8p-9f,
       0x1.fffcap-10f, 0x1.aae8b2p-10f, 0x1.679e18p-10f, 0x1.31c548p-10f,
       0x1.062bbp-10f, 0x1.c4e2fep-11f, 0x1.89e118p-11f, 0x1.58b986p-11f,
       0x1.2f663ep-11f, 0x1.0c6d22p-11f, 0x1.dd4822p-12f, 0x1.aa2e3cp-12f,
       0x1.7e2232p-12f, 0x1.57ec8cp-12f, 0x1.36b034p-12f, 0x1.1991ap-12f,
      },
      {
       0x1.6a7c14p-17f, 0x1.4de174p-3f, 0x1.4f300ap-4f, 0x1.887ee4p-8f,
       -0x1.b5109p-7f, -0x1.9b39b8p-7f, -0x1.1c119ap-7f, -0x1.6db328p-8f,
       -0x1.d4b154p-9f, -0x1.32163p-9f, -0x1.9acfecp-10f, -0x1.1ba946p-10f,
       -0x1.92aec4p-11f, -0x1.25157p-11f, -0x1.b44c38p-12f, -0x1.4b474cp-12f,
       -0x1.ffe89ap-13f, -0x1.91cd48p-13f, -0x1.3fab94p-13f, -0x1.017b2p-13f,
       -0x1.a3736cp-14f, -0x1.5905cap-14f, -0x1.1e737ap-14f, -0x1.df9eaap-15f,
       -0x1.94824cp-15f, -0x1.579486p-15f, -0x1.25b1eep-15f, -0x1.f91ec4p-16f,
       -0x1.b4b17p-16f, -0x1.7b77f6p-16f, -0x1.4b5e9cp-16f, -0x1.22ad88p-16f,
      },
      {
       0x1.10b644p-3f, 0x1.b8a15ep-9f, -0x1.bb6efep-5f, -0x1.522ccap-6f,
       -0x1.2a679p-9f, 0x1.d8120ap-10f, 0x1.e0061p-10f, 0x1.4835cp-10f,
       0x1.9a610ap-11f, 0x1.f9e4ap-12f, 0x1.3bf6ep-12f, 0x1.9419dep-13f,
       0x1.0998a2p-13f, 0x1.66c87ep-14f, 0x1.f1484p-15f, 0x1.60edcp-15f,
       0x1.ff981ep-16f, 0x1.7a0fa4p-16f, 0x1.1c1c3cp-16f, 0x1.b1a792p-17f,
       0x1.4f9636p-17f, 0x1.06e37ap-17f, 0x1.a0a508p-18f, 0x1.4da4cap-18f,
       0x1.0dae86p-18f, 0x1.b7c784p-19f, 0x1.697e2ep-19f, 0x1.2b51aep-19f,
       0x1.f31c1cp-20f, 0x1.a2bccep-20f, 0x1.617d5cp-20f, 0x1.2c05acp-20f,
      },
      {
       0x1.8e447cp-10f, -0x1.f3dd02p-5f, 0x1.ff3c4ap-8f, 0x1.88c736p-7f,
       0x1.cea608p-9f, 0x1.bb59acp-12f, -0x1.abb73ep-13f, -0x1.d3446ap-13f,
       -0x1.3d9654p-13f, -0x1.849432p-14f, -0x1.d0fb32p-15f, -0x1.185016p-15f,
       -0x1.58f804p-16f, -0x1.b35bbp-17f, -0x1.1a0828p-17f, -0x1.7701ecp-18f,
       -0x1.fe969cp-19f, -0x1.637cdcp-19f, -0x1.f8da36p-20f, -0x1.6d1b7ep-20f,
       -0x1.0c7478p-20f, -0x1.90930cp-21f, -0x1.2f0018p-21f, -0x1.d0314ap-22f,
       -0x1.6792eep-22f, -0x1.197486p-22f, -0x1.bceb18p-23f, -0x1.62be92p-23f,
       -0x1.1d35b4p-23f, -0x1.ce0c24p-24f, -0x1.791032p-24f, -0x1.35b008p-24f,
      },
      {
       -0x1.f741a6p-5f, 0x1.42a2b2p-6f, 0x1.72ccc2p-7f, -0x1.9accc4p-9f,
       -0x1.e600a8p-10f, -0x1.e86d2ep-12f, -0x1.ed878p-15f, 0x1.46d262p-16f,
       0x1.853a88p-16f, 0x1.0886fep-16f, 0x1.3eb306p-17f, 0x1.7484f8p-18f,
       0x1.b4af9cp-19f, 0x1.04445p-19f, 0x1.3d6204p-20f, 0x1.8cf38ep-21f,
       0x1.fcdd16p-22f, 0x1.4e3acap-22f, 0x1.c0cf24p-23f, 0x1.33a9b6p-23f,
       0x1.ade9c4p-24f, 0x1.317bbcp-24f, 0x1.b922bap-25f, 0x1.43355ap-25f,
       0x1.dfd508p-26f, 0x1.688b3cp-26f, 0x1.11ff2cp-26f, 0x1.a4ba22p-27f,
       0x1.4627f8p-27f, 0x1.fe21c8p-28f, 0x1.926a96p-28f, 0x1.3fd8dap-28f,
      },
      {
       0x1.3ffd34p-6f, 0x1.d7ba54p-7f, -0x1.13af9p-7f, -0x1.1a51d6p-11f,
       0x1.33d622p-11f, 0x1.c54316p-13f, 0x1.98f9c4p-15f, 0x1.a0d68p-18f,
       -0x1.c5faa4p-20f, -0x1.1cb67ep-19f, -0x1.81b44p-20f, -0x1.ca81dep-21f,
       -0x1.06fa24p-21f, -0x1.2d33dep-22f, -0x1.5daea6p-23f, -0x1.9e5fd2p-24f,
       -0x1.f6aa7cp-25f, -0x1.385398p-25f, -0x1.8d624cp-26f, -0x1.02874p-26f,
       -0x1.577dc8p-27f, -0x1.d1480ap-28f, -0x1.40c93p-28f, -0x1.c1a0a6p-29f,
       -0x1.3fe352p-29f, -0x1.cd846cp-30f, -0x1.51370cp-30f, -0x1.f2a572p-31f,
       -0x1.74c17p-31f, -0x1.19815ap-31f, -0x1.ad413p-32f, -0x1.4a3156p-32f,
      },
  };
  // 1 - tanh(t)**2, a row per power of d: error 0.83 of 2**-24.
  static constexpr float SLOPE[8][32] = {
      {
       0x1p+0f, 0x1.92aabap-1f, 0x1.ae0c28p-2f, 0x1.721824p-3f,
       0x1.216918p-4f, 0x1.b3bd7ap-6f, 0x1.435948p-7f, 0x1.dd282ep-9f,
       0x1.5f824p-10f, 0x1.02c354p-11f, 0x1.7ce9b8p-13f, 0x1.183066p-14f,
       0x1.9c5494p-16f, 0x1.2f6092p-17f, 0x1.be5948p-19f, 0x1.4892c6p-20f,
       0x1.e3597cp-22f, 0x1.63e326p-23f, 0x1.05c2e8p-24f, 0x1.812d1cp-26f,
       0x1.1b79eep-27f, 0x1.a0c5e2p-29f, 0x1.328eaap-30f, 0x1.c34a1ep-32f,
       0x1.4bfe7ap-33f, 0x1.e8802cp-35f, 0x1.678e4cp-36f, 0x1.087e3p-37f,
       0x1.853daep-39f, 0x1.1e2d84p-40f, 0x1.a56af6p-42f, 0x1.35ebfap-43f,
      },
      {
       0x1.1a96dap-25f, -0x1.74261ep-1f, -0x1.4785fep-1f, -0x1.4efd5p-2f,
       -0x1.16ffb2p-3f, -0x1.ade82p-5f, -0x1.41bfdap-6f, -0x1.dc49a2p-8f,
       -0x1.5f45e6p-9f, -0x1.02b2fap-10f, -0x1.7ce0dep-12f, -0x1.182ep-13f,
       -0x1.9c5348p-15f, -0x1.2f6038p-16f, -0x1.be5918p-18f, -0x1.4892bap-19f,
       -0x1.e35976p-21f, -0x1.63e324p-22f, -0x1.05c2e8p-23f, -0x1.812d1cp-25f,
       -0x1.1b79eep-26f, -0x1.a0c5e2p-28f, -0x1.328eaap-29f, -0x1.c34a1ep-31f,
       -0x1.4bfe7ap-32f, -0x1.e8802cp-34f, -0x1.678e4cp-35f, -0x1.087e3p-36f,
       -0x1.853daep-38f, -0x1.1e2d84p-39f, -0x1.a56af6p-41f, -0x1.35ebfap-42f,
      },
      {
       -0x1.00003p+0f, -0x1.216cdp-2f, 0x1.3e4716p-2f, 0x1.0dc658p-2f,
       0x1.02bcb2p-3f, 0x1.a25b5ep-5f, 0x1.3e9008p-6f, 0x1.da8d26p-8f,
       0x1.5ecd4p-9f, 0x1.029252p-10f, 0x1.7ccf26p-12f, 0x1.18293ep-13f,
       0x1.9c50aep-15f, 0x1.2f5f84p-16f, 0x1.be58c4p-18f, 0x1.48929cp-19f,
       0x1.e3596p-21f, 0x1.63e322p-22f, 0x1.05c2f2p-23f, 0x1.812d26p-25f,
       0x1.1b79f2p-26f, 0x1.a0c5e8p-28f, 0x1.328ebp-29f, 0x1.c34a26p-31f,
       0x1.4bfe7ep-32f, 0x1.e8803p-34f, 0x1.678e4cp-35f, 0x1.087e34p-36f,
       0x1.853daep-38f, 0x1.1e2d84p-39f, 0x1.a56afap-41f, 0x1.35ebfap-42f,
      },
      {
       0x1.80dd94p-14f, 0x1.51418p-1f, 0x1.c604dap-4f, -0x1.9904aap-4f,
       -0x1.25259ap-4f, -0x1.07bcd6p-5f, -0x1.a04cb2p-7f, -0x1.3a0eaap-8f,
       -0x1.d27ac8p-10f, -0x1.586bd6p-11f, -0x1.fb8f46p-13f, -0x1.757f8ep-14f,
       -0x1.12dceep-15f, -0x1.947d6ep-17f, -0x1.298fe8p-18f, -0x1.b61836p-20f,
       -0x1.423b5p-21f, -0x1.da840cp-23f, -0x1.5d03c8p-24f, -0x1.00c8acp-25f,
       -0x1.79f7d2p-27f, -0x1.15d932p-28f, -0x1.98be24p-30f, -0x1.2cdc04p-31f,
       -0x1.baa892p-33f, -0x1.45aabcp-34f, -0x1.df684ap-36f, -0x1.60a82ep-37f,
       -0x1.037e66p-38f, -0x1.7d91fp-40f, -0x1.18f1ecp-41f, -0x1.9d3a8cp-43f,
      },
      {
       0x1.5493bap-1f, -0x1.158c3cp-3f, -0x1.da740ap-3f, -0x1.b42846p-7f,
       0x1.87cbe8p-6f, 0x1.d439ecp-7f, 0x1.8f8ad6p-8f, 0x1.357176p-9f,
       0x1.cff426p-11f, 0x1.57b9e6p-12f, 0x1.fb2b78p-14f, 0x1.7561ap-15f,
       0x1.12d2e6p-16f, 0x1.94750cp-18f, 0x1.298b8p-19f, 0x1.b612dep-21f,
       0x1.42379ep-22f, 0x1.da7e8ep-24f, 0x1.5cffcap-25f, 0x1.00c5cp-26f,
       0x1.79f386p-28f, 0x1.15d606p-29f, 0x1.98b978p-31f, 0x1.2cd896p-32f,
       0x1.baa3ap-34f, 0x1.45a6fep-35f, 0x1.df62d4p-37f, 0x1.60a426p-38f,
       0x1.037b7p-39f, 0x1.7d8d92p-41f, 0x1.18eed2p-42f, 0x1.9d35d2p-44f,
      },
      {
       0x1.ab24c2p-7f, -0x1.356166p-2f, 0x1.d0646cp-4f, 0x1.5cd75p-5f,
       -0x1.f02516p-11f, -0x1.1ae04p-8f, -0x1.252932p-9f, -0x1.e07dep-11f,
       -0x1.6f35ap-12f, -0x1.11ef96p-13f, -0x1.95364ap-15f, -0x1.2a980ep-16f,
       -0x1.b7b41ap-18f, -0x1.439864p-19f, -0x1.dc22fp-21f, -0x1.5e83ap-22f,
       -0x1.01d0acp-23f, -0x1.7ba8dap-25f, -0x1.173ef6p-26f, -0x1.9ae792p-28f,
       -0x1.2e698ap-29f, -0x1.bc9c14p-31f, -0x1.470822p-32f, -0x1.e16ea2p-34f,
       -0x1.622b0cp-35f, -0x1.04905ap-36f, -0x1.7f926cp-38f, -0x1.1a28bp-39f,
       -0x1.9f3d4ap-41f, -0x1.314a5ap-42f, -0x1.c190d4p-44f, -0x1.4a9ef8p-45f,
      },
      {
       -0x1.c5031ep-2f, 0x1.7bf59cp-3f, 0x1.5155acp-6f, -0x1.c2e2fap-6f,
       -0x1.3825bep-8f, 0x1.10e95ep-11f, 0x1.40ebaap-11f, 0x1.2e826cp-12f,
       0x1.e29266p-14f, 0x1.6d5bccp-15f, 0x1.0faa12p-16f, 0x1.9126ecp-18f,
       0x1.27930ep-19f, 0x1.b329fcp-21f, 0x1.402e64p-22f, 0x1.d76c0cp-24f,
       0x1.5ac11cp-25f, 0x1.fe9ffap-27f, 0x1.7793aep-28f, 0x1.1453bep-29f,
       0x1.96bb8cp-31f, 0x1.2aff6ep-32f, 0x1.b7db84p-34f, 0x1.43c28p-35f,
       0x1.dc5a58p-37f, 0x1.5e74ep-38f, 0x1.01f2c8p-39f, 0x1.7b8004p-41f,
       0x1.173ec4p-42f, 0x1.9a9e36p-44f, 0x1.2e544cp-45f, 0x1.bcaf58p-47f,
      },
      {
       0x1.5f2e66p-3f, 0x1.044ec6p-4f, -0x1.b5851cp-5f, 0x1.f8dc4cp-8f,
       0x1.be9514p-9f, 0x1.44280cp-12f, -0x1.a31e14p-14f, -0x1.2900bap-14f,
       -0x1.03799ap-15f, -0x1.94759cp-17f, -0x1.2fc252p-18f, -0x1.c256ap-20f,
       -0x1.4c3faap-21f, -0x1.e966d6p-23f, -0x1.6836fcp-24f, -0x1.09113ap-25f,
       -0x1.86121ap-27f, -0x1.1f00d6p-28f, -0x1.a6555p-30f, -0x1.36bc78p-31f,
       -0x1.c94118p-33f, -0x1.506dd4p-34f, -0x1.ef0fb4p-36f, -0x1.6c3eecp-37f,
       -0x1.0bff42p-38f, -0x1.8a5ccap-40f, -0x1.2227dcp-41f, -0x1.aaf82p-43f,
       -0x1.3a257cp-44f, -0x1.ce45a4p-46f, -0x1.541ee8p-47f, -0x1.f47e66p-49f,
      },
  };
};

}  // namespace
}  // namespace fastact
