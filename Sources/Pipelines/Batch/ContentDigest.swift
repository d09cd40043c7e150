import Foundation
import Media
import Volumes

/// The hash of what is under a path: a file, a folder's files, or a numbered sequence's.
struct ContentDigest: Equatable {
  var size: Int
  var hash: String

  /// - Throws: `JobError` of kind `.input`.
  init(of path: String, isCancelled: () -> Bool = { false }) throws {
    let hash = ContentHash()
    let files = Self.files(path)
    if files.isEmpty { throw JobError(.input, "there is no file \(path)") }
    size = 0
    for file in files {
      if isCancelled() { throw JobError(.cancelled, "stopped") }
      if files.count > 1 { hash.add(PathName.name(of: file)) }
      do {
        size += try hash.addFile(file)
      } catch let error as MediaError {
        throw JobError(.input, error.description)
      }
    }
    self.hash = hash.finishText()
  }

  private static func files(_ path: String) -> [String] {
    var isFolder: ObjCBool = false
    let manager = FileManager.default
    if manager.fileExists(atPath: path, isDirectory: &isFolder) {
      if !isFolder.boolValue { return [path] }
      let names = (try? manager.contentsOfDirectory(atPath: path)) ?? []
      return names.sorted().map { "\(path)/\($0)" }.filter {
        manager.fileExists(atPath: $0, isDirectory: &isFolder) && !isFolder.boolValue
      }
    }
    // An array of an archive.
    if let colon = path.lastIndex(of: ":"), VolumeFile.isVolume(path) { return files(String(path[..<colon])) }
    let name = PathName.name(of: path)
    guard let number = name.range(of: "%[0-9]*d", options: .regularExpression) else { return [] }
    let folder = PathName.folder(of: path)
    let (before, after) = (name[..<number.lowerBound], name[number.upperBound...])
    let names = (try? manager.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.filter { name in
      name.hasPrefix(before) && name.hasSuffix(after) && name.count > before.count + after.count
        && name.dropFirst(before.count).dropLast(after.count).allSatisfy(\.isNumber)
    }.sorted().map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
  }
}
