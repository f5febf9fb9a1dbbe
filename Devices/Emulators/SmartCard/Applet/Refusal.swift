import ISO7816

/// Ends a command with a status word that is not success.
struct Refusal: Error, Hashable {
    let status: StatusWord

    init(_ status: StatusWord) {
        self.status = status
    }
}
