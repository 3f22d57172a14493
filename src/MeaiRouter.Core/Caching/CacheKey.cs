using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.Policies;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Caching;

/// <summary>
/// Makes the key of a request: a hash of everything that may change the answer, and of who asks. The order of properties does not matter,
/// nor do ids and times of messages; whether the answer is streamed does not either.
/// </summary>
internal static class CacheKey
{
    // Changes whenever what is hashed or how answers are written does, so that no old answer is misread.
    private const string Version = "1";

    /// <summary>The key; <see langword="null"/> if answers to such a request must not or cannot be kept, with the reason.</summary>
    public static string? Of(RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, out string? reason)
    {
        reason = ReasonAgainst(context, options);
        if (reason is not null)
            return null;

        try
        {
            var own = RouteContext.DetachFrom(RouteContext.Copy(options));
            return AIJsonUtilities.HashDataToString(
            [
                Version,
                context.Caller,
                messages.Select(WithoutIdentity).ToArray(),
                own,
                JsonSerializer.SerializeToElement([.. (options.Tools ?? []).Select(Describe)], CacheKeyJson.Default.StringArray),
                JsonSerializer.SerializeToElement(context.Preferences, CacheKeyJson.Default.RoutingPreferences),
                JsonSerializer.SerializeToElement([.. context.Policies], CacheKeyJson.Default.RoutingPolicyArray),
                JsonSerializer.SerializeToElement([.. context.DataClasses], CacheKeyJson.Default.StringArray),
            ]);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            reason = "The request holds what cannot be written as JSON.";
            return null;
        }
    }

    private static string? ReasonAgainst(RouteContext context, ChatOptions options)
    {
        if (context.Preferences.ZeroDataRetention || context.Policies.Any(static policy => policy.ZeroDataRetention))
            return "Zero data retention was asked for.";
        if (options.RawRepresentationFactory is not null)
            return "The request changes what the provider's client sends.";
        return options.ConversationId is not null || options.ContinuationToken is not null || options.AllowBackgroundResponses == true
            ? "The conversation is kept at the provider."
            : null;
    }

    private static ChatMessage WithoutIdentity(ChatMessage message) => new(message.Role, message.Contents)
    {
        AuthorName = message.AuthorName,
        AdditionalProperties = message.AdditionalProperties,
    };

    private static string Describe(AITool tool) => tool is AIFunctionDeclaration function
        ? $"{function.Name}\n{function.Description}\n{function.JsonSchema.GetRawText()}"
        : $"{tool.GetType().FullName}\n{tool.Name}\n{tool.Description}\n{JsonSerializer.Serialize(tool.AdditionalProperties, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IReadOnlyDictionary<string, object?>)))}";
}

/// <summary>How those parts of a request that are ours are written for hashing.</summary>
[JsonSerializable(typeof(RoutingPreferences))]
[JsonSerializable(typeof(RoutingPolicy[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class CacheKeyJson : JsonSerializerContext;
