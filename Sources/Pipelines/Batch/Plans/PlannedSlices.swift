import Foundation
import Frames
import Reconstruction
import Volumes

/// What a plan knows of a volume of an input, so that some of its slices become frames without the others being read.
struct PlannedVolume: Sendable, Codable {
  /// Which one of the series.
  var number: Int
  /// The number of its first slice among those of all volumes.
  var first: Int
  var scale: IntensityScale
  /// The masks of its slices (`PlannedMasks`); nil for none.
  var maskBlock: PlanData.Block?

  enum CodingKeys: String, CodingKey {
    case number, first, scale
    case maskBlock = "mask_block"
  }

  /// Whether its numbers are those of some volume, far from where sums overflow.
  var isSound: Bool { scale.isSound && (0..<1 << 24).contains(number) && (0..<1 << 40).contains(first) }

  /// - Parameter slices: those of a part that lie across z.
  /// - Throws: `JobError`.
  init(_ slices: VolumeSlices, data: PlanData) throws {
    (number, first, scale) = (slices.number, slices.firstIndex, slices.scale)
    var masks = MaskLog(data)
    for slice in 0..<slices.volume.shape.z { try masks.add(slices.mask(ofSlice: slice), of: slice) }
    maskBlock = try masks.finish()
  }
}

/// Units of a planned volume, made again from the slices that they need.
struct PlannedSlices {
  private let file: SliceFile
  private let volumes: [PlannedVolume]
  private let data: PlanData.Reader
  /// Solves them.
  let restorer: Restorer
  let format: FrameFormat
  /// The masks of the volume that was asked for last.
  private var masks: (number: Int, masks: PlannedMasks)?

  /// - Returns: nil where the plan says nothing of slices, so that the input is read whole.
  /// - Throws: `JobError` or `VolumeError`.
  init?(_ job: RestoreJob, _ task: ShardPlan.Task, data: PlanData.Reader, execution: Execution) throws {
    guard let block = task.volumeBlock, let file = try SliceFile(path: job.input) else { return nil }
    let volumes = try JSONDecoder().decode([PlannedVolume].self, from: data.data(block))
    guard volumes.allSatisfy(\.isSound) else { return nil }
    (self.file, self.volumes, self.data) = (file, volumes, data)
    format = FrameFormat(width: file.shape.x, height: file.shape.y, bitDepth: 16, roles: [.luma])
    var settings = job.restoration
    settings.volume = SampleSpacing(job.volume.spacing ?? file.spacing, SliceOrder(along: .z))
    restorer = Restorer(settings: settings, execution: execution)
  }

  /// - Returns: nil where the slices have no such unit.
  /// - Throws: `JobError` or `VolumeError`.
  mutating func unit(at place: UnitPlace) throws -> (any WorkUnit)? {
    guard place.first >= 0, place.frames > 0, place.frames < 1 << 24, place.first < 1 << 40,
      let window = try frames(place.first..<place.first + place.frames)
    else { return nil }
    var outside: [Int: MaskedFrame] = [:]
    for frame in Set(place.outside) {
      guard let found = try frames(frame..<frame + 1)?.first else { return nil }
      outside[frame] = found
    }
    return try restorer.unit(at: place, of: window, format: format) { outside[$0] }
  }

  /// Slices of one volume as frames, by their numbers among those of all volumes.
  private mutating func frames(_ range: Range<Int>) throws -> [MaskedFrame]? {
    guard let volume = volumes.last(where: { $0.first <= range.lowerBound }) else { return nil }
    let slices = range.lowerBound - volume.first..<range.upperBound - volume.first
    guard let part = try file.volume(ofSlices: slices, ofVolume: volume.number) else { return nil }
    var masks =
      if let masks, masks.number == volume.number { masks.masks } else {
        try PlannedMasks(volume.maskBlock, in: data, width: format.width, height: format.height)
      }
    var missing: [UInt8] = []
    missing.reserveCapacity(part.shape.voxels)
    for slice in slices {
      let mask = try masks.mask(of: slice).missing
      missing += mask.isEmpty ? Array(repeating: 0, count: format.width * format.height) : mask
    }
    self.masks = (volume.number, masks)
    let stream = VolumeSlices(
      part, number: 0, missing: missing, order: SliceOrder(along: .z), scale: volume.scale,
      firstIndex: range.lowerBound)
    var frames: [MaskedFrame] = []
    while let frame = try stream.next() { frames.append(frame) }
    return frames
  }
}
