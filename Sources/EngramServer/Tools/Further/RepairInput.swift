/// Whether what is damaged is mended.
struct RepairInput: Decodable {
  var repair: Bool?
}
