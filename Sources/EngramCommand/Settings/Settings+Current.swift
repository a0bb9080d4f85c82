extension Settings {
  private static let loaded: Result<Settings, CommandFailure> = {
    do {
      return .success(try Settings())
    } catch let failure as CommandFailure {
      return .failure(failure)
    } catch {
      return .failure(CommandFailure("\(error)"))
    }
  }()

  /// Those of this process, without its options; read once.
  ///
  /// - Throws: ``CommandFailure`` for a configuration file or a variable that is not right.
  static func current() throws -> Settings { try loaded.get() }
}
