import Detection
import Foundation
import Frames
import Masks

/// Makes a file of JSON of what was found, piece by piece, so that memory does not grow with their number.
struct FindList {
  private struct Entry: Encodable {
    var kind: String
    /// The first and the last.
    var frames: [Int]
    /// Of the first, in seconds since the video's first frame.
    @OrNull var time: Double?
    /// As a player shows the picture.
    var box: Box
    var area: Int
    var confidence: Double
  }

  private var isFirst = true

  /// The file's beginning.
  ///
  /// - Parameter size: of the displayed picture.
  func head(
    input: String, mask: String, options: DetectionOptions, size: (width: Int, height: Int)
  ) throws -> Data {
    struct Head: Encodable {
      var input: String
      var mask: String
      var kinds: [String]
      var sensitivity: Float
      var width: Int
      var height: Int
    }
    let head = try ReportJSON.line(
      Head(
        input: input, mask: mask, kinds: options.kinds.map(\.rawValue),
        sensitivity: options.settings.sensitivity, width: size.width, height: size.height))
    return Data("\(head.dropLast()),\n\"finds\":[".utf8)
  }

  /// The next find.
  ///
  /// - Parameter box: of the find, in the displayed picture.
  mutating func entry(_ listed: ListedFind, box: Box) throws -> Data {
    let find = listed.find
    let entry = Entry(
      kind: find.kind.rawValue, frames: [find.frames.lowerBound, find.frames.upperBound - 1],
      time: listed.time,
      box: box, area: find.area, confidence: (Double(find.confidence) * 1000).rounded() / 1000)
    defer { isFirst = false }
    return Data(((isFirst ? "\n" : ",\n") + (try ReportJSON.line(entry))).utf8)
  }

  /// The file's end.
  ///
  /// - Parameter cuts: frames with which scenes begin, but for the first one.
  func tail(_ figures: DetectionFigures, frames: Int, cuts: [Int]) throws -> Data {
    struct Tail: Encodable {
      var frames: Int
      var sceneCuts: [Int]
      var damagedFrames: Int
      var share: Double
      var totals: [String: DetectionFigures.Kind]

      enum CodingKeys: String, CodingKey {
        case frames, share, totals
        case sceneCuts = "scene_cuts"
        case damagedFrames = "damaged_frames"
      }
    }
    let tail = try ReportJSON.line(
      Tail(
        frames: frames, sceneCuts: cuts, damagedFrames: figures.frames, share: figures.share,
        totals: figures.found))
    return Data(((isFirst ? "],\n" : "\n],\n") + tail.dropFirst() + "\n").utf8)
  }
}
