using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Tools and the choice among them.</summary>
internal static class ToolWriter
{
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public static IList<MessagesTool>? Write(ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } tools)
            return null;

        var written = new List<MessagesTool>(tools.Count);
        foreach (var tool in tools)
        {
            written.Add(tool switch
            {
                AIFunctionDeclaration function => Write(function),
                HostedWebSearchTool => new MessagesTool { Type = "web_search_20250305", Name = "web_search" },
                _ => throw new RouterException(FailureKind.Unsupported, $"The tool '{tool.Name}' is none that Anthropic knows. Declare a function instead."),
            });
        }

        return written;
    }

    public static MessagesToolChoice? WriteChoice(ChatOptions? options)
    {
        bool? isSingle = options?.AllowMultipleToolCalls == false ? true : null;
        return options?.ToolMode switch
        {
            NoneChatToolMode => new MessagesToolChoice { Type = "none" },
            RequiredChatToolMode { RequiredFunctionName: { } name } => new MessagesToolChoice { Type = "tool", Name = name, DisableParallelToolUse = isSingle },
            RequiredChatToolMode => new MessagesToolChoice { Type = "any", DisableParallelToolUse = isSingle },
            AutoChatToolMode => new MessagesToolChoice { Type = "auto", DisableParallelToolUse = isSingle },
            _ => isSingle is null ? null : new MessagesToolChoice { Type = "auto", DisableParallelToolUse = isSingle },
        };
    }

    private static MessagesTool Write(AIFunctionDeclaration function)
    {
        var strict = function.AdditionalProperties.TryGetValue(ContentProperties.Strict, out var said) ? said as bool? : null;
        var tool = new MessagesTool
        {
            Name = function.Name,
            Description = string.IsNullOrEmpty(function.Description) ? null : function.Description,
            InputSchema = function.JsonSchema is { ValueKind: JsonValueKind.Object } schema ? strict == true ? ClosedSchemas.Of(function) : schema : NoParameters,
            Strict = strict,
        };
        foreach (var field in ContentProperties.Fields(function.AdditionalProperties)?.EnumerateObject() ?? default)
            (tool.Extra ??= new Dictionary<string, JsonElement>())[field.Name] = field.Value;
        return tool;
    }
}
