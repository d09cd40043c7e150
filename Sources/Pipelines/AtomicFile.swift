import Foundation

/// Small files that are either complete or not there.
enum AtomicFile {
  /// Writes `data` to a temporary name beside `path` and renames it.
  ///
  /// - Throws: `JobError` of kind `.output`, or `.tryAgain` where the disk is full.
  static func write(_ data: Data, to path: String) throws {
    let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
    guard let file = fopen(temporary, "wxb") else { throw failure(path, errno) }
    let written = data.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    var code = written == data.count && fflush(file) == 0 ? 0 : errno
    if fclose(file) != 0 && code == 0 { code = errno }
    if code == 0 && rename(temporary, path) != 0 { code = errno }
    if code != 0 {
      unlink(temporary)
      throw failure(path, code)
    }
  }

  /// Finds out before the work whether a file can be written to a path's folder.
  ///
  /// - Throws: `JobError` of kind `.output`.
  static func checkFolder(of path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    let place = folder.isEmpty ? "." : folder
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw JobError(.output, "\(path) is a folder: give a file's name")
    }
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue else {
      throw JobError(.output, "\(path) can't be written: the folder \(place) does not exist")
    }
    guard access(place, W_OK | X_OK) == 0 else { throw failure(path, errno) }
  }

  private static func failure(_ path: String, _ code: Int32) -> JobError {
    let full = [ENOSPC, EDQUOT, EFBIG].contains(code)
    return JobError(
      full ? .tryAgain : .output, "\(path) can't be written: \(String(cString: strerror(code)))")
  }
}
