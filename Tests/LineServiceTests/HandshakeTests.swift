import LineProtocol
import LineService
import NIOCore
import Testing

@Suite struct HandshakeTests {
    @Test func `HELLO 1 tells what it agreed on`() throws {
        let connection = try Harness()
        #expect(
            try connection.say("HELLO 1 features=pipeline,dance agent=pam/1.0\n")
                == "+OK proto=1 server=countersign/1.0 client=web maxline=65536 window=128 features=pipeline methods=webauthn\r\n"
        )
        #expect(
            try connection.say("HELLO 1\n")
                == "+OK proto=1 server=countersign/1.0 client=web maxline=65536 window=1 features=- methods=webauthn\r\n"
        )
    }

    @Test func `an unknown client learns little until it says AUTH`() throws {
        let connection = try Harness(arrival: .network, client: nil)
        #expect(
            try connection.say("HELLO 1 features=pipeline\n")
                == "+OK proto=1 server=countersign/1.0 client=- maxline=1024 window=1 features=pipeline methods=-\r\n"
        )
        #expect(
            try connection.say("VERIFY alice 123456 id=1\n") == "-NOAUTH id=1 :say AUTH first\r\n")
        #expect(
            try connection.say("AUTH web wrong\n")
                == "-WRONGPASS :unknown client or wrong secret\r\n")
        #expect(
            try connection.say("AUTH nobody wrong\n")
                == "-WRONGPASS :unknown client or wrong secret\r\n")
        #expect(try connection.say("AUTH web correct%20horse\n") == "+OK\r\n")
        #expect(try connection.say("VERIFY alice 123456 id=1\n") == "+OK id=1 user=alice\r\n")
    }

    @Test(arguments: ["HELLO 9\n", "HELLO 0\n", "HELLO 4 features=pipeline\n"])
    func `lists its versions to those who ask for another`(line: String) throws {
        let connection = try Harness()
        #expect(try connection.say(line) == "-NOPROTO min=1 max=1\r\n")
        #expect(connection.isOpen)
    }

    @Test func `HELLO 2 and 3 answer the map of Redis`() throws {
        let connection = try Harness(arrival: .network, client: nil)
        let values =
            "$6\r\nserver\r\n$11\r\ncountersign\r\n$7\r\nversion\r\n$3\r\n1.0\r\n$5\r\nproto\r\n:%\r\n"
            + "$2\r\nid\r\n:7\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n"
            + "$7\r\nmodules\r\n*0\r\n"
        #expect(
            try connection.say("HELLO 2\n")
                == "*14\r\n" + values.replacing("%", with: "2"))
        #expect(
            try connection.say("HELLO 3 AUTH web correct%20horse SETNAME x\n")
                == "%7\r\n" + values.replacing("%", with: "3"))
        #expect(try connection.say("VERIFY alice 123456\n") == "+OK user=alice\r\n")
        #expect(
            try connection.say("HELLO 3 AUTH web x\n")
                == "-WRONGPASS :unknown client or wrong secret\r\n")
    }

    @Test func `requests may follow HELLO 2 or 3 at once in arrays, but not in lines`() throws {
        let redis = try Harness()
        let heard = try redis.say(
            "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n")
        #expect(heard.hasPrefix("%7\r\n"))
        #expect(heard.hasSuffix("*0\r\n+PONG\r\n+PONG\r\n"))
        for input in ["HELLO 3\nPING\n", "HELLO 1 features=pipeline\nPING\n"] {
            #expect(try Harness().say(input).hasPrefix("-SYNC"))
        }
        let version1 = try Harness()
        #expect(
            try version1.say("*2\r\n$5\r\nHELLO\r\n$1\r\n1\r\n*1\r\n").hasPrefix("-SYNC"))
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "VERIFY alice 123456\n", "QUIT\n", "\n",
    ])
    func `from the network the first request says who asks`(input: String) throws {
        let connection = try Harness(arrival: .network, client: nil)
        #expect(try connection.say(input) == "-NOAUTH :say HELLO or AUTH first\r\n")
        #expect(!connection.isOpen)
    }

    @Test func `before AUTH a request has 1 KiB and 8 tokens`() throws {
        let long = "AUTH web " + String(repeating: "a", count: 1100)
        for input in [long, "PING a a a a a a a a\n"] {
            let connection = try Harness(arrival: .network, client: nil)
            #expect(try connection.say(input).hasPrefix("-TOOBIG :"))
            #expect(!connection.isOpen)
        }
        let known = try Harness()
        #expect(try known.say(long + "\n").hasPrefix("-WRONGPASS"))
        let large = "VERIFY " + String(repeating: "a", count: 60_000) + " 1\n"
        #expect(try known.say(large).hasPrefix("-INTERNAL"), "the subject is too long for a line")
    }

    @Test func `an unknown client that pipelines is served one request at a time`() throws {
        let connection = try Harness(arrival: .network, client: nil)
        _ = try connection.say("HELLO 1 features=pipeline\n")
        #expect(
            try connection.say("PING id=1\nAUTH web battery id=2\nPING id=3\n")
                == "+PONG id=1\r\n-WRONGPASS id=2 :unknown client or wrong secret\r\n+PONG id=3\r\n"
        )
    }

    @Test func `RESET forgets the handshake`() throws {
        let connection = try Harness(client: nil)
        _ = try connection.say("HELLO 1 features=pipeline\n")
        #expect(try connection.say("AUTH mail battery id=1\n") == "+OK id=1\r\n")
        #expect(try connection.say("RESET id=2\n") == "+OK id=2\r\n")
        #expect(try connection.say("VERIFY alice 1\n") == "-NOAUTH :say AUTH first\r\n")
        #expect(try connection.say("PING\nPING\n").hasPrefix("-SYNC"))
    }

    @Test func `QUIT answers what is outstanding first`() throws {
        let connection = try Harness()
        _ = try connection.say("HELLO 1 features=pipeline\n")
        #expect(try connection.say("HOLD a id=1\nQUIT id=2\nPING id=3\n") == "")
        connection.held.answer("a")
        #expect(try connection.heard() == "+OK id=1 user=a\r\n+OK id=2\r\n")
        #expect(!connection.isOpen)
    }

    @Test func `a client with scopes must name a value within them`() throws {
        let connection = try Harness(client: .mail)
        #expect(try connection.say("VERIFY a 123456 svc=imap\n") == "+OK user=a\r\n")
        #expect(try connection.say("VERIFY a 123456 svc=sshd\n") == "-NOPERM need=svc\r\n")
        #expect(try connection.say("VERIFY a 123456\n") == "-NOPERM need=svc\r\n")
    }

    @Test func `the reason of a refusal goes to those who may know it`() throws {
        let web = try Harness()
        #expect(try web.say("VERIFY a 1\n") == "-NO user=a\r\n")
        let auditor = try Harness(client: .auditor)
        #expect(try auditor.say("VERIFY a 1\n") == "-NO user=a reason=wrong-code\r\n")
    }

    @Test func `COMMAND DOCS describes the verbs asked for`() throws {
        let connection = try Harness()
        let docs = try connection.say("COMMAND DOCS ping\n")
        #expect(
            docs
                == "*2\r\n$4\r\nPING\r\n*8\r\n$7\r\nsummary\r\n$28\r\nSee whether the server lives\r\n"
                + "$5\r\nsince\r\n$3\r\n1.0\r\n$5\r\ngroup\r\n$10\r\nconnection\r\n"
                + "$9\r\narguments\r\n*0\r\n")
        let all = try connection.say("COMMAND DOCS\n")
        for name in ["HELLO", "AUTH", "VERIFY", "CRED", "CRED|LIST", "COMMAND|DOCS"] {
            #expect(all.contains("$\(name.utf8.count)\r\n\(name)\r\n"))
        }
    }
}
