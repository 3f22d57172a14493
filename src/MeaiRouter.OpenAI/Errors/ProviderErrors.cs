using System.Globalization;
using System.Net.Http.Headers;
using MeaiRouter.Attempts;
using MeaiRouter.Limits;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Errors;

/// <summary>
/// The one place where a provider's refusal (status, headers, body, or an error inside an answer) becomes a <see cref="RouterException"/>.
/// </summary>
public static class ProviderErrors
{
    /// <summary>The longest part of a provider's own message that is passed on, in characters.</summary>
    public const int MaxMessageLength = 2_000;

    // Shorter texts would tear holes into messages, and no key is that short.
    private const int MinSecretLength = 8;
    private const string Redacted = "[redacted]";

    private const string AmazonErrorType = "x-amzn-errortype";

    // The provider's own before those of whoever stands in front of it.
    private static readonly string[] RequestIdHeaders =
    [
        "x-request-id", "request-id", "x-amzn-requestid", "apim-request-id", "msh-request-id", "nvcf-reqid", "x-debug-trace-id", "x-generation-id",
        "trace-id", "cf-ray",
    ];

    /// <summary>Reads the answer to a request that the provider refused.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="headers">The headers; <see langword="null"/> where they are not known.</param>
    /// <param name="body">The body, or as much of it as was read. Any form: an error envelope, another JSON, text, HTML.</param>
    /// <param name="time">The clock against which a date in <c>Retry-After</c> is read; default: the system's.</param>
    /// <param name="secrets">Keys to be removed should the body repeat them.</param>
    public static RouterException FromHttp(
        string provider,
        int status,
        HttpResponseHeaders? headers,
        ReadOnlySpan<byte> body,
        TimeProvider? time = null,
        IEnumerable<string>? secrets = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(provider);
        var error = ErrorBody.Read(body);
        if (error.Code is null && error.Type is null)
            error.Type = AmazonError(headers);

        var upstream = ErrorBody.Upstream(error);
        var kind = ErrorKinds.Of(status, error, upstream);
        var message = Clean(Words(error, upstream), secrets);
        return new RouterException(
            kind,
            $"{provider} answered {status.ToString(CultureInfo.InvariantCulture)}" + (message is null ? "." : ": " + message))
        {
            Status = status,
            Provider = provider,
            ProviderCode = Clean(ErrorBody.Code(error), secrets),
            RequestId = RequestId(headers) ?? Clean(ErrorBody.RequestId(error), secrets),
            RetryAfter = RetryAfter(kind, headers, error, (time ?? TimeProvider.System).GetUtcNow()),
        };
    }

    /// <summary>Reads an error that came inside an answer whose status was a success.</summary>
    /// <param name="error">The error.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="secrets">Keys to be removed should the error repeat them.</param>
    /// <returns>The failure; its status is the one the error names, if it names one.</returns>
    public static RouterException InBand(WireError error, string? provider = null, IEnumerable<string>? secrets = null) =>
        InBand(error, new AnswerSource(provider, secrets?.ToArray()));

    internal static RouterException InBand(WireError error, AnswerSource source, UsageDetails? usage = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        int? status = int.TryParse(error.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 400 and <= 599
            ? code
            : null;
        var upstream = ErrorBody.Upstream(error);
        var kind = ErrorKinds.Of(status, error, upstream);
        var message = Clean(Words(error, upstream), source.Secrets);
        return new RouterException(kind, $"{source.Subject} broke off its answer with an error" + (message is null ? "." : ": " + message))
        {
            Status = status,
            Provider = source.Provider,
            ProviderCode = Clean(ErrorBody.Code(error), source.Secrets),
            RequestId = RequestId(source.Headers) ?? Clean(ErrorBody.RequestId(error), source.Secrets),
            RetryAfter = RetryAfter(kind, headers: null, error, TimeProvider.System.GetUtcNow()),
            ReportedUsage = usage,
        };
    }

    // OpenRouter says "Provider returned error" and passes on what that provider said.
    private static string? Words(WireError error, WireError? upstream)
    {
        if (upstream?.Message is not { Length: > 0 } behind || error.Message?.Contains(behind, StringComparison.Ordinal) == true)
            return error.Message;

        var who = ErrorBody.Metadata(error, "provider_name") is { } name ? $" ({name})" : "";
        return $"{error.Message}{who}: {behind}";
    }

    // "ThrottlingException:http://internal.amazon.com/..."
    private static string? AmazonError(HttpResponseHeaders? headers) =>
        headers is not null && headers.TryGetValues(AmazonErrorType, out var values) && values.FirstOrDefault() is { Length: > 0 } type
            ? type.Split(':')[0]
            : null;

    private static TimeSpan? RetryAfter(FailureKind kind, HttpResponseHeaders? headers, WireError error, DateTimeOffset now)
    {
        var read = new RetryHeaders(now);
        foreach (var (name, value) in headers?.NonValidated ?? default)
            read.Add(name, value.ToString());
        if (read.Stated is { } stated)
            return stated;

        // What a refusal of another kind says about waiting is about something else.
        if (!kind.MayNameAWait())
            return null;
        return (kind == FailureKind.RateLimited ? RetryDelay.FromLimits(read.Limits) : null) ?? ErrorBody.RetryAfter(error, now);
    }

    private static string? RequestId(HttpResponseHeaders? headers)
    {
        if (headers is null)
            return null;

        foreach (var name in RequestIdHeaders)
        {
            if (headers.TryGetValues(name, out var values) && values.FirstOrDefault() is { Length: > 0 } id)
                return id;
        }

        return null;
    }

    private static string? Clean(string? text, IEnumerable<string>? secrets)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;

        foreach (var secret in secrets ?? [])
        {
            if (secret.Length >= MinSecretLength)
                text = text.Replace(secret, Redacted, StringComparison.Ordinal);
        }

        text = text.Trim();
        return text.Length <= MaxMessageLength ? text : text[..MaxMessageLength] + "...";
    }
}
