/// What is asked of `measure_index`.
struct MeasureInput: Decodable {
  var queryCount: Int?
}
