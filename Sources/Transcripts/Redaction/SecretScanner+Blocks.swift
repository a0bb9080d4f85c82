extension SecretScanner {
  /// From `-----BEGIN … PRIVATE KEY` to the end of the block, or of the text where that was cut.
  func privateKey(at position: Int) -> Match? {
    guard starts("-----BEGIN ", at: position) else { return nil }
    let headEnd = min(bytes.count, position + 64)
    guard let name = find("PRIVATE KEY", from: position, to: headEnd) else { return nil }
    guard let end = find("-----END ", from: name, to: bytes.count) else {
      return Match(range: position..<bytes.count, kind: .privateKey)
    }
    // PGP's ends with "KEY BLOCK-----".
    let tail = find("-----", from: end + 9, to: min(bytes.count, end + 73)).map { $0 + 5 }
    return Match(range: position..<(tail ?? bytes.count), kind: .privateKey)
  }

  func find(_ text: StaticString, from start: Int, to end: Int) -> Int? {
    var position = start
    while position + text.utf8CodeUnitCount <= end {
      if starts(text, at: position) { return position }
      position += 1
    }
    return nil
  }

  /// The password of `scheme://user:password@host`; `position` is that of the first colon.
  func password(ofAddressAt position: Int) -> Match? {
    guard starts("://", at: position) else { return nil }
    var colon: Int?
    // The last one: passwords are written with an `@` in them.
    var at: Int?
    var index = position + 3
    search: while index < bytes.count, index - position < 512 {
      switch bytes[index] {
      case UInt8(ascii: ":") where colon == nil: colon = index
      case UInt8(ascii: "@"): at = index
      case UInt8(ascii: "?") where at != nil: break search
      case 0...0x20, UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "'"),
        UInt8(ascii: "`"), UInt8(ascii: ">"):
        break search
      default: break
      }
      index += 1
    }
    guard let colon, let at, at - colon > 1, !isPlaceholder(colon + 1..<at) else { return nil }
    return Match(range: (colon + 1)..<at, kind: .connectionPassword)
  }

  /// What an address of a webhook is secret for: all behind its host.
  func webhook(at start: Int) -> Match? {
    for host: StaticString in [
      "hooks.slack.com/services/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/",
    ] where starts(host, at: start) {
      let from = start + host.utf8CodeUnitCount
      var end = from
      while end < bytes.count, Self.isToken(bytes[end]) { end += 1 }
      if end - from >= 20 { return Match(range: from..<end, kind: .token) }
    }
    return nil
  }

  /// The text of an element with the name of a secret: `<password>…</password>`; `position` is that of the `>`.
  func element(endingAt position: Int) -> Match? {
    var start = position
    while start > 0, Self.isWord(bytes[start - 1]), position - start < 80 { start -= 1 }
    guard position - start >= 3, start > 0, bytes[start - 1] == UInt8(ascii: "<"),
      SecretNames.isSecret(bytes[start..<position])
    else { return nil }
    var end = position + 1
    while end < bytes.count, bytes[end] >= 0x20, bytes[end] != UInt8(ascii: "<"),
      end - position < Self.quotedCountMax
    {
      end += 1
    }
    guard end - position > 4, starts("</", at: end), !isPlaceholder(position + 1..<end) else {
      return nil
    }
    return Match(range: position + 1..<end, kind: .namedValue)
  }
}
