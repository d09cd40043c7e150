import Foundation

/// Whose files decide what is read and written.
///
/// A plan names files by absolute paths, and a work folder holds solved windows that go into outputs: whoever wrote them decides
/// what a run overwrites, and with what. They are followed where they belong to the user who runs the tool or to root, and where
/// someone said that the user they belong to is trusted.
enum FileOwner {
  /// The environment variable that names trusted users, separated by commas: by name or number, or `*` for all.
  static let variable = "INRR_TRUSTED_USERS"

  /// - Parameters:
  ///   - path: a file or folder; nothing is said of one that is not there.
  ///   - what: what it is and why it matters, for the message.
  ///   - advice: what to do instead.
  ///   - me: the user who runs the tool.
  /// - Throws: `JobError` of kind `.configuration` for one that belongs to a user who is not trusted.
  static func check(
    _ path: String, _ what: String, advice: String, me: uid_t = geteuid(),
    trusted: String? = ProcessInfo.processInfo.environment[variable]
  ) throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_uid != me, status.st_uid != 0 else { return }
    let names = [String(status.st_uid)] + (name(of: status.st_uid).map { [$0] } ?? [])
    let words = (trusted ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    if words.contains("*") || words.contains(where: names.contains) { return }
    // File systems of other machines and of containers may know this process by another number.
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    if me == geteuid(), ownNumber(in: isFolder ? path : PathName.folder(of: path)) == status.st_uid { return }
    throw JobError.configuration(
      "\(path) is \(what) of another user (\(names[names.count - 1])), and what it names would be read and written as if "
        + "you had named it: \(advice), or set \(variable)=\(names[names.count - 1]) if you trust it")
  }

  private static func name(of user: uid_t) -> String? {
    getpwuid(user).map { String(cString: $0.pointee.pw_name) }
  }

  /// The user that a folder's file system takes this process for; nil where no file can be made there.
  private static func ownNumber(in folder: String) -> uid_t? {
    let path = AtomicFile.temporaryName(for: "\(folder.isEmpty ? "." : folder)/owner")
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    defer {
      close(descriptor)
      unlink(path)
    }
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status.st_uid : nil
  }
}
