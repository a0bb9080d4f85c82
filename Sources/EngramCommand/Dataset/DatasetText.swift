/// One text of a data set, with what is known of it.
public struct DatasetText: Hashable, Sendable, Codable {
  public var id: String
  public var text: String
  public var metadata: [String: String]

  public init(id: String, text: String, metadata: [String: String] = [:]) {
    self.id = id
    self.text = text
    self.metadata = metadata
  }
}

/// A question to a data set and the texts that answer it, for evaluation.
public struct DatasetQuestion: Hashable, Sendable, Codable {
  public var query: String
  /// The ids of the texts that answer.
  public var relevant: [String]

  public init(query: String, relevant: [String]) {
    self.query = query
    self.relevant = relevant
  }
}

/// Texts read from a source, and where they come from.
public struct DatasetTexts: Hashable, Sendable {
  public var texts: [DatasetText]
  public var questions: [DatasetQuestion]
  public var origin: DatasetOrigin

  public init(texts: [DatasetText], questions: [DatasetQuestion] = [], origin: DatasetOrigin) {
    self.texts = texts
    self.questions = questions
    self.origin = origin
  }
}

/// Where the content of a data set comes from.
public struct DatasetOrigin: Hashable, Sendable, Codable {
  /// A sentence for people.
  public var source: String
  /// The Debian package that holds it, if any.
  public var package: String?
  public var packageVersion: String?
  public var licence: String

  public init(
    source: String, package: String? = nil, packageVersion: String? = nil, licence: String
  ) {
    self.source = source
    self.package = package
    self.packageVersion = packageVersion
    self.licence = licence
  }
}
