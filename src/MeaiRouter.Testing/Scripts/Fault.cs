using System.Globalization;

namespace MeaiRouter.Testing;

/// <summary>No answer: an error status, a broken connection, silence, or a 200 that holds something else.</summary>
/// <remarks>
/// What goes wrong in the middle of an answer is said on the answer, with <see cref="Reply.CutAfter"/> and its like. Every fault
/// is the same for a streamed request, since it comes before the stream would begin.
/// </remarks>
public sealed record Fault : ScriptStep
{
    private readonly Func<ReceivedRequest, Transcript> _compose;

    private Fault(Func<ReceivedRequest, Transcript> compose) => _compose = compose;

    /// <summary>400 with the code given.</summary>
    public static Fault BadRequest(string? code = null, string message = "The request is invalid.") => Status(400, code, message);

    /// <summary>400 <c>context_length_exceeded</c>.</summary>
    public static Fault ContextLengthExceeded() => BadRequest("context_length_exceeded", "The messages exceed the model's context length.");

    /// <summary>400 <c>content_filter</c>: the prompt was rejected.</summary>
    public static Fault ContentFiltered() => BadRequest("content_filter", "The prompt was filtered by the content policy.");

    /// <summary>401 <c>invalid_api_key</c>.</summary>
    public static Fault Unauthorized() => Status(401, "invalid_api_key", "Incorrect API key provided.");

    /// <summary>402 <c>insufficient_credits</c>.</summary>
    public static Fault PaymentRequired() => Status(402, "insufficient_credits", "The account has no credits left.");

    /// <summary>403 <c>permission_denied</c>.</summary>
    public static Fault Forbidden() => Status(403, "permission_denied", "The key may not use this model.");

    /// <summary>404 <c>model_not_found</c>.</summary>
    public static Fault ModelNotFound() => Status(404, "model_not_found", "The model does not exist.");

    /// <summary>413 <c>payload_too_large</c>.</summary>
    public static Fault TooLarge() => Status(413, "payload_too_large", "The request body is too large.");

    /// <summary>429 <c>rate_limit_exceeded</c>.</summary>
    /// <param name="retryAfter">As in <see cref="WithRetryAfter"/>; without it no such header is sent.</param>
    public static Fault RateLimited(TimeSpan? retryAfter = null)
    {
        var fault = Status(429, "rate_limit_exceeded", "Rate limit reached.");
        return retryAfter is { } wait ? fault.WithRetryAfter(wait) : fault;
    }

    /// <summary>500 <c>server_error</c>.</summary>
    public static Fault InternalError() => Status(500, "server_error", "The server had an error.");

    /// <summary>502 <c>bad_gateway</c>.</summary>
    public static Fault BadGateway() => Status(502, "bad_gateway", "The upstream gave an invalid response.");

    /// <summary>503 <c>service_unavailable</c>.</summary>
    public static Fault Unavailable() => Status(503, "service_unavailable", "The service is unavailable.");

    /// <summary>529 <c>overloaded</c>, which some providers use instead of 503.</summary>
    public static Fault Overloaded() => Status(529, "overloaded", "The provider is overloaded.");

    /// <summary>Any status, with an error body in OpenAI's shape.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The error's <c>code</c>.</param>
    /// <param name="message">The error's <c>message</c>, which the provider's name precedes on the wire.</param>
    public static Fault Status(int status, string? code = null, string message = "The request failed.") =>
        new(request => WireError.Of(status, code, request, message).ToTranscript());

    /// <summary>Any status with any body.</summary>
    public static Fault Body(int status, string body, string contentType = "application/json") =>
        new(_ => Transcript.Whole(status, contentType, body));

    /// <summary>200 with a JSON error body in OpenRouter's shape, whether a stream was asked for or not.</summary>
    /// <param name="status">The status that the error's <c>code</c> tells.</param>
    /// <param name="code">The error's <c>metadata.error_type</c>.</param>
    /// <param name="message">The error's <c>message</c>, which the provider's name precedes on the wire.</param>
    public static Fault ErrorWith200(int status = 502, string code = "provider_unavailable", string message = "Provider returned error.") =>
        new(request =>
            Transcript.Whole(200, "application/json", WireError.Of(status, code, request, message).InBandBody(request.Provider)));

    /// <summary>200 with an empty body, of the content type that the request asks for.</summary>
    public static Fault EmptyBody() =>
        new(static request => Transcript.Whole(200, request.Streamed ? "text/event-stream" : "application/json", ""));

    /// <summary>An HTML page, with 200 unless told otherwise: a proxy or a login page in front of the provider.</summary>
    public static Fault Html(int status = 200) =>
        Body(status, "<!DOCTYPE html><html><body><h1>Just a moment...</h1></body></html>", "text/html; charset=utf-8");

    /// <summary>The connection is reset (RST) once the request has been read, before any byte of an answer.</summary>
    public static Fault Reset() => new(static _ => new Transcript { Ending = Ending.Reset });

    /// <summary>The connection is closed (FIN) once the request has been read, before any byte of an answer.</summary>
    public static Fault Closed() => new(static _ => new Transcript { Ending = Ending.Cut });

    /// <summary>The request is read and never answered, not even with a status line, until the client leaves.</summary>
    public static Fault Silence() => new(static _ => new Transcript { Ending = Ending.Stall });

    /// <summary>Adds <c>Retry-After</c> in seconds, rounded up, and the exact <c>retry-after-ms</c>.</summary>
    public Fault WithRetryAfter(TimeSpan wait)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        return this
            .WithHeader("Retry-After", Whole(wait.TotalSeconds))
            .WithHeader("retry-after-ms", Whole(wait.TotalMilliseconds));

        static string Whole(double number) => Math.Ceiling(number).ToString("F0", CultureInfo.InvariantCulture);
    }

    private protected override Transcript Compose(ReceivedRequest request) => _compose(request);
}
