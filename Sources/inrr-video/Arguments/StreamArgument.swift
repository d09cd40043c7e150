import ArgumentParser

/// The number of a file's video stream.
struct StreamArgument: ParsableArguments {
  @Option(
    name: .customLong("stream"),
    help: ArgumentHelp(
      "Which video stream, by its number in the file as probe lists it (default: one that is no still picture).",
      valueName: "N"))
  var number: Int?

  mutating func validate() throws {
    if let number, !(0...9999).contains(number) {
      throw ValidationError("--stream \(number) lies outside 0 ... 9999")
    }
  }
}
