/// Names whose values are secret.
enum SecretNames {
  /// A name is secret when it ends with one of these, written without `_`, `-` and case.
  private static let endings = [
    "password", "passwd", "passphrase", "pwd", "secret", "apikey", "accesskey", "accesskeyid",
    "secretkey", "privatekey", "signingkey", "encryptionkey", "accountkey", "masterkey",
    "authkey", "token", "credential", "credentials", "connectionstring", "sharedaccesssignature",
    "webhookurl", "databaseurl", "secretkeybase",
  ]

  /// Names that end so, and whose values tell nothing.
  private static let harmless = ["nexttoken", "pagetoken", "stoptoken", "continuationtoken"]

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// Names of passwords that people choose, and which may be letters alone.
  private static let passwords = ["password", "passwd", "passphrase", "pwd"]

  /// What stands behind the name of a password in code and in descriptions of data.
  private static let wordsOfCode = [
    "string", "text", "varchar", "secretstr", "bytes", "char", "none", "null", "true", "false",
    "undefined", "optional", "required", "redacted", "hidden", "input", "value", "field",
    "object", "type", "self", "this", "await", "function", "return", "default", "empty",
    "missing", "invalid", "wrong", "incorrect", "changed", "unset", "prompt",
  ]

  /// Whether what has this name is a password, and not a key that a machine has made.
  static func isPassword(_ name: some Sequence<UInt8>) -> Bool {
    let plain = plain(name)
    return passwords.contains { plain.suffix($0.utf8.count).elementsEqual($0.utf8) }
  }

  static func isWordOfCode(_ word: some Sequence<UInt8>) -> Bool {
    let plain = plain(word)
    return wordsOfCode.contains { plain.elementsEqual($0.utf8) }
  }

  /// Headers whose values go as a whole.
  private static let headers = ["authorization", "proxyauthorization", "cookie", "setcookie"]

  /// The last 64 letters of a name, without what joins its words and without case.
  private static func plain(_ name: some Sequence<UInt8>) -> [UInt8] {
    name.suffix(64).compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      default: byte
      }
    }
  }

  /// Whether a field of this name holds a secret: also a header that does.
  static func isSecretField(_ name: String) -> Bool {
    let plain = plain(name.utf8)
    return isSecret(name.utf8) || headers.contains { plain.elementsEqual($0.utf8) }
  }

  static func isCookie(_ name: some Sequence<UInt8>) -> Bool {
    let plain = plain(name)
    return plain.elementsEqual("cookie".utf8) || plain.elementsEqual("setcookie".utf8)
  }

  /// A signature in an address, which lets in whoever has it.
  static func isSignature(_ name: some Sequence<UInt8>) -> Bool {
    let plain = plain(name)
    return plain.elementsEqual("sig".utf8) || plain.suffix(9).elementsEqual("signature".utf8)
  }

  /// Whether what has this name is not to be kept.
  ///
  /// - Complexity: linear in the name; long names are looked at from their end only.
  static func isSecret(_ name: some Sequence<UInt8>) -> Bool {
    let name = Array(name.suffix(64))
    let plain = plain(name)
    // `DB_PASS`, but not "bypass"; `_auth` of npm.
    if name.count >= 5, !isLetter(name[name.count - 5]) {
      let isOnlyOne = name.count == 5
      if plain.suffix(4).elementsEqual("pass".utf8) { return true }
      if isOnlyOne, plain.elementsEqual("auth".utf8) { return true }
    }
    func ends(_ ending: String) -> Bool {
      plain.count >= ending.utf8.count && plain.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
    return endings.contains(where: ends) && !harmless.contains(where: ends)
  }
}
