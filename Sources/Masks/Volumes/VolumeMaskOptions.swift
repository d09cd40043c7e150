import Volumes

/// The options beside a mask file that say what is missing of a volume: the union of everything given and of voxels that
/// are NaN or infinite, unless these are kept.
public struct VolumeMaskOptions: Sendable, Equatable {
  /// Slices across `axis` that are missing as a whole.
  public var slices: [SliceRange] = []
  /// The name of the axis that slices are counted along: x, y or z.
  public var axis = "z"
  /// A number that marks missing voxels, with the file's slope and intercept applied.
  public var value: Double?
  public var boxes: [VoxelBox] = []
  /// Whether voxels that are NaN or infinite stay as they are unless another option names them.
  public var keepsNaN = false
  /// The order of the pages of TIFF stacks, for the volume and its mask; nil for what their descriptions say.
  public var pages: PageOrder?

  public init() {}

  /// Whether nothing says what is missing.
  public var isEmpty: Bool { slices.isEmpty && value == nil && boxes.isEmpty }
}

/// A range of slices, both ends included, counted from 0; without a last one it reaches to the end of the volume.
public struct SliceRange: Sendable, Equatable {
  public var first: Int
  public var last: Int?

  public init(first: Int, last: Int?) { (self.first, self.last) = (first, last) }

  /// Reads `10,20-25,40-`.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public static func list(parsing text: String) throws -> [SliceRange] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(\.trimmed)
      let first = ends[0].isEmpty && ends.count == 2 && !ends[1].isEmpty ? 0 : number(ends[0])
      let last = ends.count == 2 && !ends[1].isEmpty ? number(ends[1]) : nil
      guard ends.count <= 2, let first, ends.count == 1 || ends[1].isEmpty || last != nil else {
        throw MaskError(.options, "'\(part.trimmed)' is no range of slices: write 10, 10-14, 10- or -14")
      }
      let end = ends.count == 1 ? first : last
      if let end, end < first {
        throw MaskError(.options, "the slices '\(part.trimmed)' end before they begin")
      }
      return SliceRange(first: first, last: end)
    }
  }

  private static func number(_ text: String) -> Int? {
    guard text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(text)
  }

  /// As `list(parsing:)` reads it.
  public var text: String { last == first ? "\(first)" : "\(first)-\(last.map(String.init) ?? "")" }
}

/// A box of missing voxels.
public struct VoxelBox: Sendable, Equatable {
  /// The first voxel along x, y and z.
  public var origin: [Int]
  /// Voxels along x, y and z, at least 1.
  public var size: [Int]

  public init(origin: [Int], size: [Int]) {
    precondition(origin.count == 3 && size.count == 3, "a box has three axes")
    (self.origin, self.size) = (origin, size)
  }

  /// Reads `x,y,z,w,h,d`.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public init(parsing text: String) throws {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.trimmed) }
    let known = numbers.compactMap { $0 }
    guard numbers.count == 6, known.count == 6 else {
      throw MaskError(.options, "'\(text)' is no box: write x,y,z,width,height,depth in whole voxels")
    }
    guard known[3...].allSatisfy({ $0 > 0 }) else {
      throw MaskError(.options, "the box '\(text)' is empty: width, height and depth must be at least 1")
    }
    guard known.allSatisfy({ $0.magnitude <= 1 << 30 }) else {
      throw MaskError(.options, "the box '\(text)' has numbers too large for a volume")
    }
    self.init(origin: Array(known[..<3]), size: Array(known[3...]))
  }

  /// As `init(parsing:)` reads it.
  public var text: String { (origin + size).map(String.init).joined(separator: ",") }
}
