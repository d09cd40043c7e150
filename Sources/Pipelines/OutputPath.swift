import Foundation
import Volumes

/// Where a restored file goes.
public enum OutputPath {
  /// `<stem>.restored.<extension>` beside the input; `.mkv` for a lossless file, which few containers hold.
  ///
  /// - Throws: `JobError` of kind `.configuration` for a pattern of images, whose name is no file's.
  public static func standard(forInput input: String, lossless: Bool) throws -> String {
    if VolumeFile.isVolume(input) { return VolumeFile.standardOutput(forInput: input) }
    let isPattern = input.range(of: "%[0-9]*d", options: .regularExpression) != nil
    if isPattern && !FileManager.default.fileExists(atPath: input) {
      throw JobError(.configuration, "\(input) is a pattern of images: name the output with -o")
    }
    let own = PathName.suffix(of: input)
    return "\(input.dropLast(own.count)).restored\(lossless || own.isEmpty ? ".mkv" : own)"
  }

  /// Refuses an output that is there already, is the input itself, or can't be.
  ///
  /// - Throws: `JobError`.
  static func check(_ output: String, inputs: [String], overwrite: Bool) throws {
    for input in inputs where isSame(output, input) {
      throw JobError(.configuration, "the output \(output) is the input \(input): name another with -o")
    }
    try AtomicFile.checkFolder(of: output)
    if !overwrite && FileManager.default.fileExists(atPath: output) {
      throw JobError(.output, "\(output) exists already: give --force to replace it, or another name with -o")
    }
    var status = stat()
    if lstat(output, &status) == 0 && stat(output, &status) != 0 {
      throw JobError(.output, "\(output) is a link that leads nowhere: remove it, or name another with -o")
    }
  }

  /// Whether two paths lead to one file, through links too.
  static func isSame(_ first: String, _ second: String) -> Bool {
    var a = stat()
    var b = stat()
    if stat(first, &a) == 0 && stat(second, &b) == 0 { return a.st_dev == b.st_dev && a.st_ino == b.st_ino }
    return URL(fileURLWithPath: first).standardizedFileURL == URL(fileURLWithPath: second).standardizedFileURL
  }

  /// Whether a path is there and is no file that could be opened again, such as a pipe.
  static func isReadOnce(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }
}
