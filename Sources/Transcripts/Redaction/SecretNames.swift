/// Names whose values are secret.
enum SecretNames {
  /// A name is secret when it ends with one of these, written without `_`, `-` and case.
  private static let endings = [
    "password", "passwd", "passphrase", "pwd", "secret", "apikey", "accesskey", "accesskeyid",
    "secretkey", "privatekey", "signingkey", "encryptionkey", "accountkey", "masterkey",
    "authkey", "token", "credential", "credentials", "connectionstring", "sharedaccesssignature",
    "webhookurl", "databaseurl",
  ]

  /// Names that end so, and whose values tell nothing.
  private static let harmless = ["nexttoken", "pagetoken", "stoptoken", "continuationtoken"]

  /// Whether what has this name is not to be kept.
  ///
  /// - Complexity: linear in the name; long names are looked at from their end only.
  static func isSecret(_ name: some Sequence<UInt8>) -> Bool {
    let plain = name.suffix(64).compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      default: byte
      }
    }
    func ends(_ ending: String) -> Bool {
      plain.count >= ending.utf8.count && plain.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
    return endings.contains(where: ends) && !harmless.contains(where: ends)
  }
}
