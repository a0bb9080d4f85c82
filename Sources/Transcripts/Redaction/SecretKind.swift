/// What a redacted text was taken for.
public enum SecretKind: String, Hashable, Sendable, CaseIterable, Codable {
  /// A PEM or OpenSSH block of a private key.
  case privateKey
  /// A key or token that its own beginning tells, such as those of clouds and code hosts.
  case token
  /// A JSON web token.
  case webToken
  /// What stands behind `Bearer`, or behind `Authorization: Basic`.
  case authorization
  /// The password in the address of a server: `scheme://user:password@host`.
  case connectionPassword
  /// A value whose name says that it is secret: `API_KEY=…`, `"password": "…"`, `--token …`.
  case namedValue
  /// A long word that looks random.
  case highEntropy
  /// What a pattern of the user's own matches.
  case userPattern
}
