import Detection
import Foundation
import Frames
import Inspection
import Masks
import Media
import Volumes

/// The files of an inspection: a damaged input, its result, and perhaps the undamaged original.
public struct InspectedFiles: Sendable {
  public var input: String
  public var result: String
  public var reference: String?
  /// The result with what is missing filled in, where the other one was seen through an overlay; nil to leave it out.
  public var filled: String?
  /// The number of the video stream in the input; nil for the one that moves.
  public var stream: Int?
  public var masks: MaskOptions
  /// What surveys of the input found; nil where that is not known yet.
  var surveyed: SurveyedDamage?
  /// Masks that only volumes have.
  public var volumeMasks = VolumeMaskOptions()
  /// Distances of the input's voxels; nil for what the files say.
  public var spacing: VoxelSpacing?

  public init(
    input: String, result: String, reference: String? = nil, stream: Int? = nil, masks: MaskOptions
  ) {
    (self.input, self.result, self.reference) = (input, result, reference)
    (self.stream, self.masks) = (stream, masks)
  }

  /// All files that are read.
  var paths: [String] { [input, result] + [reference, filled].compactMap { $0 } + masks.files }

  /// What surveys of the input find.
  func surveyedDamage() throws -> SurveyedDamage {
    try surveyed
      ?? masks.surveyed(input: input, stream: stream, threads: Self.threads, isCancelled: { false })
  }

  /// Threads that look for damage.
  static var threads: Int { ProcessInfo.processInfo.activeProcessorCount }

  var title: String { "\(PathName.name(of: input))  →  \(PathName.name(of: result))" }
}

extension VideoReader {
  /// Size and pixel format, for messages.
  var kind: String { "\(format.width)x\(format.height) \(info.pixelFormat)" }
}

extension VolumeFile {
  /// - Parameter order: the order of pages, if the file is a TIFF stack.
  init(path: String, stackAs order: PageOrder?) throws {
    try self.init(path: path, pages: Self.isStack(path) ? order : nil)
  }
}

extension PictureEncoder.Format {
  /// By the suffix of a path; nil for one that is no picture's.
  init?(of path: String, quality: Int) {
    switch PathName.suffix(of: path).lowercased() {
    case ".png": self = .png
    case ".jpg", ".jpeg": self = .jpeg(quality: quality)
    default: return nil
    }
  }
}

/// A list of frame numbers from 0, such as `3,10,20-24`.
public struct FrameList: Sendable, Equatable {
  /// Rising, each once; at least one.
  public let frames: [Int]

  /// More frames do not fit into a picture that can be looked at.
  static let largestCount = 2000

  /// - Throws: `JobError` of kind `.configuration`.
  public init(parsing text: String) throws {
    var frames: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0,
        first <= last
      else {
        throw JobError.configuration("'\(text)' names no frames: write numbers from 0 on, such as 3,10,20-24")
      }
      guard last - first < Self.largestCount else {
        throw JobError.configuration("'\(text)' names more than \(Self.largestCount) frames: choose fewer")
      }
      frames.formUnion(first...last)
    }
    guard frames.count <= Self.largestCount else {
      throw JobError.configuration("'\(text)' names more than \(Self.largestCount) frames: choose fewer")
    }
    self.frames = frames.sorted()
  }

  /// Reads `10-20`, both included.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public static func range(parsing text: String) throws -> ClosedRange<Int> {
    let list = try FrameList(parsing: text).frames
    guard let first = list.first, let last = list.last, list.count == last - first + 1 else {
      throw JobError.configuration("'\(text)' is no range of frames: write two numbers, such as 100-150")
    }
    return first...last
  }
}

extension Box {
  /// Reads `x,y,w,h`.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public init(parsing text: String) throws {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
      let height = numbers[3], x >= 0, y >= 0, width > 0, height > 0
    else {
      throw JobError.configuration(
        "'\(text)' is no rectangle: write x,y,w,h in pixels, such as 120,40,200,150")
    }
    self.init(x: x, y: y, width: width, height: height)
  }

  /// The rectangle, if it lies within a picture.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  func checked(width: Int, height: Int) throws -> Box {
    guard x < width, y < height, self.width <= width - x, self.height <= height - y else {
      throw JobError.configuration(
        "the rectangle \(x),\(y),\(self.width),\(self.height) reaches beyond the picture, which is \(width)x\(height)"
      )
    }
    return self
  }
}
