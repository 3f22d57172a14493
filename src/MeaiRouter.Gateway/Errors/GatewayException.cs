namespace MeaiRouter.Gateway.Errors;

/// <summary>A request that the gateway itself refuses, before any routing.</summary>
internal sealed class GatewayException(int status, string errorType, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The HTTP status of the refusal.</summary>
    public int Status => status;

    /// <summary>OpenRouter's <c>error_type</c>.</summary>
    public string ErrorType => errorType;

    /// <summary>How long to wait before asking again; <see langword="null"/> where nobody can tell.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The field of the request that is wrong; <see langword="null"/> where no single one is.</summary>
    public string? Parameter { get; init; }

    /// <summary>Whether the key presented is none of ours, so that somebody may be guessing.</summary>
    public bool IsWrongKey { get; init; }

    public static GatewayException Unauthorized(string message) => new(401, "authentication", message);

    public static GatewayException Forbidden(string message) => new(403, "permission_denied", message);

    public static GatewayException Conflict(string message) => new(409, "conflict", message);

    public static GatewayException Unavailable(string message, Exception? cause = null, TimeSpan? wait = null) => new(503, "server", message, cause) { RetryAfter = wait };

    public static GatewayException NotFound(string message) => new(404, "not_found", message);

    public static GatewayException TooLarge(string message) => new(413, "payload_too_large", message);

    public static GatewayException WrongMethod(string message) => new(405, "invalid_request", message);

    public static GatewayException TooManyWrongKeys(string message, TimeSpan wait) => new(429, "rate_limit_exceeded", message) { RetryAfter = wait };

    public static GatewayException WrongKey(string message) => new(401, "authentication", message) { IsWrongKey = true };

    public static GatewayException Late(string message) => new(408, "timeout", message);

    public static GatewayException Invalid(string message) => new(400, "invalid_request", message);

    public static GatewayException InvalidField(string path, string message) => new(400, "invalid_request", message) { Parameter = path };
}
