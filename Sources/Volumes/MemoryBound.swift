import Foundation

/// The memory that volumes may take. It is checked before sizes that a file announces are allocated.
public enum MemoryBound {
  /// Bytes that the process may have: the machine's memory, or less where the shell or a container limits it.
  public static let most: Int = {
    var most = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    #if os(Linux)
      for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
          let limit = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)), limit > 0
        else { continue }
        most = min(most, limit)
      }
    #endif
    var limit = rlimit()
    #if os(Linux)
      let status = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      let status = getrlimit(RLIMIT_AS, &limit)
    #endif
    if status == 0 { most = min(most, Int(clamping: UInt64(limit.rlim_cur))) }
    return most
  }()

  /// Bytes for each voxel of one volume that a restoration takes beside the voxels: its masks.
  static let masks = 4

  /// Bytes that a volume takes while it is restored.
  ///
  /// - Parameter copies: how many times its voxels are in memory.
  static func demand(_ shape: VolumeShape, _ type: VoxelType, copies: Int = 1) -> Int {
    // A shape has below 2^48 voxels: the sum fits.
    shape.voxels * shape.volumes * type.size * copies + shape.voxels * masks
  }

  /// - Throws: `VolumeError` where a file's volume does not fit into memory.
  static func check(_ shape: VolumeShape, _ type: VoxelType, path: String) throws {
    let bytes = demand(shape, type)
    if bytes <= most { return }
    throw VolumeError(
      .unsupported,
      "\(path) announces \(shape.text) voxels of \(type.rawValue), which take \(text(bytes)) of memory, and there are "
        + "\(text(most)): give a part of it, or use a machine with more memory")
  }

  static func text(_ bytes: Int) -> String { text(Double(bytes)) }

  static func text(_ bytes: Double) -> String {
    let (units, size) = (["MiB", "GiB", "TiB", "PiB", "EiB"], bytes / 1_048_576)
    let step = size < 1024 ? 0 : min(Int(log2(size) / 10), units.count - 1)
    return String(format: "%.1f %@", size / pow(1024, Double(step)), units[step])
  }
}
