import OATH
import VerificationCore

/// Why a line of a batch gave no token.
enum TokenLineFailure: Error, Equatable {
    case malformed(MalformedOATH)
    case wrongKey
    case cryptography
    case notYetValid
    case expired

    init(_ failure: PSKCOpeningFailure) {
        switch failure {
        case .malformed(let reason): self = .malformed(reason)
        case .wrongKey, .keyNeeded, .otherKindOfKey: self = .wrongKey
        case .cryptography: self = .cryptography
        }
    }

    /// The reason as a person reads it. Nothing of the line itself is in it.
    var text: String {
        switch self {
        case .malformed(let reason): reason.text
        case .wrongKey: "the key is wrong, or the values have been changed"
        case .cryptography: "OpenSSL failed"
        case .notYetValid: "the token's time has not come"
        case .expired: "the token's time is over"
        }
    }
}

extension MalformedOATH {
    /// What is wrong, as a person reads it.
    var text: String {
        switch self {
        case .digits: "codes have 6 to 8 digits"
        case .period: "a time step has 15 to 300 seconds"
        case .counter: "the counter is none, or not for this kind of token"
        case .secretLength: "a secret has 10 to 128 bytes"
        case .hash: "the hash function is unknown, or not for this kind of token"
        case .suite(let part): "the OCRA suite is wrong in its \(part)"
        case .dataInput(let part): "the OCRA computation is wrong in its \(part)"
        case .secretText: "the secret is not written as it should be (Base32 or hexadecimal)"
        case .uri(let member): "the URI's \(member) is missing or wrong"
        case .tooLarge(let limit): "there are more than \(limit) bytes"
        case .tooManyTokens(let limit): "there are more than \(limit) tokens"
        case .encoding: "the text is not UTF-8, or has control characters"
        case .column(let number): "column \(number) of the header is unknown, or there twice"
        case .fields: "there are not as many fields as columns, or a quotation mark is misplaced"
        case .missing(let name): "'\(name)' is missing"
        case .duplicate(let name): "'\(name)' is there twice"
        case .value(let name): "'\(name)' cannot have that value"
        case .unsupported(let name): "this kind of '\(name)' is not supported"
        case .repeatedSerial(let line): "the serial number was there before, in \(line)"
        case .xml(let fault): "the document is refused (\(fault.rawValue))"
        }
    }
}
