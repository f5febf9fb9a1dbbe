import LineProtocol
import Testing

@Suite struct RequestFlowTests {
    private func named(_ id: String?) -> DecodedRequest {
        .request(Request(verb: "VERIFY", id: id.flatMap { RequestID($0) }))
    }

    private func ticket(
        _ flow: inout RequestFlow, _ id: String?, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> RequestFlow.Ticket {
        let admission = flow.admit(named(id), subject: .named, isFollowed: true)
        guard case .accepted(_, let ticket) = admission else {
            Issue.record("not accepted: \(admission)", sourceLocation: sourceLocation)
            throw ArgumentError.badID
        }
        return ticket
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `without negotiation nothing may follow a request`() throws {
        var flow = RequestFlow(arrival: .local)
        #expect(
            flow.admit(named(nil), subject: .named, isFollowed: true)
                == .closing(.unnegotiatedPipelining))
        guard case .accepted = flow.admit(named(nil), subject: .named, isFollowed: false) else {
            Issue.record("a lone request is let in")
            return
        }
        #expect(flow.objectionToBytes == .unnegotiatedPipelining)
        #expect(
            flow.admit(named(nil), subject: .named, isFollowed: false)
                == .closing(.unnegotiatedPipelining))
    }

    @Test func `from the network the first request introduces the client`() {
        for (verb, isLetIn) in [
            ("HELLO", true), ("AUTH", true), ("PING", true), ("VERIFY", false), ("QUIT", false),
        ] {
            var flow = RequestFlow(arrival: .network)
            let admission = flow.admit(
                .request(Request(verb: verb)), subject: .connection, isFollowed: !isLetIn)
            if isLetIn {
                #expect(admission != .closing(.notIntroduced))
            } else {
                #expect(admission == .closing(.notIntroduced))
            }
        }
    }

    @Test func `demands ids once pipelining is negotiated, but not of connection verbs`() throws {
        var flow = RequestFlow(arrival: .local)
        flow.negotiation = .pipelined
        let refused = flow.admit(named(nil), subject: .named, isFollowed: false)
        guard case .refused(.missingID, let ticket) = refused else {
            Issue.record("refused without an id")
            return
        }
        #expect(ticket.id == nil)
        let ping = flow.admit(
            .request(Request(verb: "PING")), subject: .connection, isFollowed: true)
        guard case .accepted = ping else {
            Issue.record("PING needs no id")
            return
        }
    }

    @Test func `after HELLO 2 or 3 a request that is alone needs no id`() throws {
        var flow = RequestFlow(arrival: .local)
        flow.negotiation = .redis
        let first = try ticket(&flow, nil)
        guard
            case .refused(.missingID, _) = flow.admit(
                named(nil), subject: .named, isFollowed: false)
        else {
            Issue.record("a second one without id is refused")
            return
        }
        var output: [UInt8] = []
        flow.finish(first, with: .ok(), into: &output)
        #expect(text(output) == "+OK\r\n")
    }

    @Test func `refuses the id of an outstanding request and echoes it to nobody`() throws {
        var flow = RequestFlow(arrival: .local)
        flow.negotiation = .outOfOrder
        let first = try ticket(&flow, "a")
        guard
            case .refused(.duplicateID, let second) = flow.admit(
                named("a"), subject: .named, isFollowed: false)
        else {
            Issue.record("refused")
            return
        }
        #expect(second.id == nil)
        var output: [UInt8] = []
        flow.finish(second, with: ArgumentError.duplicateID.reply, into: &output)
        flow.finish(first, with: .ok(), into: &output)
        #expect(text(output) == "-SYNTAX :id is that of an outstanding request\r\n+OK id=a\r\n")
        _ = try ticket(&flow, "a")
    }

    @Test func `lets replies out in the order of the requests`() throws {
        var flow = RequestFlow(arrival: .local)
        flow.negotiation = .pipelined
        let tickets = try (0..<4).map { try ticket(&flow, "\($0)") }
        var output: [UInt8] = []
        flow.finish(tickets[2], with: .ok(), into: &output)
        flow.finish(tickets[1], with: .refusal(.no), into: &output)
        #expect(output.isEmpty)
        #expect(flow.heldOctets == "+OK id=2\r\n-NO id=1\r\n".utf8.count)
        flow.finish(tickets[0], with: .ok(), into: &output)
        #expect(text(output) == "+OK id=0\r\n-NO id=1\r\n+OK id=2\r\n")
        flow.finish(tickets[3], with: .ok(), into: &output)
        #expect(text(output).hasSuffix("+OK id=3\r\n"))
        #expect(flow.outstanding == 0)
        #expect(flow.heldOctets == 0)
    }

    @Test func `lets replies overtake once that is negotiated`() throws {
        var flow = RequestFlow(arrival: .local)
        flow.negotiation = .outOfOrder
        let slow = try ticket(&flow, "w")
        let fast = try ticket(&flow, "v")
        var output: [UInt8] = []
        flow.finish(fast, with: .ok(), into: &output)
        flow.finish(slow, with: .ok(), into: &output)
        #expect(text(output) == "+OK id=v\r\n+OK id=w\r\n")
    }

    @Test func `closes the window when full and opens it at a third`() throws {
        var flow = RequestFlow(
            arrival: .local, window: .init(requests: 6, replyOctets: 1000))
        flow.negotiation = .outOfOrder
        var tickets = try (0..<6).map { try ticket(&flow, "\($0)") }
        #expect(!flow.mayAdmit)
        var output: [UInt8] = []
        for expected in [false, false, false, true] {
            flow.finish(tickets.removeFirst(), with: .ok(), into: &output)
            #expect(flow.mayResume == expected)
        }
    }

    @Test func `counts replies that wait for an earlier one against the window`() throws {
        var flow = RequestFlow(
            arrival: .local, window: .init(requests: 100, replyOctets: 30))
        flow.negotiation = .pipelined
        let tickets = try (0..<5).map { try ticket(&flow, "\($0)") }
        var output: [UInt8] = []
        for ticket in tickets.dropFirst() { flow.finish(ticket, with: .ok(), into: &output) }
        #expect(!flow.mayAdmit)
        flow.finish(tickets[0], with: .ok(), into: &output)
        #expect(flow.mayAdmit)
    }

    @Test func `the closing line comes after all outstanding replies`() throws {
        var flow = RequestFlow(arrival: .local)
        flow.negotiation = .pipelined
        let first = try ticket(&flow, "1")
        var output: [UInt8] = []
        flow.conclude(with: FramingError.strayControl.reply, into: &output)
        #expect(output.isEmpty)
        #expect(!flow.mayAdmit)
        #expect(!flow.isOver)
        flow.finish(first, with: .ok(), into: &output)
        #expect(text(output) == "+OK id=1\r\n-SYNTAX :bare CR or NUL in line\r\n")
        #expect(flow.isOver)
    }

    @Test func `random completions keep the order over many windows`() throws {
        var generator = SeededGenerator(state: 3)
        var flow = RequestFlow(arrival: .local)
        flow.negotiation = .pipelined
        var open: [RequestFlow.Ticket] = []
        var output: [UInt8] = []
        var next = 0
        while next < 3000 || !open.isEmpty {
            if next < 3000, flow.mayAdmit, Bool.random(using: &generator) {
                open.append(try ticket(&flow, "\(next)"))
                next += 1
            } else if !open.isEmpty {
                let index = Int.random(in: open.indices, using: &generator)
                flow.finish(open.remove(at: index), with: .ok(), into: &output)
            }
        }
        #expect(text(output) == (0..<3000).map { "+OK id=\($0)\r\n" }.joined())
    }
}
