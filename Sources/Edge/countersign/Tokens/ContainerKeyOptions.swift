import ArgumentParser
import Cryptography
import OATH
import VerificationCore

/// What opens a key container.
struct ContainerKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The key that opens a container, in hexadecimal or as bytes.",
            discussion: "16, 24 or 32 bytes, which sender and receiver share.", valueName: "file"))
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            "The passphrase that opens a container: the file's first line.", valueName: "file"))
    var passphraseFile: String?

    func validate() throws {
        guard keyFile == nil || passphraseFile == nil else {
            throw ValidationError("A container has a key or a passphrase, not both.")
        }
    }

    var isGiven: Bool { keyFile != nil || passphraseFile != nil }

    /// What opens this container.
    func key(for protection: PSKCProtection) throws(CommandFailure) -> PSKCProtectionKey {
        let key = try keyFile.map { path throws(CommandFailure) in try Self.key(in: path) }
        let passphrase = try passphraseFile.map { path throws(CommandFailure) in
            try Self.passphrase(in: path)
        }
        do throws(PSKCOpeningFailure) {
            if let key { return try PSKCProtectionKey(preShared: key, for: protection) }
            if let passphrase {
                return try PSKCProtectionKey(passphrase: passphrase, for: protection)
            }
            throw .keyNeeded
        } catch {
            throw Self.failure(error, protection)
        }
    }

    /// Hexadecimal digits, in lines or not; else the file's bytes.
    private static func key(in path: String) throws(CommandFailure) -> [UInt8] {
        let content = try InputFile.read(path)
        let digits = String(decoding: content, as: UTF8.self).filter { !$0.isWhitespace }
        return (try? SecretText.decodeHexadecimal(digits)) ?? content
    }

    private static func passphrase(in path: String) throws(CommandFailure) -> [UInt8] {
        let line = try InputFile.read(path).prefix { $0 != UInt8(ascii: "\n") }
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }

    private static func failure(
        _ failure: PSKCOpeningFailure, _ protection: PSKCProtection
    ) -> CommandFailure {
        switch failure {
        case .keyNeeded, .otherKindOfKey:
            switch protection.source {
            case .preShared:
                CommandFailure(
                    .configuration, "the container is encrypted with a shared key",
                    advice: "Give it with --key-file.")
            case .passphrase:
                CommandFailure(
                    .configuration, "the container is encrypted with a passphrase",
                    advice: "Give it with --passphrase-file.")
            }
        case .wrongKey:
            CommandFailure(.refused, "the key is wrong, or the container has been changed")
        case .malformed(let reason):
            CommandFailure(.configuration, "the container cannot be opened: \(reason.text)")
        case .cryptography(let error):
            CommandFailure(.internalError, "the container cannot be opened (\(error.code))")
        }
    }
}
