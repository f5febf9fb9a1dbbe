import ArgumentParser
import Foundation
import OATH
import PSKCXML
import VerificationCore

/// What a file of tokens is.
enum TokenFileFormat: String, CaseIterable, ExpressibleByArgument {
    case csv
    case pskc
    case uri

    /// The format of a file by the way it begins.
    init(of file: [UInt8]) {
        let content = file.starts(with: [0xEF, 0xBB, 0xBF]) ? file.dropFirst(3) : file[...]
        let start = content.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(10)
        if start.first == UInt8(ascii: "<") {
            self = .pskc
        } else if String(decoding: start, as: UTF8.self).lowercased() == "otpauth://" {
            self = .uri
        } else {
            self = .csv
        }
    }
}

/// The tokens of a file, decoded and decrypted.
struct TokenBatch {
    /// A line of the file, or a package of the container.
    struct Line {
        let number: Int
        let serial: String?
        let content: Result<TokenDraft, TokenLineFailure>
    }

    let lines: [Line]
    /// Whether the file has a signature, which nobody verifies.
    let isSigned: Bool

    /// Decodes a file.
    ///
    /// - Throws: what is wrong with the file as a whole, or with the keys to it.
    init(
        _ file: [UInt8], format: TokenFileFormat?, keys: ContainerKeyOptions
    ) throws(CommandFailure) {
        let now = Int64(Date().timeIntervalSince1970)
        let format = format ?? TokenFileFormat(of: file)
        if format != .pskc, keys.isGiven {
            throw CommandFailure(.configuration, "keys go with key containers alone")
        }
        switch format {
        case .csv:
            lines = try Self.decode(file, as: format, TokenCSV.decode).map {
                Self.line($0, at: now)
            }
            isSigned = false
        case .uri:
            lines = try Self.decode(file, as: format, KeyURI.decodeLines)
                .map { Self.line($0, at: now) }
            isSigned = false
        case .pskc:
            let container = try Self.decode(file, as: format, PSKC.decode)
            lines = try Self.lines(of: container, keys, at: now)
            isSigned = container.isSigned
        }
    }

    private static func decode<Content>(
        _ file: [UInt8], as format: TokenFileFormat,
        _ decode: ([UInt8]) throws(MalformedOATH) -> Content
    ) throws(CommandFailure) -> Content {
        do throws(MalformedOATH) {
            return try decode(file)
        } catch {
            throw CommandFailure(
                .configuration, "the file cannot be imported as \(format.rawValue): \(error.text)",
                advice: "If it is something else, --format says what.")
        }
    }

    private static func line(_ line: ImportedLine<TokenDraft>, at now: Int64) -> Line {
        Line(
            number: line.number, serial: line.serial,
            content: line.outcome.mapError { .malformed($0) }.flatMap { timely($0, at: now) })
    }

    private static func lines(
        of container: PSKCContainer, _ keys: ContainerKeyOptions, at now: Int64
    ) throws(CommandFailure) -> [Line] {
        var key: PSKCProtectionKey?
        if container.isEncrypted, let protection = container.protection {
            key = try keys.key(for: protection)
        } else if keys.isGiven {
            throw CommandFailure(.configuration, "nothing in the container is encrypted")
        }
        return container.packages.map { package in
            let content = package.outcome.mapError { TokenLineFailure.malformed($0) }
                .flatMap { package in
                    Result { () throws(PSKCOpeningFailure) in try package.draft(with: key) }
                        .mapError { TokenLineFailure($0) }
                }
                .flatMap { timely($0, at: now) }
            return Line(number: package.number, serial: package.serial, content: content)
        }
    }

    /// The token, if it may be used now. Servers keep no times, so one whose time has not come is none to add yet.
    private static func timely(
        _ draft: TokenDraft, at now: Int64
    ) -> Result<TokenDraft, TokenLineFailure> {
        if let start = draft.startAt, now < start { return .failure(.notYetValid) }
        if let end = draft.expiresAt, now >= end { return .failure(.expired) }
        return .success(draft)
    }
}
