import Pipelines

/// Takes the standard library's place in this module, so that nothing on standard output controls the terminal.
func print(_ text: String) { Swift.print(MessageText.escaped(text)) }
