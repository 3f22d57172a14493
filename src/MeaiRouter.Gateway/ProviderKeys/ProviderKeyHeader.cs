using MeaiRouter.Configuration;
using MeaiRouter.Endpoints;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.ProviderKeys;

/// <summary>Keys of providers that a request brings for itself, in a header that may be repeated: the provider's name, a space, and the key.</summary>
internal static class ProviderKeyHeader
{
    public const string Name = "X-Provider-Key";

    private const int Most = 16;
    private const int LongestProvider = 100;

    /// <summary>Puts them into the request's options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="router">The pipeline, which knows the providers.</param>
    /// <exception cref="GatewayException">One is not in that form, or for a provider that does not exist: the call it is meant for would be paid by somebody else.</exception>
    public static void AddTo(ChatOptions options, IHeaderDictionary headers, IChatClient router)
    {
        var values = headers[Name];
        if (values.Count == 0)
            return;

        var providers = ((EndpointChatClient?)router.GetService(typeof(EndpointChatClient)))?.Providers ?? [];
        if (values.Count > Most)
            throw GatewayException.Invalid($"The header {Name} occurs {values.Count} times; it may at most {Most} times.");

        foreach (var value in values)
        {
            // Neither part is quoted in an error: whoever mixes them up would find the key there.
            var space = value?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
            var secret = space > 0 ? value!.AsSpan(space).Trim().ToString() : "";
            if (space is < 1 or > LongestProvider || secret.Length == 0 || !ProviderReader.CanBeSent(secret))
                throw GatewayException.Invalid($"The header {Name} must be the name of a provider, a space, and the key to call it with.");
            if (!providers.Contains(value![..space], StringComparer.OrdinalIgnoreCase))
                throw GatewayException.Invalid($"The header {Name} names a provider that this gateway does not have. Its providers are: {string.Join(", ", providers.Order(StringComparer.Ordinal))}.");
            options.WithProviderKey(value[..space], new ProviderKey("the request's", secret) { IsCallers = true });
        }
    }
}
