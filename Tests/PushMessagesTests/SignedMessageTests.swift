import Encoding
import PushMessages
import TestSupport
import Testing

struct DecisionTests {
    private func message(
        _ decision: Decision, _ number: String
    ) throws -> DecisionMessage {
        try DecisionMessage(
            prompt: Samples.prompt(), decision: decision, number: number,
            decidedAt: 1_790_000_000_001)
    }

    @Test(arguments: [(Decision.approve, UInt8(1), "42"), (.decline, 2, ""), (.notMe, 3, "")])
    func `a decision is laid out as documented`(
        decision: Decision, byte: UInt8, number: String
    ) throws {
        try survives(
            Samples.decisionBytes(byte, number), message(decision, number),
            DecisionMessage.init(decoding:)
        ) { $0.encoded() }
    }

    @Test(arguments: [
        (Decision.approve, ""), (.approve, "4"), (.approve, "421"), (.approve, "4a"),
        (.decline, "42"), (.notMe, "42"),
    ])
    func `an approval has a number of the prompt's digits, and nothing else has one`(
        decision: Decision, number: String
    ) throws {
        #expect(throws: MalformedPush.value("number")) { try message(decision, number) }
        #expect(throws: MalformedPush.value("number")) {
            try DecisionMessage(decoding: Samples.decisionBytes(decision.rawValue, number))
        }
    }

    @Test(arguments: [UInt8(0), 4, 255])
    func `other decisions are refused`(byte: UInt8) {
        #expect(throws: MalformedPush.value("decision")) {
            try DecisionMessage(decoding: Samples.decisionBytes(byte, ""))
        }
    }

    @Test func `another context is refused`() throws {
        for offset in [0, 63, 64, 99, 100] {
            var bytes = Samples.decisionBytes(2, "")
            bytes[offset] ^= 1
            #expect(throws: MalformedPush.context) { try DecisionMessage(decoding: bytes) }
        }
    }

    @Test func `the body holds the message and its signature`() throws {
        let signed = try SignedDecision(
            message: message(.approve, "42"), signature: Samples.signature)
        #expect(try SignedDecision(decoding: signed.encoded()) == signed)
        let text = Base64URL.encode(Samples.decisionBytes(1, "42"))
        let signature = Base64URL.encode(Samples.signature)
        let body = #"{"message":"\#(text)","sig":"\#(signature)"}"#
        #expect(signed.encoded() == body.bytes)
        #expect(throws: MalformedPush.json(.duplicateKey)) {
            try SignedDecision(
                decoding: #"{"sig":"","message":"\#(text)","sig":"\#(signature)"}"#.bytes)
        }
        #expect(throws: MalformedPush.unknown("more")) {
            try SignedDecision(
                decoding: #"{"message":"\#(text)","sig":"\#(signature)","more":1}"#.bytes)
        }
        #expect(throws: MalformedPush.missing("sig")) {
            try SignedDecision(decoding: #"{"message":"\#(text)"}"#.bytes)
        }
        #expect(throws: MalformedPush.value("sig")) {
            try SignedDecision(decoding: #"{"message":"\#(text)","sig":"AAAA"}"#.bytes)
        }
        #expect(throws: MalformedPush.value("message")) {
            try SignedDecision(decoding: #"{"message":"a=","sig":"AAAA"}"#.bytes)
        }
    }
}

struct PollTests {
    private func message(time: Int64 = 1_790_000_000_000) throws -> PollMessage {
        try PollMessage(
            phone: Samples.phone(), time: time, nonce: [UInt8](repeating: 7, count: 16))
    }

    @Test func `a poll is laid out as documented`() throws {
        try survives(Samples.pollBytes, message(), PollMessage.init(decoding:)) { $0.encoded() }
        #expect(Samples.pollBytes.count == 138)
    }

