/// What is wrong with a stored segment.
struct SegmentFault: Error {
  var detail: String
}
