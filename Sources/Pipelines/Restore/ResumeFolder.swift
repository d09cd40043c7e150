import Foundation
import Media

/// Solved windows beside an output, with which a restoration that was stopped goes on.
///
/// A lock lets in one restoration at a time. `FileSolutionStore` uses a window only where input, mask and settings are the
/// same.
struct ResumeFolder {
  let path: String
  let store: FileSolutionStore
  private let lock: WorkLock

  /// - Throws: `JobError` of kind `.tryAgain` where another restoration has it, or `.output`.
  init(output: String) throws {
    path = Self.path(for: output)
    store = FileSolutionStore(folder: path)
    lock = try WorkLock(
      .alone, folder: path, purpose: "restoring \(output)",
      remedy: "wait for it to end, or name another output")
  }

  static func path(for output: String) -> String { "\(output).resume" }

  /// Windows that are kept for an output.
  static func count(for output: String) -> Int { FileSolutionStore(folder: path(for: output)).count }

  /// Removes the windows, and the folder unless it holds something else.
  func remove() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where name.hasSuffix(FileSolutionStore.suffix) || name.hasPrefix(UnfinishedFile.commonPrefix) {
      unlink("\(path)/\(name)")
    }
    // The lock goes last: another run must not begin while windows are removed.
    unlink("\(path)/lock")
    rmdir(path)
    withExtendedLifetime(lock) {}
  }
}

extension RestoreJob {
  /// Where `resumes` keeps solved windows, and how many there are.
  public var resumable: (folder: String, windows: Int) {
    (ResumeFolder.path(for: output), ResumeFolder.count(for: output))
  }

  /// Why the job can't be done with `resumes`; nil where it can.
  public var resumeObstacle: String? {
    if savedModel != nil {
      return "--save-model saves what is fitted, and --resume leaves that out where it can: give one of them"
    }
    if input == StandardStream.path || StandardStream.isReadOnce(input) {
      let name = input == StandardStream.path ? "standard input" : input
      return
        "--resume reads the input again, which \(name) does not allow: write it to a file first, or leave out --resume"
    }
    if output == StandardStream.path {
      return
        "--resume goes on with a file, which standard output is not: name one with -o, or leave out --resume"
    }
    return nil
  }

  /// Does the job with the windows that an earlier run has solved, and keeps new ones until the output is complete.
  func resume(_ perform: (RestoreJob) throws -> RestoreResult) throws -> RestoreResult {
    if let resumeObstacle { throw JobError.configuration(resumeObstacle) }
    // Before the folder of windows is made.
    try AtomicFile.checkFolder(of: output)
    let folder = try ResumeFolder(output: output)
    var job = self
    job.store = folder.store
    do {
      let result = try perform(job)
      folder.remove()
      return result
    } catch {
      if folder.store.count == 0 { folder.remove() }
      throw error
    }
  }
}
