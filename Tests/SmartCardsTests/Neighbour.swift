import Authenticators
import Cryptography
import ISO7816
import PIV
import Testing

/// A program that uses the card too, command by command.
struct Neighbour {
    private let transport: any CardTransport

    init(_ transport: any CardTransport) {
        self.transport = transport
    }

    /// Runs `body` in a transaction.
    func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try transport.beginTransaction()
        defer { transport.endTransaction(.asItIs) }
        return try body()
    }

    func reconnect() throws(AuthenticatorFailure) { try transport.reconnect() }

    func close() { transport.close() }

    /// Sends a command, in links and parts of the short lengths.
    func send(_ command: CommandAPDU) throws -> ResponseAPDU {
        var exchange = CommandExchange(command, form: .short)
        var next = try exchange.start()
        while true {
            switch try exchange.received(transport.transmit(next)) {
            case .send(let bytes): next = bytes
            case .done(let response): return response
            }
        }
    }

    /// Sends commands that the card must carry out.
    func succeed(_ commands: CommandAPDU...) throws {
        for command in commands { try #require(send(command).status == .success) }
    }

    /// Shows the card that it knows the management key of a new card, triple DES.
    func manage() throws {
        let key = Array(repeating: Array<UInt8>(1...8), count: 3).flatMap(\.self)
        let asked = try send(PIVCommand.managementWitness(.tripleDES))
        let witness = try #require(AuthenticationTemplate(decoding: asked.data).witness)
        try succeed(
            PIVCommand.managementProof(
                .tripleDES, witness: TripleDESECB.decryptBlocks(witness, key: key),
                challenge: [UInt8](repeating: 0xA5, count: 8)))
    }

    /// What the card says to a VERIFY without a PIN, and to a PUT DATA, once PIV is selected.
    func standing() throws -> [StatusWord] {
        try succeed(PIVCommand.select())
        return [
            try send(PIVCommand.verify(.application)).status,
            try send(PIVCommand.putData(.keyHistory, [])).status,
        ]
    }
}
