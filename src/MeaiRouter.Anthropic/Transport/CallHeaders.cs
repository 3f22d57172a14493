using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Transport;

/// <summary>The headers of one call besides those of the SDK.</summary>
internal static class CallHeaders
{
    private const string Version = "anthropic-version";
    private const string VersionWithSampling = "2023-06-01";

    /// <summary>The version that the body needs, over it what the request says, and over both what the operator configured.</summary>
    /// <param name="options">The options of the request.</param>
    /// <param name="configured">The operator's headers.</param>
    /// <param name="body">The body that is sent.</param>
    /// <param name="hasKeyOfCaller">Whether the call is made with a key of the caller's.</param>
    /// <exception cref="RouterException">A header of the request's cannot be sent.</exception>
    public static Dictionary<string, string> Of(
        ChatOptions? options, IEnumerable<KeyValuePair<string, string>> configured, Dictionary<string, JsonElement> body, bool hasKeyOfCaller)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (HasSampling(body))
            headers[Version] = VersionWithSampling;
        if (options?.AdditionalProperties?.TryGetValue(RequestHeaders.Key, out var own) == true)
            AddOwn(headers, own);
        foreach (var (name, value) in configured)
        {
            // The operator's must not pay for a call with the caller's key.
            if (!hasKeyOfCaller || !IsCredential(name))
                headers[name] = value;
        }

        return headers;
    }

    private static void AddOwn(Dictionary<string, string> headers, object? own)
    {
        if (own is not IReadOnlyDictionary<string, string> named)
            throw new RouterException(FailureKind.InvalidRequest, $"AdditionalProperties[\"{RequestHeaders.Key}\"] must be an IReadOnlyDictionary<string, string>.");

        foreach (var (name, value) in named)
        {
            if (RequestHeaders.Problem(name, value) is { } problem)
                throw new RouterException(FailureKind.InvalidRequest, problem);
            headers[name] = value;
        }
    }

    private static bool IsCredential(string name) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("x-api-key", StringComparison.OrdinalIgnoreCase);

    private static bool HasSampling(Dictionary<string, JsonElement> body) =>
        body.ContainsKey("temperature") || body.ContainsKey("top_p") || body.ContainsKey("top_k");
}
