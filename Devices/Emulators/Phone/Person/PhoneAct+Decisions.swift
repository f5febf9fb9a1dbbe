import Cryptography
import PushMessages

extension PhoneAct.Kind {
    /// The decisions that this act sends, signed, one after the other. ``replay`` and ``ignore`` have none of their own.
    ///
    /// - Parameters:
    ///   - number: the number that the front end shows, where the act needs it.
    ///   - time: milliseconds since 1970, by the phone's clock.
    func decisions(
        about prompt: Prompt, number: String, at time: Int64, with key: P256PrivateKey
    ) throws(PhoneFailure) -> [SignedDecision] {
        try signing { () throws(any Error) in
            switch self {
            case .approve, .late:
                return [try Self.approve(prompt, number, time, key)]
            case .twice:
                return [
                    try Self.approve(prompt, number, time, key),
                    try Self.approve(prompt, number, time &+ 1, key),
                ]
            case .wrongNumber:
                return [try Self.approve(prompt, prompt.numberOther(than: number), time, key)]
            case .decline: return [try Self.sign(prompt, .decline, "", time, key)]
            case .notMe: return [try Self.sign(prompt, .notMe, "", time, key)]
            case .forAnother:
                return [try Self.approve(prompt.renamed(), number, time, key)]
            case .forgeKey: return [try Self.approve(prompt, number, time, P256PrivateKey())]
            case .forgePrompt:
                return [try Self.approve(prompt.withFlippedChallenge(), number, time, key)]
            case .badClock:
                return [try Self.approve(prompt, number, time &+ 3_600_000, key)]
            case .ignore, .replay: return []
            }
        }
    }

    private static func approve(
        _ prompt: Prompt, _ number: String, _ time: Int64, _ key: P256PrivateKey
    ) throws -> SignedDecision {
        try sign(prompt, .approve, number, time, key)
    }

    private static func sign(
        _ prompt: Prompt, _ decision: Decision, _ number: String, _ time: Int64,
        _ key: P256PrivateKey
    ) throws -> SignedDecision {
        let message = try DecisionMessage(
            prompt: prompt, decision: decision, number: number, decidedAt: time)
        return try SignedDecision(
            message: message, signature: key.rawSignature(for: message.encoded()))
    }
}

extension Prompt {
    /// A number that is not `number`: another one of those to choose from, or the next one.
    fileprivate func numberOther(than number: String) -> String {
        if let other = choices.first(where: { $0 != number }) { return other }
        let last = number.last.flatMap(\.wholeNumberValue) ?? 0
        return number.dropLast() + String((last + 1) % 10)
    }

    /// The same under a name that no server gave.
    fileprivate func renamed() throws(MalformedPush) -> Prompt {
        guard let other = PromptID(bytes: SecureRandom.bytes(PromptID.byteCount)) else {
            throw .value("id")
        }
        return try Prompt(
            id: other, challenge: challenge, phone: phone, issuedAt: issuedAt,
            expiresAt: expiresAt, digits: digits, choices: choices, shown: shown)
    }

    /// The same but for the last bit of the challenge.
    fileprivate func withFlippedChallenge() throws(MalformedPush) -> Prompt {
        let flipped = challenge.dropLast() + challenge.suffix(1).map { $0 ^ 1 }
        return try Prompt(
            id: id, challenge: Array(flipped), phone: phone, issuedAt: issuedAt,
            expiresAt: expiresAt, digits: digits, choices: choices, shown: shown)
    }
}
