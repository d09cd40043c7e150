import Foundation
import TestSupport
import Testing

@testable import Fuzz

@Suite struct TallyTests {
  /// What a parent reads of a child that ends in the middle of a file, or at its end.
  @Test func progressOutlivesTheProcess() throws {
    let folder = try ScratchFolder()
    let path = folder.file("progress")
    #expect(Progress(path: path) == nil)
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(file) }
    var progress = Progress(number: 12)
    progress.microseconds = 1_500_000
    progress.write(to: file)
    #expect(Progress(path: path) == progress)
    // Files 10 to 12 were begun.
    var tally = progress.tally(from: 10)
    #expect((tally.files, tally.seconds) == (3, 1.5))
    progress.isAtEnd = true
    progress.write(to: file)
    let read = try #require(Progress(path: path))
    #expect(read.isAtEnd && read.tally(from: 10).files == 2)
    tally += read.tally(from: 10)
    #expect((tally.files, tally.seconds, tally.cost) == (5, 3, 0.6))
    #expect(Tally().cost > 0)
  }

  @Test func theTimeOfAnotherProcessIsRead() throws {
    #expect(abs(ProcessTime.of(getpid()) - ProcessTime.now) < 5)
    let other = try Command.start("sleep", ["20"], in: "/")
    let time = ProcessTime.of(other.processIdentifier)
    other.send(SIGKILL)
    _ = other.wait()
    #expect(time < 5 && ProcessTime.of(other.processIdentifier) == 0)
  }
}
