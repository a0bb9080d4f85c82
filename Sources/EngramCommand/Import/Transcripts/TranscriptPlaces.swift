internal import Episodes
internal import Foundation
internal import Platform
internal import Transcripts

/// The places that were reached in transcripts: one small file each in the home, replaced whole.
///
/// They only save work. One that is lost, damaged, or of another file or store has that file read from its beginning,
/// which stores nothing twice; so a place is written after what comes before it is stored, and never flushed.
struct TranscriptPlaces {
  static let countMax = 10_000
  private let folder: String

  init(home: String) { folder = home + "/transcripts" }

  private func file(of path: String) -> String {
    var hash = StableHash()
    for byte in path.utf8 { hash.combine(byte) }
    return folder + "/" + String(hash.value, radix: 16) + ".json"
  }

  /// The place in the file at `path`, if there is a sound one.
  ///
  /// - Parameter store: the id of the store that the transcripts are brought into.
  func place(in path: String, of store: String) -> TranscriptPlace? {
    guard let data = FileManager.default.contents(atPath: file(of: path)),
      let place = try? JSONDecoder().decode(TranscriptPlace.self, from: data),
      place.version == TranscriptPlace.currentVersion, place.path == path, place.store == store,
      place.place.offset >= 0, place.place.offset <= place.stamp.size,
      // A line has a byte at least, and a request a line: no sum of them overflows.
      (0...place.place.offset).contains(place.lineNumber),
      (0...place.place.offset).contains(place.place.session.requestCount)
    else { return nil }
    return place
  }

  func save(_ place: TranscriptPlace, of store: String) throws {
    var place = place
    place.store = store
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = file(of: place.path)
    let isNew = access(path, F_OK) != 0
    try DurableFile.replace(
      path, with: Array(try JSONEncoder().encode(place)), permissions: 0o600, waitsForDisk: false)
    if isNew { prune() }
  }

  /// Removes the oldest places beyond the most that are kept.
  private func prune() {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder),
      names.count > Self.countMax
    else { return }
    let aged = names.map { name -> (Double, String) in
      var status = Foundation.stat()
      guard stat(folder + "/" + name, &status) == 0 else { return (0, name) }
      return (Double(status.st_mtim.tv_sec), name)
    }
    // A tenth at once, so that not every new file looks through all.
    for (_, name) in aged.sorted(by: { $0 < $1 }).prefix(names.count - Self.countMax * 9 / 10) {
      unlink(folder + "/" + name)
    }
  }
}
