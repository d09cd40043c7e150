import Inspection
import Masks
import Volumes

/// Compares a restored volume with its reference.
public struct VolumeEvaluateJob: Sendable {
  public var reference: String
  public var result: String
  /// The damaged volume, on which masks by value depend; its voxels that are no numbers are missing.
  public var input: String?
  public var masks: MaskOptions
  public var volumeMasks: VolumeMaskOptions

  public init(
    reference: String, result: String, input: String? = nil, masks: MaskOptions,
    volumeMasks: VolumeMaskOptions = VolumeMaskOptions()
  ) {
    (self.reference, self.result, self.input) = (reference, result, input)
    (self.masks, self.volumeMasks) = (masks, volumeMasks)
  }

  /// - Throws: `JobError`.
  public func run(warn: (String) -> Void = { _ in }) throws -> VolumeQuality {
    try JobError.during(.reading) { try compare(warn) }
  }

  private func compare(_ warn: (String) -> Void) throws -> VolumeQuality {
    if input == nil && (masks.value != nil || volumeMasks.value != nil) {
      throw JobError.configuration(
        "--missing-value and --mask-value look at the damaged file: name it with --input")
    }
    let original = try VolumeFile(path: reference, stackAs: volumeMasks.pages).volume
    let restored = try VolumeFile(path: result, stackAs: volumeMasks.pages).volume
    try check(restored, result, against: original)
    let damaged = try input.map { try VolumeFile(path: $0, stackAs: volumeMasks.pages).volume }
    if let damaged, let input { try check(damaged, input, against: original) }
    let mask = try VolumeMask(
      options: masks, volumeOptions: volumeMasks, volume: damaged ?? restored, name: input ?? result)
    for warning in mask.warnings { warn(warning) }
    var quality = VolumeQuality()
    var (before, after): ([Double], [Double]) = ([], [])
    let order = SliceOrder(along: .z)
    for number in 0..<original.shape.volumes {
      let missing = mask.missing(ofVolume: number)
      for z in 0..<original.shape.z {
        let slice = Volume.Slice(.z, z, ofVolume: number)
        let hole = order.slice(z, of: missing, shape: original.shape)
        original.read(slice, into: &before)
        restored.read(slice, into: &after)
        quality.add(
          reference: before.map { $0 * original.slope + original.intercept },
          result: after.map { $0 * restored.slope + restored.intercept }, missing: hole,
          knownIdentical: original.isIdentical(to: restored, slice, except: hole))
      }
    }
    return quality
  }

  private func check(_ volume: Volume, _ name: String, against original: Volume) throws {
    func describe(_ volume: Volume) -> String { "\(volume.shape.text) of \(volume.type.rawValue)" }
    if volume.shape != original.shape || volume.type != original.type {
      throw JobError.configuration(
        "\(reference) is \(describe(original)) but \(name) is \(describe(volume)): compare volumes of one kind"
      )
    }
  }
}
