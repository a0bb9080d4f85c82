/// The largest episode the engine takes.
public enum EpisodeLimits {
  /// Characters of a task description, or of one step's output or message.
  public static let textCharactersMax = 10_000
  public static let stepsMax = 1_000
  /// Objects and lists inside one another in a step's parameters.
  public static let parameterDepthMax = 500
  /// UTF-8 bytes of one artifact.
  public static let artifactBytesMax = 1_000_000
  /// UTF-8 bytes of all texts of an episode together.
  public static let episodeBytesMax = 10_000_000
}
