import LineProtocol

extension Enroll {
    /// What is told of a card's key that was enrolled.
    static func cardText(_ reply: Reply, reader: String) throws(CommandFailure) -> String {
        let trusted =
            reply["trusted"] == "yes" ? "leads to a known root" : "not traced to a known root"
        let evidence =
            reply["evidence"] == "issued"
            ? "a certificate that an authority issued, \(trusted)"
            : "made in the card, which attests it; \(trusted)"
        var rows = [
            ("credential", try reply.required("cred")),
            ("key", "\(try reply.required("alg")) in slot \(try reply.required("slot"))"),
            ("evidence", evidence),
        ]
        let facts = [
            ("card number", reply["serial"]), ("firmware", reply["firmware"]),
            ("PIN", reply["pin"]), ("touch", reply["touch"]), ("model", reply["model"]),
            ("advisories", reply["advisories"]),
        ]
        rows += facts.compactMap { fact in fact.1.map { (fact.0, $0) } }
        rows.append(
            ("person", reply["uv"] == "yes" ? "verified by PIN at each sign-in" : "presence only"))
        return "Enrolled a key of \(reader) for \(try reply.required("user")).\n"
            + Terminal.table(rows)
    }
}
