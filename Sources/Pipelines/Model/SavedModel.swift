import Fitting
import Foundation
import Frames
import Masks
import Reconstruction
import Representations

/// What a file of fitted representations says about the video and about each window, as JSON in its metadata.
enum SavedModel {
  static let format = "inrr-video tucker 1"

  /// The video as it is stored.
  struct Video: Codable, Equatable {
    var input: String
    var width: Int
    var height: Int
    var bitDepth: Int
    var roles: [PlaneRole]
    /// Weights of red and blue in luma, and whether luma takes the full range.
    var redWeight: Double
    var blueWeight: Double
    var isFullRange: Bool
    var framesPerSecond: Double
    /// How players show it: clockwise quarter turns after mirroring, width of a sample by its height, and FFmpeg's names of
    /// transfer function and primaries. Files of earlier versions do not say.
    var quarterTurns: Int?
    var isMirrored: Bool?
    var sampleAspect: Double?
    var transfer: String?
    var primaries: String?

    var orientation: DisplayOrientation {
      DisplayOrientation(quarterTurns: (quarterTurns ?? 0) % 4, mirrored: isMirrored ?? false)
    }

    /// Pixels for a sample across and down, where the shorter side has one.
    var stretch: (x: Double, y: Double) {
      let aspect = sampleAspect ?? 1
      return aspect > 0.1 && aspect < 10 ? (max(aspect, 1), max(1 / aspect, 1)) : (1, 1)
    }

    var colourEncoding: ColourEncoding {
      ColourEncoding(redWeight: redWeight, blueWeight: blueWeight, isFullRange: isFullRange)
    }
  }

  /// Frames `first ... last` within a box, and how they were fitted.
  struct Window: Codable, Equatable {
    var first: Int
    var last: Int
    var box: Box
    /// Ranks, and largest angular frequencies, of rows, columns and frames.
    var ranks: [Int]
    var frequencies: [Float]
    /// Of the nets' layers.
    var netWidth: Int
    /// What is added to each plane.
    var centres: [Float]
    var penalties: [String: Float]
    var seed: UInt64
    var iterations: Int
    var stopReason: StopReason
    /// In dB: of the fit alone, and of the blend of all estimates.
    var fitHoldoutPSNR: Double?
    var holdoutPSNR: Double?
  }

  /// The names of a window's tensors begin with it.
  static func prefix(_ index: Int) -> String { "window\(index)." }
}
