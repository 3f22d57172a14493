using System.Text.Json.Nodes;
using MeaiRouter.Dialects;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Brings the choice of tools to a form the endpoint takes.</summary>
internal static class ToolChoices
{
    private const string NoCalls = "Do not call any tool; answer yourself.";

    /// <summary>The choice the request makes, which the extra body may state instead of the options.</summary>
    public static ChatToolMode? Of(ChatOptions options) => ExtraBody.Find(options, RequestParameters.ToolChoice) switch
    {
        null => options.ToolMode,
        JsonValue value when value.TryGetValue<string>(out var word) => word switch
        {
            "none" => ChatToolMode.None,
            "required" => ChatToolMode.RequireAny,
            "auto" => ChatToolMode.Auto,
            _ => null,
        },
        JsonObject form when NameIn(form) is { } name => ChatToolMode.RequireSpecific(name),
        _ => null,
    };

    /// <summary>Adapts the choice of a request that declares tools.</summary>
    public static void Apply(IReadOnlyList<ChatMessage> messages, ref OptionsDraft draft, in RequestTarget target, bool reasons)
    {
        var rules = target.Rules;
        var forms = rules.ChoicesFor(reasons);
        if (rules is { TakesTools: true, TakesToolChoice: true } && forms == ToolChoiceForms.All)
            return;

        switch (Of(draft.Current))
        {
            case NoneChatToolMode when !rules.TakesTools || !forms.HasFlag(ToolChoiceForms.None):
                Forbid(messages, ref draft, target);
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name } when !forms.HasFlag(ToolChoiceForms.Named):
                Name(name, mustCall: forms.HasFlag(ToolChoiceForms.Required), ref draft, target);
                break;
            case RequiredChatToolMode { RequiredFunctionName: null } when !forms.HasFlag(ToolChoiceForms.Required):
                target.Adapt("The request asks for `tool_choice` 'required', which the endpoint does not take", "'auto' was sent", "send 'auto'");
                Set(null, ref draft);
                break;
            case AutoChatToolMode when !rules.TakesToolChoice:
                Set(null, ref draft); // It is what every endpoint does unasked.
                break;
            case null when ExtraBody.Has(draft.Current, RequestParameters.ToolChoice):
                target.Adapt("The request holds a `tool_choice` of a form the endpoint does not take", "it was left out", "send 'auto'");
                Set(null, ref draft);
                break;
        }
    }

    /// <summary>Puts the choice into the options and nowhere else.</summary>
    public static void Set(ChatToolMode? choice, ref OptionsDraft draft)
    {
        draft.RemoveExtra(RequestParameters.ToolChoice);
        draft.Change().ToolMode = choice;
    }

    private static void Forbid(IReadOnlyList<ChatMessage> messages, ref OptionsDraft draft, in RequestTarget target)
    {
        var finding = $"The request asks for `tool_choice` 'none', which the endpoint does not take{(target.Rules.TakesTools ? "" : ", nor any tools")}";
        Set(null, ref draft);
        if (!HasCalls(messages))
        {
            target.Tell($"{finding}; the tools were left out.");
            draft.Change().Tools = null;
            draft.RemoveExtra(RequestParameters.Tools);
            return;
        }

        // Calls in the conversation are refused without the tools they call.
        target.Adapt(finding, "'auto' was sent, with an instruction to call none", "send 'auto'");
        draft.Instruct(NoCalls);
    }

    // A list of one and the word that one must be called say the same as its name.
    private static void Name(string name, bool mustCall, ref OptionsDraft draft, in RequestTarget target)
    {
        var only = draft.Current.Tools?.Where(tool => tool is AIFunctionDeclaration && tool.Name == name).ToList();
        var finding = $"The request asks for the tool '{name}' by `tool_choice`, which the endpoint does not take";
        if (only is { Count: > 0 } && mustCall)
            target.Tell($"{finding}; only that tool was sent, and 'required'.");
        else
            target.Adapt(finding, only is { Count: > 0 } ? "only that tool was sent, and 'auto'" : $"'{(mustCall ? "required" : "auto")}' was sent", "send 'auto'");

        Set(mustCall ? ChatToolMode.RequireAny : null, ref draft);
        if (only is { Count: > 0 } && only.Count < draft.Current.Tools!.Count)
            draft.Change().Tools = only;
    }

    private static bool HasCalls(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Contents.Any(static content => content is FunctionCallContent or FunctionResultContent))
                return true;
        }

        return false;
    }

    private static string? NameIn(JsonObject form) =>
        form["type"] is JsonValue type && type.TryGetValue<string>(out var kind) && kind == "function"
        && form["function"] is JsonObject function && function["name"] is JsonValue name && name.TryGetValue<string>(out var text)
            ? text
            : null;
}
