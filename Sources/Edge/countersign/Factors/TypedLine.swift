import Foundation

extension Terminal {
    /// Asks for a line that need not be hidden, such as a code that is worth nothing in half a minute: on the terminal,
    /// or from standard input where that is none. `nil` where there is no line.
    static func ask(_ prompt: String) -> String? {
        if isInteractive { write(prompt) }
        guard let line = readLine(strippingNewline: true) else { return nil }
        return line.isEmpty ? nil : line
    }

    private static func write(_ prompt: String) {
        FileHandle.standardError.write(Data(prompt.utf8))
    }
}
