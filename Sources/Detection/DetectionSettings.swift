import Foundation

/// What a person can say about how damage is looked for.
public struct DetectionSettings: Sendable, Hashable, Codable {
  /// 0 (what is certain alone) ... 1 (faint damage too, at the price of false alarms).
  public var sensitivity: Float

  /// - Parameter sensitivity: values beyond 0 ... 1 are moved to the nearer end.
  public init(sensitivity: Float = 0.5) {
    self.sensitivity = sensitivity.isNaN ? 0.5 : max(0, min(1, sensitivity))
  }

  /// Factor of thresholds of evidence: from twice as much to half as much, in equal ratios.
  var caution: Float { exp2(1 - 2 * sensitivity) }
}
