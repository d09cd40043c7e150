import Foundation
import TestSupport
import Testing

@testable import Pipelines

@Suite struct WorkLockTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func lock(_ kind: WorkLock.Kind) throws -> WorkLock {
    try WorkLock(kind, folder: folder.file("work"), purpose: "a test")
  }

  private func isRefused(_ kind: WorkLock.Kind) -> Bool {
    do {
      _ = try lock(kind)
      return false
    } catch {
      return (error as? JobError)?.kind == .tryAgain
    }
  }

  @Test func aRunIsAloneAndShardsAreNot() throws {
    do {
      let run = try lock(.alone)
      #expect(isRefused(.alone) && isRefused(.shared))
      withExtendedLifetime(run) {}
    }
    let shards = try [lock(.shared), lock(.shared)]
    #expect(isRefused(.alone) && !isRefused(.shared))
    withExtendedLifetime(shards) {}
  }

  @Test func theHolderIsNamed() throws {
    let run = try lock(.alone)
    let error = #expect(throws: JobError.self) { try lock(.alone) }
    let process = ProcessInfo.processInfo.processIdentifier
    #expect(
      error?.description.contains("in use by process \(process) on ") == true, "\(String(describing: error))")
    #expect(error?.description.contains("(a test)") == true)
    withExtendedLifetime(run) {}
  }

  @Test func aFolderThatCannotBeMadeIsTheOutputsTrouble() throws {
    try folder.write([1], to: "work")
    let error = #expect(throws: JobError.self) { try lock(.alone) }
    #expect(error?.kind == .output)
  }
}
