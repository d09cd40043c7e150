import Foundation
import Volumes

/// What grid a volume's result gets beside the input's own.
public enum VolumeScale: Sendable, Equatable {
  /// Voxels as nearly cubes as whole factors make them.
  case isotropic
  case factors(GridRefinement)

  /// Reads `1,1,3`.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public init(parsing text: String) throws {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard numbers.count == 3, text.filter({ $0 == "," }).count == 2,
      let refinement = GridRefinement(x: numbers[0], y: numbers[1], z: numbers[2])
    else {
      throw JobError(
        .configuration,
        "'\(text)' is no scale: write x,y,z, whole factors from 1 to \(GridRefinement.largestFactor), such as 1,1,3"
      )
    }
    self = .factors(refinement)
  }

  /// As a person would write it.
  var text: String {
    switch self {
    case .isotropic: "isotropic"
    case .factors(let refinement): refinement.factors.map(String.init).joined(separator: ",")
    }
  }

  /// The factors for a volume, and a sentence where they are not what a person may expect.
  func chosen(for volume: Volume, name: String) -> (refinement: GridRefinement, warning: String?) {
    if case .factors(let refinement) = self { return (refinement, nil) }
    let spacing = volume.spacing.usable
    let refinement = GridRefinement(isotropic: spacing, shape: volume.shape)
    if refinement.isIdentity {
      return (
        refinement,
        "the voxels of \(name) are \(Self.text(spacing)), as far as its file says, and whole factors make them no more "
          + "alike; --spacing says it better"
      )
    }
    let finer = refinement.refined(spacing)
    let lengths = VolumeAxis.allCases.filter { volume.shape[$0] > 1 }.map { finer[$0] }
    guard let least = lengths.min(), let most = lengths.max(), most > least * 1.005 else {
      return (refinement, nil)
    }
    return (
      refinement,
      "known voxels keep their places, so the grid becomes finer by whole factors, \(refinement.text): voxels of "
        + "\(Self.text(spacing)) become \(Self.text(finer))"
    )
  }

  private static func text(_ spacing: VoxelSpacing) -> String {
    [spacing.x, spacing.y, spacing.z].map { String(format: "%.4g", $0) }.joined(separator: " x ")
  }
}
