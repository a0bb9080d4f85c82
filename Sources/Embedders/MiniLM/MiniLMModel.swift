#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The folder with the files of all-MiniLM-L6-v2.
public struct MiniLMModel: Hashable, Sendable {
  /// The model's identifier, kept with every vector it makes.
  public static let name = "all-MiniLM-L6-v2"
  /// The environment variable that names the folder.
  public static let directoryVariable = "ENGRAM_MODEL_DIR"

  /// The path of the folder.
  public let directory: String

  var weightsPath: String { directory + "/model.safetensors" }
  var vocabularyPath: String { directory + "/vocab.txt" }

  /// A folder that the caller knows.
  ///
  /// - Throws: ``MiniLMModelMissing`` if one of the files is not there.
  public init(directory: String) throws(MiniLMModelMissing) {
    self.directory = directory
    for path in [weightsPath, vocabularyPath] where access(path, F_OK) != 0 {
      throw MiniLMModelMissing(path: path)
    }
  }

  /// The model's folder: `ENGRAM_MODEL_DIR` if set, else `engram/models/all-MiniLM-L6-v2` in the
  /// user's cache folder (`XDG_CACHE_HOME`, by default `~/.cache`).
  ///
  /// - Parameter environment: the variables to look in; by default those of the process.
  /// - Throws: ``MiniLMModelMissing``, which says how to get the model.
  public static func locate(
    environment: [String: String]? = nil
  ) throws(MiniLMModelMissing) -> MiniLMModel {
    try MiniLMModel(
      directory: defaultDirectory { name in
        let value = environment.map { $0[name] } ?? getenv(name).map { String(cString: $0) }
        return value.flatMap { $0.isEmpty ? nil : $0 }
      })
  }

  private static func defaultDirectory(_ variable: (String) -> String?) -> String {
    if let directory = variable(directoryVariable) { return directory }
    // The XDG specification has relative paths ignored.
    let cache = variable("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (cache ?? (variable("HOME") ?? "") + "/.cache") + "/engram/models/" + name
  }
}
