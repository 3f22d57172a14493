using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.EntityFrameworkCore.Feedback;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Accounts;

/// <summary><c>POST /generation/feedback</c>: what the caller thinks of an answer of his, for whoever operates the gateway; it is shown with the generation.</summary>
internal sealed class FeedbackEndpoint(AccountReports reports, TimeProvider time, FeedbackStore? store = null)
{
    private const int LongestCategory = 64;
    private const int LongestComment = 4_000;

    private static readonly string[] Fields = ["generation_id", "category", "comment"];

    public async Task HandleAsync(HttpContext http, Caller caller)
    {
        var body = await AccountBody.ReadAsync(http);
        foreach (var field in body.EnumerateObject().Where(field => !Fields.Contains(field.Name)))
            throw GatewayException.Invalid($"'{field.Name}' is not a field of feedback. It has {string.Join(", ", Fields)}.");
        var id = Text(body, "generation_id", LongestCategory) ?? throw GatewayException.Invalid("'generation_id' is missing. Send the id of an answer, such as gen-....");
        var category = Text(body, "category", LongestCategory) ?? throw GatewayException.Invalid("'category' is missing. Send a word for what it is about, such as 'incorrect'.");
        if (store is null)
            throw new GatewayException(501, "not_implemented", "This gateway has nowhere to keep feedback. Set MeaiRouter:Gateway:Ledger, such as 'Data Source=meairouter.db'.");

        await OwnAsync(http, caller, id);
        var feedback = new GenerationFeedback(id, time.GetUtcNow(), caller.Key?.Name, category, Text(body, "comment", LongestComment));
        await StoreAsync(async () =>
        {
            await store.AddAsync(feedback, http.RequestAborted);
            return true;
        });
        var kept = Write(feedback);
        kept["success"] = true;
        await AccountBody.WriteDataAsync(http, kept);
    }

    /// <summary>What was said of a generation; <see langword="null"/> where nothing is kept.</summary>
    public async Task<JsonArray?> OfAsync(string id, CancellationToken cancellationToken) => store is null
        ? null
        : new JsonArray([.. (await StoreAsync(() => store.FindAsync(id, cancellationToken))).Select(Write)]);

    // As with the record itself: of what belongs to others a stranger learns not even that it exists.
    private async Task OwnAsync(HttpContext http, Caller caller, string id)
    {
        var record = await reports.AskAsync(ledger => ledger.FindAsync(id, http.RequestAborted));
        if (record is null || (caller.Key is { } key && !string.Equals(record.Key, key.Name, StringComparison.OrdinalIgnoreCase)))
            throw GatewayException.NotFound($"There is no generation with the id '{id}'.");
    }

    private static JsonObject Write(GenerationFeedback feedback) => new()
    {
        ["generation_id"] = feedback.GenerationId,
        ["category"] = feedback.Category,
        ["comment"] = feedback.Comment,
        ["key_name"] = feedback.Key,
        ["created_at"] = feedback.CreatedAt.UtcDateTime,
    };

    private static string? Text(JsonElement body, string name, int longest)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 } text && text.Length <= longest
            ? text
            : throw ProviderObject.Wrong(name, value, $"a string of 1 to {longest} characters");
    }

    private static Task<T> StoreAsync<T>(Func<Task<T>> work) => StoreCall.RunAsync(work, "The database of the feedback cannot be reached at the moment. Try again.");
}
