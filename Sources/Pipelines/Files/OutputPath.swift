import Foundation
import Media
import Volumes

/// The path of a restored file.
public enum OutputPath {
  /// `<stem>.restored.<extension>` beside the input; `.mkv` for a lossless file, which few other containers can hold.
  ///
  /// - Throws: `JobError` of kind `.configuration` for standard input and for patterns of images.
  public static func standard(forInput input: String, lossless: Bool) throws -> String {
    if input == StandardStream.path {
      throw JobError.configuration(
        "standard input has no name: name the output with -o, or write to standard output with -o -")
    }
    if VolumeFile.isVolume(input) { return VolumeFile.standardOutput(forInput: input) }
    if ImageSequence.isPattern(input) {
      throw JobError.configuration("\(input) is a pattern of images: name the output with -o")
    }
    let own = PathName.suffix(of: input)
    return "\(input.dropLast(own.count)).restored\(lossless || own.isEmpty ? ".mkv" : own)"
  }

  /// Refuses an output that exists already, is an input, or can't be written.
  ///
  /// - Throws: `JobError`.
  static func check(_ output: String, inputs: [String], overwrite: Bool) throws {
    // Standard input and standard output have the same name, and differ.
    if output == StandardStream.path { return }
    for input in inputs where isSame(output, input) {
      throw JobError.configuration("the output \(output) is the input \(input): name another with -o")
    }
    try AtomicFile.checkFolder(of: output)
    if !overwrite && FileManager.default.fileExists(atPath: output) {
      throw JobError.output("\(output) exists already: give --force to replace it, or another name with -o")
    }
    var status = stat()
    if lstat(output, &status) == 0 && stat(output, &status) != 0 {
      throw JobError.output("\(output) is a link that leads nowhere: remove it, or name another with -o")
    }
  }

  /// Refuses standard input in two places.
  ///
  /// - Throws: `JobError`.
  static func checkStandardInput(_ paths: [String]) throws {
    if paths.count(where: { $0 == StandardStream.path }) > 1 {
      throw JobError.configuration(
        "standard input (-) can be read only once: name a file for all but one of what is read")
    }
  }

  /// Refuses a pipe where the input is read more than once.
  ///
  /// - Throws: `JobError`.
  static func checkReadTwice(_ path: String, by what: String) throws {
    guard StandardStream.isReadOnce(path) else { return }
    throw JobError.configuration(
      "\(what) reads its input more than once, which a pipe does not allow: write it to a file first")
  }

  /// Whether two paths lead to one file, through links too.
  static func isSame(_ first: String, _ second: String) -> Bool {
    var a = stat()
    var b = stat()
    if stat(first, &a) == 0 && stat(second, &b) == 0 { return a.st_dev == b.st_dev && a.st_ino == b.st_ino }
    return URL(fileURLWithPath: first).standardizedFileURL == URL(fileURLWithPath: second).standardizedFileURL
  }
}
