internal import CFFmpeg
import Foundation
import Synchronization

/// A file, or a numbered sequence of images, that appears under its name when it is complete.
///
/// Until `commit()` it lives beside its target under a hidden name; without `commit()` it is removed.
final class OutputFile {
  let path: String
  /// Where to write until `commit()`; a pattern if `path` is one.
  let temporaryPath: String
  private let pattern: NumberPattern?
  var isPattern: Bool { pattern != nil }
  private let overwrite: Bool
  /// The folder in which a sequence of images is made.
  private let temporaryFolder: String?
  private var isOpen = true
  /// The open unfinished file or folder, which is locked.
  private var descriptor: Int32 = -1

  private static let counter = Atomic<Int>(0)

  /// - Parameter isImages: whether a number in the name counts images; in other names "%d" has no meaning.
  /// - Throws: `MediaError`: `.exists`, or `.cannotWrite` if the folder is missing or cannot be written.
  init(path: String, isImages: Bool, overwrite: Bool) throws {
    self.overwrite = overwrite
    if path == StandardStream.path {
      // A pipe has no unfinished file.
      self.path = path
      (pattern, temporaryFolder, temporaryPath, isOpen) = (nil, nil, path, false)
      return
    }
    let target = OutputFile.target(of: path)
    self.path = target
    let (folder, name) = OutputFile.split(target)
    let pattern = isImages ? NumberPattern(name) : nil
    self.pattern = pattern
    let number = OutputFile.counter.wrappingAdd(1, ordering: .relaxed).newValue
    let (stem, ending) = OutputFile.stemAndSuffix(name)
    let hidden = UnfinishedFile.prefix(for: stem) + UnfinishedFile.mark(number: number)
    try OutputFile.checkFolder(folder, path: path)
    if let pattern {
      if !overwrite, let first = OutputFile.names(in: folder).filter(pattern.matches).min() {
        throw MediaError(.exists, "\(path): \(first) exists; choose another name or allow overwriting")
      }
      let made = folder + hidden
      if UnfinishedFile.making({ mkdir(made, 0o777) }) != 0 {
        throw OutputFile.error(errno, "\(path): cannot create a folder beside it")
      }
      temporaryFolder = made
      // A percent sign in the folder's name would be a second number of the pattern.
      temporaryPath = made.replacing("%", with: "%%") + "/" + name
      descriptor = open(made, O_RDONLY | O_CLOEXEC)
      if descriptor >= 0 { UnfinishedFile.lock(descriptor) }
      return
    }
    temporaryFolder = nil
    var status = stat()
    if stat(target, &status) != 0 {
      if errno == ENAMETOOLONG { throw OutputFile.error(errno, "\(path): the file cannot be created") }
      if lstat(target, &status) == 0 {
        throw MediaError(.cannotWrite, "\(path): this is a link that leads nowhere; choose another name")
      }
    } else {
      if status.st_mode & S_IFMT != S_IFREG {
        throw MediaError(
          .cannotWrite,
          "\(path): this is not a regular file; choose another name, or write to standard output with -o -")
      }
      if !overwrite {
        throw MediaError(.exists, "\(path): the file exists; choose another name or allow overwriting")
      }
    }
    // The extension stays last: some encoders and muxers look at it.
    temporaryPath = folder + hidden + ending
    descriptor = UnfinishedFile.making { open(temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    if descriptor < 0 { throw OutputFile.error(errno, "\(path): the file cannot be created") }
    UnfinishedFile.lock(descriptor)
  }

  deinit { remove() }

  /// Where the image of a number is written until `commit()`; the file itself where there is only one.
  func temporaryPath(ofNumber number: Int) -> String {
    guard let pattern, let temporaryFolder else { return temporaryPath }
    return temporaryFolder + "/" + pattern.name(of: number)
  }

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

  /// Removes the unfinished files.
  func remove() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    guard isOpen else { return }
    isOpen = false
    _ = UnfinishedFile.remove(temporaryFolder ?? temporaryPath)
  }

  private func move(_ from: String, to target: String) throws {
    // A link, unlike a rename, never replaces a file that has appeared there meanwhile.
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

  /// Where a link leads, because the file there is to be replaced; the path itself if it is no link.
  static func target(of path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, let real = realpath(path, nil)
    else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// A name's two parts; the suffix begins with its dot, and is empty where the name has none.
  static func stemAndSuffix(_ name: String) -> (stem: Substring, suffix: Substring) {
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    return (name[..<dot], name[dot...])
  }

  /// The folder with its last slash, or nothing, and the name in it.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }

  /// The names of all files and folders in a folder; none where it can't be read.
  static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
  }
}
