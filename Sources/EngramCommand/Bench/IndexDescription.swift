internal import Vamana
internal import VectorMath

/// What can be told of an index without its vectors.
struct IndexDescription: Equatable {
  var count: Int
  var dimension: Int
  var metric: Metric
  var maximumDegree: Int
  var isFused: Bool
  var placement: NodePlacement
}

extension IndexDescription {
  init(of segment: Segment) {
    self.init(
      count: segment.count, dimension: segment.dimension, metric: segment.metric,
      maximumDegree: segment.maximumDegree, isFused: segment.isFused, placement: segment.placement)
  }

  init(of segment: DiskSegment) {
    self.init(
      count: segment.count, dimension: segment.dimension, metric: segment.metric,
      maximumDegree: segment.maximumDegree, isFused: true, placement: .disk)
  }

  /// - Throws: ``CommandFailure`` that says what the index in `path` has other than `asked`.
  func check(at path: String, isAs asked: IndexDescription) throws {
    let differences = differences(from: asked)
    guard differences.isEmpty else {
      throw CommandFailure(
        "'\(path)' is of \(differences.joined(separator: "; of ")). Ask for what it holds, or name "
          + "another file, to build", status: .badData)
    }
  }

  /// What `self` has other than `asked`, in the words of the command line.
  private func differences(from asked: IndexDescription) -> [String] {
    var found: [String] = []
    func compare<Value: Equatable>(
      _ value: KeyPath<IndexDescription, Value>, _ text: (Value) -> String
    ) {
      if self[keyPath: value] != asked[keyPath: value] {
        found.append("\(text(self[keyPath: value])), not \(text(asked[keyPath: value]))")
      }
    }
    compare(\.count) { "\($0) vectors" }
    compare(\.dimension) { "dimension \($0)" }
    compare(\.metric) { "--metric \($0)" }
    compare(\.maximumDegree) { "--degree \($0)" }
    compare(\.isFused) { $0 ? "the form without --compact" : "the form with --compact" }
    compare(\.placement) {
      $0 == .disk ? "the layout of bench disk" : "the layout of a search in memory"
    }
    return found
  }
}
