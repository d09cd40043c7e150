import Foundation

/// Sizes, times of change and numbers of files: where they are the same, so are the contents.
enum FileStamp {
  /// - Returns: nil where one of the files is not there.
  static func text(of paths: [String]) -> String? {
    let hash = ContentHash()
    var count = 0
    for file in paths.flatMap(ContentDigest.files) {
      var status = stat()
      guard stat(file, &status) == 0 else { return nil }
      #if canImport(Glibc)
        let time = status.st_mtim
      #else
        let time = status.st_mtimespec
      #endif
      // Not the device's number, which may be another on each machine.
      hash.add("\(PathName.name(of: file)) \(status.st_size) \(time.tv_sec) \(time.tv_nsec) \(status.st_ino)")
      count += 1
    }
    return count < paths.count ? nil : String(hash.finishText().prefix(32))
  }
}

extension RestoreJob {
  /// The stamp of the input and of all files that its masks are read from; nil where one is not there.
  var stamp: String? { FileStamp.text(of: [input] + masks.files) }
}
