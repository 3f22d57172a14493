using System.Collections.Frozen;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using MeaiRouter.Anthropic.Messages;
using MeaiRouter.Attempts;
using MeaiRouter.Limits;

namespace MeaiRouter.Anthropic.Errors;

/// <summary>Reads Anthropic's refusals and errors inside streams, with what its SDK's exceptions do not hold: the headers.</summary>
/// <param name="provider">The provider's name.</param>
/// <param name="secrets">Texts that no error may hold.</param>
/// <param name="time">The clock against which dates in <c>Retry-After</c> are read.</param>
internal sealed class MessagesErrors(string provider, IReadOnlyList<string> secrets, TimeProvider time)
{
    private const int MaxMessageLength = 2_000;
    private const string Redacted = "[redacted]";

    private static readonly FrozenDictionary<string, FailureKind> Types = new Dictionary<string, FailureKind>
    {
        ["authentication_error"] = FailureKind.Unauthorized,
        ["billing_error"] = FailureKind.PaymentRequired,
        ["permission_error"] = FailureKind.PermissionDenied,
        ["not_found_error"] = FailureKind.ModelNotFound,
        ["request_too_large"] = FailureKind.RequestTooLarge,
        ["rate_limit_error"] = FailureKind.RateLimited,
        ["timeout_error"] = FailureKind.Timeout,
        ["api_error"] = FailureKind.ServerError,
        ["overloaded_error"] = FailureKind.Overloaded,
    }.ToFrozenDictionary();

    // What Anthropic says under invalid_request_error and is something else in truth.
    private static readonly (string Phrase, FailureKind Kind)[] Phrases =
    [
        ("prompt is too long", FailureKind.ContextTooLong),
        ("exceed context limit", FailureKind.ContextTooLong),
        ("context window", FailureKind.ContextTooLong),
        ("credit balance is too low", FailureKind.PaymentRequired),
        ("content filtering policy", FailureKind.ContentFiltered),
    ];

    /// <summary>The provider's name.</summary>
    public string Provider => provider;

    /// <summary>Reads a refusal.</summary>
    public RouterException FromHttp(int status, HttpResponseHeaders headers, string body)
    {
        var (root, error) = Parse(body);
        var kind = KindOf(error?.Text("type"), error?.Text("message"), status);
        var message = Clean(error?.Text("message") ?? (root is null && !body.TrimStart().StartsWith('<') ? body : null));
        var requestId = headers.TryGetValues("request-id", out var ids) ? ids.FirstOrDefault() : root?.Text("request_id");
        return new RouterException(kind, $"{provider} answered {status.ToString(CultureInfo.InvariantCulture)}" + (message is null ? "." : ": " + message))
        {
            Status = status,
            Provider = provider,
            ProviderCode = Clean(error?.Text("type")),
            RequestId = requestId,
            RetryAfter = RetryAfter(kind, headers, root, message),
        };
    }

    /// <summary>Reads an error that ended a stream.</summary>
    public RouterException FromEvent(string data, string? requestId)
    {
        var (root, error) = Parse(data);
        var kind = KindOf(error?.Text("type"), error?.Text("message"), status: null);
        var message = Clean(error?.Text("message"));
        return new RouterException(kind, $"{provider} broke off its answer with an error" + (message is null ? "." : ": " + message))
        {
            Provider = provider,
            ProviderCode = Clean(error?.Text("type")),
            RequestId = requestId ?? root?.Text("request_id"),
            RetryAfter = RetryAfter(kind, headers: null, root, message),
        };
    }

    /// <summary>A failure that Anthropic did not tell.</summary>
    public RouterException Failure(FailureKind kind, string message, Exception? cause = null, string? requestId = null) =>
        new(kind, message, cause) { Provider = provider, RequestId = requestId };

    private TimeSpan? RetryAfter(FailureKind kind, HttpResponseHeaders? headers, JsonElement? root, string? message)
    {
        var now = time.GetUtcNow();
        var read = new RetryHeaders(now);
        foreach (var (name, value) in headers?.NonValidated ?? default)
            read.Add(name, value.ToString());
        if (read.Stated is { } stated)
            return stated;
        if (!kind.MayNameAWait())
            return null;

        return (kind == FailureKind.RateLimited ? RetryDelay.FromLimits(read.Limits) : null)
            ?? (root is { } body ? RetryDelay.FromBody(body, now) : null)
            ?? RetryDelay.FromMessage(message);
    }

    private static FailureKind KindOf(string? type, string? message, int? status)
    {
        foreach (var (phrase, kind) in Phrases)
        {
            if (status is null or 400 or 413 && message?.Contains(phrase, StringComparison.OrdinalIgnoreCase) == true)
                return kind;
        }

        // A proxy's 502 or 503 says more than the api_error it is dressed in.
        if (type is not null && type != "api_error" && Types.TryGetValue(type, out var told))
            return told;
        if (status is { } code)
            return FailureClassifier.FromStatus(code);
        return type is null ? FailureKind.Unknown : Types.GetValueOrDefault(type, FailureKind.InvalidRequest);
    }

    private static (JsonElement? Root, JsonElement? Error) Parse(string body)
    {
        try
        {
            var root = JsonElement.Parse(body);
            return root.ValueKind == JsonValueKind.Object ? (root, root.Object("error") ?? root) : (null, null);
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;

        foreach (var secret in secrets)
            text = text.Replace(secret, Redacted, StringComparison.Ordinal);
        text = text.Trim();
        return text.Length <= MaxMessageLength ? text : text[..MaxMessageLength] + "...";
    }
}
