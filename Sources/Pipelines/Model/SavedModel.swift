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
