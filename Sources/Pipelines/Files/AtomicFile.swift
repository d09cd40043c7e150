import Foundation
import Media
import Synchronization

/// Files that are either complete or not there.
enum AtomicFile {
  private static let counter = Atomic<Int>(0)

  /// Writes `data` under a temporary name beside `path` and renames it. Where `path` is no regular file, such as
  /// /dev/stdout, writes into it.
  ///
  /// - Throws: `JobError` of kind `.output`, or `.tryAgain` where the disk is full.
  static func write(_ data: Data, to path: String) throws {
    try write(to: path) { try $0(data) }
  }

  /// The same for data that come in pieces.
  ///
  /// - Parameters:
  ///   - overwrite: whether to replace a file that has appeared there meanwhile.
  ///   - body: calls its argument with each piece.
  /// - Throws: `JobError` of kind `.output`, or `.tryAgain` where the disk is full, or what `body` throws.
  static func write(
    to given: String, overwrite: Bool = true, _ body: ((Data) throws -> Void) throws -> Void
  ) throws {
    let path = target(of: given)
    if isSpecial(path) { return try fill(path, messageName: path, body) }
    try replace(path, overwrite: overwrite) { try fill($0, messageName: path, body) }
  }

  private static func fill(
    _ file: String, messageName path: String, _ body: ((Data) throws -> Void) throws -> Void
  ) throws {
    guard let file = UnfinishedFile.making({ fopen(file, "wb") }) else { throw failure(path, errno) }
    do {
      try body { data in
        let written = data.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        if written != data.count { throw failure(path, errno) }
      }
    } catch {
      fclose(file)
      throw error
    }
    if fclose(file) != 0 { throw failure(path, errno) }
  }

  /// A hidden name beside a path. Not made of the path's own name, which may be as long as names can be.
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
    if isSpecial(path) { throw JobError.output("\(path) is no regular file: name another with -o") }
    let temporary = temporaryName(for: path)
    let descriptor = UnfinishedFile.making { open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    UnfinishedFile.lock(descriptor)
    do {
      try make(temporary)
      // The file must be whole after a power cut too.
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

  /// Gives a file its name; returns the error's code, or 0.
  private static func move(_ temporary: String, to path: String, overwrite: Bool) -> Int32 {
    // Unlike a rename, a link never replaces a file that has appeared there meanwhile.
    if !overwrite {
      if link(temporary, path) == 0 {
        unlink(temporary)
        return 0
      }
      if errno == EEXIST { return EEXIST }
    }
    return rename(temporary, path) == 0 ? 0 : errno
  }

  /// Writes a small file that nobody else has made: what lies there, such as a link to another file, is removed first.
  ///
  /// - Returns: whether all of it was written; `errno` says why not.
  static func makeAnew(_ path: String, _ data: Data) -> Bool {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    if descriptor < 0 { return false }
    let written = data.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    return close(descriptor) == 0 && written == data.count
  }

  /// Copies the bytes of one file into another.
  ///
  /// - Throws: `JobError`.
  static func copy(_ source: String, to target: String) throws {
    guard let file = FileHandle(forReadingAtPath: source) else {
      throw JobError.input("\(source) can't be read: \(String(cString: strerror(errno)))")
    }
    func piece() throws -> Data {
      do { return try file.read(upToCount: 1 << 20) ?? Data() } catch {
        throw JobError.input("\(source) can't be read to its end")
      }
    }
    try fill(target, messageName: target) { put in
      while case let data = try piece(), !data.isEmpty { try put(data) }
    }
  }

  /// Writes a new name to the disk, where the file system can.
  private static func synchronise(folder: String) {
    let descriptor = open(folder, O_RDONLY)
    if descriptor < 0 { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The file that a link leads to, so that the file is replaced and the link stays. Links such as /dev/stdout are not
  /// followed.
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

  /// Makes a folder and those it lies in, unless they are there.
  ///
  /// - Parameter advice: the end of the message where that fails.
  /// - Throws: `JobError` of kind `.output`.
  static func makeFolder(_ path: String, advice: String = "check the place and its permissions") throws {
    if path.isEmpty { return }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw JobError.output("the folder \(path) can't be made: \(advice)")
    }
  }

  /// Finds out before the work whether a file can be written to a path's folder.
  ///
  /// - Throws: `JobError` of kind `.output`.
  static func checkFolder(of path: String) throws {
    let folder = PathName.folder(of: path)
    let place = folder.isEmpty ? "." : folder
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw JobError.output("\(path) is a folder: give a file's name")
    }
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue else {
      throw JobError.output("\(path) can't be written: the folder \(place) does not exist")
    }
    guard isSpecial(path) || access(place, W_OK | X_OK) == 0 else { throw failure(path, errno) }
    // A name that is too long would otherwise be noticed only at the end.
    if access(path, F_OK) != 0 && errno == ENAMETOOLONG { throw failure(path, errno) }
  }

  private static func failure(_ path: String, _ code: Int32) -> JobError {
    let full = [ENOSPC, EDQUOT, EFBIG].contains(code)
    return JobError(
      full ? .tryAgain : .output, "\(path) can't be written: \(String(cString: strerror(code)))")
  }
}
