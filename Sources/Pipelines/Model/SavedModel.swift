import Fitting
import Frames
import Masks

/// The metadata of a file of fitted representations: JSON about the video and about each window.
enum SavedModel {
  static let format = "inrr-video tucker 1"

  /// The video as it is stored.
  struct Video: Codable, Equatable {
    var input: String
    var width: Int
    var height: Int
    var bitDepth: Int
    var roles: [PlaneRole]
    /// Weights of red and blue in luma.
    var redWeight: Double
    var blueWeight: Double
    /// Whether luma takes the full range.
    var isFullRange: Bool
    var framesPerSecond: Double
    // How players show it; nil in files of earlier versions.
    /// Clockwise, after mirroring.
    var quarterTurns: Int?
    var isMirrored: Bool?
    /// A sample's width by its height.
    var sampleAspect: Double?
    /// FFmpeg's names.
    var transfer: String?
    var primaries: String?

    var orientation: DisplayOrientation {
      DisplayOrientation(quarterTurns: (quarterTurns ?? 0) % 4, mirrored: isMirrored ?? false)
    }

    /// Pixels of a sample across and down; the shorter side has one.
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
    /// Of rows, columns and frames; frequencies are the largest angular ones.
    var ranks: [Int]
    var frequencies: [Float]
    /// The width of the nets' layers.
    var netWidth: Int
    /// The constant that is added to each plane.
    var centres: [Float]
    var penalties: [String: Float]
    var seed: UInt64
    var iterations: Int
    var stopReason: StopReason
    /// In dB, of the fit alone and of the stacked estimates.
    var fitHoldoutPSNR: Double?
    var holdoutPSNR: Double?
  }

  /// The beginning of the names of a window's tensors.
  static func prefix(_ index: Int) -> String { "window\(index)." }
}
