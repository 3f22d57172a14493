using System.Text.Json;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Requests;

/// <summary>For whom and for what a request is made: OpenAI's <c>user</c>, the <c>tags</c> among <c>metadata</c>, and OpenRouter's headers about the application.</summary>
/// <remarks>
/// Only <c>metadata.tags</c>, not all of <c>metadata</c>: callers keep ids of their own in there, and the ledger has sums for every tag.
/// </remarks>
internal static class Attribution
{
    private const int LongestTag = 100;
    private const int MostTags = 16;

    // OpenRouter: two for each request.
    private const int MostCategories = 2;

    public static void Read(ChatCompletionRequest request, IHeaderDictionary headers, ChatOptions options)
    {
        if ((Text(request, "user") ?? Text(request, "safety_identifier")) is { } user)
            options.WithUser(user);
        foreach (var tag in Tags(request))
            options.WithTag(tag);

        if (App(headers) is { } app)
            options.WithTag(app);
        if (headers["X-OpenRouter-Categories"] is { Count: > 0 } categories)
        {
            foreach (var category in categories.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MostCategories))
                options.WithTag(Checked("category:" + category, "The header X-OpenRouter-Categories"));
        }
    }

    // OpenRouter knows an application by its address and shows it by its title.
    private static string? App(IHeaderDictionary headers)
    {
        var title = headers["X-OpenRouter-Title"].ToString() is { Length: > 0 } own ? own : headers["X-Title"].ToString();
        if (!string.IsNullOrWhiteSpace(title))
            return Checked("app:" + title.Trim(), "The header X-Title");
        return headers["HTTP-Referer"] is { Count: > 0 } referer && Uri.TryCreate(referer.ToString(), UriKind.Absolute, out var address) && address.Host.Length > 0
            ? Checked("app:" + address.Host, "The header HTTP-Referer")
            : null;
    }

    private static string? Text(ChatCompletionRequest request, string name) =>
        request.Extra?.TryGetValue(name, out var value) == true && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : null;

    // OpenRouter's metadata has texts only; other gateways' callers send a list.
    private static string[] Tags(ChatCompletionRequest request)
    {
        if (request.Extra?.TryGetValue("metadata", out var metadata) != true || metadata.ValueKind != JsonValueKind.Object || !metadata.TryGetProperty("tags", out var tags))
            return [];

        var texts = tags.ValueKind switch
        {
            JsonValueKind.String => tags.GetString()!.Split(','),
            JsonValueKind.Array when tags.EnumerateArray().All(tag => tag.ValueKind == JsonValueKind.String) => [.. tags.EnumerateArray().Select(tag => tag.GetString()!)],
            JsonValueKind.Null => [],
            _ => throw GatewayException.Invalid("'metadata.tags' must be a string of tags separated by commas, or an array of strings."),
        };
        var named = texts.Select(tag => tag.Trim()).Where(tag => tag.Length > 0).Select(tag => Checked(tag, "'metadata.tags'")).ToArray();
        return named.Length <= MostTags ? named : throw GatewayException.Invalid($"'metadata.tags' has {named.Length} tags; it may have at most {MostTags}.");
    }

    private static string Checked(string tag, string where) =>
        tag.Length <= LongestTag ? tag : throw GatewayException.Invalid($"{where} has a tag of {tag.Length} characters; it may have at most {LongestTag}.");
}
