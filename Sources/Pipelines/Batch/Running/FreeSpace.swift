import Foundation

/// The free space of some folders at one moment.
struct FreeSpace {
  /// Bytes of a volume that are free, and that there are.
  struct Room {
    var free: Int64
    var all: Int64
  }

  private let folders: [(path: String, free: Int64)]
  private let room: (String) -> Room?

  /// Smaller changes come from other programs, and say nothing.
  private static let noise = (share: 0.05, bytes: Int64(1) << 30)

  /// - Parameter room: the room of a folder; nil where it is unknown.
  init(folders: [String], room: @escaping (String) -> Room? = FreeSpace.room) {
    self.room = room
    self.folders = folders.compactMap { path in room(path).map { (path, $0.free) } }
  }

  /// Whether one of the folders has clearly more space now.
  var hasGrown: Bool {
    folders.contains { path, before in
      guard let now = room(path) else { return false }
      return now.free - before > min(Self.noise.bytes, Int64(Self.noise.share * Double(now.all)))
    }
  }

  private static func room(_ path: String) -> Room? {
    guard let keys = try? FileManager.default.attributesOfFileSystem(forPath: path.isEmpty ? "." : path),
      let free = keys[.systemFreeSize] as? NSNumber, let all = keys[.systemSize] as? NSNumber
    else { return nil }
    return Room(free: free.int64Value, all: all.int64Value)
  }
}
