import Cryptography
import OATH
import Testing
import VerificationCore

struct OCRATests {
    /// What is computed and what comes of it. The PIN is 1234 where the suite has one.
    private struct Vector {
        let questions: [String]
        var counter: UInt64?
        var timeStep: UInt64?
        let response: String
    }

    private func check(_ suite: String, _ vectors: [Vector]) throws {
        let key = try Tokens.ocra(suite)
        let pinHash =
            suite.contains("PSHA1") ? Digest.hash(Array("1234".utf8), with: .sha1) : nil
        for vector in vectors {
            let input = OCRAInput(questions: vector.questions, pinHash: pinHash)
            #expect(
                try ocraResponse(
                    to: input, key, counter: vector.counter, timeStep: vector.timeStep)
                    == vector.response)
            #expect(
                try isValidOCRA(
                    vector.response, to: input, key, counter: vector.counter,
                    timeStep: vector.timeStep))
            #expect(
                try !isValidOCRA(
                    "0" + vector.response.dropFirst(2) + "0", to: input, key,
                    counter: vector.counter, timeStep: vector.timeStep))
        }
    }

    /// A row of a table in which the digit of the row is repeated to make the question.
    private func repeated(
        _ responses: [String], counters: Bool = false, timeStep: UInt64? = nil
    ) -> [Vector] {
        responses.enumerated().map { row, response in
            Vector(
                questions: [String(repeating: "\(row)", count: 8)],
                counter: counters ? UInt64(row) : nil, timeStep: timeStep, response: response)
        }
    }

    /// RFC 6287 appendix C.1.
    @Test func `one-way challenge-response has its RFC's values`() throws {
        try check(
            "OCRA-1:HOTP-SHA1-6:QN08",
            repeated([
                "237653", "243178", "653583", "740991", "608993", "388898", "816933", "224598",
                "750600", "294470",
            ]))
        try check(
            "OCRA-1:HOTP-SHA256-8:QN08-PSHA1",
            repeated(["83238735", "01501458", "17957585", "86776967", "86807031"]))
        let responses = [
            "65347737", "86775851", "78192410", "71565254", "10104329", "65983500", "70069104",
            "91771096", "75011558", "08522129",
        ]
        try check(
            "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1",
            responses.enumerated().map {
                Vector(questions: ["12345678"], counter: UInt64($0), response: $1)
            })
        try check(
            "OCRA-1:HOTP-SHA512-8:C-QN08",
            repeated(
                [
                    "07016083", "63947962", "70123924", "25341727", "33203315", "34205738",
                    "44343969", "51946085", "20403879", "31409299",
                ], counters: true))
        try check(
            "OCRA-1:HOTP-SHA512-8:QN08-T1M",
            repeated(
                ["95209754", "55907591", "22048402", "24218844", "36209546"],
                timeStep: 0x132D0B6))
    }

    /// RFC 6287 appendix C.2: the server's computations, then the client's.
    @Test(arguments: [
        (
            "OCRA-1:HOTP-SHA256-8:QA08", "OCRA-1:HOTP-SHA256-8:QA08",
            ["28247970", "01984843", "65387857", "03351211", "83412541"],
            ["15510767", "90175646", "33777207", "95285278", "28934924"]
        ),
        (
            "OCRA-1:HOTP-SHA512-8:QA08", "OCRA-1:HOTP-SHA512-8:QA08-PSHA1",
            ["79496648", "76831980", "12250499", "90856481", "12761449"],
            ["18806276", "70020315", "01600026", "18951020", "32528969"]
        ),
    ])
    func `mutual challenge-response has its RFC's values`(
        server: String, client: String, servers: [String], clients: [String]
    ) throws {
        for row in 0..<5 {
            let (first, second) = ("CLI2222\(row)", "SRV1111\(row)")
            try check(server, [Vector(questions: [first, second], response: servers[row])])
            try check(client, [Vector(questions: [second, first], response: clients[row])])
        }
    }

    /// RFC 6287 appendix C.3.
    @Test func `plain signatures have their RFC's values`() throws {
        let plain = ["53095496", "04110475", "31331128", "76028668", "46554205"]
        try check(
            "OCRA-1:HOTP-SHA256-8:QA08",
            plain.enumerated().map { Vector(questions: ["SIG1\($0)000"], response: $1) })
        let timed = ["77537423", "31970405", "10235557", "95213541", "65360607"]
        try check(
            "OCRA-1:HOTP-SHA512-8:QA10-T1M",
            timed.enumerated().map {
                Vector(questions: ["SIG1\($0)00000"], timeStep: 0x132D0B6, response: $1)
            })
    }

    @Test func `a response is found at its counter`() throws {
        let key = try Tokens.ocra("OCRA-1:HOTP-SHA512-8:C-QN08")
        let input = OCRAInput(question: "55555555")
        #expect(
            try findOCRAMatch(of: "34205738", to: input, key, counters: 0...9)?.counter == 5)
        #expect(
            try findOCRAMatch(of: "34205738", to: input, key, counters: 5...5)?.timeStep == nil)
        #expect(try findOCRAMatch(of: "34205738", to: input, key, counters: 6...20) == nil)
        #expect(try findOCRAMatch(of: "34205738", to: input, key, counters: 0...4) == nil)
        #expect(
            try findOCRAMatch(of: "34205738", to: input, key, counters: 0...(.max))?.counter == 5)
    }

    @Test func `a response is found at its time step`() throws {
        let key = try Tokens.ocra("OCRA-1:HOTP-SHA512-8:QN08-T1M")
        let input = OCRAInput(question: "00000000")
        let match = try findOCRAMatch(
            of: "95209754", to: input, key, timeSteps: 0x132D0B4...0x132D0B8)
        #expect(match?.timeStep == 0x132D0B6)
        #expect(match?.counter == nil)
        #expect(
            try findOCRAMatch(of: "95209754", to: input, key, timeSteps: 0x132D0B7...0x132D0B8)
                == nil)
    }

    /// The responses were computed with Python's hmac.
    @Test func `a response is found at its counter and its time step`() throws {
        let key = try Tokens.ocra("OCRA-1:HOTP-SHA256-8:C-QN08-T1M")
        let input = OCRAInput(question: "12345678")
        for (response, counter, step) in [
            ("04737473", 7, 1_000),
            ("99772904", 7, 1_003),
            ("48257042", 8, 1_001),
            ("93307510", 9, 1_000),
            ("90380286", 9, 1_003),
        ] as [(String, UInt64, UInt64)] {
            let match = try findOCRAMatch(
                of: response, to: input, key, counters: 7...9, timeSteps: 1_000...1_003)
            #expect(match?.counter == counter)
            #expect(match?.timeStep == step)
            #expect(
                try isValidOCRA(response, to: input, key, counter: counter, timeStep: step))
            #expect(
                try !isValidOCRA(response, to: input, key, counter: counter, timeStep: step + 1))
        }
        // Of the time steps the first 2 000 are looked at, and with them one counter.
        let wide = try findOCRAMatch(
            of: "04737473", to: input, key, counters: 7...9, timeSteps: 1_000...(.max))
        #expect(wide?.timeStep == 1_000)
        #expect(
            try findOCRAMatch(
                of: "30728902", to: input, key, counters: 7...9, timeSteps: 1_000...(.max)) == nil)
        let last = try findOCRAMatch(
            of: "01281043", to: input, key, counters: (.max - 1)...(.max),
            timeSteps: (.max - 1)...(.max))
        #expect(last?.counter == .max)
        #expect(last?.timeStep == .max)
    }

    @Test func `members that the suite wants otherwise are refused`() throws {
        let counted = try Tokens.ocra("OCRA-1:HOTP-SHA512-8:C-QN08")
        let input = OCRAInput(question: "1")
        #expect(throws: MalformedOATH.dataInput("C")) { try ocraResponse(to: input, counted) }
        #expect(throws: MalformedOATH.dataInput("C")) {
            try findOCRAMatch(of: "00000000", to: input, counted)
        }
        #expect(throws: MalformedOATH.dataInput("T")) {
            try findOCRAMatch(of: "00000000", to: input, counted, counters: 0...1, timeSteps: 0...1)
        }
        #expect(throws: MalformedOATH.dataInput("Q")) {
            try isValidOCRA("00000000", to: OCRAInput(question: "x"), counted, counter: 0)
        }
        #expect(throws: MalformedOATH.dataInput("P")) {
            try isValidOCRA(
                "00000000", to: OCRAInput(question: "1", pinHash: [1]), counted, counter: 0)
        }
    }

    @Test(arguments: ["", "23765", "2376533", "23765x", "\u{662}\u{663}\u{667}"])
    func `what is no code matches nothing`(text: String) throws {
        let key = try Tokens.ocra("OCRA-1:HOTP-SHA1-6:QN08")
        #expect(try isValidOCRA("237653", to: OCRAInput(question: "0"), key))
        #expect(try !isValidOCRA(text, to: OCRAInput(question: "0"), key))
    }

    @Test(arguments: [TokenKind.hotp, .totp, .hmac])
    func `other tokens answer no questions`(kind: TokenKind) throws {
        let key = try #require(Tokens.all()[kind])
        let input = OCRAInput(question: "00000000")
        #expect(try ocraResponse(to: input, key) == nil)
        #expect(try !isValidOCRA("237653", to: input, key))
    }
}
