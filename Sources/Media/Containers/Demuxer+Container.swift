internal import CFFmpeg

/// What is particular to containers that are read.
extension Demuxer {
  /// FFmpeg's short names of the container, such as "matroska,webm".
  var formatName: String { String(cString: context.pointee.iformat.pointee.name) }

  /// MP4 and QuickTime.
  var isQuickTime: Bool { formatName.hasPrefix("mov") }
  var isMatroska: Bool { formatName.hasPrefix("matroska") }
  var isAVI: Bool { formatName == "avi" }
  var isTransportStream: Bool { formatName == "mpegts" }
  /// A numbered sequence of images, or a single one.
  var isImageSequence: Bool { formatName == "image2" }
  /// A picture, or a sequence of them.
  var isStill: Bool { isImageSequence || formatName.hasSuffix("_pipe") || formatName == "gif" }

  /// Whether the header leaves open how long the file is: MP4 says so by a length of ones.
  var isLengthLeftOpen: Bool {
    isQuickTime && streams.contains { $0.pointee.duration == Int64(UInt32.max) }
  }

  /// Packets that the file's index announces for a stream, with those that an edit list hides; 0 for containers
  /// whose index need not be complete.
  func indexedPackets(of stream: StreamPointer) -> Int {
    isQuickTime ? Int(avformat_index_get_entries_count(stream)) : 0
  }

  /// Whether the container has read where a stream's key frames are.
  func hasIndex(of stream: StreamPointer) -> Bool { avformat_index_get_entries_count(stream) > 0 }

  /// Whether a stream holds the names of a QuickTime file's chapters, which are copied as chapters.
  func isChapterText(_ stream: StreamPointer) -> Bool {
    let codec = stream.pointee.codecpar.pointee
    let text: UInt32 = 0x7478_6574
    return context.pointee.nb_chapters > 0 && isQuickTime && codec.codec_id == AV_CODEC_ID_BIN_DATA
      && codec.codec_tag == text
  }

  /// Where the container says that a stream of sound ends, in the stream's time base; nil where it does not.
  ///
  /// - Parameter first: the time of the stream's first packet.
  func announcedEnd(of stream: AVStream, first: Int64) -> Int64? {
    if isQuickTime && stream.duration > 0 {
      // With and without an edit list the length counts from different places: the later end cuts nothing off.
      let start = stream.start_time == noTime ? first : max(first, stream.start_time)
      return start.addingReportingOverflow(stream.duration).partialValue
    }
    let length = context.pointee.duration
    return isMatroska && length > 0 ? av_rescale_q(length, .microseconds, stream.time_base) : nil
  }

  /// FFmpeg's name of the format to read a file of a container as that is too short for its content to tell.
  static func format(ofShort container: Container) -> String? {
    container.isProgramStream ? "mpeg" : container.isTransportStream ? container.name : nil
  }
}
