import ArgumentParser
import Foundation
import Pipelines

/// `inrr-video status plan.json`
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract:
      "Says how far the work on a plan, or on the draft of one, is: units done and left, time spent and left.",
    discussion: """
      Reads no input, and disturbs nobody. The expected end supposes that as many processes go on as are at work.
      """)

  @Argument(help: ArgumentHelp("The plan.", valueName: "plan.json"))
  var file: String

  @Flag(help: "Prints one line of JSON for programs.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Writes the figures for Prometheus too, for the text file collector of its node exporter.",
      valueName: "file.prom"))
  var metricsFile: String?

  mutating func run() throws {
    let status = try PlanFile(path: file).status()
    if let metricsFile { try status.writeMetrics(to: metricsFile) }
    print(try json ? status.json() : PlanStatusText.text(status))
  }
}
