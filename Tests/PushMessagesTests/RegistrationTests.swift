import Encoding
import PushMessages
import TestSupport
import Testing

struct RegistrationTests {
    @Test func `what a phone signs to register is laid out as documented`() throws {
        let head =
            Samples.padding + "countersign phone registration, version 1".bytes + [0]
            + [0, 6] + "AbC-_9".bytes + Samples.point + [9] + "biometric".bytes
            + [12] + "Zoë's phone".bytes
        #expect(try Samples.registration(nil).message == head + [0])
        #expect(
            try Samples.registration(Samples.subscription()).message
                == head + Samples.subscriptionBytes)
    }

    @Test func `a body is read as it was made`() throws {
        for subscription in [nil, try Samples.subscription()] {
            let registration = try Samples.registration(subscription)
            #expect(try PhoneRegistration(decoding: registration.encoded()) == registration)
        }
    }

    @Test func `the members have the names that are documented`() throws {
        let body = try Samples.registration(Samples.subscription()).encoded()
        let json = try JSON.decode(body)
        #expect(json["ticket"] == "AbC-_9")
        #expect(json["guard"] == "biometric")
        #expect(json["name"] == "Zoë's phone")
        #expect(json["key"] == .string(Base64URL.encode(Samples.point)))
        #expect(json["sig"] == .string(Base64URL.encode(Samples.signature)))
        #expect(json["subscription"]?["endpoint"] == "https://push.example/x1")
        #expect(json["subscription"]?["auth"] == .string(Base64URL.encode(Samples.secret)))
        #expect(json["subscription"]?["p256dh"] == .string(Base64URL.encode(Samples.point)))
        #expect(json.objectValue?.count == 6)
    }

    @Test func `every proper prefix and every flipped bit of a body is refused or says so`()
        throws
    {
        let registration = try Samples.registration(Samples.subscription())
        let body = registration.encoded()
        for prefix in body.properPrefixes {
            #expect(throws: MalformedPush.self) { try PhoneRegistration(decoding: prefix) }
        }
        for flipped in body.singleBitFlips {
            if let other = try? PhoneRegistration(decoding: flipped) {
                #expect(other != registration)
            }
        }
    }

    @Test(arguments: [
        ("ticket", #"7"#), ("ticket", #""a b""#), ("ticket", #""""#), ("key", #""AAAA""#),
        ("guard", #""face""#), ("guard", #""PIN""#), ("name", #""""#), ("name", #""a\nb""#),
        ("sig", #""AA""#), ("subscription", "null"), ("subscription", "[]"),
    ])
    func `a member of another form is refused`(name: String, value: String) throws {
        guard case .object(var members) = try JSON.decode(Samples.registration(nil).encoded())
        else { return }
        members[name] = try JSON.decode(value.bytes)
        #expect(throws: MalformedPush.value(name)) {
            try PhoneRegistration(decoding: JSON.object(members).encoded().bytes)
        }
    }

    @Test
    func `missing, unknown and repeated members are refused, and all of a subscription or none`()
        throws
    {
        guard
            case .object(let members) = try JSON.decode(
                Samples.registration(Samples.subscription()).encoded())
        else { return }
        for name in ["ticket", "key", "guard", "name", "sig"] {
            var fewer = members
            fewer[name] = nil
            #expect(throws: MalformedPush.missing(name)) {
                try PhoneRegistration(decoding: JSON.object(fewer).encoded().bytes)
            }
        }
        for name in ["endpoint", "p256dh", "auth"] {
            var fewer = members
            guard case .object(var inner) = fewer["subscription"] else { return }
            inner[name] = nil
            fewer["subscription"] = .object(inner)
            #expect(throws: MalformedPush.missing(name)) {
                try PhoneRegistration(decoding: JSON.object(fewer).encoded().bytes)
            }
            inner["extra"] = true
            fewer["subscription"] = .object(inner)
            #expect(throws: MalformedPush.unknown("extra")) {
                try PhoneRegistration(decoding: JSON.object(fewer).encoded().bytes)
            }
        }
        var more = members
        more["admin"] = true
        #expect(throws: MalformedPush.unknown("admin")) {
            try PhoneRegistration(decoding: JSON.object(more).encoded().bytes)
        }
        let body = String(decoding: JSON.object(members).encoded().bytes, as: UTF8.self)
        let twice = body.replacing(#""guard":"#, with: #""guard":"pin","guard":"#)
        #expect(throws: MalformedPush.json(.duplicateKey)) {
            try PhoneRegistration(decoding: twice.bytes)
        }
    }

    @Test func `what is not a small JSON object is refused`() {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(throws: MalformedPush.json(.nestedTooDeeply)) {
            try PhoneRegistration(decoding: deep.bytes)
        }
        #expect(throws: MalformedPush.value("body")) { try PhoneRegistration(decoding: "[]".bytes) }
        #expect(throws: MalformedPush.json(.truncated)) { try PhoneRegistration(decoding: []) }
        #expect(throws: MalformedPush.json(.trailingBytes(count: 2))) {
            try PhoneRegistration(decoding: "{}{}".bytes)
        }
        #expect(throws: MalformedPush.json(.invalidUTF8)) {
            try PhoneRegistration(decoding: [0x7B, 0x22, 0xFF, 0x22])
        }
        #expect(throws: MalformedPush.tooLong) {
            try PhoneRegistration(decoding: [UInt8](repeating: 0x20, count: 16_385))
        }
    }

    @Test func `guards are ordered by what they show`() {
        #expect(KeyGuard.none < .pin)
        #expect(KeyGuard.pin < .biometric)
        #expect(KeyGuard.allCases.filter(\.verifiesUser) == [.biometric, .pin])
    }
}

