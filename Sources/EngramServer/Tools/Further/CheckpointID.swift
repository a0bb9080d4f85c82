/// Which checkpoint.
struct CheckpointID: Decodable {
  var checkpointID: String
}
