using System.Text.Json.Nodes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Brings tools to what an endpoint takes: their number, names, schemas, strictness and choice.</summary>
internal static class ToolAdaptation
{
    // Under which key tools and options say that the provider must hold the model to the schema.
    private const string Strict = "strict";

    /// <param name="messages">The conversation.</param>
    /// <param name="draft">The options.</param>
    /// <param name="target">The endpoint.</param>
    /// <param name="reasons">Whether the request asks the model to reason.</param>
    /// <returns>The names that were replaced; <see langword="null"/> if none was.</returns>
    /// <exception cref="Attempts.RouterException">The endpoint takes no tools, or not so many.</exception>
    public static ToolNameMap? Apply(ref IReadOnlyList<ChatMessage> messages, ref OptionsDraft draft, in RequestTarget target, bool reasons)
    {
        if (CountOf(draft.Current) > 0)
        {
            ToolChoices.Apply(messages, ref draft, target, reasons);
            Admit(CountOf(draft.Current), target);
        }

        var names = Rename(ref messages, ref draft, target);
        if (draft.Current.Tools is { Count: > 0 })
            Rewrite(names, ref draft, target);
        return names;
    }

    /// <summary>How many tools a request declares.</summary>
    public static int CountOf(ChatOptions options) =>
        (options.Tools?.Count ?? 0) + (ExtraBody.Find(options, RequestParameters.Tools) is JsonArray more ? more.Count : 0);

    private static void Admit(int count, in RequestTarget target)
    {
        if (count == 0)
            return;
        if (!target.Rules.TakesTools)
            throw target.Unsupported(
                $"The request declares `tools` ({count}), which {target.Rules.SourceOf(RequestParameters.Tools)} does not take",
                "choose a model or endpoint with tools, or send the request without them");
        if (target.Dialect.Tools.MaxCount is { } most && count > most)
            throw target.Unsupported($"The request declares `tools` ({count}), more than {most}, the most the endpoint takes", $"send {most} or fewer");
    }

    private static ToolNameMap? Rename(ref IReadOnlyList<ChatMessage> messages, ref OptionsDraft draft, in RequestTarget target)
    {
        var choice = CountOf(draft.Current) > 0 ? ToolChoices.Of(draft.Current) : null;
        if (ToolNames.MapOf(messages, draft.Current, choice, target.Dialect.Tools) is not { } names)
            return null;

        messages = ToolNames.Send(messages, names);
        if (choice is RequiredChatToolMode { RequiredFunctionName: { } chosen } && names.Sent(chosen) is var sent && sent != chosen)
            ToolChoices.Set(ChatToolMode.RequireSpecific(sent), ref draft);
        target.Tell($"Names of tools that the dialect '{target.Dialect.Name}' does not take were replaced: {names}.");
        return names;
    }

    private static void Rewrite(ToolNameMap? names, ref OptionsDraft draft, in RequestTarget target)
    {
        var tools = draft.Current.Tools!;
        List<AITool>? rewritten = null;
        var toldStrict = false;
        for (var i = 0; i < tools.Count; i++)
        {
            if (tools[i] is not AIFunctionDeclaration function)
                continue;

            var name = names?.Sent(function.Name) ?? function.Name;
            var reduced = target.Rules.ToolSchemas?.Reduce(function, function.JsonSchema);
            if (reduced is not null)
                target.Tell($"The tool '{function.Name}' was sent without what the endpoint's schemas must not hold ({reduced}); descriptions say it instead.");

            var losesStrict = !target.Dialect.Tools.TakesStrict && IsStrict(function, draft.Current);
            if (losesStrict && !toldStrict)
            {
                target.Adapt("The request asks for `strict` tools, which the endpoint does not take", "it was left out", "send the tools without `strict`");
                toldStrict = true;
            }

            if (name != function.Name || reduced is not null || losesStrict)
                (rewritten ??= [.. tools])[i] = RewrittenFunction.Of(
                    function, name, reduced?.Schema ?? function.JsonSchema, losesStrict ? WithoutStrict(function) : function.AdditionalProperties);
        }

        if (rewritten is not null)
            draft.Change().Tools = rewritten;
    }

    private static bool IsStrict(AIFunctionDeclaration function, ChatOptions options)
    {
        if (function.AdditionalProperties.TryGetValue(Strict, out var own))
            return own is true;
        return options.AdditionalProperties?.TryGetValue(Strict, out var all) == true && all is true;
    }

    // Null rather than absent: what the options say of strictness holds only for tools that do not say.
    private static AdditionalPropertiesDictionary WithoutStrict(AIFunctionDeclaration function) => new(function.AdditionalProperties) { [Strict] = null };
}
