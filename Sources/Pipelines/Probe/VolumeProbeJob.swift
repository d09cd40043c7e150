import Foundation
import Volumes

/// Describes a volume.
public struct VolumeProbeJob: Sendable {
  public var input: String
  public var pages: PageOrder?

  public init(input: String, pages: PageOrder? = nil) { (self.input, self.pages) = (input, pages) }

  public struct Outcome: Sendable, Encodable {
    public var path: String
    /// NIfTI, TIFF or NumPy.
    public var format: String
    /// Voxels along x, y and z, and volumes of the series.
    public var shape: [Int]
    /// The type of stored voxels.
    public var type: String
    /// Distances of voxels along x, y and z.
    public var spacing: [Double]
    /// From voxel indices to places in space, row by row; nil where the file does not say.
    public var affine: [Double]?
    /// A voxel's value is slope x stored number + intercept.
    public var slope: Double
    public var intercept: Double
    /// The smallest and the largest stored number; nil where there is none.
    public var range: [Double]?
    /// Voxels that are no numbers.
    public var notNumbers: Int
    /// Smaller copies of its pages that a TIFF file has.
    public var smallerCopies: Int
    /// Sentences: how the file is read, and why that may be wrong.
    public var reading: String
    public var doubt: String?

    /// JSON with sorted keys, without what is unknown.
    public func json() throws -> Data {
      let encoder = ReportJSON.encoder(.snakeCase)
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return try encoder.encode(["volume": self])
    }
  }

  /// - Throws: `JobError`.
  public func run(isCancelled: () -> Bool = { false }) throws -> Outcome {
    try JobError.during(.reading) {
      let file = try VolumeFile(path: input, pages: pages)
      let volume = file.volume
      var (low, high, notNumbers) = (Double.infinity, -Double.infinity, 0)
      var values: [Double] = []
      for number in 0..<volume.shape.volumes {
        for z in 0..<volume.shape.z {
          if isCancelled() { throw JobError.stopped }
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
    }
  }
}
