import Foundation
import Volumes

/// What a machine has at this moment.
public enum MachineState {
  /// Bytes of memory that can be had without swapping; nil where the system does not say.
  static var availableMemory: Int? {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return min(kibibytes.multipliedReportingOverflow(by: 1024).partialValue, MemoryBound.most)
  }

  /// A folder that the tool writes into.
  public struct Folder: Sendable, Encodable {
    public var path: String
    /// What it is written for.
    public var use: String
    /// Bytes that are free for this user; null where the folder is not there.
    @OrNull public var free: Int?
    public var isWritable: Bool
  }

  static func folder(_ path: String, use: String) -> Folder {
    var status = statvfs()
    let free =
      statvfs(path, &status) == 0
      ? Int(
        clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
          .partialValue)
      : nil
    return Folder(path: path, use: use, free: free, isWritable: access(path, W_OK | X_OK) == 0)
  }
}
