import Foundation
import Frames

/// Two raw clips on disk, and what FFmpeg's own filters say of them.
struct ClipPair {
  let format: FrameFormat
  /// FFmpeg's name of the format.
  let pixelFormat: String
  let reference: [Frame]
  let result: [Frame]

  /// A moving gradient with texture, and the same with errors of up to `error` that grow from frame to frame.
  init(format: FrameFormat, pixelFormat: String, frames: Int, error: Int) {
    self.format = format
    self.pixelFormat = pixelFormat
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    var reference: [Frame] = []
    var result: [Frame] = []
    for t in 0..<frames {
      var clean = Frame(format: format, index: t)
      var bad = clean
      for (p, plane) in format.planes.enumerated() {
        for y in 0..<plane.height {
          for x in 0..<plane.width {
            let value =
              (x * 3 + y * 2 + t * 5 + p * 40) % (format.maximumValue / 2) + random(format.maximumValue / 8)
            let reach = (error * (t + 1)) / frames
            let moved = value + (reach > 0 ? random(2 * reach + 1) - reach : 0)
            clean.planes[p][y * plane.width + x] = UInt16(value)
            bad.planes[p][y * plane.width + x] = UInt16(min(max(moved, 0), format.maximumValue))
          }
        }
      }
      reference.append(clean)
      result.append(bad)
    }
    self.reference = reference
    self.result = result
  }

  /// The figures that a filter prints after the last frame, by the names it gives them.
  func figures(of filter: String) throws -> [String: Double] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "inspection-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // The plain C code: FFmpeg 5.1 with AVX goes wrong where a plane is 40 samples wide (for one clip its `ssim`
    // says 0.938 where its C code says 0.917).
    var arguments = ["ffmpeg", "-hide_banner", "-nostats", "-cpuflags", "0"]
    for (name, frames) in [("result.raw", result), ("reference.raw", reference)] {
      let file = folder.appendingPathComponent(name)
      try raw(frames).write(to: file)
      arguments += [
        "-f", "rawvideo", "-pix_fmt", pixelFormat, "-s", "\(format.width)x\(format.height)", "-i", file.path,
      ]
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments + ["-lavfi", filter, "-f", "null", "-"]
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let line = output.split(separator: "\n").last(where: { $0.contains("Parsed_\(filter)") }) else {
      return [:]
    }
    var figures: [String: Double] = [:]
    for word in line.split(separator: " ") {
      let parts = word.split(separator: ":")
      if parts.count == 2, let value = Double(parts[1]) { figures[parts[0].lowercased()] = value }
    }
    return figures
  }

  private func raw(_ frames: [Frame]) -> Data {
    var data = Data()
    for frame in frames {
      for plane in frame.planes {
        if format.bitDepth <= 8 {
          data.append(contentsOf: plane.map { UInt8($0) })
        } else {
          for sample in plane { data.append(contentsOf: [UInt8(sample & 255), UInt8(sample >> 8)]) }
        }
      }
    }
    return data
  }
}
