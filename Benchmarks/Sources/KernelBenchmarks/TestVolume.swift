import Foundation
import Frames
import Kernels
import Reconstruction

/// Three planes of moving waves and noise, of which one sample in ten is known, as in the case "random".
struct TestVolume {
  let frames = 32
  let height = 144
  let width = 176
  let channels = 3

  let values: [Float]
  let states: [UInt8]

  /// Samples of one plane in all frames.
  var planeSamples: Int { frames * height * width }
  var samples: Int { channels * planeSamples }

  init() {
    var random = RandomSource(seed: 11)
    var values: [Float] = []
    var states: [UInt8] = []
    values.reserveCapacity(channels * frames * height * width)
    for c in 0..<channels {
      for t in 0..<frames {
        for y in 0..<height {
          for x in 0..<width {
            let (u, v) = (Float(x) - 0.8 * Float(t), Float(y) + 0.4 * Float(t))
            let wave = sin(u / 9 + Float(c)) * cos(v / 7) + (sin(u / 23) > cos(v / 17) ? 0.6 : -0.2)
            values.append(0.45 + 0.2 * wave + random.uniform(bound: 0.02))
          }
        }
      }
    }
    // Colours of a pixel are known or missing together.
    let one = (0..<frames * height * width).map { _ in
      random.uniform() < 0.1 ? SampleState.known : SampleState.missing
    }
    for _ in 0..<channels { states += one }
    self.values = values
    self.states = states
  }

  var window: MaskedSamples {
    MaskedSamples(
      frames: frames, height: height, width: width,
      planes: [PlaneRole.red, .green, .blue].enumerated().map { c, role in
        let range = c * planeSamples..<(c + 1) * planeSamples
        return MaskedSamples.Plane(
          role: role, height: height, width: width,
          values: zip(values[range], states[range]).map { $1 == SampleState.known ? $0 : 0 },
          states: Array(states[range]), rowPositions: (0..<height).map(Float.init),
          columnPositions: (0..<width).map(Float.init))
      })
  }
}
