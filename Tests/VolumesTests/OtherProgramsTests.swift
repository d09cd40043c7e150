import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Files that NumPy and libtiff's tools wrote, read here, and files written here, read by them.
@Suite struct OtherProgramsTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static func runs(_ program: String, _ arguments: String...) -> Bool {
    (try? Command.run(program, arguments, in: "/").status == 0) ?? false
  }

  static let hasNumPy = runs("python3", "-c", "import numpy")
  static let hasTIFFTools = runs("sh", "-c", "command -v tiffcp")

  /// Runs a script of Python that knows NumPy as `np`.
  @discardableResult
  private func python(_ script: String) throws -> String {
    let result = try Command.run("python3", ["-c", "import numpy as np\n" + script], in: folder.path)
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  /// All numbers of a file, x fastest.
  private func numbers(_ file: VolumeFile) -> [Double] {
    let volume = file.volume
    return (0..<volume.shape.volumes).flatMap { number in
      (0..<volume.shape.z).flatMap { z in
        var values: [Double] = []
        volume.read(.init(.z, z, ofVolume: number), into: &values)
        return values
      }
    }
  }

  @Test(
    .enabled(if: hasNumPy),
    arguments: ["u1", "i1", "<u2", ">i2", "<i4", ">u4", "<f4", ">f4", "<f8", ">f8", "?"], ["C", "F"])
  func arraysOfNumPy(type: String, order: String) throws {
    let printed = try python(
      """
      a = np.asarray(np.random.default_rng(3).integers(0, 100, (3, 4, 5)) - 20).astype('\(type)', order='\(order)')
      if a.dtype.kind == 'f': a /= 7
      np.save('a.npy', a)
      print(*a.astype('f8').ravel().tolist())
      """)
    let expected = printed.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    let file = try VolumeFile(path: folder.file("a.npy"))
    #expect(file.volume.shape == VolumeShape(x: 5, y: 4, z: 3))
    #expect(numbers(file) == expected)
    // One voxel is changed; NumPy reads the file again, of the same type and order.
    var chosen = [UInt8](repeating: 0, count: 20)
    chosen[7] = 1
    file.volume.write(.init(.z, 1), Array(repeating: 1, count: 20), where: chosen)
    var after: [UInt8] = []
    try file.write(to: "b.npy") { after += $0 }
    try folder.write(after, to: "b.npy")
    let said = try python(
      """
      a, b = np.load('a.npy'), np.load('b.npy')
      c = a.copy()
      c[1, 1, 2] = 1
      print(a.dtype == b.dtype, a.flags.f_contiguous == b.flags.f_contiguous, np.array_equal(b, c))
      """)
    #expect(said == "True True True\n")
  }

  @Test(.enabled(if: hasNumPy), arguments: ["savez", "savez_compressed"])
  func archivesOfNumPy(function: String) throws {
    try python("np.\(function)('a.npz', scan=np.arange(24.).reshape(2, 3, 4), other=np.zeros((2, 2), '>u2'))")
    #expect(numbers(try VolumeFile(path: folder.file("a.npz:scan"))) == (0..<24).map(Double.init))
    #expect(numbers(try VolumeFile(path: folder.file("a.npz:other"))) == [0, 0, 0, 0])
  }

  @Test(.enabled(if: hasNumPy), arguments: [[3], [2, 3], [2, 1, 2]])
  func numPyReadsWhatIsWritten(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    try folder.write(NumPyFile.data(shape: shape, values: (0..<count).map { Float($0) + 0.5 }), to: "a.npy")
    let said = try python(
      "a = np.load('a.npy'); print(a.dtype, list(a.shape), np.array_equal(a.ravel(), np.arange(\(count)) + 0.5))"
    )
    #expect(said == "float32 \(shape) True\n")
  }

  @Test(.enabled(if: hasNumPy))
  func whatIsNoNumber() throws {
    try python("a = np.arange(8, dtype='f4').reshape(2, 2, 2); a[1, 0, 1] = np.nan; np.save('a.npy', a)")
    let found = numbers(try VolumeFile(path: folder.file("a.npy")))
    #expect(found.indices.filter { found[$0].isNaN } == [5] && found[7] == 7)
  }

  /// Pages that FFmpeg wrote, joined by libtiff's tools in every way that they know to lay out samples.
  @Test(
    .enabled(if: hasTIFFTools),
    arguments: [
      "-c none", "-c lzw", "-c lzw:2", "-c zip", "-c zip:2", "-c packbits", "-c zip -t -w 32 -l 16",
      "-c none -B", "-c none -8",
    ])
  func stacksOfLibTIFF(options: String) throws {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=48x36:r=5", "-frames:v", "5", "-pix_fmt", "gray16le",
      "-compression_algo", "raw",
      "p_%d.tif")
    let raw = [UInt8](
      try folder.ffmpeg("-i", "p_%d.tif", "-f", "rawvideo", "-pix_fmt", "gray16le", "-"))
    let expected = stride(from: 0, to: raw.count, by: 2).map { Double(Int(raw[$0]) | Int(raw[$0 + 1]) << 8) }
    let pages = (1...5).map { "p_\($0).tif" }
    let joined = try Command.run(
      "tiffcp", options.split(separator: " ").map(String.init) + pages + ["a.tif"], in: folder.path)
    #expect(joined.status == 0, "\(joined.errors)")
    let file = try VolumeFile(path: folder.file("a.tif"))
    #expect(file.volume.shape == VolumeShape(x: 48, y: 36, z: 5))
    #expect(numbers(file) == expected)
  }
}
