internal import CFFmpeg
import Synchronization

/// Packets of a pipe's other streams, from where they are read until they are written: the pipe can't be read again.
///
/// Holds what comes between the frames that are being restored, which is little beside the frames.
final class PacketQueue: Sendable {
  /// Unchecked because a packet has one owner at a time, which the compiler does not see: who puts it in, the queue, and who
  /// takes it out.
  private struct Packet: @unchecked Sendable {
    var packet: UnsafeMutablePointer<AVPacket>
  }

  private let packets = Mutex<[Packet]>([])

  deinit {
    for waiting in packets.withLock({ $0 }) {
      var packet: UnsafeMutablePointer<AVPacket>? = waiting.packet
      av_packet_free(&packet)
    }
  }

  /// Takes what a packet refers to; the packet is empty afterwards.
  func add(_ packet: UnsafeMutablePointer<AVPacket>) throws {
    guard let kept = av_packet_alloc() else { throw MediaError.outOfMemory("standard input") }
    av_packet_move_ref(kept, packet)
    let waiting = Packet(packet: kept)
    packets.withLock { $0.append(waiting) }
  }

  /// Moves the first packet into an empty one; false where none waits.
  func take(into packet: UnsafeMutablePointer<AVPacket>) -> Bool {
    guard let first = packets.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return false }
    var kept: UnsafeMutablePointer<AVPacket>? = first.packet
    av_packet_move_ref(packet, kept)
    av_packet_free(&kept)
    return true
  }
}
