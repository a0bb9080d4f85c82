/// How keys and tokens begin whose makers mark them so.
struct TokenPrefix {
  let text: [UInt8]
  /// The fewest characters behind the beginning.
  let restMin: Int

  private init(_ text: String, _ restMin: Int) {
    self.text = Array(text.utf8)
    self.restMin = restMin
  }

  /// By the first byte.
  static let byFirstByte: [UInt8: [TokenPrefix]] = Dictionary(grouping: all) { $0.text[0] }

  private static let all: [TokenPrefix] = [
    // Anthropic, OpenAI and others.
    .init("sk-", 20), .init("xai-", 20), .init("gsk_", 20), .init("hf_", 20), .init("r8_", 20),
    .init("nvapi-", 20), .init("pplx-", 20),
    // Code hosts and registries.
    .init("ghp_", 20), .init("gho_", 20), .init("ghu_", 20), .init("ghs_", 20), .init("ghr_", 20),
    .init("github_pat_", 20), .init("glpat-", 16), .init("npm_", 30), .init("pypi-", 20),
    .init("dckr_pat_", 16), .init("ATATT3", 20), .init("ATBB", 24),
    // Clouds.
    .init("AKIA", 16), .init("ASIA", 16), .init("AIza", 30), .init("ya29.", 20),
    .init("GOCSPX-", 16), .init("dop_v1_", 20), .init("doo_v1_", 20), .init("hvs.", 20),
    .init("tskey-", 16), .init("pul-", 30), .init("dapi", 32),
    // Services.
    .init("xoxb-", 10), .init("xoxp-", 10), .init("xoxa-", 10), .init("xoxr-", 10),
    .init("xoxc-", 10), .init("xoxd-", 10),
    .init("xoxs-", 10), .init("xapp-", 10), .init("SG.", 20), .init("sk_live_", 10),
    .init("sk_test_", 10), .init("rk_live_", 10), .init("rk_test_", 10), .init("whsec_", 16),
    .init("shpat_", 16), .init("shpss_", 16), .init("sq0csp-", 16), .init("glsa_", 20),
    .init("lin_api_", 20), .init("secret_", 40), .init("ntn_", 30), .init("PMAK-", 20),
    .init("sntrys_", 20), .init("AGE-SECRET-KEY-1", 20),
  ]
}
