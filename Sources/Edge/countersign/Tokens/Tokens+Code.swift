import ArgumentParser
import Foundation
import OATH
import VerificationCore

extension Tokens {
    struct Code: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Be a token in software: print the code of an otpauth:// URI.",
            discussion: """
                For trying things out: whoever keeps a secret where this command can read it has no second factor. The \
                code of a TOTP token is that of now, and of a HOTP token that of the URI's counter.
                """)

        @Argument(help: "The file that has the URI in its first line, or - for standard input.")
        var uri: String

        @Option(help: "The code so many steps later.")
        var ahead: UInt32 = 0

        func run() throws {
            do {
                Terminal.say(try code())
            } catch {
                Terminal.complain("countersign: \(error)")
                throw ExitCode(error.status.rawValue)
            }
        }

        private func code() throws(CommandFailure) -> String {
            let line = try InputFile.read(uri).prefix { $0 != UInt8(ascii: "\n") }
            let text = String(decoding: line, as: UTF8.self)
            let uri: KeyURI
            let key: TokenKey
            do throws(MalformedOATH) {
                uri = try KeyURI(text.hasSuffix("\r") ? String(text.dropLast()) : text)
                key = try TokenKey(secret: uri.secret, parameters: uri.parameters)
            } catch {
                throw CommandFailure(.configuration, "no key URI: \(error.text)")
            }
            let start: UInt64? =
                switch uri.parameters.mechanism {
                case .totp(_, let period):
                    MovingFactor.timeStep(
                        atMilliseconds: Int64(Date().timeIntervalSince1970 * 1000), period: period)
                default: uri.counter
                }
            guard let start else {
                throw CommandFailure(.internalError, "the clock is before 1970")
            }
            let (factor, isOver) = start.addingReportingOverflow(UInt64(ahead))
            guard !isOver, let code = oneTimePassword(key, movingFactor: factor)
            else { throw CommandFailure(.configuration, "the token has no such code") }
            return code
        }
    }
}
