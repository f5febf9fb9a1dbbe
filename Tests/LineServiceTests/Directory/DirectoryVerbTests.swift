import Accounts
import AuditLog
import CredentialStore
import LineClient
import LineProtocol
import LineService
import Testing

@Suite struct DirectoryVerbTests {
    @Test func `groups`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect()
            #expect(
                try await desk.ask("GROUP ADD", "staff", "about=All of us").short
                    == "+OK group=staff")
            #expect(try await desk.ask("GROUP ADD", "staff").short == "-CONFLICT group=staff")
            #expect(try await desk.ask("GROUP ADD", "not a name").word == .badArgument)
            #expect(
                try await desk.ask("GROUP JOIN", "staff", "alice").short
                    == "+OK user=alice group=staff")
            #expect(
                try await desk.ask("GROUP JOIN", "staff", "alice").short == "-CONFLICT user=alice")
            #expect(try await desk.ask("GROUP JOIN", "staff", "carol").short == "-NO user=carol")
            #expect(try await desk.ask("GROUP MEMBERS", "staff").lines == ["user=alice"])
            #expect(
                try await desk.ask("GROUP LIST").lines == [
                    "group=staff about=All%20of%20us members=1 created=1790000000000"
                ])
            let account = try await desk.ask("USER GET", "alice")
            #expect(account["groups"] == "staff")
            #expect(account["roles"] == "")
            #expect(
                try await desk.ask("GROUP LEAVE", "staff", "alice").short
                    == "+OK user=alice group=staff")
            #expect(try await desk.ask("GROUP LEAVE", "staff", "alice").short == "-NO user=alice")
            #expect(try await desk.ask("GROUP DEL", "staff").short == "+OK group=staff")
            #expect(try await desk.ask("GROUP DEL", "staff").short == "-NO group=staff")
            await desk.close()
        }
    }

    @Test func `roles`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect()
            #expect(
                try await desk.ask("ROLE LIST", "role=help-desk").lines == [
                    "role=help-desk user=hd since=1790000000000 locked=no"
                ])
            #expect(
                try await desk.ask("ROLE ADD", "help-desk", "bob").short
                    == "+OK user=bob role=help-desk")
            #expect(try await desk.ask("ROLE ADD", "emperor", "bob").word == .badArgument)
            #expect(try await desk.ask("USER GET", "bob")["roles"] == "help-desk")
            #expect(
                try await desk.ask("ROLE DEL", "help-desk", "bob").short
                    == "+OK user=bob role=help-desk")
            #expect(try await desk.ask("ROLE DEL", "help-desk", "bob").short == "-NO user=bob")
            #expect(try await desk.ask("ROLE LIST").lines.count == 4)
            await desk.close()
        }
    }

    @Test func `applications`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect()
            #expect(
                try await desk.ask("APP ADD", "imap", "kind=legacy").short
                    == "+OK app=imap display=imap kind=legacy created=1790000000000")
            #expect(try await desk.ask("APP ADD", "x", "kind=other").word == .badArgument)
            #expect(
                try await desk.ask("APP SET", "imap", "display=Mail").short
                    == "+OK app=imap display=Mail kind=legacy created=1790000000000")
            #expect(
                try await desk.ask("APP SET", "imap", "kind=any").short
                    == "+OK app=imap display=Mail kind=any created=1790000000000")
            #expect(try await desk.ask("APP SET", "smtp").short == "-NO app=smtp")
            #expect(
                try await desk.ask("APP LIST").lines == [
                    "app=imap display=Mail kind=any created=1790000000000"
                ])
            #expect(try await desk.ask("APP DEL", "imap").short == "+OK app=imap")
            #expect(try await desk.ask("APP LIST").lines == [])
            await desk.close()
        }
    }

    @Test func `locations`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect()
            let networks = "net=192.0.2.0/24,2001:db8::/32"
            let office1 =
                "location=office networks=2 net=192.0.2.0/24,2001:db8::/32 trusted=yes created=1790000000000"
            #expect(
                try await desk.ask("LOCATION ADD", "office", networks, "trusted=yes").short
                    == "+OK " + office1)
            #expect(
                try await desk.ask("LOCATION ADD", "north", "country=NO,SE", "unknown=yes").short
                    == "+OK location=north country=NO,SE unknown=yes created=1790000000000")
            #expect(
                try await desk.ask("LOCATION GET", "office").lines == [
                    office1, "net=192.0.2.0/24", "net=2001:db8::/32",
                ])
            #expect(
                try await desk.ask("LOCATION SET", "office", "country=AT").short
                    == "+OK location=office country=AT unknown=no created=1790000000000")
            #expect(try await desk.ask("LOCATION LIST").lines.count == 2)
            for request in [
                ["wide", "net=10.0.0.0/8"], ["wide", "net=::/0"], ["empty"], ["empty", "country="],
                ["bad", "net=10.0.0.1/24"], ["bad", "country=at"], ["bad", "net=10.1.0.0/16,"],
                ["both", "net=10.1.0.0/16", "country=AT"], ["both", "country=AT", "trusted=yes"],
            ] {
                #expect(
                    try await desk.ask("LOCATION ADD", request).word == .badArgument,
                    "\(request)")
            }
            #expect(
                try await desk.ask("LOCATION ADD", "wide", "net=10.0.0.0/8").short
                    == "-BADARG location=wide reason=location-network-too-wide")
            #expect(try await desk.ask("LOCATION DEL", "north").short == "+OK location=north")
            #expect(try await desk.ask("LOCATION DEL", "north").short == "-NO location=north")
            await desk.close()
        }
    }

    @Test func `a location with 2000 networks fits its request and its reply`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect()
            let networks = (0..<2000).map { "10.\(100 + $0 / 250).\($0 % 250).0/24" }
            let reply = try await desk.ask(
                "LOCATION ADD", "large", "net=" + networks.joined(separator: ","))
            #expect(reply["networks"] == "2000")
            #expect(
                try await desk.ask("LOCATION GET", "large").lines.dropFirst()
                    == networks.map { "net=\($0)" }[...])
            let more = networks + ["192.0.2.0/24"]
            #expect(
                try await desk.ask(
                    "LOCATION SET", "large", "net=" + more.joined(separator: ",")
                ).short == "-BADARG location=large reason=location-too-many-networks")
            await desk.close()
        }
    }

    @Test func `users, a page at a time, and who is locked`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect()
            #expect(
                try await desk.ask("USER LIST", "limit=2").lines == [
                    "user=aa display=aa mfa=disabled risk=none methods= roles=authentication-administrator",
                    "user=alice display=alice mfa=disabled risk=none methods= roles=",
                ])
            #expect(
                try await desk.ask("USER LIST", "after=root").lines == [
                    "user=sr display=sr mfa=disabled risk=none methods= roles=security-reader"
                ])
            #expect(try await desk.ask("USER LIST", "limit=1001").word == .badArgument)
            #expect(
                try await desk.ask("USER LOCK", "alice", "why=ticket 7").short
                    == "+OK user=alice state=locked")
            let account = try await desk.ask("USER GET", "alice")
            #expect(account["locked"] == "1790000000000")
            #expect(account["why"] == "ticket 7")
            #expect(try await desk.ask("USER LOCK", "alice").word == .badArgument)
            #expect(
                try await desk.ask("USER UNLOCK", "alice").short
                    == "+OK user=alice state=unlocked")
            #expect(try await desk.ask("USER UNLOCK", "alice").short == "-CONFLICT user=alice")
            #expect(
                try await desk.ask(
                    "TOKEN ADD", "kind=totp", "secret=AAAAAAAAAAAAAAAAAAAAAAAAAAA", "user=bob"
                ).isSuccess)
            #expect(try await desk.ask("USER MFA", "bob", "state=enforced").isSuccess)
            #expect(
                try await desk.ask("USER LIST", "mfa=enforced").lines == [
                    "user=bob display=bob mfa=enforced risk=none methods=totp roles="
                ])
            #expect(try await desk.ask("USER LIST", "mfa=on").word == .badArgument)
            await desk.close()
        }
    }

    @Test func `a rotation of keys is on record`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect(as: "root")
            let count = try office.store.auditHead().count
            #expect(
                try await desk.ask("KEYS ROTATE").short == "+OK key=2 resealed=3 unreadable=0")
            let record = try #require(try office.records(after: count).first)
            #expect(record.entry.activity == .rotateKeys)
            #expect(record.entry.targets.map(\.word) == ["key:2"])
            #expect(record.origin.who == .administrator("root"))
            await desk.close()
        }
    }
}
