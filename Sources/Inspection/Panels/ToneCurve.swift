import Foundation

/// Reduces pictures of high dynamic range to what a screen of standard range shows.
///
/// Signals are brought to linear light relative to reference white (203 cd/m2 for PQ, BT.2408), wide primaries to
/// BT.709's, highlights rolled off by their largest channel so that hues stay, and all of it coded as sRGB.
public struct ToneCurve {
  private enum Transfer { case perceptualQuantiser, hybridLogGamma }

  /// Linear light for each signal of 12 bits.
  private let linear: [Float]
  /// sRGB for linear light of 0, 1/4095 ... 1.
  private let coded: [UInt8]
  private let isWide: Bool

  /// - Parameters:
  ///   - transfer: FFmpeg's name of the transfer function.
  ///   - primaries: FFmpeg's name of the primaries.
  /// - Returns: nil for standard dynamic range, which needs no conversion.
  public init?(transfer: String?, primaries: String?) {
    let kind: Transfer
    switch transfer {
    case "smpte2084": kind = .perceptualQuantiser
    case "arib-std-b67": kind = .hybridLogGamma
    default: return nil
    }
    isWide = primaries == "bt2020" || primaries == nil
    linear = (0...4095).map { i in
      let signal = Double(i) / 4095
      return Float(kind == .perceptualQuantiser ? Self.light(quantised: signal) : Self.light(hybrid: signal))
    }
    coded = (0...4095).map { i in
      let light = Double(i) / 4095
      let value = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
      return UInt8((min(max(value, 0), 1) * 255).rounded())
    }
  }

  /// SMPTE ST 2084.
  private static func light(quantised signal: Double) -> Double {
    let (m1, m2, c1, c2, c3) = (0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875)
    let power = pow(signal, 1 / m2)
    return pow(max(power - c1, 0) / (c2 - c3 * power), 1 / m1) * 10000 / 203
  }

  /// ARIB STD-B67 on a display of 1000 cd/m2, channel by channel.
  private static func light(hybrid signal: Double) -> Double {
    let (a, b, c) = (0.17883277, 0.28466892, 0.55991073)
    let scene = signal <= 0.5 ? signal * signal / 3 : (exp((signal - c) / a) + b) / 12
    return pow(scene, 1.2) * 1000 / 203
  }

  /// Keeps light up to 0.75 of white as it is, and compresses what is above towards white.
  private static func rolledOff(_ light: Float) -> Float {
    let knee: Float = 0.75
    return light <= knee ? light : knee + (1 - knee) * (1 - exp((knee - light) / (1 - knee)))
  }

  /// Samples of 8 bits for the screen.
  ///
  /// - Parameters:
  ///   - deep: (pixels, 3), full scale 65535.
  ///   - tone: nil for pictures of standard range.
  public static func displayed(_ deep: [UInt16], by tone: ToneCurve?) -> [UInt8] {
    var samples = [UInt8](repeating: 0, count: deep.count)
    if let tone {
      tone.apply(to: deep, into: &samples)
      return samples
    }
    deep.withUnsafeBufferPointer { deep in
      samples.withUnsafeMutableBufferPointer { samples in
        for i in deep.indices { samples[i] = UInt8((UInt32(deep[i]) * 255 + 32767) / 65535) }
      }
    }
    return samples
  }

  /// - Parameters:
  ///   - deep: (pixels, 3), full scale 65535.
  ///   - result: as many samples of 8 bits.
  func apply(to deep: [UInt16], into result: inout [UInt8]) {
    for i in stride(from: 0, to: deep.count, by: 3) {
      var (r, g, b) = (
        linear[Int(deep[i] >> 4)], linear[Int(deep[i + 1] >> 4)], linear[Int(deep[i + 2] >> 4)]
      )
      if isWide {
        (r, g, b) = (
          1.6605 * r - 0.5876 * g - 0.0728 * b, -0.1246 * r + 1.1329 * g - 0.0083 * b,
          -0.0182 * r - 0.1006 * g + 1.1187 * b
        )
      }
      let peak = max(r, g, b, 1e-6)
      let factor = Self.rolledOff(peak) / peak
      for (channel, light) in [r, g, b].enumerated() {
        result[i + channel] = coded[Int(min(max(light * factor, 0), 1) * 4095)]
      }
    }
  }
}
