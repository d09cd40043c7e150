import Foundation
import Volumes

/// A volume to look into.
public struct VolumeProbeJob: Sendable {
  public var input: String
  public var pages: PageOrder?

  public init(input: String, pages: PageOrder? = nil) { (self.input, self.pages) = (input, pages) }

  /// What the file holds and how it would be read.
  public struct Outcome: Sendable, Encodable {
    public var path: String
    /// NIfTI, TIFF or NumPy.
    public var format: String
    /// Voxels along x, y and z, and volumes of the series.
    public var shape: [Int]
    /// What a voxel is stored as.
    public var type: String
    /// Distances of voxels along x, y and z.
    public var spacing: [Double]
    /// From voxel indices to places in space, row by row; nil where the file does not say.
    public var affine: [Double]?
    /// What stored numbers mean: slope x stored + intercept.
    public var slope: Double
    public var intercept: Double
    /// The smallest and the largest stored number; nil where there is none.
    public var range: [Double]?
    /// Voxels that are no numbers.
    public var notNumbers: Int
    /// Smaller copies of its pages that a TIFF file has.
    public var smallerCopies: Int
    /// How the file is read, in the words of a person, and why that may not be what is meant.
    public var reading: String
    public var doubt: String?

    enum CodingKeys: String, CodingKey {
      case path, format, shape, type, spacing, affine, slope, intercept, range, reading, doubt
      case notNumbers = "not_numbers"
      case smallerCopies = "smaller_copies"
    }

    /// The report as JSON with sorted keys; what is unknown is left out.
    public func json() throws -> Data {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return try encoder.encode(["volume": self])
    }
  }

  /// - Throws: `JobError`.
  public func run(isCancelled: () -> Bool = { false }) throws -> Outcome {
    do {
      let file = try VolumeFile(path: input, pages: pages)
      let volume = file.volume
      var (low, high, notNumbers) = (Double.infinity, -Double.infinity, 0)
      var values: [Double] = []
      for number in 0..<volume.shape.volumes {
        for z in 0..<volume.shape.z {
          if isCancelled() { throw JobError(.cancelled, "stopped") }
          volume.read(.init(.z, z, ofVolume: number), into: &values)
          for value in values {
            if value.isFinite { (low, high) = (min(low, value), max(high, value)) } else { notNumbers += 1 }
          }
        }
      }
      return Outcome(
        path: input, format: file.format.rawValue,
        shape: [volume.shape.x, volume.shape.y, volume.shape.z, volume.shape.volumes],
        type: volume.type.rawValue, spacing: [volume.spacing.x, volume.spacing.y, volume.spacing.z],
        affine: volume.affine?.rows, slope: volume.slope, intercept: volume.intercept,
        range: low <= high ? [low, high] : nil, notNumbers: notNumbers, smallerCopies: file.smallerCopies,
        reading: file.reading, doubt: file.doubt)
    } catch {
      throw JobError(error, while: .reading)
    }
  }
}
