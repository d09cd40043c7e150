import Foundation
import Media
import Synchronization

/// Small files that are either complete or not there.
enum AtomicFile {
  private static let counter = Atomic<Int>(0)

  /// Writes `data` to a temporary name beside `path` and renames it; into what is there if that is no regular file,
  /// such as /dev/stdout.
  ///
  /// - Throws: `JobError` of kind `.output`, or `.tryAgain` where the disk is full.
  static func write(_ data: Data, to path: String) throws {
    try write(to: path) { try $0(data) }
  }

  /// The same for what comes in pieces.
  ///
  /// - Parameters:
  ///   - overwrite: whether to replace what has appeared there meanwhile.
  ///   - body: gives the pieces to what it is handed.
  /// - Throws: `JobError` of kind `.output`, or `.tryAgain` where the disk is full, or what `body` throws.
  static func write(
    to given: String, overwrite: Bool = true, _ body: ((Data) throws -> Void) throws -> Void
  ) throws {
    let path = target(of: given)
    let temporary = temporaryName(for: path)
    let folder = PathName.folder(of: path)
    let isDevice = isSpecial(path)
    guard let file = isDevice ? fopen(path, "wb") : fopen(temporary, "wxb") else {
      throw failure(path, errno)
    }
    if !isDevice { UnfinishedFile.lock(fileno(file)) }
    do {
      try body { data in
        let written = data.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        if written != data.count { throw failure(path, errno) }
      }
    } catch {
      fclose(file)
      if !isDevice { unlink(temporary) }
      throw error
    }
    var code = fflush(file) == 0 ? 0 : errno
    // What has its name must be there after a power cut too.
    if code == 0 && !isDevice && fsync(fileno(file)) != 0 { code = errno }
    if fclose(file) != 0 && code == 0 { code = errno }
    if code == 0 && !isDevice { code = move(temporary, to: path, overwrite: overwrite) }
    if code == 0 && !isDevice { synchronise(folder: folder.isEmpty ? "." : folder) }
    if code != 0 {
      if !isDevice { unlink(temporary) }
      throw failure(path, code)
    }
  }

  /// A hidden name beside a path; short, so that a long name does not become too long by it.
  static func temporaryName(for path: String) -> String {
    let folder = PathName.folder(of: path)
    let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
    let hidden = UnfinishedFile.commonPrefix + UnfinishedFile.mark(number: number)
    return folder.isEmpty ? hidden : "\(folder)/\(hidden)"
  }

  /// Gives a file its name once `make` has written it under a temporary one.
  ///
  /// - Throws: `JobError` of kind `.output`, or `.tryAgain` where the disk is full, or what `make` throws.
  static func replace(
    _ given: String, overwrite: Bool = true, _ make: (_ temporary: String) throws -> Void
  ) throws {
    let path = target(of: given)
    if isSpecial(path) { throw JobError(.output, "\(path) is no regular file: name another with -o") }
    let temporary = temporaryName(for: path)
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    UnfinishedFile.lock(descriptor)
    do {
      try make(temporary)
      guard fsync(descriptor) == 0 else { throw failure(path, errno) }
      let code = move(temporary, to: path, overwrite: overwrite)
      if code != 0 { throw failure(path, code) }
    } catch {
      unlink(temporary)
      throw error
    }
    let folder = PathName.folder(of: path)
    synchronise(folder: folder.isEmpty ? "." : folder)
  }

  /// Gives a file its name; returns what was in the way, or 0.
  private static func move(_ temporary: String, to path: String, overwrite: Bool) -> Int32 {
    // A link, unlike a rename, never replaces what someone else has put there meanwhile.
    if !overwrite {
      if link(temporary, path) == 0 {
        unlink(temporary)
        return 0
      }
      if errno == EEXIST { return EEXIST }
    }
    return rename(temporary, path) == 0 ? 0 : errno
  }

  /// Copies a file's bytes over those of another.
  ///
  /// - Throws: `JobError`.
  static func copy(_ source: String, to target: String) throws {
    guard let from = fopen(source, "rb") else {
      throw JobError(.input, "\(source) can't be read: \(String(cString: strerror(errno)))")
    }
    defer { fclose(from) }
    guard let to = fopen(target, "wb") else { throw failure(target, errno) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    var code: Int32 = 0
    while code == 0 {
      let count = fread(&bytes, 1, bytes.count, from)
      if count == 0 { break }
      if fwrite(bytes, 1, count, to) != count { code = errno }
    }
    if fclose(to) != 0 && code == 0 { code = errno }
    if code != 0 { throw failure(target, code) }
    if ferror(from) != 0 { throw JobError(.input, "\(source) can't be read to its end") }
  }

  /// Brings a new name to the disk, where the file system can.
  private static func synchronise(folder: String) {
    let descriptor = open(folder, O_RDONLY)
    if descriptor < 0 { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Where a link to a file leads: what lies there is replaced, and the link stays. Links to devices such as
  /// /dev/stdout are left alone, wherever they lead.
  private static func target(of path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, !path.hasPrefix("/dev/"),
      !path.hasPrefix("/proc/"), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let real = realpath(path, nil)
    else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Whether a path is there and is a device, a pipe or a link such as /dev/stdout, which must not be replaced.
  private static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  /// Finds out before the work whether a file can be written to a path's folder.
  ///
  /// - Throws: `JobError` of kind `.output`.
  static func checkFolder(of path: String) throws {
    let folder = PathName.folder(of: path)
    let place = folder.isEmpty ? "." : folder
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw JobError(.output, "\(path) is a folder: give a file's name")
    }
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue else {
      throw JobError(.output, "\(path) can't be written: the folder \(place) does not exist")
    }
    guard isSpecial(path) || access(place, W_OK | X_OK) == 0 else { throw failure(path, errno) }
    // A name that is too long would otherwise be found out at the very end.
    if access(path, F_OK) != 0 && errno == ENAMETOOLONG { throw failure(path, errno) }
  }

  private static func failure(_ path: String, _ code: Int32) -> JobError {
    let full = [ENOSPC, EDQUOT, EFBIG].contains(code)
    return JobError(
      full ? .tryAgain : .output, "\(path) can't be written: \(String(cString: strerror(code)))")
  }
}
