import ArgumentParser
import CMemory
import Foundation
import Pipelines

/// The command with all subcommands.
struct InrrVideo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inrr-video",
    abstract: "Reconstructs missing pixels of a video or volume from its known pixels alone.",
    discussion: """
      inrr-video INPUT --mask MASK [-o OUTPUT] restores a file: 'restore' may be left out. \
      'inrr-video restore --help' lists what can be set.

      Exit codes: 0 all well; 1 some jobs of a batch or methods of an experiment failed; 2 the command line or a configuration is wrong \
      or the mask does not fit; 3 an input can't be read or was damaged; 4 the output can't be written; 75 disk or \
      memory is full or another run is at work, try again later; 130, 143 stopped by a signal.
      """,
    version: ToolVersion.text,
    subcommands: [
      RestoreCommand.self, DetectCommand.self, RunCommand.self, PlanCommand.self, StatusCommand.self,
      MergeCommand.self,
      EvaluateCommand.self,
      InspectCommand.self, ExperimentCommand.self, ProbeCommand.self, DoctorCommand.self,
    ],
    defaultSubcommand: RestoreCommand.self)
}

@main
enum Main {
  static func main() {
    // A write beyond a file size limit or into a closed pipe shall be an error with a message, not end the process.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    // Keeps the AV1 encoder from printing to standard error, unless the variable is set already.
    setenv("SVT_LOG", "1", 0)
    Console.occupyStandardDescriptors()
    // Frames are freed by other threads than those that asked for their memory; as glibc is set, each thread would keep what it
    // frees for itself. With no more arenas than processors, though, threads that solve may share one and wait for each other.
    // Memory of large planes of samples goes back to the system at once; for that of small ones it takes more time than it is worth.
    let arenas = ProcessInfo.processInfo.activeProcessorCount + 2
    inrr_set_memory(Int32(clamping: arenas), 1 << 22, 1 << 26)
    do {
      let words = Array(CommandLine.arguments.dropFirst())
      if words.isEmpty || words == ["restore"] {
        throw JobError(
          .configuration,
          "no input: give a file, such as inrr-video film.mp4 --mask mask.png; inrr-video --help lists everything"
        )
      }
      if let complaint = CommandLineCheck(description: InrrVideo._dumpHelp())?.complaint(about: words) {
        throw JobError.configuration(complaint)
      }
      try SystemReport.checkInstructions()
      var command = try InrrVideo.parseAsRoot()
      try command.run()
    } catch {
      exit(report(error))
    }
  }

  /// Prints an error, and returns the exit code.
  private static func report(_ error: any Error) -> Int32 {
    switch error {
    case let status as ExitStatus:
      return status.code
    case let error as JobError:
      Console.error(error.description)
      return ExitStatus(error.kind).code
    default:
      if InrrVideo.exitCode(for: error).isSuccess {
        // Help and version are errors of the parser too.
        print(InrrVideo.fullMessage(for: error))
        return 0
      }
      Console.error(InrrVideo.message(for: error))
      return ExitStatus.configuration.code
    }
  }
}
