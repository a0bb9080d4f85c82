internal import ArgumentParser
internal import VectorMath

/// A metric as it is typed.
///
/// The parser shows raw values in its help: those of ``Metric`` are the numbers in files.
enum MetricName: String, CaseIterable, ExpressibleByArgument {
  case cosine, ip, l2

  var metric: Metric {
    switch self {
    case .cosine: .cosine
    case .ip: .innerProduct
    case .l2: .squaredEuclidean
    }
  }

  static var allValueDescriptions: [String: String] {
    [
      "cosine": "by the angle between them, whatever their lengths",
      "ip": "by their inner product, the larger the nearer",
      "l2": "by the square of their Euclidean distance",
    ]
  }
}
