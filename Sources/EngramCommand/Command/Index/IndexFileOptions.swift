internal import ArgumentParser

/// The form of an index that is searched in memory, and where it is kept.
struct IndexFileOptions: ParsableArguments {
  @Flag(help: "Keep no codes of a vector's neighbours beside it: a quarter of the memory, slower.")
  var compact = false

  @Option(
    help: ArgumentHelp(
      "Keep the index in this file. If it is there it is read, and must have been built of the same "
        + "vectors with the same --metric, --degree and --compact; else it is built and written.",
      valueName: "file"))
  var index: String?
}
