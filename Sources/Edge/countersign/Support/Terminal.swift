import Authenticators
import Glibc

/// The terminal that the command runs in.
enum Terminal {
    /// Whether standard error is a terminal, so that a person sees what is drawn there.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line for people.
    static func say(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// Label and value of each line, indented and in columns.
    static func table(_ rows: [(label: String, value: String)]) -> String {
        rows.map { row in
            let gap = String(repeating: " ", count: max(1, 13 - row.label.count))
            return "  \(row.label)\(gap)\(row.value)"
        }.joined(separator: "\n")
    }

    /// Writes a line about something that went wrong, or a prompt.
    static func complain(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// Draws over the current line of standard error.
    static func redraw(_ line: String) { write("\r\u{1B}[K" + line, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            // Whoever read from us has gone; there is nobody left to tell.
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Asks for a PIN on the controlling terminal, without showing what is typed. `nil` where there is no terminal or
    /// nothing is typed. The bytes that were read are overwritten.
    static func readPIN(prompt: String) -> PIN? {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var before = termios()
        guard unsafe tcgetattr(terminal, &before) == 0 else { return nil }
        var hidden = before
        // Ctrl-C must not end the process before the terminal is as it was; it ends the line, and reads as no PIN.
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        unsafe withUnsafeMutableBytes(of: &hidden.c_cc) { characters in
            unsafe characters[Int(VEOL)] = 0x03
        }
        guard unsafe tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else { return nil }
        defer {
            unsafe tcsetattr(terminal, TCSAFLUSH, &before)
            write("\n", to: terminal)
        }
        write(prompt, to: terminal)
        var line = [UInt8](repeating: 0, count: 256)
        defer { unsafe explicit_bzero(&line, line.count) }
        let count = unsafe read(terminal, &line, line.count)
        guard count > 1, line[count - 1] == UInt8(ascii: "\n"), !line[..<count].contains(0x03)
        else { return nil }
        return PIN(utf8: line[..<(count - 1)])
    }
}
