import Foundation
import Frames
import Media
import Reconstruction

/// A unit of a plan: where it lies, what it must be, and how its frames are reached.
struct PlannedUnit: Sendable, Codable {
  var place: UnitPlace
  /// `UnitKey`'s hash of content, masks, settings and version, in hexadecimal digits.
  var hash: String
  /// About the seconds that a processor takes for it.
  var cost: Double
  /// The key frame to seek to for the window's first frame; nil where that is the video's first one, or where the video can't
  /// be sought in.
  var key: SeekPoint?
  /// The same for each frame outside the window; nil where there is none.
  var outsideKeys: [SeekPoint]?

  enum CodingKeys: String, CodingKey {
    case place, hash, cost, key
    case outsideKeys = "outside_keys"
  }

  /// Nil where the hash is none.
  var unitKey: UnitKey? { UnitKey(place, hexadecimal: hash) }

  /// Whether its numbers are those of some unit, far from where sums overflow. Whether the input has such frames is seen when
  /// they are read.
  var isSound: Bool {
    func isSound(_ box: Box) -> Bool {
      [box.x, box.y].allSatisfy { (0..<1 << 24).contains($0) }
        && [box.width, box.height].allSatisfy { (1..<1 << 24).contains($0) }
    }
    let outside = (place.before ?? []) + (place.after ?? [])
    return (0..<1 << 40).contains(place.first) && (1..<1 << 24).contains(place.frames) && isSound(place.box)
      && outside.allSatisfy { (0..<1 << 40).contains($0.frame) && isSound($0.box) } && cost.isFinite
      && cost >= 0
  }

  /// Frames from the first that is decoded for it on: what a piece of work reads.
  var end: Int { place.first + place.frames }
}

/// What units cost, against each other: shares of a processor's seconds. Measured with logos and film dirt on one machine; where
/// another takes three times as long for everything, the shares are the same.
struct UnitCost {
  let restoration: RestorationSettings

  /// Seconds for a million samples: of sites, of whole frames that have spots, and of frames that are only read.
  private static let (sites, spots, reading) = (1.2, 0.1, 0.006)

  private var effort: Double {
    switch restoration.preset {
    case .fast: 1
    case .balanced: 2
    case .best: 8
    case .paper: 40
    }
  }

  /// - Parameters:
  ///   - samples: of all planes of the unit's box, with those of frames that are taken along.
  ///   - frame: samples of all planes of a frame.
  func seconds(of place: UnitPlace, samples: Int, frame: Int) -> Double {
    let read = Double(frame * place.frames) * 1e-6 * Self.reading
    let solved = Double(samples) * 1e-6 * effort * (place.own == nil ? Self.sites : Self.spots)
    // Few digits are enough, and make a smaller file.
    return ((solved + read) * 1000).rounded() / 1000
  }
}
