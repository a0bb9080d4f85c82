/// How far distances from byte codes are off, as seen on a few that were scored exactly.
///
/// The error of a byte code is a sum of many roundings, near to normal, and the query's share of it is the same
/// for all: a few nodes tell what to expect of the next.
struct CodeErrors {
  private var count: Float = 0
  /// The first error: distances from codes leave out what is the same for all, and that may be large beside what
  /// they differ by.
  private var origin: Float = 0
  private var sum: Float = 0
  private var squareSum: Float = 0

  /// Fewer say little.
  static let sampleCountMin = 10
  /// Where no more than so many others may be nearer, they are all scored; else so many of the rest are asked first.
  static let fewCount = 4
  static let furtherSampleCount = 6
  /// An error of so many standard deviations is not expected: of a random sample of ten, one in 2,000 further ones
  /// would be as far to one side (Student's t). The sample is of the nearest by their codes, so their errors lean to
  /// one side, the less the finer the codes.
  private static let deviationCount: Float = 5

  mutating func add(_ error: Float) {
    if count == 0 { origin = error }
    let difference = error - origin
    count += 1
    sum += difference
    squareSum += difference * difference
  }

  /// The least error to be expected: an exact distance is hardly below its code's by more.
  var least: Float {
    let mean = sum / count
    let variance = max(0, squareSum / count - mean * mean) * count / max(1, count - 1)
    return origin + mean - Self.deviationCount * variance.squareRoot()
  }
}
