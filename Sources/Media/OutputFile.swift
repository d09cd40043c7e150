internal import CFFmpeg
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file, or a numbered sequence of images, that appears under its name when it is complete.
///
/// Until `commit()` it lives beside its target under a hidden name; without `commit()` it is removed.
final class OutputFile {
  let path: String
  /// Where to write meanwhile; a pattern if `path` is one.
  let temporaryPath: String
  private let pattern: NumberPattern?
  var isPattern: Bool { pattern != nil }
  private let overwrite: Bool
  /// The folder in which a sequence of images is made.
  private let temporaryFolder: String?
  private var isOpen = true

  private static let counter = Atomic<Int>(0)

  /// - Throws: `MediaError`: `.exists`, or `.cannotWrite` if the folder is missing or cannot be written.
  init(path: String, overwrite: Bool) throws {
    self.path = path
    self.overwrite = overwrite
    let (folder, name) = OutputFile.split(path)
    // Of other files "%d" is just a name.
    let pattern = Muxer.isImages(path) ? NumberPattern(name) : nil
    self.pattern = pattern
    let number = OutputFile.counter.wrappingAdd(1, ordering: .relaxed).newValue
    let suffix = "\(getpid())-\(number).partial"
    try OutputFile.checkFolder(folder, path: path)
    if let pattern {
      if !overwrite, let first = OutputFile.names(in: folder).filter(pattern.matches).min() {
        throw MediaError(.exists, "\(path): \(first) exists; choose another name or allow overwriting")
      }
      let made = folder + ".\(suffix)"
      if mkdir(made, 0o777) != 0 {
        throw OutputFile.error(errno, "\(path): cannot create a folder beside it")
      }
      temporaryFolder = made
      // A percent sign of the folder's is none of the pattern's.
      temporaryPath = made.replacing("%", with: "%%") + "/" + name
      return
    }
    temporaryFolder = nil
    var status = stat()
    if stat(path, &status) != 0 {
      if errno == ENAMETOOLONG { throw OutputFile.error(errno, "\(path): the file cannot be created") }
    } else {
      if status.st_mode & S_IFMT != S_IFREG {
        throw MediaError(.cannotWrite, "\(path): this is not a regular file; choose another name")
      }
      if !overwrite {
        throw MediaError(.exists, "\(path): the file exists; choose another name or allow overwriting")
      }
    }
    // The extension stays last: some encoders and muxers look at it.
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    var stem = String(name[..<dot].prefix(100))
    while stem.utf8.count > 100 { stem.removeLast() }
    temporaryPath = folder + "." + stem + ".\(suffix)" + String(name[dot...])
  }

  deinit { remove() }

  /// Brings the data to the disk and moves the file to its name.
  ///
  /// - Throws: `MediaError`; the unfinished file is removed then.
  func commit() throws {
    guard isOpen else { return }
    defer { remove() }
    guard let temporaryFolder else {
      try OutputFile.synchronise(temporaryPath, path: path)
      try move(temporaryPath, to: path)
      isOpen = false
      return
    }
    let folder = OutputFile.split(path).folder
    let made = OutputFile.names(in: temporaryFolder).sorted()
    for file in made { try OutputFile.synchronise(temporaryFolder + "/" + file, path: path) }
    for file in made { try move(temporaryFolder + "/" + file, to: folder + file) }
  }

  /// Removes what is unfinished.
  func remove() {
    guard isOpen else { return }
    isOpen = false
    guard let temporaryFolder else {
      unlink(temporaryPath)
      return
    }
    for file in OutputFile.names(in: temporaryFolder) {
      unlink(temporaryFolder + "/" + file)
    }
    rmdir(temporaryFolder)
  }

  private func move(_ from: String, to target: String) throws {
    // A link, unlike a rename, never replaces what someone else has put there meanwhile.
    if !overwrite {
      if link(from, target) == 0 {
        unlink(from)
        return
      }
      if errno == EEXIST {
        throw MediaError(.exists, "\(target): the file has appeared meanwhile; choose another name")
      }
    }
    if rename(from, target) != 0 { throw OutputFile.error(errno, "\(target): cannot give the file its name") }
  }

  private static func synchronise(_ file: String, path: String) throws {
    let descriptor = open(file, O_RDWR)
    if descriptor < 0 { throw error(errno, "\(path): cannot bring the file to the disk") }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 && errno != EINVAL {
      throw error(errno, "\(path): cannot bring the file to the disk")
    }
  }

  private static func checkFolder(_ folder: String, path: String) throws {
    let place = folder.isEmpty ? "." : folder
    var status = stat()
    if stat(place, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR {
      throw MediaError(.cannotWrite, "\(path): there is no folder \(place); create it first")
    }
    if access(place, W_OK) != 0 {
      throw MediaError(.cannotWrite, "\(path): files cannot be created in \(place); check its permissions")
    }
  }

  private static func error(_ number: Int32, _ what: String) -> MediaError {
    MediaError(code: inrr_error_from_errno(number), .cannotWrite, what)
  }

  /// The folder with its last slash, or nothing, and the name in it.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }

  /// The names of all that is in a folder.
  static func names(in folder: String) -> [String] {
    guard let handle = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(handle) }
    var found: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { found.append(name) }
    }
    return found
  }
}
