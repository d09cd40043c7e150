internal import CFFmpeg
import Synchronization

/// Packets of a pipe's other streams, from where they are read until they are written: a pipe can't be read again.
///
/// The queue holds what comes between the frames that are being restored, which is little beside the frames.
final class PacketQueue: Sendable {
  /// Unchecked because the compiler does not see that a packet has one owner at a time: who adds it, the queue, and
  /// who takes it.
  private struct Packet: @unchecked Sendable {
    var pointer: PacketPointer
  }

  private let packets = Mutex<[Packet]>([])

  deinit { for packet in packets.withLock({ $0 }) { packet.pointer.free() } }

  /// Takes what a packet refers to; the packet is empty afterwards.
  func add(_ packet: PacketPointer) throws {
    let kept = Packet(pointer: try .make("standard input"))
    av_packet_move_ref(kept.pointer, packet)
    packets.withLock { $0.append(kept) }
  }

  /// Moves the first packet into an empty one; false where none waits.
  func take(into packet: PacketPointer) -> Bool {
    guard let first = packets.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return false }
    av_packet_move_ref(packet, first.pointer)
    first.pointer.free()
    return true
  }
}
