import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Media

/// Files that name others by URL: nothing of them is asked of the network.
@Suite struct NetworkTests {
  private let folder: ScratchFolder
  private let listener: Listener

  init() throws {
    folder = try ScratchFolder()
    listener = try Listener()
  }

  /// A socket of this machine that counts who connects.
  private final class Listener: Sendable {
    let port: Int
    private let socket: Int32
    private let counted = Atomic<Int>(0)

    struct Failed: Error {}

    init() throws {
      socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let descriptor = socket
      let code = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
            && getsockname(descriptor, $0, &length) == 0
        }
      }
      guard code else { throw Failed() }
      port = Int(UInt16(bigEndian: address.sin_port))
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(socket) }

    /// Connections until now. The kernel has taken them already.
    var connections: Int {
      while case let client = accept(socket, nil, nil), client >= 0 {
        close(client)
        counted.wrappingAdd(1, ordering: .relaxed)
      }
      return counted.load(ordering: .relaxed)
    }

    /// Says that there is nothing to whoever connects, until `body` has ended.
    func refusing(_ body: () -> Void) {
      let isOver = Atomic<Bool>(false)
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread { [self] in
        while !isOver.load(ordering: .relaxed) {
          _ = connections
          Thread.sleep(forTimeInterval: 0.002)
        }
        done.signal()
      }
      body()
      isOver.store(true, ordering: .relaxed)
      done.wait()
    }
  }

  /// Reads a file to its end, whatever comes out.
  private func read(_ path: String) {
    guard let reader = try? VideoReader(path: path) else { return }
    while (try? reader.nextFrame()) != nil {}
  }

  @Test func playlistsLeadNowhere() throws {
    let url = "http://127.0.0.1:\(listener.port)/a.ts"
    let files = [
      "a.m3u8": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n\(url)\n#EXT-X-ENDLIST\n",
      "master.m3u8": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n\(url).m3u8\n",
      "key.m3u8":
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXT-X-KEY:METHOD=AES-128,URI=\"\(url)\"\n#EXTINF:9,\na.ts\n#EXT-X-ENDLIST\n",
      "a.ffconcat": "ffconcat version 1.0\nfile '\(url)'\n",
      "a.mpd":
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" mediaPresentationDuration=\"PT9S\">"
        + "<Period><AdaptationSet contentType=\"video\"><Representation id=\"v\" bandwidth=\"1\"><BaseURL>\(url)</BaseURL>"
        + "<SegmentBase/></Representation></AdaptationSet></Period></MPD>",
      "a.asx": "<asx version=\"3.0\"><entry><ref href=\"\(url)\"/></entry></asx>",
      "a.sdp":
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=video \(listener.port) RTP/AVP 96\n"
        + "a=rtpmap:96 H264/90000\n",
    ]
    for (name, text) in files {
      let path = try folder.write(Array(text.utf8), to: name)
      listener.refusing { read(path) }
      #expect(listener.connections == 0, "\(name)")
    }
  }

  @Test func aURLThatIsGivenIsAskedFor() {
    listener.refusing { read("http://127.0.0.1:\(listener.port)/a.ts") }
    #expect(listener.connections > 0, "what the other test sees must be what it looks at")
  }
}
