/// The version of the program.
enum EngramVersion {
  static let current = "0.1.0"
}