struct ServerReplyTests {
    @Test func `an introduction holds the name and the key`() throws {
        let introduction = try ServerIntroduction(name: "Example", pushKey: Samples.point)
        let body =
            #"{"name":"Example","push":"\#(Base64URL.encode(Samples.point))","version":1}"#
        #expect(introduction.encoded() == body.bytes)
        #expect(try ServerIntroduction(decoding: body.bytes) == introduction)
        #expect(throws: MalformedPush.value("version")) {
            try ServerIntroduction(
                decoding: body.replacing(#""version":1"#, with: #""version":2"#).bytes)
        }
        #expect(throws: MalformedPush.value("push")) {
            try ServerIntroduction(decoding: #"{"version":1,"name":"E","push":"BA"}"#.bytes)
        }
    }

    @Test func `a registration's reply names phone, user and server`() throws {
        let reply = try RegistrationReply(phone: Samples.phone(), user: "zoë", server: "Example")
        let body = #"{"phone":"EBESExQVFhcYGRobHB0eHw","server":"Example","user":"zoë"}"#
        #expect(reply.encoded() == body.bytes)
        #expect(try RegistrationReply(decoding: body.bytes) == reply)
        #expect(throws: MalformedPush.value("phone")) {
            try RegistrationReply(decoding: #"{"phone":"a","server":"E","user":"u"}"#.bytes)
        }
    }

    @Test func `a decision's reply is yes, or no with a reason`() throws {
        #expect(DecisionReply.accepted.encoded() == #"{"state":"accepted"}"#.bytes)
        let refused = DecisionReply.refused(code: "wrong-number")
        #expect(refused.encoded() == #"{"code":"wrong-number","state":"refused"}"#.bytes)
        for reply in [.accepted, refused] {
            #expect(try DecisionReply(decoding: reply.encoded()) == reply)
        }
        #expect(throws: MalformedPush.missing("code")) {
            try DecisionReply(decoding: #"{"state":"refused"}"#.bytes)
        }
        #expect(throws: MalformedPush.unknown("code")) {
            try DecisionReply(decoding: #"{"state":"accepted","code":"x"}"#.bytes)
        }
        #expect(throws: MalformedPush.value("state")) {
            try DecisionReply(decoding: #"{"state":"ok"}"#.bytes)
        }
        #expect(throws: MalformedPush.value("code")) {
            try DecisionReply(decoding: #"{"state":"refused","code":"No!"}"#.bytes)
        }
    }

    @Test func `an error's reply has a code, and a text and a time where they help`() throws {
        let bare = ErrorReply(code: "phone-unknown")
        #expect(bare.encoded() == #"{"code":"phone-unknown"}"#.bytes)
        let full = ErrorReply(code: "wrong-time", message: "set the clock", time: 1_790_000_000_000)
        #expect(
            full.encoded()
                == #"{"code":"wrong-time","message":"set the clock","time":1790000000000}"#.bytes)
        for reply in [bare, full] { #expect(try ErrorReply(decoding: reply.encoded()) == reply) }
        #expect(throws: MalformedPush.value("time")) {
            try ErrorReply(decoding: #"{"code":"a","time":-5}"#.bytes)
        }
        #expect(throws: MalformedPush.value("message")) {
            try ErrorReply(decoding: #"{"code":"a","message":"a\u0007"}"#.bytes)
        }
    }

    @Test func `every refusal has a code of its own and a status`() {
        let codes = PhoneRefusal.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        for refusal in PhoneRefusal.allCases {
            #expect([400, 403, 404, 409, 410, 503].contains(refusal.status))
            #expect(refusal.rawValue.allSatisfy { $0.isLowercase || $0 == "-" })
        }
    }

    @Test func `every malformation has a code of its own`() {
        let all: [MalformedPush] = [
            .truncated, .trailingBytes, .context, .tooLong, .json(.truncated), .ticket,
            .missing("a"), .unknown("a"), .duplicate("a"), .value("a"),
        ]
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(all.allSatisfy { $0.code.hasPrefix("push-") })
    }
}
