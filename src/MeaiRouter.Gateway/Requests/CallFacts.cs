using MeaiRouter.Gateway.Errors;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeaiRouter.Gateway.Requests;

/// <summary>What is known of a call from its beginning, and what the log of calls says of it in the end.</summary>
/// <param name="Id">The caller's id of the request, or one of ours.</param>
/// <param name="Started">When it came, as <see cref="TimeProvider.GetTimestamp"/> tells it.</param>
/// <param name="Time">The clock.</param>
/// <param name="Limits">How large it may be.</param>
internal sealed record CallFacts(string Id, long Started, TimeProvider Time, RequestLimits Limits)
{
    /// <summary>The header in which ids of requests come and go, as at OpenAI.</summary>
    public const string IdHeader = "x-request-id";

    // Long enough for a UUID, a ULID or a trace parent with a prefix.
    private const int LongestId = 128;

    /// <summary>The name of the key that admitted the caller; <see langword="null"/> if none did.</summary>
    public string? Key { get; set; }

    /// <summary>The session it belongs to; <see langword="null"/> if none was named.</summary>
    public string? Session { get; set; }

    /// <summary>The models it asks for, as far as that is known.</summary>
    public RequestedModels Models { get; set; } = RequestedModels.None;

    /// <summary>How long ago it came.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(Started);

    /// <summary>The facts of a call.</summary>
    public static CallFacts Of(HttpContext http) => http.Features.GetRequiredFeature<CallFacts>();

    /// <summary>Takes down that a call has come, and tells its id in the answer.</summary>
    public static CallFacts Begin(HttpContext http, TimeProvider time, RequestLimits limits)
    {
        var given = http.Request.Headers[IdHeader];
        var id = given.Count == 1 && IsFit(given[0]) ? given[0]! : RequestIds.New("req-", time);
        var facts = new CallFacts(id, time.GetTimestamp(), time, limits);
        http.Features.Set(facts);
        http.Response.Headers[IdHeader] = id;
        return facts;
    }

    // It goes into headers and logs: nothing that could end a line, forge another field or colour a terminal.
    private static bool IsFit(string? id)
    {
        if (id is not { Length: > 0 and <= LongestId })
            return false;
        foreach (var character in id)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.' or ':'))
                return false;
        }

        return true;
    }
}
