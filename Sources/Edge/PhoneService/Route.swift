import HTTPTypes

/// What phones can ask for.
enum Route: String, CaseIterable {
    case introduction = "/v1/server"
    case registration = "/v1/phones"
    case poll = "/v1/prompts"
    case decision = "/v1/decisions"
    case subscription = "/v1/subscription"

    /// The one method that it has.
    var method: HTTPRequest.Method {
        switch self {
        case .introduction: .get
        case .registration, .poll, .decision, .subscription: .post
        }
    }
}
