import Testing

@testable import Fitting
@testable import Spelling

@Suite struct RegularizerTextTests {
  @Test func readsWeightsAxesAndOptions() throws {
    #expect(try RegularizerSettings.list(parsing: "none").isEmpty)
    let list = try RegularizerSettings.list(
      parsing: "inrr=0.5, tv=1e-3 ,inrr.time=2,inrr.r=64,air=auto,air.rate=1e-3")
    var inrr = RegularizerSettings(.inrr, weight: .fixed(row: 0.5, column: 0.5, time: 2))
    inrr.centres = 64
    var air = RegularizerSettings(.air, weight: .automatic)
    air.rate = 1e-3
    #expect(list == [inrr, RegularizerSettings(.tv, weight: 1e-3), air])
    #expect(
      try RegularizerSettings.list(parsing: "de.row=1")
        == [RegularizerSettings(.de, weight: .fixed(row: 1, column: 0, time: 0))])
  }

  @Test(arguments: [
    "none", "inrr=auto", "inrr=0.0655", "tv=0.001,l2=3", "inrr.row=1,inrr.column=0,inrr.time=0.5,inrr.r=8",
    "inrr=1,inrr.form=local,inrr.width=16,inrr.rate=0.0002", "air=2,air.rate=0.01",
    "inrr=1,inrr.form=paper",
  ])
  func writesWhatItReads(text: String) throws {
    #expect(RegularizerSettings.text(try RegularizerSettings.list(parsing: text)) == text)
  }

  @Test(arguments: [
    ("inr=1", "did you mean 'inrr'?"), ("inrr.wdth=8,inrr=1", "did you mean 'inrr.width'?"),
    ("tv.row=1", "there is no penalty 'tv.row'"), ("inrr", "has no value: write inrr=0.1"),
    ("inrr=-1", "not negative, or auto"), ("inrr=nan", "not negative"), ("inrr=1,inrr=2", "gives inrr twice"),
    ("inrr.r=8", "no weight: add inrr=0.1"), ("inrr=auto,inrr.row=1", "chooses the weights of all axes"),
    ("none,tv=1", "'none' stands alone"), ("", "is empty"), ("tv=1,", "comma too many"),
    ("inrr=1,inrr.form=x", "paper or local"), ("inrr=1,inrr.r=1", "whole number from 2"),
    ("inrr=1,inrr.width=0", "whole number from 1"),
    ("air=1,air.rate=0", "above 0"),
    ("zzzzzz=1", "choose among inrr"),
  ])
  func saysWhatIsWrong(text: String, words: String) {
    #expect {
      try RegularizerSettings.list(parsing: text)
    } throws: { error in
      (error as? RegularizerTextError)?.description.contains(words) ?? false
    }
  }

  /// Frame by frame nothing can be said about time; a weight for all axes is one for those that there are.
  @Test func refusesTimeFrameByFrame() throws {
    for text in ["sstv=1e-3", "sstv=auto", "inrr=1,inrr.time=2", "air.time=1"] {
      #expect(try !RegularizerSettings.list(parsing: text).isEmpty)
      #expect(throws: RegularizerTextError.self) {
        try RegularizerSettings.list(parsing: text, coordinates: .frame)
      }
    }
    #expect(try RegularizerSettings.list(parsing: "inrr=1,tv=1,inrr.row=2", coordinates: .frame).count == 2)
  }

  @Test func distances() {
    #expect(Spelling.editDistance(Array("kitten"), Array("sitting")) == 3)
    #expect(Spelling.editDistance([], Array("ab")) == 2)
    #expect(Spelling.nearest(to: "widht", among: ["height", "width"]) == "width")
    #expect(Spelling.nearest(to: "colour", among: ["x", "frames"]) == nil)
  }
}
