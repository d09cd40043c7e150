internal import CZlib
import Foundation

/// Compresses bytes as a .gz file. The same bytes give the same file: its header has neither a name nor a time.
final class GzipWriter {
  /// The writer's own until `deinit`: zlib keeps its address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var output = [UInt8](repeating: 0, count: 1 << 18)

  /// Scans are noisy: higher levels take much longer and save about one percent.
  private static let level: Int32 = 4

  init() throws {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard inrr_deflate_gzip_begin(stream, Self.level) == Z_OK else {
      stream.deallocate()
      throw VolumeError(.diskFull, "the output can't be compressed: memory is full")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Compresses all of `bytes` as one file.
  func write(_ bytes: UnsafeRawBufferPointer, to put: (Data) throws -> Void) throws {
    var done = 0
    repeat {
      let piece = min(bytes.count - done, 1 << 24)
      stream.pointee.next_in = bytes.baseAddress.map {
        UnsafeMutablePointer(mutating: ($0 + done).assumingMemoryBound(to: UInt8.self))
      }
      stream.pointee.avail_in = UInt32(piece)
      done += piece
      try drain(done == bytes.count ? Z_FINISH : Z_NO_FLUSH, to: put)
    } while done < bytes.count
  }

  private func drain(_ flush: Int32, to put: (Data) throws -> Void) throws {
    while true {
      let count = output.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        deflate(stream, flush)
        return output.count - Int(stream.pointee.avail_out)
      }
      if count > 0 { try put(Data(output[..<count])) }
      // The output is not full: zlib has nothing more to write.
      if count < output.count { return }
    }
  }
}
