import Frames
import Kernels
import Media
import Volumes

/// The true pictures of an experiment, and their masks.
struct ExperimentScene {
  let pictures: [Picture]
  let masks: [FrameMask]

  var width: Int { pictures[0].width }
  var height: Int { pictures[0].height }
  var channels: Int { pictures[0].channels.count }
  var sampleCount: Int { pictures.count * channels * width * height }
  var missingCount: Int { masks.reduce(0) { $0 + $1.missingCount } }

  /// The truth by planes in the order (frames, height, width), full scale = 1.
  let truth: [[Float]]
  /// 1 where a sample of such a plane is missing.
  let missing: [UInt8]
  /// A hash of all samples and masks.
  let fingerprint: String

  init(pictures: [Picture], masks: [FrameMask]) {
    precondition(!pictures.isEmpty && pictures.count == masks.count, "a mask for each picture")
    self.pictures = pictures
    self.masks = masks
    truth = pictures[0].channels.indices.map { channel in
      pictures.flatMap { $0.channels[channel].map { Float($0) / 255 } }
    }
    missing = masks.flatMap { mask in
      mask.missing.isEmpty ? [UInt8](repeating: 0, count: mask.width * mask.height) : mask.missing
    }
    var hash = Fingerprint()
    for picture in pictures {
      hash.add("\(picture.width)x\(picture.height)x\(picture.channels.count)")
      for channel in picture.channels { hash.add(channel) }
    }
    hash.add(missing)
    fingerprint = hash.text
  }

  /// The window to fit, with a share of its known pixels held out at random.
  func window(holdout: Double, seed: UInt64) -> MaskedSamples {
    // Other random numbers than those of the masks.
    var random = RandomSource(seed: seed ^ 0x686F_6C64_6F75_74)
    let states = missing.map { missing -> UInt8 in
      if missing != 0 { return SampleState.missing }
      return holdout > 0 && Double(random.uniform()) < holdout ? SampleState.heldOut : SampleState.known
    }
    let roles: [PlaneRole] = channels == 1 ? [.luma] : [.red, .green, .blue]
    let planes = zip(roles, truth).map { role, values in
      MaskedSamples.Plane(
        role: role, height: height, width: width,
        // The true samples in holes must not reach the fit.
        values: zip(values, states).map { $1 == SampleState.missing ? 0 : $0 }, states: states,
        rowPositions: (0..<height).map { Float($0) }, columnPositions: (0..<width).map { Float($0) })
    }
    return MaskedSamples(frames: pictures.count, height: height, width: width, planes: planes)
  }
}

extension ExperimentScene {
  /// Reads the input and draws or reads the masks.
  ///
  /// - Throws: `JobError`.
  init(_ settings: ExperimentSettings, isCancelled: () -> Bool) throws {
    let range = settings.frames ?? ExperimentSettings.standardFrames
    var pictures = try JobError.during(.reading) {
      VolumeFile.isVolume(settings.input)
        ? try Picture.slices(of: settings.input, in: range)
        : try PictureReader(path: settings.input).pictures(in: range, isCancelled: isCancelled)
    }
    if let frames = settings.frames, pictures.count < frames.count {
      let there = pictures.isEmpty ? "it ends before" : "it has \(frames.lowerBound + pictures.count)"
      throw JobError.configuration(
        "frames \(frames.lowerBound) to \(frames.upperBound) of \(settings.input) were asked for, but \(there)"
      )
    }
    guard let first = pictures.first else {
      throw JobError.input("\(settings.input) holds no frame that can be decoded")
    }
    let size = settings.size ?? .init(width: first.width, height: first.height)
    pictures = pictures.map { picture in
      let resized = picture.resized(width: size.width, height: size.height)
      return settings.gray ? resized.gray : resized
    }
    let masks = try Self.masks(settings.mask, width: size.width, height: size.height, frames: pictures.count)
    self.init(pictures: pictures, masks: masks)
    if missingCount == missing.count { throw JobError.nothingKnown }
  }

  private static func masks(
    _ mask: ExperimentSettings.Mask, width: Int, height: Int, frames: Int
  ) throws -> [FrameMask] {
    switch mask.source {
    case .pattern(let pattern):
      var random = RandomSource(seed: mask.seed)
      return pattern.masks(width: width, height: height, frames: frames, using: &random)
    case .file(let path, let threshold):
      do {
        guard let picture = try PictureReader(path: path).pictures(in: 0...0).first else {
          throw JobError.input("the mask \(path) holds no picture")
        }
        // As in the authors' code: pixels that are not quite white after resampling are missing.
        let gray = picture.resized(width: width, height: height).gray
        let mask = FrameMask(
          width: width, height: height, missing: gray.channels[0].map { Int($0) >= threshold ? 0 : 1 })
        return Array(repeating: mask, count: frames)
      } catch let error as MediaError {
        throw JobError.input("the mask can't be read: \(error.description)")
      }
    }
  }
}

/// FNV-1a of 64 bits: a hash that tells whether data are still the same. Not safe against forgery.
struct Fingerprint {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  mutating func add(_ text: String) {
    add(text.utf8)
    // So that two texts do not hash as their concatenation.
    add(CollectionOfOne(0))
  }

  /// 16 hexadecimal digits.
  var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
