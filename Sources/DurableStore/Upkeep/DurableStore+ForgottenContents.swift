import Episodes

extension DurableStore {
  /// How to tell forgotten content; nil where nothing was forgotten yet, unless one is made.
  func forgottenContent(
    making: Bool = false
  ) async throws(DurableStoreError) -> ForgottenContent? {
    let name = SQLValue.text(ForgottenContent.keyProperty)
    let found = try await read(
      "SELECT name, value FROM store_properties "
        + "WHERE name = ?1 OR name >= ?2 AND name < ?2 || '~'",
      [name, .text(ForgottenContent.otherKeyProperties)])
    var key: String?
    var otherKeys: [String] = []
    for row in found.rows {
      guard case .text(let value)? = row.last else { continue }
      if row.first == name { key = value } else { otherKeys.append(value) }
    }
    if let content = key.flatMap({ ForgottenContent(key: $0, otherKeys: otherKeys) }) {
      return content
    }
    // With a damaged key no content can be told, and imports and writes go on: ids stay away all the same.
    guard making else { return nil }
    // Of several that make one at once the first one's stays.
    try await write(
      """
      INSERT INTO store_properties (name, value) VALUES (?1, lower(hex(randomblob(32))))
      ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value IS ?2
      """, [name, SQLValue(key)])
    return try await forgottenContent()
  }

  /// The rows of `forgotten` that keep the content of episodes away.
  ///
  /// - Complexity: reads those whose hash is not known, a few at a time.
  func forgottenRows(ofEpisodes ids: [String]) async throws(DurableStoreError) -> [String] {
    let found = try await read(
      """
      SELECT id, content_hash FROM episodes WHERE id IN (SELECT value FROM json_each(?1))
      """, [.text(JSONColumns.strings(ids))])
    if found.rows.isEmpty { return [] }
    guard let content = try await forgottenContent(making: true) else { return [] }
    var rows: [String] = []
    var unhashed: [String] = []
    for row in found.rows {
      guard case .text(let id)? = row.first else { continue }
      if case .text(let hash)? = row.last {
        rows.append(ForgottenContent.row(code: content.code(of: hash), id: id))
      } else {
        unhashed.append(id)
      }
    }
    for start in stride(from: 0, to: unhashed.count, by: Self.hashedAtOnce) {
      let page = Array(unhashed[start..<min(start + Self.hashedAtOnce, unhashed.count)])
      for episode in try await readableEpisodes(ids: page) {
        let code = content.code(of: EpisodeContent.hash(of: episode))
        rows.append(ForgottenContent.row(code: code, id: episode.id))
      }
    }
    return rows
  }

  /// Those of some episodes that can be read. The others can be forgotten all the same; their ids keep them away.
  private func readableEpisodes(ids: [String]) async throws(DurableStoreError) -> [Episode] {
    do throws(DurableStoreError) {
      return try await episodes(ids: ids)
    } catch .corrupt {
      if ids.count < 2 { return [] }
    }
    // One that is damaged must not keep the others from being told.
    var readable: [Episode] = []
    for id in ids { readable += try await readableEpisodes(ids: [id]) }
    return readable
  }

  /// Those of `hashes` that are of forgotten content.
  func forgottenHashes(
    among hashes: [String], _ content: ForgottenContent
  ) async throws(DurableStoreError) -> Set<String> {
    let codes = hashes.map(content.codes)
    let found = Set(
      try await read(
        """
        SELECT m.value FROM json_each(?1) AS m
        WHERE EXISTS (SELECT 1 FROM forgotten AS f WHERE \(ForgottenContent.hasCode))
        """, [.text(JSONColumns.strings(codes.flatMap(\.self)))]
      ).texts)
    return Set(zip(hashes, codes).filter { $1.contains(where: found.contains) }.map(\.0))
  }

  private static let hashedAtOnce = 20
}
