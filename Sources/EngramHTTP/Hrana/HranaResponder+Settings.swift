internal import HranaHTTP
internal import HranaSessions

extension HranaResponder {
  /// Tables that triggers of the durable store fill: the log of changes that caches follow.
  private static let keptByTriggers: Set<String> = ["changes"]

  /// - Returns: nil where libSQL clients are not served.
  init?(_ settings: HTTPSettings) {
    guard let hrana = settings.hrana else { return nil }
    let service = HranaService(
      path: hrana.databasePath, keptByTriggers: Self.keptByTriggers, limits: hrana.limits)
    let (token, readToken) = (settings.token, hrana.readToken)
    self.init(
      service: service, bodyBytesMax: settings.limits.bodyBytesMax,
      cursorSeconds: settings.limits.transferSeconds
    ) { authorization in
      if let readToken, readToken.isIn(authorization) { return .readOnly }
      // Who sets a token to read takes access for a matter of tokens.
      guard let token else { return readToken == nil ? .readWrite : nil }
      return token.isIn(authorization) ? .readWrite : nil
    }
  }
}