    @Test func `a time has no first bit, and a nonce 16 bytes`() throws {
        let bytes = Samples.pollBytes.replacing(114, with: 0x80)
        #expect(throws: MalformedPush.value("time")) { try PollMessage(decoding: bytes) }
        #expect(throws: MalformedPush.value("time")) { try message(time: -1) }
        let latest = try message(time: .max)
        #expect(try PollMessage(decoding: latest.encoded()).time == .max)
        #expect(throws: MalformedPush.value("nonce")) {
            try PollMessage(phone: Samples.phone(), time: 0, nonce: [1])
        }
    }

    @Test func `the body says how long to wait`() throws {
        let signed = try SignedPoll(message: message(), signature: Samples.signature, wait: 50)
        #expect(try SignedPoll(decoding: signed.encoded()) == signed)
        for wait in [-1, 51] {
            #expect(throws: MalformedPush.value("wait")) {
                try SignedPoll(message: message(), signature: Samples.signature, wait: wait)
            }
        }
        let text = Base64URL.encode(Samples.pollBytes)
        let signature = Base64URL.encode(Samples.signature)
        for wait in ["51", "-1", "-0", "1.5", "1e1", #""5""#, "null", "99999999999999999999999"] {
            #expect(throws: MalformedPush.value("wait"), "\(wait)") {
                try SignedPoll(
                    decoding: #"{"message":"\#(text)","sig":"\#(signature)","wait":\#(wait)}"#
                        .bytes)
            }
        }
    }
}

struct SubscriptionTests {
    private static let head: [UInt8] =
        Samples.padding + "countersign phone subscription, version 1".bytes + [0]
        + Samples.phoneBytes + [0x00, 0x00, 0x01, 0xA0, 0xC4, 0x50, 0x6C, 0x00]

    @Test func `a new subscription is laid out as documented`() throws {
        try survives(
            Self.head + Samples.subscriptionBytes,
            SubscriptionMessage(
                phone: Samples.phone(), time: 1_790_000_000_000,
                subscription: Samples.subscription()),
            SubscriptionMessage.init(decoding:)
        ) { $0.encoded() }
    }

    @Test func `a phone may give its subscription up`() throws {
        try survives(
            Self.head + [0],
            SubscriptionMessage(
                phone: Samples.phone(), time: 1_790_000_000_000, subscription: nil),
            SubscriptionMessage.init(decoding:)
        ) { $0.encoded() }
        #expect(throws: MalformedPush.value("subscription")) {
            try SubscriptionMessage(decoding: Self.head + [2])
        }
    }

    @Test func `the body holds the message and its signature`() throws {
        let update = try SubscriptionUpdate(
            message: SubscriptionMessage(
                phone: Samples.phone(), time: 3, subscription: Samples.subscription()),
            signature: Samples.signature)
        #expect(try SubscriptionUpdate(decoding: update.encoded()) == update)
        #expect(throws: MalformedPush.context) {
            let text = Base64URL.encode(Samples.pollBytes)
            let signature = Base64URL.encode(Samples.signature)
            return try SubscriptionUpdate(
                decoding: #"{"message":"\#(text)","sig":"\#(signature)"}"#.bytes)
        }
    }

    @Test func `endpoints, keys and secrets have their forms`() {
        func make(
            _ endpoint: String = "https://p.example", _ key: [UInt8] = Samples.point,
            _ secret: [UInt8] = Samples.secret
        ) throws(MalformedPush) -> PhoneSubscription {
            try PhoneSubscription(
                endpoint: endpoint, publicKey: key, authenticationSecret: secret)
        }
        let long = String(repeating: "a", count: 1025)
        for endpoint in ["", "https://p.example/ö", "https://p. example", "a\n", long] {
            #expect(throws: MalformedPush.value("endpoint")) { try make(endpoint) }
        }
        for key in [[], Array(Samples.point.dropLast()), Samples.point.replacing(0, with: 2)] {
            #expect(throws: MalformedPush.value("p256dh")) { try make("a", key) }
        }
        #expect(throws: MalformedPush.value("auth")) { try make("a", Samples.point, [1]) }
    }
}
